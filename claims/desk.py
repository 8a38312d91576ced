"""What a provider's clerk does at the desk: find out who the patient is, quote, charge, give back."""

from django.db import transaction
from django.http import HttpRequest
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from accounts import audit, limits, throttling
from claims import bills, keyed, patients, refunds, settlement, visits
from claims.keyed import Conflict, Done
from claims.models import KeyedRequest, ProviderClerk, Refund, Settlement
from claims.patients import SHOWN, Patient
from claims.refusals import Refusal, Refused
from claims.visits import Visit
from insurance.models import InsuredPerson
from insurance.notice_texts import KEPT_LANGUAGE

SETTLE, REFUND = "desk-settle", "desk-refund"
CREATED = 201

audit.LABELS.update(
    {
        "desk.identify": _("结算时核对您是谁"),
        "desk.refund": _("在收费处退费"),
    }
)


class TooOften(Exception):
    """This clerk has looked for too many people in an hour."""


class AlreadyUsed(Exception):
    """The visit has charged another bill, which is `settlement`."""

    def __init__(self, found: Settlement) -> None:
        super().__init__()
        self.settlement = found


def identify_by_voucher(*, clerk: ProviderClerk, code: str, request: HttpRequest) -> Patient:
    """Use the code up; raise `Refused`, `TooOften`. The patient sees who looked."""
    _count(clerk)
    with transaction.atomic():
        return _written_down(patients.by_voucher(code), clerk, request)


def identify_by_card(
    *, clerk: ProviderClerk, id_number: str, card: str, request: HttpRequest
) -> Patient:
    """As `identify_by_voucher`."""
    _count(clerk)
    found = patients.by_card(provider=clerk.provider, id_number=id_number, card=card)
    return _written_down(found, clerk, request)


def _count(clerk: ProviderClerk) -> None:
    """Before the look-up, whatever comes of it: a desk that serves nobody else is a search."""
    if not throttling.spend(limits.DESK_IDENTIFY, str(clerk.user_id)):
        raise TooOften


def _written_down(patient: Patient, clerk: ProviderClerk, request: HttpRequest) -> Patient:
    with translation.override(KEPT_LANGUAGE):
        reason = f"{clerk.provider.name}：{SHOWN[patient.how]}"
    audit.record(
        actor=clerk.user,
        action="desk.identify",
        subject=patient.person,
        reason=reason,
        request=request,
    )
    return patient


def charged(*, provider_id: int, key: str) -> Settlement | None:
    """What was charged under this key; None while nothing was."""
    found = KeyedRequest.objects.filter(provider=provider_id, key=key, settlement__isnull=False)
    row = found.select_related("settlement").first()
    return row.settlement if row else None


def charge(*, clerk: ProviderClerk, visit: Visit, person: InsuredPerson) -> Settlement:
    """Settle the bill of the visit, once: asked again, it is the settlement of the first time.

    Raise `Refused` (nothing was taken; DIFFERS has the new quote), `AlreadyUsed`. Of an error of the database nobody knows what
    became of it until the same is asked again.
    """
    bill = visit.bill
    if bill is None:
        raise Refused(Refusal.QUOTE_TOO_OLD)

    def do() -> Done:
        made = settlement.settle(
            provider=clerk.provider,
            patient=person,
            bill=bill,
            by_user=clerk.user,
            expected=settlement.opened(visit.quote) if visit.quote else None,
        )
        return Done(CREATED, bills.canonical({"ref": made.reference}), made)

    try:
        answer = keyed.once(
            provider=clerk.provider, key=visit.key, verb=SETTLE, body=_body(person, visit), do=do
        )
    except Conflict:
        other = charged(provider_id=clerk.provider_id, key=visit.key)
        if other is None:
            raise
        raise AlreadyUsed(other) from None
    return Settlement.objects.get(pk=answer.settlement_id or 0)


def _body(person: InsuredPerson, visit: Visit) -> str:
    bill = visits.plain_bill(visit.bill)
    return bills.canonical({"patient": str(person.reference), "bill": bill})


def given_back(*, settlement_id: int, key: str) -> Refund | None:
    """What was given back of this settlement under this key; None while nothing was."""
    rows = KeyedRequest.objects.filter(key=key, verb=REFUND, settlement=settlement_id)
    reference = rows.values_list("answer", flat=True).first()
    return Refund.objects.filter(reference=reference).first() if reference else None


def give_back(
    *,
    clerk: ProviderClerk,
    settlement_id: int,
    amount_fen: int,
    reason: str,
    key: str,
    request: HttpRequest,
) -> Refund:
    """Reverse a settlement of today, whole or in part, once under the key; raise `Refused`, `Conflict`."""

    def do() -> Done:
        made = refunds.reverse(
            provider=clerk.provider,
            settlement_id=settlement_id,
            amount_fen=amount_fen,
            by_user=clerk.user,
        )
        audit.record(
            actor=clerk.user,
            action="desk.refund",
            subject=made.settlement,
            reason=reason,
            details={"refund": made.reference},
            request=request,
        )
        return Done(CREATED, made.reference, made.settlement)

    body = bills.canonical({"settlement": settlement_id, "amount_fen": amount_fen})
    answer = keyed.once(provider=clerk.provider, key=key, verb=REFUND, body=body, do=do)
    return Refund.objects.get(reference=answer.text)
