"""Forms for a new password and a new phone."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.forms.fields import PasswordField, PhoneField
from accounts.models import User

PASSWORD_HELP = _("至少 8 位，字母、数字、汉字都可以。不要用生日、手机号或身份证号里的数字。")
STAFF_PASSWORD_HELP = _("工作人员的密码至少 12 位，大写、小写、数字、符号中要有三种。")


class NewPasswordForm(forms.Form):
    """`user` may not be saved yet: the rules look at the name and the role."""

    password = PasswordField(
        label=_("新密码"), autocomplete="new-password", help_text=PASSWORD_HELP
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        if user.is_at_work:
            self.fields["password"].help_text = STAFF_PASSWORD_HELP

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        validate_password(password, self.user)
        return password


class ChangePasswordForm(NewPasswordForm):
    """The current password is checked by the view, which counts the tries."""

    current = PasswordField(
        label=_("现在的密码"), error_messages={"required": _("请填现在的密码。")}
    )
    field_order = ["current", "password"]

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        if "password" in cleaned and cleaned.get("current") == cleaned["password"]:
            self.add_error("password", ValidationError(_("新密码不能和现在的一样。"), code="same"))
        return cleaned


class ChangePhoneForm(forms.Form):
    current = PasswordField(
        label=_("现在的密码"), error_messages={"required": _("请填现在的密码。")}
    )
    phone = PhoneField(label=_("新手机号"))
