"""A policy value in words: what a rule's number, list or record says to somebody who reads the page."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from family.relations import Relation
from insurance.periods import Month
from insurance.policy_names import CATALOGUE
from insurance.policy_values import COMPLETE, Value
from insurance.policy_words import word
from insurance.templatetags.insurance_format import day, day_of_year, money, month_name, years

MONTHS_IN_A_YEAR = 12
# The order in which people name their family, and the law does.
_RELATION_ORDER = {relation.value: place for place, relation in enumerate(Relation)}


def sentence(value: Value) -> str:
    """Of a value that is there; a blank has its reason instead."""
    unit, shape = CATALOGUE[value.name].unit, CATALOGUE[value.name].shape
    if shape == "span":
        return _span(value.name, value.value)
    if unit == "record":
        return _RECORDS[shape](value.value)
    if unit == "list":
        return _list(value)
    if unit == "flag":
        return _flag(value.name, value.value)
    if unit == "choice":
        return str(word(value.name, value.value))
    return _UNITS[unit](value.value)


def _months(count: int) -> str:
    if count < MONTHS_IN_A_YEAR:
        return ngettext("%(count)d 个月", "%(count)d 个月", count) % {"count": count}
    return _("%(years)s（%(count)d 个月）") % {"years": years(count), "count": count}


def _ratio(text: str) -> str:
    return f"{(Decimal(text) * 100).normalize():f}%"


def _flag(name: str, answer: bool) -> str:
    if name.startswith("withdrawal.case."):
        return pgettext("withdrawal", "能取") if answer else pgettext("withdrawal", "不能取")
    return pgettext("rule", "是") if answer else pgettext("rule", "否")


def _working_days(count: int) -> str:
    return ngettext("%(count)d 个工作日", "%(count)d 个工作日", count) % {"count": count}


_UNITS: dict[str, Callable[[Any], str]] = {
    "months": _months,
    "working_days": _working_days,
    "count": str,
    "fen": money,
    "ratio": _ratio,
    "date": lambda text: day(date.fromisoformat(text)),
    "digits": str,
}


def _list(value: Value) -> str:
    options = sorted(value.value, key=lambda one: _RELATION_ORDER.get(one, 0))
    words = _("、").join(str(word(value.name, one)) for one in options)
    if not words:
        return _("没有")
    if value.list_kind == COMPLETE:
        return _("%(words)s（只有这些）") % {"words": words}
    return _("%(words)s（可能还有别的）") % {"words": words}


def _formula(rule: Mapping[str, Any]) -> str:
    return _(
        "原来 %(age)s 岁退休。%(month)s和以后出生的，每 %(step)d 个月晚退 1 个月，最多晚 %(cap)d 个月。"
    ) % {
        "age": rule["original_age_months"] // MONTHS_IN_A_YEAR,
        "month": month_name(Month.parse(rule["base_birth_month"])),
        "step": rule["step_months"],
        "cap": rule["cap_months"],
    }


def _span(name: str, rule: Mapping[str, Any]) -> str:
    if name.endswith("_months"):
        return _("%(min)d 到 %(max)d 个月") % dict(rule)
    return _("%(min)d 到 %(max)d 倍") % dict(rule)


def _year_span(rule: Mapping[str, Any]) -> str:
    return _("每年%(first)s到%(last)s") % {
        "first": day_of_year(rule["from"]),
        "last": day_of_year(rule["to"]),
    }


def _deemed_rule(rule: Mapping[str, Any]) -> str:
    end = rule["pension_months_until"]
    until = (
        str(word("contribution_years.deemed_rule", end))
        if end == "employee_scheme_start"
        else month_name(Month.parse(end))
    )
    return _("到%(service)s为止的连续工龄，加上%(first)s到%(until)s个人缴养老保险的月份。") % {
        "service": month_name(Month.parse(rule["continuous_service_until"])),
        "first": month_name(Month.parse(rule["pension_months_from"])),
        "until": until,
    }


def _age_bands(bands: Any) -> str:
    return _("；").join(_age_band(band) for band in bands)


def _age_band(band: Mapping[str, Any]) -> str:
    sum_ = money(band["fen"])
    if not band["age_from"] and band["age_below"] is None:
        return sum_
    if band["age_below"] is None:
        return _("%(age)d 岁起 %(sum)s") % {"age": band["age_from"], "sum": sum_}
    if not band["age_from"]:
        return _("不满 %(age)d 岁 %(sum)s") % {"age": band["age_below"], "sum": sum_}
    return _("%(age)d 到不满 %(below)d 岁 %(sum)s") % {
        "age": band["age_from"],
        "below": band["age_below"],
        "sum": sum_,
    }


def _materials(items: Any) -> str:
    return _("；").join(_material(item) for item in items)


def _material(item: Mapping[str, Any]) -> str:
    kinds = _("或").join(str(word("withdrawal.materials", code)) for code in item["any_of"])
    if "only_if" not in item:
        return kinds
    condition = str(word("withdrawal.materials", item["only_if"]))
    return _("%(kinds)s（%(condition)s）") % {"kinds": kinds, "condition": condition}


_RECORDS: dict[str, Callable[[Any], str]] = {
    "formula": _formula,
    "year_span": _year_span,
    "deemed_rule": _deemed_rule,
    "age_bands": _age_bands,
    "materials": _materials,
}
