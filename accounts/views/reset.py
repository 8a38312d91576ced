"""A forgotten password: a code to the login's phone, then a new one."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import backends, client, code_steps, credentials, limits, signing_in, throttling
from accounts.boxes import Typed
from accounts.forms import BoxForm, NewPasswordForm
from accounts.models import OneTimeCode, SignIn
from accounts.views import code_pages, door, family
from accounts.views.code_pages import CodePage
from accounts.views.door import open_form


def _send(request: HttpRequest, typed: dict[str, str]) -> None:
    family.send_to_login(request, OneTimeCode.Purpose.RESET, typed)


PAGE = CodePage(
    purpose=OneTimeCode.Purpose.RESET,
    heading=gettext_lazy("填短信验证码，重设密码"),
    hint=gettext_lazy("如果您填的号码在这里开通过，验证码已经发到登记的手机上。"),
    start="accounts:reset",
    here="accounts:reset-code",
    send=_send,
)


@open_form
def reset(request: HttpRequest) -> HttpResponse:
    form = BoxForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        box = form.cleaned_data["box"]
        if _may_ask(request, box):
            return code_pages.begin(request, PAGE, {"kind": box.kind, "value": box.value})
        form.add_error(None, _("申请的次数太多了，请过一会儿再来，或者带身份证到医保窗口。"))
    return render(request, "accounts/reset.html", {"form": form})


@open_form
def reset_code(request: HttpRequest) -> HttpResponse:
    answer = code_pages.ask(request, PAGE)
    if isinstance(answer, HttpResponse):
        return answer
    return redirect("accounts:reset-who" if answer.user_id is None else "accounts:reset-password")


@open_form
def reset_who(request: HttpRequest) -> HttpResponse:
    answer = family.ask_who(request, PAGE)
    if isinstance(answer, HttpResponse):
        return answer
    code_steps.prove(request, PAGE.purpose, user_id=answer)
    return redirect("accounts:reset-password")


@open_form
def reset_password(request: HttpRequest) -> HttpResponse:
    proof = code_steps.proof(request, PAGE.purpose)
    user = backends.get_user(proof.user_id) if proof and proof.user_id else None
    if user is None:
        return code_pages.start_again(request, PAGE)
    form = NewPasswordForm(request.POST if request.method == "POST" else None, user=user)
    if form.is_valid():
        password = form.cleaned_data["password"]
        credentials.set_password(
            user=user, password=password, by=user, action="password.reset", request=request
        )
        signing_in.let_in(request, user, method=SignIn.Method.SMS)
        messages.success(request, _("密码已经改好，您也已经登录。其他设备都已退出。"))
        return door.after_sign_in(user, "")
    return render(request, "accounts/new_password.html", {"form": form})


def _may_ask(request: HttpRequest, box: Typed) -> bool:
    """By what was typed and from where, so that the answer tells nothing about who exists."""
    address = client.network(client.ip_address(request))
    person = f"{box.kind} {box.value} {address}"
    return throttling.spend_all([(limits.RESET_IP, address), (limits.RESET_PERSON, person)])
