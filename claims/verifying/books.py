"""The ledger by itself, and the seals over ledger and audit: both are checks of the floors below."""

from collections.abc import Iterator

from django.db.models import Sum

from accounts import sealing
from accounts.models import Seal
from claims.verifying.reading import Fault, Reading, fault
from insurance import ledger_check
from insurance.models import LedgerEntry, PersonalAccount


def ledger(reading: Reading) -> Iterator[Fault]:
    """I2, I3, I4: sums, sequences, chains and cover of every account; the first bad entry of each."""
    reading.rows += PersonalAccount.objects.count() + LedgerEntry.objects.count()
    for one in ledger_check.faults():
        yield fault(
            one.code,
            PersonalAccount,
            one.account_id,
            sequence=one.sequence,
            expected=one.expected,
            found=one.found,
        )


def seals(reading: Reading) -> Iterator[Fault]:
    """I11: the first row of each log that is not as it was sealed."""
    reading.rows += Seal.objects.aggregate(rows=Sum("row_count"))["rows"] or 0
    for log in sealing.LOGS.values():
        heads = [head for head in reading.heads if head.log == log.key]
        if broken := sealing.verify(log, heads=heads):
            ref = f"{log.key}/{broken.number}"
            yield fault(f"seal_{broken.kind}", Seal, ref, row=broken.row_id)
