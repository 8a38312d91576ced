"""Money into the wallet of a relative, and back: where the rule of the day moves it this way."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts import credentials
from accounts.views.door import own_form
from accounts.views.security import WRONG_PASSWORD
from claims import wallets
from claims.forms.wallets import AmountForm, BackForm, SendForm
from claims.refusals import Refused
from claims.selectors.wallets import TransferLine, WalletSide, side
from claims.wallets import Offer
from claims.words import REFUSALS
from family.acting import NotAllowed
from family.decorators import ActingRequest, acting_for, pressed


@acting_for
@require_safe
def wallet(request: ActingRequest, reference: str) -> HttpResponse:
    found = _side(request, reference)
    context = {
        "found": found,
        "why": REFUSALS[found.refusal] if found.refusal else "",
        "form": AmountForm(most_fen=found.offer.most_fen) if found.offer else None,
        "acting": request.acting,
    }
    return render(request, "claims/wallet.html", context)


@own_form
@acting_for
def send(request: ActingRequest, reference: str) -> HttpResponse:
    """The amount, then the page that is checked, then the deed: each step posts what the one before held."""
    found = _side(request, reference)
    if found.offer is None or request.method != "POST":
        return _back(request, reference)
    amount = AmountForm(request.POST, most_fen=found.offer.most_fen)
    context = {"found": found, "form": amount, "acting": request.acting}
    if not amount.is_valid():
        return render(request, "claims/wallet.html", context)
    fen = amount.cleaned_data["amount"]
    proof = _proof(request, found.offer)
    if proof.is_valid():
        return _send(request, found, fen, proof.cleaned_data["number"])
    context |= {"form": proof, "amount_fen": fen}
    return render(request, "claims/wallet_check.html", context)


@own_form
@acting_for
def give_back(request: ActingRequest, reference: str, transfer: int) -> HttpResponse:
    found = _side(request, reference)
    line = found.line(transfer)
    if found.gives or line is None:
        raise Http404
    if not line.left_fen:
        return _back(request, reference)
    given = request.POST if request.method == "POST" else None
    form = BackForm(given, most_fen=line.left_fen, initial={"amount": line.left_fen})
    context = {"found": found, "line": line, "form": form, "acting": request.acting}
    if not form.is_valid():
        return render(request, "claims/wallet_back.html", context)
    fen, returned = form.cleaned_data["amount"], form.cleaned_data["returned"]
    if returned is None:
        return render(request, "claims/wallet_back_check.html", context | {"amount_fen": fen})
    return _give_back(request, found, line, fen, returned)


def _give_back(
    request: ActingRequest, found: WalletSide, line: TransferLine, fen: int, returned: int
) -> HttpResponse:
    return _done(
        request,
        found,
        lambda: wallets.give_back(
            transfer_id=line.pk,
            person=request.acting.owner,
            amount_fen=fen,
            returned_fen=returned,
            **pressed(request),
        ),
        _("退回去了。对方收到了消息。"),
    )


def _proof(request: ActingRequest, offered: Offer) -> SendForm:
    """Empty on the way to the page that is checked."""
    typed = request.POST if "password" in request.POST else None
    form = SendForm(typed, initial={"number": offered.number})
    if form.is_valid() and not credentials.knows_password(
        request.user, form.cleaned_data["password"]
    ):
        form.add_error("password", str(WRONG_PASSWORD))
    return form


def _send(request: ActingRequest, found: WalletSide, fen: int, number: int) -> HttpResponse:
    return _done(
        request,
        found,
        lambda: wallets.transfer(
            binding_id=found.binding.pk,
            person=request.acting.owner,
            amount_fen=fen,
            number=number,
            **pressed(request),
        ),
        _("转好了。对方收到了消息，看病买药时先用钱包里的钱。"),
    )


def _done(
    request: ActingRequest, found: WalletSide, do: Callable[[], Any], told: str
) -> HttpResponse:
    """Back to the list, with what came of it."""
    try:
        do()
    except Refused as refused:
        messages.error(request, str(REFUSALS[refused.code]))
    except NotAllowed:
        raise Http404 from None
    else:
        messages.success(request, told)
    return _back(request, found.binding.reference)


def _back(request: ActingRequest, reference: str) -> HttpResponse:
    return redirect(reverse("claims:wallet", args=[reference]) + request.acting.query)


def _side(request: ActingRequest, reference: str) -> WalletSide:
    """404 for strangers, and for whoever only helps with family aid: money is the owner's own."""
    found = None if request.acting.is_helper else side(reference, request.acting.owner)
    if found is None:
        raise Http404
    return found
