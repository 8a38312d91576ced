"""A policy value in the words of the page. The number stays what it was: nothing is rounded."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from insurance.models import PolicyValue
from insurance.periods import Month
from insurance.policy_names import CATALOGUE, RELATIVES
from insurance.policy_values import COMPLETE, Value
from insurance.policy_words import word
from insurance.templatetags.insurance_format import day, day_of_year, money, month_name, years

YEAR = 12
# People name their family in this order, and the law does.
_RELATION_ORDER = {relation: place for place, relation in enumerate(RELATIVES)}


def text_of(value: Value, *, full: bool = False) -> str:
    """「30年」, 「2%」, 「配偶、子女、父母」; for a blank, which kind of blank it is.

    `full` adds the number of months to years, and to a list whether it names all there is.
    """
    if value.emptiness:
        return str(PolicyValue.Emptiness(value.emptiness).label)
    text = _WRITERS[value.unit](value.name, value.value)
    return _in_full(value, text) if full else text


def _in_full(value: Value, text: str) -> str:
    if value.unit == "months" and value.value >= YEAR:
        return _("%(years)s（%(count)d 个月）") % {"years": text, "count": value.value}
    if value.unit == "list" and value.value:
        if value.list_kind == COMPLETE:
            return _("%(words)s（只有这些）") % {"words": text}
        return _("%(words)s（可能还有别的）") % {"words": text}
    return text


def _joined(words: Iterable[Any]) -> str:
    return _("、").join(str(one) for one in words)


def _working_days(name: str, value: int) -> str:
    return ngettext("%(count)d个工作日", "%(count)d个工作日", value) % {"count": value}


def _ratio(name: str, value: str) -> str:
    """0.0875 → 8.75%."""
    return f"{(Decimal(value) * 100).normalize():f}%"


def _flag(name: str, value: bool) -> str:
    if name.startswith("withdrawal.case."):
        return pgettext("withdrawal", "能取") if value else pgettext("withdrawal", "不能取")
    return pgettext("rule", "是") if value else pgettext("rule", "否")


def _list(name: str, value: tuple[str, ...]) -> str:
    if not value:
        return _("不可以") if name.startswith("uses.") else _("没有")
    options = sorted(value, key=lambda one: _RELATION_ORDER.get(one, 0))
    return _joined(word(name, one) for one in options)


def _formula(name: str, value: Mapping[str, Any]) -> str:
    return _(
        "原来%(age)d岁退休；%(month)s和以后出生的，每%(step)d个月晚退1个月，最多晚%(cap)d个月"
    ) % {
        "age": value["original_age_months"] // YEAR,
        "month": month_name(Month.parse(value["base_birth_month"])),
        "step": value["step_months"],
        "cap": value["cap_months"],
    }


def _span(name: str, value: Mapping[str, int]) -> str:
    if name.endswith("_months"):
        return _("%(min)d到%(max)d个月") % dict(value)
    return _("%(min)d到%(max)d倍") % dict(value)


def _year_span(name: str, value: Mapping[str, str]) -> str:
    told = {"first": day_of_year(value["from"]), "last": day_of_year(value["to"])}
    if value["to"] < value["from"]:
        return _("每年%(first)s到次年%(last)s") % told
    return _("每年%(first)s到%(last)s") % told


def _deemed_rule(name: str, value: Mapping[str, str]) -> str:
    until = value["pension_months_until"]
    last = word(name, until) if until == "employee_scheme_start" else _month(until)
    return _("到%(service)s为止的连续工龄，加上%(first)s到%(until)s个人缴养老保险的月份") % {
        "service": _month(value["continuous_service_until"]),
        "first": _month(value["pension_months_from"]),
        "until": last,
    }


def _month(text: str) -> str:
    return month_name(Month.parse(text))


def _age_bands(name: str, value: tuple[Mapping[str, Any], ...]) -> str:
    return _("；").join(_age_band(band) for band in value)


def _age_band(band: Mapping[str, Any]) -> str:
    told = {"from": band["age_from"], "below": band["age_below"], "sum": money(band["fen"])}
    if band["age_below"] is None:
        return _("%(from)d岁起%(sum)s") % told if band["age_from"] else told["sum"]
    if not band["age_from"]:
        return _("不满%(below)d岁%(sum)s") % told
    return _("%(from)d岁到不满%(below)d岁%(sum)s") % told


def _materials(name: str, value: tuple[Mapping[str, Any], ...]) -> str:
    return _("；").join(_material(name, item) for item in value)


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
    "months": lambda name, value: years(value),
    "working_days": _working_days,
    "count": lambda name, value: str(value),
    "fen": lambda name, value: money(value),
    "ratio": _ratio,
    "flag": _flag,
    "date": lambda name, value: day(date.fromisoformat(value)),
    "digits": lambda name, value: value,
    "choice": lambda name, value: str(word(name, value)),
    "list": _list,
    "record": lambda name, value: _SHAPES[CATALOGUE[name].shape](name, value),
}
