"""How much of a bill goes back, and why; and the day whose bills are looked at."""

import secrets
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.forms.reasons import ReasonField
from claims import bills
from insurance import money
from insurance.form_fields import DayField, MoneyField

PREFIX = "back-"


class GiveBackForm(forms.Form):
    """Nothing typed is all that is left. `key` makes of a second press the first one's answer."""

    amount = MoneyField(
        most_fen=bills.MAX_FEN,
        required=False,
        label=_("退多少（元）"),
        help_text=_("按病人自己负担的金额算，现金也算在里面。不填就全部退。"),
    )
    reason = ReasonField(
        label=_("为什么退"), help_text=_("例如：退了两盒药。请不要写姓名和证件号码。")
    )
    key = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, left_fen: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.left_fen = left_fen
        self.fields["key"].initial = PREFIX + secrets.token_urlsafe(16)

    def clean_amount(self) -> int:
        amount: int | None = self.cleaned_data["amount"]
        if amount is None:
            return self.left_fen
        if amount > self.left_fen:
            raise ValidationError(
                _("最多还能退 %(left)s。"), params={"left": money.yuan(self.left_fen)}
            )
        return amount

    def clean_key(self) -> str:
        key: str = self.cleaned_data["key"]
        if not (key.startswith(PREFIX) and bills.is_key(key)):
            raise ValidationError(_("这一页不完整，请重新打开再退。"))
        return key


class DayForm(forms.Form):
    day = DayField(
        required=False,
        label=_("看哪一天"),
        help_text=_("例如 2026-01-05。"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
