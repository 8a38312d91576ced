"""The second factor of logins for work, asked for at every sign-in and remembered nowhere."""

from typing import cast

import django_otp
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts import audit, limits, sessions, throttling
from accounts.forms import TokenForm
from accounts.models import SignIn, TotpDevice, User
from accounts.views import door
from accounts.views.door import own_form


@own_form
def second_factor(request: HttpRequest) -> HttpResponse:
    user = request.user
    if not user.is_authenticated or user.is_citizen:
        return redirect("queries:home")
    path = door.onward(request) or door.own_home(user)
    if user.is_verified():  # type: ignore[attr-defined]
        return redirect(path)
    form = TokenForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        device = _device_for(request, form.cleaned_data["token"])
        if device is not None:
            sessions.renew(request, user)
            django_otp.login(request, device)
            _note_method(request)
            return redirect(path)
        form.add_error(
            "token",
            _("动态口令不对，或者已经用过。请等下一个口令出来再填；输错 5 次要等 15 分钟。"),
        )
    has_device = TotpDevice.objects.filter(user=user, confirmed=True).exists()
    return render(request, "accounts/second_factor.html", {"form": form, "has_device": has_device})


def _device_for(request: HttpRequest, token: str) -> TotpDevice | None:
    """The authenticator that made the token; every try is counted beforehand."""
    user = cast(User, request.user)
    if not throttling.spend(limits.SECOND_FACTOR, str(user.pk)):
        return None
    device: TotpDevice | None = django_otp.match_token(user, token)
    if device is None:
        audit.record(actor=user, action="second_factor.fail", subject=user, request=request)
        return None
    throttling.clear(limits.SECOND_FACTOR, str(user.pk))
    return device


def _note_method(request: HttpRequest) -> None:
    request.session[sessions.METHOD] = SignIn.Method.TOTP
    SignIn.objects.filter(session_key=request.session.session_key).update(method=SignIn.Method.TOTP)
