"""Days and amounts as people type them."""

import re
import unicodedata
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from insurance import money
from insurance.money import MoneyError
from insurance.periods import Month, MonthError

# 2026, 2026-3, 2026-03-05, 2026/3/5, 2026.3.5, 2026年3月5日, 20260305
YEAR = re.compile(r"([0-9]{4})年?")
DAY = re.compile(
    r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?|([0-9]{4})([0-9]{2})([0-9]{2})"
)
MAX_TYPED = 30


class DayField(forms.CharField):
    """A day, a month or a year; the last two mean their first or, with `until`, their last day."""

    default_error_messages = {
        "day": _("“%(typed)s”不是一个日期。请写成 2026-01-05，也可以只写 2026-01 或 2026。")
    }

    def __init__(self, *, until: bool = False, **kwargs: Any) -> None:
        self.until = until
        super().__init__(max_length=MAX_TYPED, **kwargs)

    def clean(self, value: Any) -> date | None:
        typed = super().clean(value)
        if not typed:
            return None
        found = read_day(typed, until=self.until)
        if found is None:
            raise ValidationError(self.error_messages["day"], params={"typed": typed}, code="day")
        return found


def read_day(typed: str, *, until: bool) -> date | None:
    """Full-width digits and spaces are forgiven; None for what names no day."""
    text = re.sub(r"\s", "", unicodedata.normalize("NFKC", typed))
    try:
        if match := DAY.fullmatch(text):
            year, month, day = (int(part) for part in match.groups() if part)
            return Month.of(year, month).first_day.replace(day=day)
        if match := YEAR.fullmatch(text):
            year = int(match[1])
            return (
                (Month.of(year, 12) + 1).first_day - timedelta(days=1)
                if until
                else date(year, 1, 1)
            )
        month_found = Month.parse(text)
    except (MonthError, ValueError):
        return None
    return (month_found + 1).first_day - timedelta(days=1) if until else month_found.first_day


class MoneyField(forms.CharField):
    """Yuan as people write them → fen; None where nothing was typed. Zero is an amount only where `zero` says so."""

    default_error_messages = {
        "amount": _("“%(typed)s”不是一个金额。请写成 300 或 300.50，单位是元。"),
        "zero": _("金额要大于 0。不想填就空着。"),
        "most": _("金额太大了，最多 %(most)s。"),
    }

    def __init__(self, *, most_fen: int, zero: bool = False, **kwargs: Any) -> None:
        self.most_fen, self.zero = most_fen, zero
        kwargs.setdefault(
            "widget", forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        )
        super().__init__(max_length=money.MAX_TYPED, **kwargs)

    def clean(self, value: Any) -> int | None:
        typed = super().clean(value)
        if not typed:
            return None
        try:
            fen = money.parse(typed)
        except MoneyError:
            raise ValidationError(
                self.error_messages["amount"], params={"typed": typed}, code="amount"
            ) from None
        if fen == 0 and not self.zero:
            raise ValidationError(self.error_messages["zero"], code="zero")
        if fen > self.most_fen:
            params = {"most": money.yuan(self.most_fen)}
            raise ValidationError(self.error_messages["most"], params=params, code="most")
        return fen

    def prepare_value(self, value: Any) -> Any:
        """An amount that is kept is shown as it is typed."""
        return money.plain(value) if isinstance(value, int) else value
