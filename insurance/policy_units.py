"""What may stand in a policy value, by unit, and in a record, by shape. Pure.

Each checker takes the JSON value and returns what is wrong with it, or "".
"""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from insurance.periods import Month, MonthError
from insurance.policy_names import MATERIAL_CONDITIONS, MATERIALS, Name

RATIO = re.compile(r"0(\.[0-9]{1,6})?|1(\.0{1,6})?")
DIGITS = re.compile(r"[0-9]{3,12}")
MONTH_DAY = re.compile(r"(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])")
MOST = 10**12  # larger than any amount, deadline or count that a rule names


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MOST


def _whole(value: Any) -> str:
    return "" if _is_whole(value) else "应为不小于零的整数"


def _ratio(value: Any) -> str:
    if isinstance(value, str) and RATIO.fullmatch(value):
        return ""
    return '应为 0 到 1 的小数文本，例如 "0.02"'


def _flag(value: Any) -> str:
    return "" if isinstance(value, bool) else "应为 true 或 false"


def _digits(value: Any) -> str:
    return "" if isinstance(value, str) and DIGITS.fullmatch(value) else "应为数字文本"


def read_day(value: Any) -> date | None:
    """2026-11-21 and nothing else; None for what is no such day."""
    if not isinstance(value, str) or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def _day(value: Any) -> str:
    return "" if read_day(value) else '应为日期，例如 "2026-11-21"'


UNITS: dict[str, Callable[[Any], str]] = {
    "months": _whole,
    "working_days": _whole,
    "count": _whole,
    "fen": _whole,
    "ratio": _ratio,
    "flag": _flag,
    "date": _day,
    "digits": _digits,
}


def _is_month(value: Any) -> bool:
    try:
        return isinstance(value, str) and str(Month.parse(value)) == value
    except MonthError:
        return False


def _formula(value: Any) -> str:
    keys = {"base_birth_month", "original_age_months", "step_months", "cap_months"}
    if not isinstance(value, Mapping) or set(value) != keys:
        return f"应有且只有 {'、'.join(sorted(keys))}"
    if not _is_month(value["base_birth_month"]):
        return 'base_birth_month 应为年月，例如 "1965-01"'
    if not all(_is_whole(value[key]) for key in keys - {"base_birth_month"}):
        return "月数应为不小于零的整数"
    return "" if value["step_months"] else "step_months 不能是零"


def _span(value: Any) -> str:
    if not isinstance(value, Mapping) or set(value) != {"min", "max"}:
        return "应有且只有 min、max"
    if not (_is_whole(value["min"]) and _is_whole(value["max"])):
        return "min、max 应为不小于零的整数"
    return "" if value["min"] <= value["max"] else "min 不能大于 max"


def _year_span(value: Any) -> str:
    if not isinstance(value, Mapping) or set(value) != {"from", "to"}:
        return "应有且只有 from、to"
    fits = all(isinstance(one, str) and MONTH_DAY.fullmatch(one) for one in value.values())
    return "" if fits else 'from、to 应为月日，例如 "07-01"'


def _deemed_rule(value: Any) -> str:
    keys = {"continuous_service_until", "pension_months_from", "pension_months_until"}
    if not isinstance(value, Mapping) or set(value) != keys:
        return f"应有且只有 {'、'.join(sorted(keys))}"
    if not all(_is_month(value[key]) for key in keys - {"pension_months_until"}):
        return '应为年月，例如 "1992-12"'
    end = value["pension_months_until"]
    return (
        ""
        if end == "employee_scheme_start" or _is_month(end)
        else "止月应为年月或 employee_scheme_start"
    )


def _age_bands(value: Any) -> str:
    """Bands follow each other from age 0 and the last one has no end."""
    if not isinstance(value, list) or not value:
        return "应为年龄段的列表"
    expected: Any = 0
    for band in value:
        if not isinstance(band, Mapping) or set(band) != {"age_from", "age_below", "fen"}:
            return "每段应有且只有 age_from、age_below、fen"
        if expected is None or band["age_from"] != expected or not _is_whole(band["fen"]):
            return "年龄段应从 0 起前后相接，金额为整数分"
        expected = band["age_below"]
        if expected is not None and not (_is_whole(expected) and expected > band["age_from"]):
            return "age_below 应大于 age_from，或为 null"
    return "" if expected is None else "最后一段的 age_below 应为 null"


def _materials(value: Any) -> str:
    if not isinstance(value, list) or not value:
        return "应为材料的列表"
    for item in value:
        if not isinstance(item, Mapping) or not {"any_of"} <= set(item) <= {"any_of", "only_if"}:
            return "每项应有 any_of，可以有 only_if"
        codes = item["any_of"]
        if not isinstance(codes, list) or not codes:
            return "any_of 应为材料代码的列表"
        unknown = [code for code in codes if code not in MATERIALS]
        if unknown:
            return f"没有这种材料：{unknown[0]}"
        if "only_if" in item and item["only_if"] not in MATERIAL_CONDITIONS:
            return f"没有这种条件：{item['only_if']}"
    return ""


SHAPES: dict[str, Callable[[Any], str]] = {
    "formula": _formula,
    "span": _span,
    "year_span": _year_span,
    "deemed_rule": _deemed_rule,
    "age_bands": _age_bands,
    "materials": _materials,
}


def _choice(name: Name, value: Any) -> str:
    return "" if value in name.options else f"应为 {'、'.join(name.options)} 之一"


def _list(name: Name, value: Any) -> str:
    if not isinstance(value, list):
        return "应为列表"
    strange = [one for one in value if one not in name.options]
    if strange:
        return f"列表里不能有 {strange[0]}"
    return "" if len(set(value)) == len(value) else "列表里有重复"


def fault_in(name: Name, value: Any) -> str:
    """What is wrong with a value of that name, in one phrase; "" where it fits."""
    if name.unit == "choice":
        return _choice(name, value)
    if name.unit == "list":
        return _list(name, value)
    if name.unit == "record":
        return SHAPES[name.shape](value)
    return UNITS[name.unit](value)
