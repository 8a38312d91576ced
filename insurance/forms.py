"""Forms of the first sign-in."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import names
from accounts.forms.fields import BOX_ERRORS, LONGEST_TYPED, PhoneField, plain_text
from accounts.id_number import IdNumber, IdNumberError
from insurance.slips import ALPHABET, LENGTH

NAME_FAULTS = {
    "empty": _("请填姓名。"),
    "long": _("姓名太长了，请检查。"),
    "characters": _("姓名里有不能用的符号。请照身份证上的写；打不出的字，到医保窗口办理。"),
}
ID_NUMBER_FAULTS = {
    "empty": _("请填身份证号。"),
    "shape": _("这里请填身份证号，18 位。"),
    **{code: BOX_ERRORS[f"id_number_{code}"] for code in ("check", "date", "future", "area")},
}


class NameField(forms.CharField):
    """A name as on the card → normalised: one kind of dot, no stray spaces."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            label=_("姓名"),
            max_length=2 * names.MAX_LETTERS,
            error_messages={"required": NAME_FAULTS["empty"]},
            widget=forms.TextInput(attrs={"autocomplete": "name"}),
            **kwargs,
        )

    def clean(self, value: Any) -> str:
        name = names.normalise(super().clean(value))
        if fault := names.fault(name):
            raise ValidationError(NAME_FAULTS[fault], code=fault)
        return name


class IdNumberField(forms.CharField):
    """18 or 15 characters → the 18 that are looked up, as text."""

    def __init__(self, **kwargs: Any) -> None:
        attributes = {"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        super().__init__(
            label=_("身份证号"),
            max_length=LONGEST_TYPED,
            error_messages={"required": ID_NUMBER_FAULTS["empty"]},
            widget=forms.TextInput(attrs=attributes),
            **kwargs,
        )

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        try:
            return IdNumber.parse(text, today=timezone.localdate()).text
        except IdNumberError as error:
            raise ValidationError(ID_NUMBER_FAULTS[error.code], code=error.code) from None


class SignUpForm(forms.Form):
    name = NameField()
    id_number = IdNumberField(
        help_text=_("港澳台居民居住证、外国人永久居留身份证的 18 位号码也可以。")
    )
    phone = PhoneField(label=_("在医保登记过的手机号"))


class SlipForm(forms.Form):
    """`slip` gives ten characters of the alphabet, whatever the grouping, case and width."""

    id_number = IdNumberField()
    slip = forms.CharField(
        label=_("凭条上的号码"),
        help_text=_("10 位字母和数字，中间的横线可以不填。"),
        max_length=LONGEST_TYPED,
        error_messages={"required": _("请填凭条上的号码。")},
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )

    def clean_slip(self) -> str:
        secret = plain_text(self.cleaned_data["slip"])
        if not re.fullmatch(rf"[{ALPHABET}]{{{LENGTH}}}", secret):
            raise ValidationError(
                _("凭条上的号码是 10 位字母和数字，里面没有数字 0 和 1，也没有字母 O 和 I。"),
                code="shape",
            )
        return secret
