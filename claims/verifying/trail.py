"""Every change of a settlement stands in the visitors' book, once."""

from collections import Counter
from collections.abc import Iterator

from django.db.models import Count

from accounts.models import AuditEntry
from claims.models import Refund, Settlement, SettlementState
from claims.verifying import settlements
from claims.verifying.reading import Fault, Reading, fault
from claims.verifying.settlements import Settled

SETTLE, HOLD, POST, VOID, EXPIRE, REFUND = (
    f"settlement.{verb}" for verb in ("settle", "hold", "post", "void", "expire", "refund")
)
AFTER_HOLD = {
    SettlementState.SETTLED: POST,
    SettlementState.VOIDED: VOID,
    SettlementState.EXPIRED: EXPIRE,
}


def faults(reading: Reading) -> Iterator[Fault]:
    """I11: as many entries as changes, of each settlement and each kind."""
    kind = Settlement._meta.label_lower
    for chunk in settlements.chunks(reading):
        references = [one.charge.reference for one in chunk]
        entries = AuditEntry.objects.filter(subject_kind=kind, subject_ref__in=references)
        told = entries.order_by().values_list("subject_ref", "action").annotate(Count("pk"))
        found = {(ref, action): count for ref, action, count in told}
        refunds = _refunds(chunk)
        for one in chunk:
            ref = one.charge.reference
            for action, expected in _expected(one, refunds[one.charge.pk]).items():
                if found.get((ref, action), 0) != expected:
                    yield fault(
                        "audit",
                        Settlement,
                        ref,
                        action=action,
                        expected=expected,
                        found=found.get((ref, action), 0),
                    )
                    break


def _expected(one: Settled, refunds: int) -> dict[str, int]:
    after = AFTER_HOLD.get(SettlementState(one.charge.state)) if one.was_held else None
    first = HOLD if one.was_held else SETTLE
    made = {first, after} if after else {first}
    steps = {action: int(action in made) for action in (SETTLE, HOLD, POST, VOID, EXPIRE)}
    return {**steps, REFUND: refunds}


def _refunds(chunk: list[Settled]) -> Counter[int]:
    rows = Refund.objects.filter(
        settlement__gte=chunk[0].charge.pk, settlement__lte=chunk[-1].charge.pk
    )
    return Counter(rows.values_list("settlement_id", flat=True))
