"""Settlements with what was taken for them, a chunk in memory; what several checks read."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from claims import writing
from claims.models import Deduction, Settlement, SettlementState
from claims.verifying.reading import Reading
from insurance.models import LedgerEntry
from insurance.models.ledger import EntryKind
from insurance.periods import Month

# What the clocks of several machines may differ by: of two things so close to each other no table says which was first.
SKEW = timedelta(seconds=1)
# Only these have money, or keep it.
STANDING = (SettlementState.HELD, SettlementState.SETTLED)


class Charge(NamedTuple):
    """What of a settlement is checked; the names are those of the columns. Nothing of a person but keys."""

    pk: int
    reference: str
    provider_id: int
    patient_id: int
    use: str
    amount_fen: int
    paid_fen: int
    cash_fen: int
    refunded_fen: int
    state: str
    order_version: int
    told: list[dict[str, Any]]
    settled_at: datetime
    held_until: datetime | None


class Share(NamedTuple):
    """One deduction, its account and its entry."""

    pk: int
    settlement_id: int
    position: int
    account_id: int
    binding_id: int | None
    month: Month
    amount_fen: int
    refunded_fen: int
    from_limit: bool
    entry_id: int
    account__person_id: int
    account__part: str
    entry__account_id: int
    entry__kind: str
    entry__amount_fen: int
    entry__reserved_change_fen: int
    entry__held_change_fen: int
    entry__balance_after_fen: int
    entry__reserved_after_fen: int
    entry__held_after_fen: int
    entry__posted_at: datetime
    entry__source_kind: str
    entry__source_ref: str
    entry__used_by_id: int | None

    @property
    def free_after_fen(self) -> int:
        """What could still be taken from the account after this."""
        return (
            self.entry__balance_after_fen
            - self.entry__reserved_after_fen
            - self.entry__held_after_fen
        )


@dataclass(frozen=True)
class Settled:
    """`decided_at` is the moment of its plan: of the hold, where money was held first."""

    charge: Charge
    shares: Sequence[Share]
    decided_at: datetime

    @property
    def was_held(self) -> bool:
        return self.charge.held_until is not None

    @property
    def has_spent(self) -> bool:
        return self.charge.state == SettlementState.SETTLED


def chunks(reading: Reading) -> Iterator[list[Settled]]:
    """All of them in the order of their keys; two or three queries for each chunk."""
    rows = Settlement.objects.order_by("pk").values_list(*Charge._fields)
    for chunk in reading.chunks(rows):
        charges = [Charge(*row) for row in chunk]
        shares = shares_of(charges)
        moments = _held_at(charges, shares)
        yield [Settled(one, shares[one.pk], moments.get(one.pk, one.settled_at)) for one in charges]


def shares_of(charges: Sequence[Charge]) -> dict[int, list[Share]]:
    """By settlement, in the order of paying."""
    found: dict[int, list[Share]] = defaultdict(list)
    # Keys of one chunk follow each other: a range says them all.
    rows = Deduction.objects.filter(
        settlement__gte=charges[0].pk, settlement__lte=charges[-1].pk
    ).order_by("settlement_id", "position")
    for row in rows.values_list(*Share._fields):
        share = Share(*row)
        found[share.settlement_id].append(share)
    return found


def _held_at(charges: Sequence[Charge], shares: dict[int, list[Share]]) -> dict[int, datetime]:
    """When the held ones that were posted later were held: `settled_at` is the posting, the ledger knows the rest."""
    wanted: dict[tuple[int, str], int] = {}
    for one in charges:
        if one.held_until is None or one.state != SettlementState.SETTLED:
            continue
        for share in shares[one.pk][:1]:
            ref = writing.source_ref(one.reference, share.position, writing.HELD)
            wanted[share.account_id, ref] = one.pk
    if not wanted:
        return {}
    rows = LedgerEntry.objects.filter(
        account__in=sorted({account_id for account_id, _ref in wanted}),
        source_kind=writing.SOURCE,
        source_ref__in=sorted({ref for _account_id, ref in wanted}),
        kind=EntryKind.HOLD,
    ).values_list("account_id", "source_ref", "posted_at")
    return {
        wanted[account_id, ref]: at for account_id, ref, at in rows if (account_id, ref) in wanted
    }
