"""My sign-in: where I am signed in, and what I sign in with."""

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from accounts import (
    audit,
    code_steps,
    credentials,
    drafts,
    limits,
    recipients,
    selectors,
    sessions,
    throttling,
)
from accounts.decorators import fully_signed_in
from accounts.forms import ChangePasswordForm, ChangePhoneForm
from accounts.models import OneTimeCode, User
from accounts.recipients import Recipient
from accounts.views import code_pages
from accounts.views.code_pages import CodePage
from accounts.views.door import own_form

WRONG_PASSWORD = gettext_lazy("现在的密码不对。连错 5 次要等 15 分钟。")


@fully_signed_in
@require_safe
def security(request: HttpRequest) -> HttpResponse:
    own = selectors.own_login(
        _user(request),
        session_key=request.session.session_key,
        last=sessions.previous_sign_in(request),
    )
    return render(request, "accounts/security.html", {"own": own})


@own_form
@fully_signed_in
def end_others(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        ended = sessions.end_others(request)
        user = _user(request)
        audit.record(
            actor=user,
            action="sign_in.end_others",
            subject=user,
            details={"ended": ended},
            request=request,
        )
        messages.success(request, _("其他设备都已退出，只有这里还登录着。"))
        return redirect("accounts:security")
    return render(request, "accounts/end_others.html")


@own_form
@fully_signed_in
def change_password(request: HttpRequest) -> HttpResponse:
    user = _user(request)
    form = ChangePasswordForm(request.POST if request.method == "POST" else None, user=user)
    if form.is_valid():
        if credentials.knows_password(user, form.cleaned_data["current"]):
            credentials.set_password(
                user=user,
                password=form.cleaned_data["password"],
                by=user,
                action="password.change",
                request=request,
            )
            messages.success(request, _("密码已经改好。其他设备都已退出，下次请用新密码。"))
            return redirect("accounts:security")
        form.add_error("current", str(WRONG_PASSWORD))
    return render(request, "accounts/change_password.html", {"form": form})


def _send(request: HttpRequest, typed: dict[str, str]) -> None:
    recipient = Recipient(phone=typed["phone"], user=_user(request), deliverable=True)
    code_steps.send(request, OneTimeCode.Purpose.CHANGE_PHONE, recipient)


PAGE = CodePage(
    purpose=OneTimeCode.Purpose.CHANGE_PHONE,
    heading=gettext_lazy("填新手机收到的验证码"),
    hint=gettext_lazy("验证码已经发到新手机上。"),
    start="accounts:change-phone",
    here="accounts:change-phone-code",
    send=_send,
)


@own_form
@fully_signed_in
def change_phone(request: HttpRequest) -> HttpResponse:
    user = _user(request)
    form = ChangePhoneForm(request.POST or None, initial=_kept(request, user))
    if form.is_valid():
        phone = form.cleaned_data["phone"]
        if not credentials.knows_password(user, form.cleaned_data["current"]):
            form.add_error("current", str(WRONG_PASSWORD))
        elif phone == recipients.phone_of(user):
            form.add_error("phone", _("这就是现在登记的手机号，不用换。"))
        elif not throttling.spend(limits.CHANGE_PHONE, str(user.pk)):
            form.add_error(
                None, _("今天换手机号的次数太多了，请明天再来，或者带身份证到医保窗口。")
            )
        else:
            return code_pages.begin(request, PAGE, {"phone": phone})
    own_phone = recipients.phone_of(user)
    return render(request, "accounts/change_phone.html", {"form": form, "has_phone": own_phone})


@own_form
@fully_signed_in
def change_phone_code(request: HttpRequest) -> HttpResponse:
    typed = code_steps.typed_in(request, PAGE.purpose)
    answer = code_pages.ask(request, PAGE)
    if typed is None or isinstance(answer, HttpResponse):
        return cast(HttpResponse, answer)
    user = _user(request)
    credentials.change_phone(user=user, phone=typed["phone"], by=user, request=request)
    code_steps.end(request, PAGE.purpose)
    messages.success(request, _("手机号已经换好。下次可以用新手机号登录。"))
    return redirect("accounts:security")


def _kept(request: HttpRequest, user: User) -> dict[str, str]:
    """What was typed when the session ran out, except the password."""
    if request.method == "POST":
        return {}
    return drafts.first_values(drafts.take(user=user, form_key=request.path))


def _user(request: HttpRequest) -> User:
    return cast(User, request.user)
