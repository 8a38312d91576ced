"""The question of who would pay."""

from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from family.selectors.telling import MAX_BILL_FEN, USUAL_BILL_FEN
from insurance import money
from insurance.form_fields import MoneyField
from insurance.policy_words import OPTIONS
from insurance.templatetags import insurance_format

# What people pay by an account at all; the checker of spending answers for the rest.
USES = (
    "CARE",
    "DRUG",
    "TREATMENT_DENTISTRY",
    "RESIDENT_PREMIUM",
    "LTC_PREMIUM",
    "SUPPLEMENT_PREMIUM",
)


class BillForm(forms.Form):
    """A bill that may come: how much is left to pay oneself, and for what."""

    bill = MoneyField(
        most_fen=MAX_BILL_FEN,
        label=_("账单上要自己付多少（元）"),
        initial=money.plain(USUAL_BILL_FEN),
        error_messages={
            "required": _("写上账单的金额，例如 300。"),
            "zero": _("金额要大于 0。"),
            "most": _("一次最多试算 %(most)s。"),
        },
    )
    use = forms.ChoiceField(
        label=_("用来付什么"),
        initial=USES[0],
        error_messages={"required": _("请选一项。"), "invalid_choice": _("请选一项。")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Written now, in the language of the visitor
        most = {"most": insurance_format.money(MAX_BILL_FEN)}
        self.fields["bill"].help_text = _now("例如 300 或 300.50，最多 %(most)s") % most
        choices = [(one, capfirst(str(OPTIONS[one]))) for one in USES]
        self.fields["use"].choices = choices  # type: ignore[attr-defined]

    @property
    def use_name(self) -> str:
        """Of a valid form."""
        return dict(self.fields["use"].choices)[self.cleaned_data["use"]]  # type: ignore[attr-defined]
