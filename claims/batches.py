"""Many bills of one provider in one commit: what is wrong with one leaves the others as they are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts.models import User
from claims import retrying, settlement, writing
from claims.bills import Bill
from claims.models import Provider, ProviderKey, Settlement
from claims.refusals import Refused
from insurance.models import InsuredPerson

# What one commit takes: more would keep families waiting for strangers.
MOST = 100


@dataclass(frozen=True)
class Item:
    """One bill of the queue."""

    patient: InsuredPerson
    bill: Bill


@dataclass(frozen=True)
class Outcome:
    """Of one item: a settlement, or why not."""

    settlement: Settlement | None
    refused: Refused | None = None


def settle_many(
    *,
    provider: Provider,
    items: Sequence[Item],
    by_key: ProviderKey | None = None,
    by_user: User | None = None,
    now: datetime | None = None,
) -> list[Outcome]:
    """Settle them one after the other, in their order; what became of each, in that order too.

    Raise ValueError for more than `MOST`. All locks are taken before the first bill, so batches don't wait for each other in turn.
    """
    if len(items) > MOST:
        raise ValueError(f"a batch takes {MOST} bills")
    if not items:
        return []

    @transaction.atomic
    def whole() -> list[Outcome]:
        writing.lock_patients({one.patient.pk for one in items})
        return [_settle(provider, one, by_key, by_user, now) for one in items]

    return retrying.whole(whole)


def _settle(
    provider: Provider,
    item: Item,
    by_key: ProviderKey | None,
    by_user: User | None,
    now: datetime | None,
) -> Outcome:
    try:
        made = settlement.settle(
            provider=provider,
            patient=item.patient,
            bill=item.bill,
            by_key=by_key,
            by_user=by_user,
            now=now,
        )
    except Refused as refused:
        return Outcome(None, refused)
    return Outcome(made)
