"""Filters as people type them. They are read with GET, so a page with its filter can be kept and sent."""

import re
import unicodedata
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from insurance.form_fields import MAX_TYPED, DayField
from insurance.periods import Month, MonthError
from queries.selectors.entry_words import Group
from queries.selectors.statement import Filter

# What a sequence number can be at most in the column that holds it.
LAST_SEQUENCE = 2**31 - 1
# Nobody pays for longer than a working life.
PLAN_MONTHS = 50 * 12


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
    def is_blank(self) -> bool:
        """Whether the fields that people see say nothing, and so look the same to everybody."""
        return not any(self.data.get(name) for name in ("first", "last", "group", "direction"))

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


class MonthTyped(forms.CharField):
    """A month as people write it → Month; None where nothing was typed."""

    default_error_messages = {"month": _("“%(typed)s”不是一个月份。请写成 2030-06。")}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=MAX_TYPED, **kwargs)

    def clean(self, value: Any) -> Month | None:
        typed = super().clean(value)
        if not typed:
            return None
        try:
            return Month.parse(re.sub(r"\s", "", unicodedata.normalize("NFKC", typed)))
        except MonthError:
            raise ValidationError(
                self.error_messages["month"], params={"typed": typed}, code="month"
            ) from None


class PlanForm(forms.Form):
    """What if: as which kind of worker one retires, until when one pays, and where. `areas` are (code, name)."""

    kind = forms.ChoiceField(
        required=False,
        label=_("您按哪一种退休"),
        choices=[
            ("", _("先不算退休时间")),
            ("M60", _("男职工，原来 60 岁退休")),
            ("F55", _("女职工，原来 55 岁退休（管理、技术岗位）")),
            ("F50", _("女职工，原来 50 岁退休（其他岗位）")),
        ],
        help_text=_("女职工按哪一种，看岗位。不清楚的，问单位。"),
    )
    until = MonthTyped(
        required=False,
        label=_("假如交到哪个月"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        help_text=_("例如 2030-06。不填，就算到退休前一个月。"),
    )
    area = forms.ChoiceField(required=False, label=_("假如从下个月起换到哪里交"))

    def __init__(
        self,
        *args: Any,
        areas: Sequence[tuple[str, str]],
        this_month: Month,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.this_month = this_month
        self.fields["area"].choices = [("", _("不换，还在现在的地方")), *areas]  # type: ignore[attr-defined]

    def clean_until(self) -> Month | None:
        until: Month | None = self.cleaned_data["until"]
        if until is None:
            return None
        last = self.this_month + PLAN_MONTHS
        if not self.this_month < until <= last:
            raise ValidationError(
                _("要写 %(first)s 到 %(last)s 之间的月份。"),
                params={"first": str(self.this_month + 1), "last": str(last)},
                code="range",
            )
        return until


class DayForm(forms.Form):
    """The day whose rules are wanted; None is today."""

    on = DayField(
        required=False,
        label=_("看哪一天的规定"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        help_text=_("例如 2022-01-01，也可以只写年份。不填就是今天。"),
    )


class ChangesForm(forms.Form):
    """Two days to compare; the names are those of the address, which are no names of Python."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plain = {"inputmode": "numeric", "autocomplete": "off"}
        self.fields["from"] = DayField(
            label=_("从哪天"),
            widget=forms.TextInput(attrs=plain),
            help_text=_("例如 2020-01-01，也可以只写年份。"),
            error_messages={"required": _("写上从哪天。")},
        )
        self.fields["to"] = DayField(
            label=_("到哪天"),
            widget=forms.TextInput(attrs=plain),
            error_messages={"required": _("写上到哪天。")},
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("from"), cleaned.get("to")
        if first and last and last <= first:
            self.add_error("to", _("第二个日子要比第一个晚。请把两个日子对调。"))
        return cleaned
