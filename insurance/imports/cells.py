"""One cell of a file into a value, or a sentence about what is wrong with it.

Reasons never repeat the cell: it may hold anything, a neighbour's ID number included.
"""

import re
import time as clock
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from functools import lru_cache
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts import boxes, names, phones
from accounts.id_number import IdNumber, IdNumberError
from insurance import areas, money
from insurance.periods import Month, MonthError

Reason = str | Promise

# Months, days and amounts repeat thousands of times in one file; personal values are never kept.
REMEMBERED = 4096
# What a spreadsheet makes of eighteen digits, and of a date in a column of numbers.
SCIENTIFIC = re.compile(r"[0-9](?:\.[0-9]+)?[Ee]\+?[0-9]{1,3}")
SERIAL_DAY = re.compile(r"[1-9][0-9]{4}")
FORMULA_STARTS = ("=", "+", "-", "@")
INVISIBLE = "\ufeff\u200b\u200c\u200d\u2060\u00a0\u3000 \t"
CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029\ufffd]")
KEY = re.compile(r"[0-9A-Za-z][0-9A-Za-z._/:#-]*")
# What most files have: no formula, no number of a spreadsheet, too short to be anybody's.
ORDINARY_KEY = re.compile(r"[A-Za-z][0-9A-Za-z._/:#-]{0,16}")
DAY = re.compile(
    r"(?:([0-9]{4})(?:-([0-9]{1,2})-|/([0-9]{1,2})/|\.([0-9]{1,2})\.|年([0-9]{1,2})月)([0-9]{1,2})日?"
    r"|([0-9]{4})([0-9]{2})([0-9]{2}))(?:[ T]0?0:00(?::00(?:\.0+)?)?)?"
)
CLOCK = re.compile(r"([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:\.[0-9]{1,6})?)?")
LONG_DIGITS = re.compile(r"(?<![0-9A-Za-z])[0-9]{17}[0-9Xx](?![0-9A-Za-z])")
FIRST_YEAR = 1850
# Enrolments and prepaid months reach into next year; beyond that it is a slip of the keyboard.
YEARS_AHEAD = 1


class CellError(ValueError):
    """`reason` is a sentence for the agency."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


def today() -> date:
    """The day in China; asked for every cell, worked out once a minute."""
    return _today(int(clock.time()) // 60)


@lru_cache(1)
def _today(_minute: int) -> date:
    return timezone.localdate()


def tidy(text: str) -> str:
    """Without the blanks, marks and apostrophes that keep a number a text in a spreadsheet."""
    plain = text.strip(INVISIBLE)
    return plain[1:].lstrip(INVISIBLE) if plain[:1] in ("'", "’") else plain


def free_text(longest: int) -> Callable[[str], str]:
    """A text that is stored and shown as it is: hence nobody's numbers in it."""

    def read(text: str) -> str:
        _no_formula(text)
        if len(text) > longest:
            raise CellError(_("超过 %(count)d 个字") % {"count": longest})
        _nobodys_number(text)
        if boxes.CARD.fullmatch(text) or any(
            phones.normalise(run) for run in re.findall(r"[0-9]{11,13}", text)
        ):
            raise CellError(_("这一列不能放手机号或社会保障卡号"))
        return text

    return read


def key(longest: int) -> Callable[[str], str]:
    """The agency's own number of a person or a line; `longest` is 17 or more."""

    def read(text: str) -> str:
        if ORDINARY_KEY.fullmatch(text):
            return text
        _no_scientific(text)
        if len(text) > longest:
            raise CellError(_("超过 %(count)d 个字") % {"count": longest})
        if not KEY.fullmatch(text):
            raise CellError(_("编号只能由字母、数字和 . _ / : # - 组成"))
        _nobodys_number(text)
        return text

    return read


NAME_REASONS: Mapping[str, Reason] = {
    "empty": _("姓名里没有文字"),
    "long": _("超过 %(count)d 个字") % {"count": names.MAX_LETTERS},
    "characters": _("姓名里有数字或符号"),
}


def name(text: str) -> str:
    _no_formula(text)
    plain = names.normalise(text)
    if fault := names.fault(plain):
        raise CellError(NAME_REASONS[fault])
    return plain


def certificate_number(text: str) -> str:
    """Upper case without blanks; what it must look like follows from the kind of certificate."""
    _no_scientific(text)
    plain = re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", text)).upper()
    if not re.fullmatch(r"[0-9A-Z()]{5,20}", plain):
        raise CellError(_("证件号码应为 5 到 20 位字母和数字"))
    return plain


ID_NUMBER_REASONS: Mapping[str, Reason] = {
    "shape": _("身份证号应为 18 位（老号码 15 位）"),
    "area": _("身份证号的前六位不是地区"),
    "check": _("身份证号的校验位不对"),
    "date": _("身份证号里的出生日期不存在"),
    "future": _("身份证号里的出生日期在将来"),
}
ROUNDED = _("身份证号末尾的数字被电子表格改成了 0，请把这一列设为文本后重新导出")


