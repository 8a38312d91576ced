"""Providers that reserve first: the money is held, and later taken or let go. Caps and limits count while it is held."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import DatabaseError, transaction
from django.utils import timezone

from accounts.models import User
from claims import charging, notes, writing
from claims.bills import Bill
from claims.charging import Charging
from claims.models import Deduction, Provider, ProviderKey, Settlement, SettlementState
from claims.refusals import Refusal, Refused
from claims.writing import By
from insurance import ledger
from insurance.ledger import LedgerError
from insurance.models import InsuredPerson

logger = logging.getLogger(__name__)

# A stay over a night; whoever needs longer holds anew.
HOLD_FOR = timedelta(hours=24)


def hold(
    *,
    provider: Provider,
    patient: InsuredPerson,
    bill: Bill,
    by_key: ProviderKey | None = None,
    by_user: User | None = None,
    hold_for: timedelta = HOLD_FOR,
    now: datetime | None = None,
    guarded: bool = False,
) -> Settlement:
    """Keep what a settlement would take, at most `HOLD_FOR`; raise `Refused`. `guarded` as in `settlement.settle`."""

    def charge() -> Settlement:
        till = Charging(
            provider=provider,
            patient_ids=[patient.pk],
            bill_nos=[bill.bill_no],
            by=By(by_key, by_user),
            now=now,
        )
        decided = till.decide(patient=patient, bill=bill)
        until = till.now + min(hold_for, HOLD_FOR)
        made = till.take(decided, patient=patient, bill=bill, held_until=until)
        till.write("settlement.hold")
        return made

    return charging.in_one(charge, guarded=guarded)


@transaction.atomic
def post(
    *,
    provider: Provider,
    settlement_id: int,
    by_key: ProviderKey | None = None,
    by_user: User | None = None,
    now: datetime | None = None,
) -> Settlement:
    """Take what is held, all of it. Raise `Refused`: UNKNOWN_SETTLEMENT, WRONG_STATE, HOLD_OVER."""
    made, deductions = writing.lock_settlement(provider, settlement_id)
    now = now or timezone.now()
    _expect_held(made)
    if made.held_until is None or made.held_until <= now:
        raise Refused(Refusal.HOLD_OVER)
    parts = [writing.part_of(one) for one in deductions]
    lines = [
        pair
        for one, part in zip(deductions, parts, strict=True)
        for pair in (
            # What a limit lent stays out of what is set aside: it is taken at once.
            (one.account_id, writing.freeing(made, one, back_to_limit=False)),
            (one.account_id, writing.taking(made, part, one.position, held=True)),
        )
    ]
    entries = ledger.post_to_many(lines=lines)
    for one, entry in zip(deductions, entries[1::2], strict=True):
        one.entry = entry
    Deduction.objects.bulk_update(deductions, ["entry"])
    made.state, made.settled_at = SettlementState.SETTLED, now
    made.save(update_fields=["state", "settled_at"])
    writing.record(made, "settlement.post", By(by_key, by_user))
    notes.settled([(made, parts)], notes.givers_of(parts))
    return made


@transaction.atomic
def void(
    *,
    provider: Provider,
    settlement_id: int,
    by_key: ProviderKey | None = None,
    by_user: User | None = None,
) -> Settlement:
    """Let go what is held. Raise `Refused`: UNKNOWN_SETTLEMENT, WRONG_STATE."""
    made, deductions = writing.lock_settlement(provider, settlement_id)
    _expect_held(made)
    _let_go(made, deductions, SettlementState.VOIDED)
    writing.record(made, "settlement.void", By(by_key, by_user))
    return made


def expire_due(*, now: datetime | None = None) -> int:
    """Let go every hold whose time is over, each in a transaction of its own; how many there were.

    One that can't be let go is logged and stays, and the others go.
    """
    now = now or timezone.now()
    due = Settlement.objects.filter(state=SettlementState.HELD, held_until__lte=now)
    found = list(due.order_by("held_until", "pk").select_related("provider"))
    gone = 0
    for one in found:
        try:
            gone += _expire(one, now)
        except (LedgerError, DatabaseError):
            logger.exception("hold %s stays", one.reference)
    return gone


@transaction.atomic
def _expire(seen: Settlement, now: datetime) -> bool:
    made, deductions = writing.lock_settlement(seen.provider, seen.pk)
    if made.state != SettlementState.HELD or made.held_until is None or made.held_until > now:
        return False
    _let_go(made, deductions, SettlementState.EXPIRED)
    writing.record(made, "settlement.expire", By())
    return True


def _let_go(made: Settlement, deductions: Sequence[Deduction], state: SettlementState) -> None:
    ledger.post_to_many(
        lines=[
            (
                one.account_id,
                writing.freeing(made, one, back_to_limit=writing.goes_back_to_limit(one)),
            )
            for one in deductions
        ]
    )
    writing.uncount_use(deductions, [one.amount_fen for one in deductions])
    made.state = state
    made.save(update_fields=["state"])


def _expect_held(made: Settlement) -> None:
    if made.state == SettlementState.EXPIRED:
        raise Refused(Refusal.HOLD_OVER)
    if made.state != SettlementState.HELD:
        raise Refused(Refusal.WRONG_STATE)
