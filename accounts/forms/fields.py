"""Form fields that give domain values and forgive what a keyboard does to digits."""

import re
import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import boxes, phones
from accounts.boxes import BoxError, Typed

CODE_DIGITS = 6
LONGEST_TYPED = 60
LONGEST_PASSWORD = 256  # a passphrase fits four times; a megabyte of text isn't hashed
BOX_ERRORS = {
    "empty": _("请填身份证号、手机号或社保卡号。"),
    "unknown": _("看不出这是哪一种号码。身份证号 18 位，手机号 11 位，社保卡号 9 位。"),
    "phone": _("手机号是 11 位数字，请数一数是不是少了或多了。"),
    "card": _("社保卡号是 9 位：第一位是字母或数字，后面 8 位是数字。请看卡的正面。"),
    "bank_card": _("这像是银行账号。社保卡号是卡正面的 9 位号码。"),
    "id_number_shape": _("身份证号是 18 位，请数一数是不是少了或多了。"),
    "id_number_check": _("身份证号对不上，可能有一位输错了。请对着身份证再看一遍。"),
    "id_number_date": _("身份证号里的出生日期不存在，请对着身份证再看一遍。"),
    "id_number_future": _("身份证号里的出生日期还没有到，请对着身份证再看一遍。"),
    "id_number_area": _("身份证号不会以 0 开头，请对着身份证再看一遍。"),
}


def read_box(text: str) -> Typed:
    """As `boxes.read`, with the sentence for the person in place of the code."""
    try:
        return boxes.read(text, today=timezone.localdate())
    except BoxError as error:
        raise ValidationError(BOX_ERRORS[error.code], code=error.code) from None


def plain_text(text: str) -> str:
    """Digits and letters of every width, without spaces and hyphens, in upper case."""
    return re.sub(r"[\s\-]", "", unicodedata.normalize("NFKC", text)).upper()


class BoxField(forms.CharField):
    """ID number, phone or social security card number → `Typed`."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("身份证号、手机号或社保卡号"))
        kwargs.setdefault("error_messages", {"required": BOX_ERRORS["empty"]})
        attributes = {"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
        kwargs.setdefault("widget", forms.TextInput(attrs=attributes))
        super().__init__(max_length=LONGEST_TYPED, **kwargs)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        return read_box(text) if text else None


class SecondBoxField(BoxField):
    """What tells apart the people of one phone: never a phone."""

    def clean(self, value: Any) -> Any:
        typed = super().clean(value)
        if typed is not None and typed.is_phone:
            raise ValidationError(_("这里请填身份证号或社保卡号。"), code="phone")
        return typed


class PhoneField(forms.CharField):
    """A mobile number typed in any way → eleven digits."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("手机号"))
        kwargs.setdefault("error_messages", {"required": _("请填手机号。")})
        attributes = {"type": "tel", "autocomplete": "tel-national", "inputmode": "tel"}
        super().__init__(
            max_length=LONGEST_TYPED, widget=forms.TextInput(attrs=attributes), **kwargs
        )

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        phone = phones.normalise(text) if text else None
        if text and phone is None:
            raise ValidationError(BOX_ERRORS["phone"], code="phone")
        return phone


class CodeField(forms.CharField):
    """Six digits, typed with spaces or in full width → "123456"."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("验证码"))
        kwargs.setdefault("error_messages", {"required": _("请填 6 位验证码。")})
        attributes = {"autocomplete": "one-time-code", "inputmode": "numeric", "size": 8}
        super().__init__(
            max_length=LONGEST_TYPED, widget=forms.TextInput(attrs=attributes), **kwargs
        )

    def clean(self, value: Any) -> Any:
        code = plain_text(super().clean(value))
        if not re.fullmatch(rf"[0-9]{{{CODE_DIGITS}}}", code):
            raise ValidationError(_("验证码是 6 位数字。"), code="shape")
        return code


class PasswordField(forms.CharField):
    """Kept as typed, spaces and all; never sent back to the page."""

    def __init__(self, *, autocomplete: str = "current-password", **kwargs: Any) -> None:
        kwargs.setdefault("label", _("密码"))
        kwargs.setdefault("error_messages", {"required": _("请填密码。")})
        super().__init__(
            strip=False,
            max_length=LONGEST_PASSWORD,
            widget=forms.PasswordInput(attrs={"autocomplete": autocomplete}),
            **kwargs,
        )
