"""The page where a code is typed in, the same for every purpose and on every floor."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import code_steps
from accounts.forms import CodeForm
from accounts.models import OneTimeCode

Sender = Callable[[HttpRequest, dict[str, str]], object]
WRONG = gettext_lazy(
    "验证码不对，或者已经过了 5 分钟。请看最新的一条短信。同一个验证码输错 5 次就作废，要重新发送。"
)


@dataclass(frozen=True)
class CodePage:
    """`start` and `here` are url names; `send` is given what was typed at the start."""

    purpose: str
    heading: Promise
    start: str
    here: str
    send: Sender
    hint: Promise


def begin(request: HttpRequest, page: CodePage, typed: dict[str, str]) -> HttpResponse:
    """Send the first code and go on to the page. Coming back with the same number sends no second one at once."""
    code_steps.begin(request, page.purpose, typed)
    if code_steps.seconds_to_wait(request, page.purpose) == 0:
        page.send(request, typed)
    return redirect(page.here)


def ask(request: HttpRequest, page: CodePage) -> OneTimeCode | HttpResponse:
    """The code when the right one was typed, else the page to answer with."""
    typed = code_steps.typed_in(request, page.purpose)
    if typed is None:
        return start_again(request, page)
    if "again" in request.POST:
        return _send_again(request, page, typed)
    form = CodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        code = code_steps.check(request, page.purpose, form.cleaned_data["code"])
        if code is not None:
            return code
        form.add_error("code", str(WRONG))
    context: dict[str, Any] = {"form": form, "page": page}
    return render(request, "accounts/code.html", context)


def start_again(request: HttpRequest, page: CodePage) -> HttpResponse:
    messages.warning(request, _("隔得太久了，请从头再来一次。没有任何改动。"))
    return redirect(page.start)


def _send_again(request: HttpRequest, page: CodePage, typed: dict[str, str]) -> HttpResponse:
    wait = code_steps.seconds_to_wait(request, page.purpose)
    if wait:
        text = _("请再等 %(seconds)s 秒。短信可能还在路上，上一个验证码仍然能用。")
        messages.info(request, text % {"seconds": wait})
    else:
        page.send(request, typed)
        messages.info(request, _("如果号码对得上，新的验证码已经发出。上一个在 5 分钟内也能用。"))
    return redirect(page.here)
