"""Forms at the door."""

from copy import deepcopy
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.fields import BoxField, CodeField, PasswordField, SecondBoxField

SECOND_LABEL = _("如果这个手机号由家人共用，请再填身份证号或社保卡号")


class SignInForm(forms.Form):
    """`second` joins the form once a phone did not lead in, for everybody who typed a phone."""

    box = BoxField()
    second = SecondBoxField(label=SECOND_LABEL, required=False)
    password = PasswordField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "second" not in self.data:
            del self.fields["second"]

    def refuse(self, message: Any) -> None:
        """Say why nobody is signed in, and ask for the second number where a phone was typed."""
        if self.cleaned_data["box"].is_phone and "second" not in self.fields:
            self.fields["second"] = deepcopy(self.base_fields["second"])
            self.order_fields(["box", "second", "password"])
        self.add_error(None, message)


class BoxForm(forms.Form):
    """Who wants a code."""

    box = BoxField()


class CodeForm(forms.Form):
    code = CodeField()


class WhoForm(forms.Form):
    """Which of the people of one phone, asked after the right code."""

    second = SecondBoxField(
        label=_("您的身份证号或社保卡号"),
        error_messages={"required": _("请填身份证号或社保卡号。")},
    )


class TokenForm(forms.Form):
    """The authenticator of a staff member."""

    token = CodeField(label=_("动态口令"), error_messages={"required": _("请填 6 位动态口令。")})
