"""The other way in: a code to the login's phone."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _

from accounts import backends, code_steps, signing_in
from accounts.forms import BoxForm
from accounts.models import OneTimeCode, SignIn
from accounts.views import code_pages, door, family
from accounts.views.code_pages import CodePage
from accounts.views.door import open_form


def _send(request: HttpRequest, typed: dict[str, str]) -> None:
    family.send_to_login(request, OneTimeCode.Purpose.SIGN_IN, typed)


PAGE = CodePage(
    purpose=OneTimeCode.Purpose.SIGN_IN,
    heading=_("填短信验证码"),
    hint=_("如果您填的号码在这里开通过，验证码已经发到登记的手机上。"),
    start="accounts:sign-in-sms",
    here="accounts:sign-in-sms-code",
    send=_send,
)


@open_form
def sign_in_sms(request: HttpRequest) -> HttpResponse:
    path = door.onward(request)
    if request.user.is_authenticated:
        return door.after_sign_in(request.user, path)
    form = BoxForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        box = form.cleaned_data["box"]
        return code_pages.begin(request, PAGE, {"kind": box.kind, "value": box.value, "next": path})
    return render(request, "accounts/sign_in_sms.html", {"form": form, "next": path})


@open_form
def sign_in_sms_code(request: HttpRequest) -> HttpResponse:
    answer = code_pages.ask(request, PAGE)
    if isinstance(answer, HttpResponse):
        return answer
    if answer.user_id is None:
        return redirect("accounts:sign-in-sms-who")
    return _let_in(request, answer.user_id)


@open_form
def sign_in_sms_who(request: HttpRequest) -> HttpResponse:
    answer = family.ask_who(request, PAGE)
    if isinstance(answer, HttpResponse):
        return answer
    return _let_in(request, answer)


def _let_in(request: HttpRequest, user_id: int) -> HttpResponse:
    typed = code_steps.typed_in(request, PAGE.purpose) or {}
    user = backends.get_user(user_id)
    if user is None:
        return code_pages.start_again(request, PAGE)
    signing_in.let_in(request, user, method=SignIn.Method.SMS)
    return door.after_sign_in(user, typed.get("next", ""))
