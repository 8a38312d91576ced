"""Many bills of one provider in one commit: what is wrong with one leaves the others as they are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from claims import charging, retrying
from claims.bills import Bill
from claims.charging import Charging
from claims.models import Provider, ProviderKey, Settlement
from claims.refusals import Refused
from claims.writing import By
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

    Raise ValueError for more than `MOST`. All locks are taken before the first bill, so batches don't wait for each other in turn;
    each bill is planned on what those before it left.
    """
    if len(items) > MOST:
        raise ValueError(f"a batch takes {MOST} bills")
    if not items:
        return []

    def charge() -> list[Outcome]:
        till = Charging(
            provider=provider,
            patient_ids={one.patient.pk for one in items},
            bill_nos={one.bill.bill_no for one in items},
            by=By(by_key, by_user),
            now=now,
        )
        made = [_settle(till, one) for one in items]
        till.write("settlement.settle")
        return made

    return retrying.whole(lambda: charging.in_one(charge, guarded=False))


def _settle(till: Charging, item: Item) -> Outcome:
    try:
        decided = till.decide(patient=item.patient, bill=item.bill)
    except Refused as refused:
        return Outcome(None, refused)
    return Outcome(till.take(decided, patient=item.patient, bill=item.bill))
