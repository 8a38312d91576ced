"""A bill is charged: quoted without a trace, or settled in one transaction, all of it or nothing."""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from django.core import signing
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
    if writing.is_settled(provider, bill):
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

    def make(reference: str) -> Settlement:
        locked = writing.lock_patients([patient.pk])
        moment = now or timezone.now()
        decided = deciding.decide(
            provider=provider, patient_id=patient.pk, bill=bill, now=moment, locked=locked
        )
        fresh = _quote(provider, patient, bill, decided)
        if expected is not None and expected != fresh:
            raise Refused(Refusal.DIFFERS, quote=fresh)
        made = writing.make(
            reference=reference,
            provider=provider,
            patient=patient,
            bill=bill,
            decided=decided,
            state=SettlementState.SETTLED,
            by_key=by_key,
            by_user=by_user,
            now=moment,
        )
        parts = writing.parts_of(decided)
        entries = ledger.post_to_many(lines=_lines(made, parts))
        writing.add_deductions(made, parts, entries, decided.month)
        writing.count_use(parts, decided.month, sign=1)
        writing.record(made, "settlement.settle", by_key=by_key, by_user=by_user)
        notes.settled(made, parts)
        return made

    return writing.drawn(provider, bill, now, make)


def _lines(made: Settlement, parts: list[Part]) -> list[tuple[int, ledger.Line]]:
    return [
        (part.account_id, writing.taking(made, part, position, reserved=part.from_limit))
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
