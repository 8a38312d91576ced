"""Filters as people type them. They are read with GET, so a page with its filter can be kept and sent."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from insurance.periods import Month, MonthError
from queries.selectors.entry_words import Group
from queries.selectors.statement import Filter

# 2026, 2026-3, 2026-03-05, 2026/3/5, 2026.3.5, 2026年3月5日, 20260305
YEAR = re.compile(r"([0-9]{4})年?")
DAY = re.compile(
    r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?|([0-9]{4})([0-9]{2})([0-9]{2})"
)
MAX_TYPED = 30
# What a sequence number can be at most in the column that holds it.
LAST_SEQUENCE = 2**31 - 1


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


class StatementForm(forms.Form):
    """`part` is offered only where there are several; the cursors come from links, not from people."""

    part = forms.CharField(required=False, max_length=MAX_TYPED, widget=forms.HiddenInput)
    first = DayField(
        required=False,
        label=_("从哪天"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        help_text=_("例如 2026-01-05，也可以只写年份 2026"),
    )
    last = DayField(
        until=True,
        required=False,
        label=_("到哪天"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    group = forms.ChoiceField(
        required=False, label=_("看哪一类"), choices=[("", _("全部")), *Group.choices]
    )
    direction = forms.ChoiceField(
        required=False,
        label=_("进账还是出账"),
        choices=[("", _("都看")), ("in", _("只看进账")), ("out", _("只看出账"))],
    )
    before = forms.IntegerField(
        required=False, min_value=1, max_value=LAST_SEQUENCE, widget=forms.HiddenInput
    )
    after = forms.IntegerField(
        required=False, min_value=0, max_value=LAST_SEQUENCE, widget=forms.HiddenInput
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and last and last < first:
            self.add_error("last", _("结束的日子比开始的早。请把两个日子对调。"))
        return cleaned

    @property
    def chosen(self) -> Filter:
        """What was asked for; everything where the form has errors."""
        if not self.is_valid():
            return Filter()
        kept = self.cleaned_data
        return Filter(
            first=kept["first"],
            last=kept["last"],
            group=kept["group"],
            direction=kept["direction"],
        )


class YearForm(forms.Form):
    """`years` are those there is something to say about."""

    year = forms.IntegerField(required=False)

    def __init__(self, *args: Any, years: Sequence[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.years = years

    def clean_year(self) -> int:
        year = self.cleaned_data["year"]
        if year is None:
            return self.years[-1]
        if year not in self.years:
            raise ValidationError(
                _("只有 %(first)s 年到 %(last)s 年的记录。"),
                params={"first": self.years[0], "last": self.years[-1]},
                code="year",
            )
        return int(year)
