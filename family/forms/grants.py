"""Whom to ask for help, with what, and for how long."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from family.models import GrantKind
from family.selectors.relatives import Relative

# As people count: a stay in hospital, a year, for good. The last day is named on the page that lists them.
MONTH, YEAR, OPEN = "month", "year", "open"
DAYS = {MONTH: 30, YEAR: 365}
KINDS = {
    GrantKind.SEE_BALANCE: _("看我的余额和最近的明细。不能花钱"),
    GrantKind.SEE_YEARS: _("看我的缴费年限。不能花钱"),
    GrantKind.ACT_FAMILY: _(
        "替我办家庭共济：确认用家人的钱、暂停、结束，会看到办不成的原因。不能花我的钱，也不能替我答应出钱"
    ),
}


def _radios(label: Any, choices: list[tuple[str, Any]], missing: Any) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        choices=choices,
        widget=forms.RadioSelect,
        error_messages={"required": missing, "invalid_choice": missing},
    )


class GrantForm(forms.Form):
    """`relatives` are those who can be asked at all."""

    helper = _radios(_("请谁帮忙"), [], _("请选一位家人。"))
    kind = _radios(
        _("帮什么忙"), [(str(one), label) for one, label in KINDS.items()], _("请选帮什么忙。")
    )
    until = _radios(
        _("多久"),
        [(MONTH, _("30 天")), (YEAR, _("一年")), (OPEN, _("一直到我取消"))],
        _("请选帮多久。"),
    )

    def __init__(self, *args: Any, relatives: Sequence[Relative], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.relatives = {str(one.person.reference): one.person for one in relatives}
        self.fields["helper"].choices = [  # type: ignore[attr-defined]
            (str(one.person.reference), format_lazy("{} · {}", one.name, one.relation))
            for one in relatives
        ]

    def last_day(self, today: date) -> date | None:
        """Of a valid form; None is until somebody ends it."""
        days = DAYS.get(self.cleaned_data["until"])
        return today + timedelta(days=days) if days else None
