"""A policy value in the words of the page. The number stays what it was: nothing is rounded."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from insurance.models import PolicyValue
from insurance.periods import Month
from insurance.policy_names import CATALOGUE
from insurance.policy_values import Value
from insurance.policy_words import word
from insurance.templatetags.insurance_format import day, day_of_year, money, month_name, years

YEAR = 12


def text_of(value: Value) -> str:
    """「30年」, 「2%」, 「配偶、子女、父母」; for a blank, which kind of blank it is."""
    if value.emptiness:
        return str(PolicyValue.Emptiness(value.emptiness).label)
    return _WRITERS[value.unit](value.name, value.value)


def _joined(words: Iterable[Any]) -> str:
    return (", " if (get_language() or "").startswith("en") else "、").join(
        [str(one) for one in words]
    )


def _months(name: str, value: int) -> str:
    if value >= YEAR:
        return years(value)
    return ngettext("%(count)d个月", "%(count)d个月", value) % {"count": value}


def _working_days(name: str, value: int) -> str:
    return ngettext("%(count)d个工作日", "%(count)d个工作日", value) % {"count": value}


def _ratio(name: str, value: str) -> str:
    """0.0875 → 8.75%."""
    return f"{(Decimal(value) * 100).normalize():f}%"


def _list(name: str, value: tuple[str, ...]) -> str:
    if not value:
        return _("不可以") if name.startswith("uses.") else _("没有")
    return _joined(word(name, one) for one in value)


def _formula(name: str, value: Mapping[str, Any]) -> str:
    return _(
        "原退休年龄%(age)d岁；%(base)s及以后出生的，每%(step)d个月延迟1个月，最多延迟%(cap)d个月"
    ) % {
        "age": value["original_age_months"] // YEAR,
        "base": month_name(Month.parse(value["base_birth_month"]).first_day),
        "step": value["step_months"],
        "cap": value["cap_months"],
    }


def _span(name: str, value: Mapping[str, int]) -> str:
    if name.endswith("_months"):
        return _("%(min)d到%(max)d个月") % dict(value)
    return _("%(min)d到%(max)d倍") % dict(value)


def _year_span(name: str, value: Mapping[str, str]) -> str:
    return _("%(first)s到次年%(last)s") % {
        "first": day_of_year(value["from"]),
        "last": day_of_year(value["to"]),
    }


def _deemed_rule(name: str, value: Mapping[str, str]) -> str:
    until = value["pension_months_until"]
    last = word(name, until) if until == "employee_scheme_start" else month_name(_first_day(until))
    return _("%(service)s以前的连续工龄，加上%(first)s到%(last)s个人交养老保险的月数") % {
        "service": month_name(_first_day(value["continuous_service_until"])),
        "first": month_name(_first_day(value["pension_months_from"])),
        "last": last,
    }


def _first_day(month: str) -> date:
    return Month.parse(month).first_day


def _age_bands(name: str, value: tuple[Mapping[str, Any], ...]) -> str:
    return _joined(_age_band(band) for band in value)


def _age_band(band: Mapping[str, Any]) -> str:
    told = {"from": band["age_from"], "below": band["age_below"], "sum": money(band["fen"])}
    if band["age_below"] is None:
        return _("%(from)d岁起%(sum)s") % told if band["age_from"] else told["sum"]
    if not band["age_from"]:
        return _("%(below)d岁以下%(sum)s") % told
    return _("%(from)d岁到不满%(below)d岁%(sum)s") % told


def _materials(name: str, value: tuple[Mapping[str, Any], ...]) -> str:
    return _joined(_material(name, item) for item in value)


def _material(name: str, item: Mapping[str, Any]) -> str:
    """Alternatives with an 或 between them; a condition in brackets behind."""
    text = _("或").join(str(word(name, code)) for code in item["any_of"])
    if "only_if" not in item:
        return text
    return _("%(material)s（%(condition)s）") % {
        "material": text,
        "condition": word(name, item["only_if"]),
    }


_SHAPES: dict[str, Callable[[str, Any], str]] = {
    "formula": _formula,
    "span": _span,
    "year_span": _year_span,
    "deemed_rule": _deemed_rule,
    "age_bands": _age_bands,
    "materials": _materials,
}
_WRITERS: dict[str, Callable[[str, Any], str]] = {
    "months": _months,
    "working_days": _working_days,
    "count": lambda name, value: str(value),
    "fen": lambda name, value: money(value),
    "ratio": _ratio,
    "flag": lambda name, value: _("是") if value else _("否"),
    "date": lambda name, value: day(date.fromisoformat(value)),
    "digits": lambda name, value: value,
    "choice": lambda name, value: str(word(name, value)),
    "list": _list,
    "record": lambda name, value: _SHAPES[CATALOGUE[name].shape](name, value),
}
