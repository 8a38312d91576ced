"""The steps that signing in by message and resetting have in common: who, the code, and who of a family."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from accounts import code_steps, signing_in
from accounts.boxes import Typed
from accounts.forms import WhoForm
from accounts.recipients import recipient_of
from accounts.views import code_pages
from accounts.views.code_pages import CodePage


def send_to_login(request: HttpRequest, purpose: str, typed: dict[str, str]) -> None:
    """The code goes to the phone of the login that was typed; nobody's and staff's go nowhere."""
    recipient = recipient_of(Typed(typed["kind"], typed["value"]))
    code_steps.send(request, purpose, recipient)


def ask_who(request: HttpRequest, page: CodePage) -> int | HttpResponse:
    """After the right code for a family's phone: the id of the login that is meant, else the page to answer with."""
    typed = code_steps.typed_in(request, page.purpose)
    if typed is None or code_steps.proof(request, page.purpose) is None:
        return code_pages.start_again(request, page)
    form = WhoForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        phone = Typed(typed["kind"], typed["value"])
        user = signing_in.of_family(request, phone, form.cleaned_data["second"])
        if user is not None:
            return user.pk
        form.add_error("second", _("对不上。请检查号码；如果试了很多次，请过 15 分钟再试。"))
    return render(request, "accounts/who.html", {"form": form, "page": page})
