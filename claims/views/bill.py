"""A patient's bill: typed, quoted, looked at once more, charged."""

from django.contrib import messages
from django.db import InterfaceError, OperationalError, connection
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.views.door import own_form
from claims import desk, settlement, visits
from claims.bills import Bill
from claims.decorators import DeskRequest, provider_clerk_required
from claims.desk import AlreadyUsed
from claims.forms.desk import BillForm, typed
from claims.refusals import Refusal, Refused
from claims.selectors import receipts
from claims.selectors.standing import Standing, standing
from claims.views.refusing import tell
from claims.words import REFUSALS

# Whether it was done, only asking again can tell: the connection broke, or the database gave no answer in time.
UNKNOWN = (OperationalError, InterfaceError)
UNAVAILABLE = 503


@own_form
@provider_clerk_required
def bill(request: DeskRequest, number: str) -> HttpResponse:
    here = standing(request.session, number, request.provider.pk)
    if here is None:
        return over(request, number)
    sent = request.POST if request.method == "POST" else None
    form = BillForm(sent, provider=request.provider, initial=typed(here.bill))
    context = {"here": here, "form": form, "provider": request.provider}
    if not form.is_valid():
        return render(request, "claims/bill.html", context)
    wanted = form.bill
    refused = _quote(request, here, wanted)
    if refused is None:
        return redirect("claims:desk-check", number)
    if refused.code == Refusal.BILL_ALREADY_SETTLED:
        context["settled"] = receipts.by_bill(request.provider, wanted.bill_no)
    return render(request, "claims/bill.html", context, status=tell(form, refused))


@provider_clerk_required
@require_safe
def check(request: DeskRequest, number: str) -> HttpResponse:
    """What would be paid and what is cash. It can be opened again: what was charged by then leads on to the receipt."""
    here = standing(request.session, number, request.provider.pk)
    made = desk.charged(provider_id=request.provider.pk, key=visits.KEY_PREFIX + number)
    if here is None or made is not None:
        return over(request, number)
    if here.bill is None:
        return redirect("claims:desk-bill", number)
    context = {"here": here, "provider": request.provider}
    if here.visit.quote:
        try:
            context["quote"] = settlement.opened(here.visit.quote)
        except Refused as refused:
            messages.warning(request, str(REFUSALS[refused.code]))
            return redirect("claims:desk-bill", number)
    return render(request, "claims/check.html", context)


@provider_clerk_required
@require_POST
def settle(request: DeskRequest, number: str) -> HttpResponse:
    here = standing(request.session, number, request.provider.pk)
    if here is None or here.bill is None:
        return over(request, number)
    if request.POST.get("turn") != str(here.visit.turn):
        messages.warning(request, _("账单在另一个窗口改过，刚才没有结算。请核对下面的金额。"))
        return redirect("claims:desk-check", number)
    try:
        made = desk.charge(clerk=request.clerk, visit=here.visit, person=here.person)
    except AlreadyUsed as used:
        messages.warning(request, _("这位病人刚才已经结算过一张单据，就是下面这一张。"))
        made = used.settlement
    except Refused as refused:
        return _refused(request, here, here.bill, refused)
    except UNKNOWN:
        # The rest of this request asks the database too.
        connection.close_if_unusable_or_obsolete()
        return render(request, "claims/unknown.html", {"here": here}, status=UNAVAILABLE)
    visits.finish(request.session, number)
    return redirect("claims:desk-receipt", made.reference)


def over(request: DeskRequest, number: str) -> HttpResponse:
    """To the receipt where this visit was charged; else to the start, and nothing was taken."""
    visits.finish(request.session, number)
    made = desk.charged(provider_id=request.provider.pk, key=visits.KEY_PREFIX + number)
    if made is not None:
        return redirect("claims:desk-receipt", made.reference)
    messages.warning(request, _("这一页过了 15 分钟，没有结算，没有扣钱。请重新核对病人。"))
    return redirect("claims:desk")


def _quote(request: DeskRequest, here: Standing, wanted: Bill) -> Refused | None:
    """Keep the bill with its quote; why not, where there is none to be had."""
    sealed = ""
    try:
        found = settlement.quote(provider=request.provider, patient=here.person, bill=wanted)
        sealed = found.sealed()
    except Refused as refused:
        # Too many quotes must not keep anybody from paying: it goes on without one.
        if refused.code != Refusal.TOO_MANY_QUOTES:
            return refused
    visits.keep(request.session, visits.quoted(here.visit, wanted, sealed))
    return None


def _refused(request: DeskRequest, here: Standing, wanted: Bill, refused: Refused) -> HttpResponse:
    """Nothing was taken. With a new quote to look at, or back to the bill."""
    number, sealed = here.visit.number, None
    if refused.code == Refusal.DIFFERS and isinstance(refused.quote, settlement.Quote):
        sealed = refused.quote.sealed()
    if sealed is None:
        messages.error(request, _("没有结算，没有扣钱。%s") % REFUSALS[refused.code])
        return redirect("claims:desk-bill", number)
    visits.keep(request.session, visits.quoted(here.visit, wanted, sealed))
    messages.warning(request, str(REFUSALS[refused.code]))
    return redirect("claims:desk-check", number)
