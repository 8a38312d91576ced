"""The desk's receipt, and giving back on the same day."""

from typing import Any

from django.contrib import messages
from django.db import connection
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.views.door import own_form
from claims import bills, desk
from claims.decorators import DeskRequest, provider_clerk_required
from claims.forms.giving_back import GiveBackForm
from claims.keyed import Conflict
from claims.models import Refund
from claims.refusals import Refused
from claims.selectors import receipts
from claims.selectors.receipts import DeskReceipt
from claims.views.bill import UNAVAILABLE, UNKNOWN
from claims.words import REFUSALS


@provider_clerk_required
@require_safe
def receipt(request: DeskRequest, reference: str) -> HttpResponse:
    context = {"found": _own(request, reference), "provider": request.provider}
    return render(request, "claims/receipt.html", context)


@own_form
@provider_clerk_required
def give_back(request: DeskRequest, reference: str) -> HttpResponse:
    """Typed, looked at once more, done. A second press leads to the receipt of the first."""
    found = _own(request, reference)
    sent = request.POST if request.method == "POST" else None
    form = GiveBackForm(sent, left_fen=found.left_fen)
    confirmed = bool(sent and "confirmed" in sent)
    if confirmed and (made := _before(request, found)):
        return _done(request, found, made)
    if confirmed and form.is_valid():
        return _give_back(request, found, form)
    if not found.may_give_back:
        messages.warning(request, _("这一笔现在不能在收费处退：当天没有退完的才能退。"))
        return redirect("claims:desk-receipt", found.row.reference)
    context: dict[str, Any] = {"found": found, "form": form, "provider": request.provider}
    if form.is_valid():
        amount_fen = form.cleaned_data["amount"]
        cash_fen = min(amount_fen, found.cash_left_fen)
        context |= {
            "amount_fen": amount_fen,
            "cash_fen": cash_fen,
            "back_fen": amount_fen - cash_fen,
        }
        return render(request, "claims/give_back_check.html", context)
    return render(request, "claims/give_back.html", context)


def _give_back(request: DeskRequest, found: DeskReceipt, form: GiveBackForm) -> HttpResponse:
    said = form.cleaned_data
    try:
        made = desk.give_back(
            clerk=request.clerk,
            settlement_id=found.row.pk,
            amount_fen=said["amount"],
            reason=said["reason"],
            key=said["key"],
            request=request,
        )
    except Refused as refused:
        messages.error(request, _("没有退。%s") % REFUSALS[refused.code])
    except Conflict:
        messages.error(request, _("这一页已经退过一次，请看下面的退费。还要退，请重新打开。"))
    except UNKNOWN:
        connection.close_if_unusable_or_obsolete()
        context = {"found": found, "form": form}
        return render(request, "claims/unknown_back.html", context, status=UNAVAILABLE)
    else:
        return _done(request, found, made)
    return redirect("claims:desk-receipt", found.row.reference)


def _before(request: DeskRequest, found: DeskReceipt) -> Refund | None:
    """What an earlier press of the same button has given back."""
    key = request.POST.get("key", "")
    return desk.given_back(settlement_id=found.row.pk, key=key) if bills.is_key(key) else None


def _done(request: DeskRequest, found: DeskReceipt, made: Refund) -> HttpResponse:
    if made.cash_fen:
        messages.success(request, _("退好了。现金请当面还给病人，金额见下面的退费。"))
    else:
        messages.success(request, _("退好了，钱回到了原来的账户，不用给现金。"))
    return redirect("claims:desk-receipt", found.row.reference)


def _own(request: DeskRequest, reference: str) -> DeskReceipt:
    found = receipts.desk_receipt(request.provider, reference)
    if found is None:
        raise Http404
    return found
