"""How much goes into a wallet, or back out of it; and the proof that it is oneself."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from family.forms.terms import ProofForm
from insurance.form_fields import MoneyField


class AmountForm(forms.Form):
    """`most_fen` is what one transfer may be, or what is left of one."""

    def __init__(self, *args: Any, most_fen: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["amount"] = MoneyField(
            most_fen=most_fen,
            label=_("多少（元）"),
            help_text=_("例如 300 或 300.50。"),
            error_messages={"required": _("请填金额。")},
        )


class SendForm(ProofForm):
    """What the page that is checked carries on, and the password: money leaves the account."""

    # Which transfer of the day: pressed twice, it is there already.
    number = forms.IntegerField(widget=forms.HiddenInput, min_value=1)


class BackForm(AmountForm):
    """`returned` is what had gone back when the page that is checked was made; None before it."""

    returned = forms.IntegerField(widget=forms.HiddenInput, min_value=0, required=False)
