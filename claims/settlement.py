"""A bill is charged: quoted without a trace, or settled in one transaction, all of it or nothing."""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from django.core import signing
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts import limits, throttling
from accounts.models import User
from claims import deciding, notes, writing
from claims.bills import Bill
from claims.deciding import Decided
from claims.models import Provider, ProviderKey, Settlement, SettlementState
from claims.refusals import Refusal, Refused
from claims.writing import Part
from insurance import ledger
from insurance.models import InsuredPerson

# As long as somebody at the desk thinks about the amount.
QUOTE_AGE = timedelta(minutes=10)
SALT = "claims.quote"
# Numbers are drawn; that five in a row are taken does not happen.
DRAWS = 5


@dataclass(frozen=True)
class Quote:
    """What a settlement of this bill would come to, in fen. `plan` tells two plans apart and says nothing else."""

    provider_id: int
    patient_id: int
    use: str
    bill_no: str
    amount_fen: int
    paid_fen: int
    cash_fen: int
    plan: str

    def sealed(self) -> str:
        """For a hidden field of the desk: nobody but us can make one."""
        return signing.dumps(asdict(self), salt=SALT)


def opened(text: str) -> Quote:
    """Raise `Refused` with QUOTE_TOO_OLD for a quote that is no longer, or never was, one of ours."""
    try:
        return Quote(**signing.loads(text, salt=SALT, max_age=QUOTE_AGE))
    except (signing.BadSignature, TypeError):
        raise Refused(Refusal.QUOTE_TOO_OLD) from None


def quote(
    *, provider: Provider, patient: InsuredPerson, bill: Bill, now: datetime | None = None
) -> Quote:
    """What would be paid; nothing is written but a count. Raise `Refused`.

    It tells a balance to whoever asks often enough: hence the count by patient and day. Not inside a transaction.
    """
    if not throttling.spend(limits.QUOTE_PATIENT, str(patient.reference)):
        raise Refused(Refusal.TOO_MANY_QUOTES)
    if _is_settled(provider, bill):
        raise Refused(Refusal.BILL_ALREADY_SETTLED)
    decided = deciding.decide(
        provider=provider, patient_id=patient.pk, bill=bill, now=now or timezone.now()
    )
    return _quote(provider, patient, bill, decided)


def settle(
    *,
    provider: Provider,
    patient: InsuredPerson,
    bill: Bill,
    by_key: ProviderKey | None = None,
    by_user: User | None = None,
    expected: Quote | None = None,
    now: datetime | None = None,
) -> Settlement:
    """Charge the bill to the accounts in their order; raise `Refused`, and then nothing is written.

    With `expected` a settlement that would take anything else is refused: DIFFERS, with the new quote. `now` None is the moment
    after the locks. For a request with a key, call it inside `keyed.once`.
    """
    for _draw in range(DRAWS):
        reference = writing.draw(now or timezone.now())
        try:
            with transaction.atomic():
                return _settle(
                    reference=reference,
                    provider=provider,
                    patient=patient,
                    bill=bill,
                    by_key=by_key,
                    by_user=by_user,
                    expected=expected,
                    now=now,
                )
        except IntegrityError:
            if _is_settled(provider, bill):
                raise Refused(Refusal.BILL_ALREADY_SETTLED) from None
            if not Settlement.objects.filter(reference=reference).exists():
                raise
    raise RuntimeError("no reference number is free")


def _settle(
    *,
    reference: str,
    provider: Provider,
    patient: InsuredPerson,
    bill: Bill,
    by_key: ProviderKey | None,
    by_user: User | None,
    expected: Quote | None,
    now: datetime | None,
) -> Settlement:
    locked = writing.lock_patient(patient.pk)
    now = now or timezone.now()
    decided = deciding.decide(
        provider=provider, patient_id=patient.pk, bill=bill, now=now, locked=locked
    )
    fresh = _quote(provider, patient, bill, decided)
    if expected is not None and expected != fresh:
        raise Refused(Refusal.DIFFERS, quote=fresh)
    settlement = writing.make(
        reference=reference,
        provider=provider,
        patient=patient,
        bill=bill,
        decided=decided,
        state=SettlementState.SETTLED,
        by_key=by_key,
        by_user=by_user,
        now=now,
    )
    parts = writing.parts_of(decided)
    entries = ledger.post_to_many(lines=_lines(settlement, parts))
    writing.add_deductions(settlement, parts, entries, decided.month)
    writing.count_use(parts, decided.month, sign=1)
    writing.record(settlement, "settlement.settle", by_key=by_key, by_user=by_user)
    notes.settled(settlement, parts)
    return settlement


def _lines(settlement: Settlement, parts: list[Part]) -> list[tuple[int, ledger.Line]]:
    return [
        (
            part.account_id,
            writing.spending(
                part,
                use=settlement.use,
                provider=settlement.provider,
                patient=settlement.patient,
                ref=writing.source_ref(settlement.reference, position),
                reserved=part.from_limit,
            ),
        )
        for position, part in enumerate(parts, start=1)
    ]


def _quote(provider: Provider, patient: InsuredPerson, bill: Bill, decided: Decided) -> Quote:
    return Quote(
        provider_id=provider.pk,
        patient_id=patient.pk,
        use=bill.use,
        bill_no=bill.bill_no,
        amount_fen=bill.amount_fen,
        paid_fen=decided.plan.paid_fen,
        cash_fen=decided.plan.cash_fen,
        plan=decided.print,
    )


def _is_settled(provider: Provider, bill: Bill) -> bool:
    return Settlement.objects.filter(
        provider=provider,
        bill_no=bill.bill_no,
        state__in=[SettlementState.HELD, SettlementState.SETTLED],
    ).exists()
