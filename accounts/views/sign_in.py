"""One box and a password."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import limits, signing_in
from accounts.forms import SignInForm
from accounts.models import SignIn
from accounts.signing_in import Attempt
from accounts.views import door
from accounts.views.door import open_form

TELL_TRIES_FROM = 3  # before that a number of tries only frightens
TOO_MANY = 429


@open_form
def sign_in(request: HttpRequest) -> HttpResponse:
    path = door.onward(request)
    if request.user.is_authenticated:
        return door.after_sign_in(request.user, path)
    form = SignInForm(request.POST if request.method == "POST" else None)
    status = 200
    if form.is_valid():
        attempt = signing_in.attempt(
            request,
            identifier=form.cleaned_data["box"],
            second=form.cleaned_data.get("second"),
            password=form.cleaned_data["password"],
            at_work=door.is_for_work(path),
        )
        if attempt.user:
            signing_in.let_in(request, attempt.user, method=SignIn.Method.PASSWORD)
            return door.after_sign_in(attempt.user, path)
        form.refuse(refusal(attempt))
        status = TOO_MANY if attempt.is_blocked else 200
    return render(request, "accounts/sign_in.html", {"form": form, "next": path}, status=status)


def refusal(attempt: Attempt) -> str:
    """Why nobody is signed in: the same words for somebody and nobody."""
    minutes = limits.SIGN_IN_PAIR.seconds // 60
    if attempt.is_blocked or attempt.left == 0:
        text = _(
            "试的次数太多了，请过 %(minutes)s 分钟再试。急用的话，可以用短信验证码登录，或者带身份证到医保窗口。"
        )
        return text % {"minutes": minutes}
    text = _("没有登录成功：号码和密码对不上。请检查有没有输错。")
    if attempt.left > TELL_TRIES_FROM:
        return text
    left = ngettext(
        "还可以试 %(left)s 次，之后要等 %(minutes)s 分钟。也可以用短信验证码登录，或者重设密码。",
        "还可以试 %(left)s 次，之后要等 %(minutes)s 分钟。也可以用短信验证码登录，或者重设密码。",
        attempt.left,
    ) % {"left": attempt.left, "minutes": minutes}
    return f"{text}{left}"
