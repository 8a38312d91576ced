"""The requests that charge, hold and give back. Each has a key, and one answer for it."""

import re
from typing import Annotated

from django.http import HttpResponse
from django.utils.timezone import localdate, localtime
from ninja import Path, Router

from accounts import boxes, names
from accounts.boxes import BoxError
from claims import holds, refunds, settlement
from claims.api import answering
from claims.api.answering import done
from claims.api.bodies import (
    BillIn,
    HoldOut,
    IdempotencyKey,
    NothingIn,
    ProxyIn,
    QuoteOut,
    ReversalIn,
    ReversalOut,
    SettlementOut,
    VoidOut,
)
from claims.api.guard import BearerKey, Keyed
from claims.bills import Bill, Proxy
from claims.keyed import Done
from claims.models import Settlement
from claims.provider_keys import Scope
from claims.refusals import Refusal, Refused
from insurance.models import InsuredPerson

router = Router(tags=["结算"])

Ref = Annotated[str, Path(description="As it was answered, such as GJ-2026-1121-0042-1234-7")]
# A resident's ID number has a check digit; permits and passports have not.
LIKE_ID_NUMBER = re.compile(r"[0-9]{15}|[0-9]{17}[0-9Xx]")


@router.post("quotes", auth=BearerKey(Scope.QUOTE), response=QuoteOut, summary="试算")
def ask_quote(request: Keyed, body: BillIn, key: IdempotencyKey) -> HttpResponse:
    """What accounts would pay of a real bill. Nothing is taken, a voucher stays good; limited per patient and day."""
    call = answering.call(request.auth, key, "quote", body)

    def act(patient: InsuredPerson) -> Done:
        made = settlement.quote(provider=call.provider, patient=patient, bill=_bill(body))
        return done(200, QuoteOut(would_pay_fen=made.paid_fen, cash_fen=made.cash_fen))

    return answering.for_shown_patient(call, body.patient, act)


@router.post(
    "settlements", auth=BearerKey(Scope.SETTLE), response={201: SettlementOut}, summary="结算"
)
def settle(request: Keyed, body: BillIn, key: IdempotencyKey) -> HttpResponse:
    """Charge a bill to the accounts in their order, all of it or nothing. What no account pays is cash."""
    call = answering.call(request.auth, key, "settle", body)

    def act(patient: InsuredPerson) -> Done:
        made = settlement.settle(
            provider=call.provider,
            patient=patient,
            bill=_bill(body),
            by_key=call.by,
            guarded=True,
        )
        return done(201, _out(made), made)

    return answering.for_patient(call, body.patient, act)


@router.post(
    "settlements/{ref}/reversals",
    auth=BearerKey(Scope.REFUND),
    response={201: ReversalOut},
    summary="退费",
)
def reverse(
    request: Keyed, ref: Ref, key: IdempotencyKey, body: ReversalIn | None = None
) -> HttpResponse:
    """Give back some or all: first what was paid in cash, then to the payers from the last to the first."""
    call = answering.call(request.auth, key, "refund", body, ref)
    found = answering.settlement_of(call.provider, ref)

    def do() -> Done:
        made = refunds.reverse(
            provider=call.provider,
            settlement_id=found.pk,
            amount_fen=body.amount_fen if body else None,
            by_key=call.by,
        )
        out = ReversalOut(
            ref=made.reference,
            amount_fen=made.amount_fen,
            paid_fen=made.amount_fen - made.cash_fen,
            cash_fen=made.cash_fen,
        )
        return done(201, out, found)

    return answering.once(call, do)


@router.post("holds", auth=BearerKey(Scope.SETTLE), response={201: HoldOut}, summary="占用")
def hold(request: Keyed, body: BillIn, key: IdempotencyKey) -> HttpResponse:
    """Keep what a settlement would take, until it is posted, voided or over."""
    call = answering.call(request.auth, key, "hold", body)

    def act(patient: InsuredPerson) -> Done:
        made = holds.hold(
            provider=call.provider, patient=patient, bill=_bill(body), by_key=call.by, guarded=True
        )
        return done(
            201, HoldOut(**_out(made).model_dump(), held_until=localtime(made.held_until)), made
        )

    return answering.for_patient(call, body.patient, act)


@router.post(
    "holds/{ref}/post", auth=BearerKey(Scope.SETTLE), response=SettlementOut, summary="占用转为扣款"
)
def post_hold(
    request: Keyed, ref: Ref, key: IdempotencyKey, body: NothingIn | None = None
) -> HttpResponse:
    """Take what is held, all of it; the hold's reference is the settlement's from here on."""
    call = answering.call(request.auth, key, "post", None, ref)
    found = answering.settlement_of(call.provider, ref)

    def do() -> Done:
        made = holds.post(provider=call.provider, settlement_id=found.pk, by_key=call.by)
        return done(200, _out(made), made)

    return answering.once(call, do)


@router.post("holds/{ref}/void", auth=BearerKey(Scope.SETTLE), response=VoidOut, summary="取消占用")
def void_hold(
    request: Keyed, ref: Ref, key: IdempotencyKey, body: NothingIn | None = None
) -> HttpResponse:
    """Let go what is held; the bill may be settled or held anew."""
    call = answering.call(request.auth, key, "void", None, ref)
    found = answering.settlement_of(call.provider, ref)

    def do() -> Done:
        made = holds.void(provider=call.provider, settlement_id=found.pk, by_key=call.by)
        return done(200, VoidOut(ref=made.reference, state=made.state), made)

    return answering.once(call, do)


def _out(made: Settlement) -> SettlementOut:
    return SettlementOut(ref=made.reference, paid_fen=made.paid_fen, cash_fen=made.cash_fen)


def _bill(body: BillIn) -> Bill:
    """Raise `Refused` for a proxy who is nobody; the rest of a bill is checked where it is charged."""
    return Bill(
        use=body.use,
        amount_fen=body.personal_burden_fen,
        bill_no=body.bill_no,
        occurred_at=body.occurred_at,
        proxy=_proxy(body.proxy) if body.proxy else None,
    )


def _proxy(sent: ProxyIn) -> Proxy:
    name = names.normalise(sent.name)
    if names.fault(name):
        raise Refused(Refusal.BAD_BILL, field="proxy.name")
    number = sent.id_number.upper()
    if LIKE_ID_NUMBER.fullmatch(number):
        try:
            number = boxes.read(number, today=localdate()).value
        except BoxError:
            raise Refused(Refusal.BAD_BILL, field="proxy.id_number") from None
    return Proxy(name=name, id_number=number)
