"""Text in, domain values out."""

from accounts.forms.credentials import ChangePasswordForm, ChangePhoneForm, NewPasswordForm
from accounts.forms.sign_in import BoxForm, CodeForm, SignInForm, TokenForm, WhoForm

__all__ = [
    "BoxForm",
    "ChangePasswordForm",
    "ChangePhoneForm",
    "CodeForm",
    "NewPasswordForm",
    "SignInForm",
    "TokenForm",
    "WhoForm",
]
