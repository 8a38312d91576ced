"""What the giver may change, and the proof that it is the giver who lets money flow again."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.forms.fields import PasswordField
from family.changing import Terms
from family.forms.adding import MOST_FEN
from family.forms.adding_choices import USES
from insurance.form_fields import DayField, MoneyField
from insurance.policy_words import OPTIONS


class ChangeForm(forms.Form):
    """`held` are the terms as they are, `kept` what was typed before; `used_fen` of a limit stays in it."""

    cap_month_fen = MoneyField(
        most_fen=MOST_FEN,
        required=False,
        label=_("每个月最多用多少（元）"),
        help_text=_("例如 300。不填就不限。"),
    )
    cap_bill_fen = MoneyField(
        most_fen=MOST_FEN,
        required=False,
        label=_("每一次最多用多少（元）"),
        help_text=_("例如 100。不填就不限。"),
    )
    limit_fen = MoneyField(
        most_fen=MOST_FEN,
        label=_("划出多少钱作为额度（元）"),
        help_text=_("改小了，多出来的马上退回来；改大了，您自己先不能用多划的部分。"),
        error_messages={"required": _("跨省共用要有一笔额度。不想再给了，请用“结束”。")},
    )
    uses = forms.MultipleChoiceField(
        label=_("可以付什么"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("至少选一种。都不给了，请用“暂停”或者“结束”。")},
    )
    to_day = DayField(
        until=True,
        required=False,
        label=_("用到哪天为止"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        help_text=_("例如 2027-12-31。不填就一直有效，随时可以停。"),
    )
    shows_amounts = forms.BooleanField(
        required=False,
        label=_("家人试算时，可以看到从我账户出多少"),
        help_text=_("不勾选，家人只看到“够”或者“不够”。"),
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        *,
        held: Terms,
        used_fen: int,
        first_day: date,
        kept: Mapping[str, str] | None = None,
    ) -> None:
        start = {
            "cap_month_fen": held.cap_month_fen,
            "cap_bill_fen": held.cap_bill_fen,
            "limit_fen": held.limit_fen,
            "uses": held.uses,
            "to_day": held.to_day and held.to_day.isoformat(),
            "shows_amounts": held.shows_amounts,
        }
        super().__init__(data, initial={**start, **(kept or {})})
        self.used_fen, self.first_day = used_fen, first_day
        # What was agreed elsewhere stays choosable here.
        choices = dict.fromkeys((*USES, *held.uses))
        self.fields["uses"].choices = [  # type: ignore[attr-defined]
            (one, capfirst(str(OPTIONS[one]))) for one in choices
        ]
        if held.limit_fen is None:
            del self.fields["limit_fen"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        last, limit = cleaned.get("to_day"), cleaned.get("limit_fen")
        if last and last < self.first_day:
            self.add_error("to_day", _("这一天已经过了。请填今天或者以后的日子。"))
        if limit is not None and limit < self.used_fen:
            self.add_error("limit_fen", _("额度不能比已经用掉的还少。不想再给了，请用“结束”。"))
        month, bill = cleaned.get("cap_month_fen"), cleaned.get("cap_bill_fen")
        if month and bill and bill > month:
            self.add_error("cap_bill_fen", _("每一次的上限不能比每个月的上限还高。"))
        return cleaned

    @property
    def terms(self) -> Terms:
        """Of a valid form."""
        values = {"limit_fen": None} | self.cleaned_data
        return Terms(**(values | {"uses": tuple(values["uses"])}))


class ProofForm(forms.Form):
    """Whoever lies beside an open session doesn't know the password."""

    password = PasswordField(label=_("您的登录密码"))
