"""A bill is charged: quoted without a trace, or settled in one transaction, all of it or nothing."""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from django.core import signing
from django.utils import timezone

from accounts import limits, throttling
from accounts.models import User
from claims import charging, deciding
from claims.bills import Bill
from claims.charging import Charging
from claims.deciding import Decided
from claims.models import Provider, ProviderKey, Settlement
from claims.refusals import Refusal, Refused
from claims.writing import By
from family import payers
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
    if charging.is_settled(provider, bill):
        raise Refused(Refusal.BILL_ALREADY_SETTLED)
    now = now or timezone.now()
    known = payers.known([patient.pk], day=timezone.localdate(now))
    decided = deciding.decide(known, provider=provider, patient_id=patient.pk, bill=bill, now=now)
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
    guarded: bool = False,
) -> Settlement:
    """Charge the bill to the accounts in their order; raise `Refused`, and then nothing is written.

    With `expected` a settlement that would take anything else is refused: DIFFERS, with the new quote. `now` None is the moment
    after the locks. For a request with a key, call it inside `keyed.once`, `guarded`: what it raises is taken back there.
    """

    def charge() -> Settlement:
        till = Charging(
            provider=provider,
            patient_ids=[patient.pk],
            bill_nos=[bill.bill_no],
            by=By(by_key, by_user),
            now=now,
        )
        decided = till.decide(patient=patient, bill=bill)
        if expected is not None:
            fresh = _quote(provider, patient, bill, decided)
            if fresh != expected:
                raise Refused(Refusal.DIFFERS, quote=fresh)
        made = till.take(decided, patient=patient, bill=bill)
        till.write("settlement.settle")
        return made

    return charging.in_one(charge, guarded=guarded)


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