def id_number(text: str) -> IdNumber:
    try:
        return IdNumber.parse(text, today=today())
    except IdNumberError as error:
        # Spreadsheets keep fifteen digits of a number; three noughts at the end are what is left of the rest.
        if error.code == "check" and text.endswith("000"):
            raise CellError(ROUNDED) from None
        raise CellError(ID_NUMBER_REASONS.get(error.code, ID_NUMBER_REASONS["shape"])) from None


def phone(text: str) -> str:
    _no_scientific(text)
    if not (number := phones.normalise(text)):
        raise CellError(_("手机号应为 11 位数字，以 1 开头"))
    return number


def card(text: str) -> str:
    _no_scientific(text)
    plain = re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", text)).upper()
    if re.fullmatch(r"[0-9]{16,19}", plain):
        raise CellError(_("这是银行卡号；社会保障卡号是 9 位"))
    if not boxes.CARD.fullmatch(plain):
        raise CellError(_("社会保障卡号应为 9 位：一位字母或数字，加 8 位数字"))
    return plain


@lru_cache(REMEMBERED)
def area(text: str) -> str:
    code = unicodedata.normalize("NFKC", text)
    if not re.fullmatch(r"[0-9]{6}", code):
        raise CellError(_("地区代码应为 6 位数字"))
    if code == areas.NATION or not areas.is_known(code):
        raise CellError(_("没有这个省份的地区代码"))
    return code


@lru_cache(REMEMBERED)
def _day(text: str) -> date:
    match = DAY.fullmatch(unicodedata.normalize("NFKC", text))
    if not match:
        if SERIAL_DAY.fullmatch(text):
            raise CellError(_("这是电子表格的日期序号，请把这一列设为文本后重新导出"))
        raise CellError(_("日期应写成 2026-11-21、2026/11/21、20261121 或 2026年11月21日"))
    year, month, number = (int(part) for part in match.groups() if part)
    try:
        found = date(year, month, number)
    except ValueError:
        raise CellError(_("没有这一天")) from None
    if year < FIRST_YEAR:
        raise CellError(_("年份太早"))
    return found


def day(text: str) -> date:
    """A day up to the end of next year."""
    found = _day(text)
    if found.year > today().year + YEARS_AHEAD:
        raise CellError(_("年份太晚"))
    return found


def past_day(text: str) -> date:
    found = _day(text)
    if found > today():
        raise CellError(_("日期在将来"))
    return found


@lru_cache(REMEMBERED)
def _month(text: str) -> Month:
    try:
        return Month.parse(unicodedata.normalize("NFKC", text))
    except MonthError:
        raise CellError(_("月份应写成 2026-10、202610、2026/10 或 2026年10月")) from None


def month(text: str) -> Month:
    """A month up to the end of next year."""
    found = _month(text)
    if found.year > today().year + YEARS_AHEAD:
        raise CellError(_("年份太晚"))
    return found


def moment(text: str) -> datetime:
    """A day, or a day and a time of China; a day alone is its first minute."""
    plain = unicodedata.normalize("NFKC", text).replace("T", " ")
    day_text, _blank, clock_text = plain.partition(" ")
    at = time()
    if clock_text.strip():
        match = CLOCK.fullmatch(clock_text.strip())
        if not match:
            raise CellError(_("时间应写成 09:05 或 09:05:30"))
        try:
            hour, minute, second = (int(part or 0) for part in match.groups())
            at = time(hour, minute, second)
        except ValueError:
            raise CellError(_("没有这个时间")) from None
    found = datetime.combine(_day(day_text), at, timezone.get_default_timezone())
    if found > timezone.now():
        raise CellError(_("时间在将来"))
    return found


@lru_cache(REMEMBERED)
def amount(text: str) -> int:
    """Yuan → fen, never below zero."""
    fen = signed_amount(text)
    if fen < 0:
        raise CellError(_("金额不能是负数"))
    return fen


@lru_cache(REMEMBERED)
def signed_amount(text: str) -> int:
    """Yuan → fen."""
    try:
        return money.parse(text.removeprefix("+").replace("−", "-"), negative=True)
    except money.MoneyError:
        raise CellError(_("金额应写成 1234.56，最多两位小数")) from None


def one_of(words: Mapping[str, Any], reason: Reason) -> Callable[[str], Any]:
    """A word or code of a closed list; full-width forms and case are forgiven."""

    def read(text: str) -> Any:
        try:
            return words[unicodedata.normalize("NFKC", text).lower()]
        except KeyError:
            raise CellError(reason) from None

    return read


def _no_formula(text: str) -> None:
    if text.startswith(FORMULA_STARTS):
        raise CellError(_("这是公式，请在电子表格里改成文字后重新导出"))


def _no_scientific(text: str) -> None:
    if SCIENTIFIC.fullmatch(text):
        raise CellError(_("号码被电子表格改成了科学计数，请把这一列设为文本后重新导出"))
    _no_formula_sign(text)


def _no_formula_sign(text: str) -> None:
    """A phone may begin with a plus."""
    if text.startswith(("=", "@")):
        _no_formula(text)


def _nobodys_number(text: str) -> None:
    """These columns stand in plain text in the database."""
    for run in LONG_DIGITS.findall(text):
        try:
            IdNumber.parse(run, today=today())
        except IdNumberError:
            continue
        raise CellError(_("这一列不能放身份证号"))
