"""Providers that reserve first: the money is held, and later taken or let go. Caps and limits count while it is held."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from claims import deciding, notes, writing
from claims.bills import Bill
from claims.models import Deduction, Provider, ProviderKey, Settlement, SettlementState
from claims.refusals import Refusal, Refused
from claims.writing import Part
from insurance import ledger
from insurance.ledger import Line
from insurance.models import InsuredPerson
from insurance.models.ledger import EntryKind

# A stay over a night; whoever needs longer holds anew.
HOLD_FOR = timedelta(hours=24)
# The pieces of a ledger line's name, after the receipt and the place in it.
HELD, FREED = "hold", "free"


def hold(
    *,
    provider: Provider,
    patient: InsuredPerson,
    bill: Bill,
    by_key: ProviderKey | None = None,
    by_user: User | None = None,
    hold_for: timedelta = HOLD_FOR,
    now: datetime | None = None,
) -> Settlement:
    """Keep what a settlement would take, at most `HOLD_FOR`; raise `Refused`."""

    def make(reference: str) -> Settlement:
        locked = writing.lock_patients([patient.pk])
        moment = now or timezone.now()
        decided = deciding.decide(
            provider=provider, patient_id=patient.pk, bill=bill, now=moment, locked=locked
        )
        made = writing.make(
            reference=reference,
            provider=provider,
            patient=patient,
            bill=bill,
            decided=decided,
            state=SettlementState.HELD,
            by_key=by_key,
            by_user=by_user,
            now=moment,
            held_until=moment + min(hold_for, HOLD_FOR),
        )
        parts = writing.parts_of(decided)
        entries = ledger.post_to_many(lines=list(_holding(made, parts)))
        writing.add_deductions(made, parts, entries, decided.month)
        writing.count_use(parts, decided.month, sign=1)
        writing.record(made, "settlement.hold", by_key=by_key, by_user=by_user)
        return made

    return writing.drawn(provider, bill, now, make)


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
            (one.account_id, _freeing(made, one, back_to_limit=False)),
            (one.account_id, writing.taking(made, part, one.position, reserved=False)),
        )
    ]
    entries = ledger.post_to_many(lines=lines)
    for one, entry in zip(deductions, entries[1::2], strict=True):
        one.entry = entry
    Deduction.objects.bulk_update(deductions, ["entry"])
    made.state, made.settled_at = SettlementState.SETTLED, now
    made.save(update_fields=["state", "settled_at"])
    writing.record(made, "settlement.post", by_key=by_key, by_user=by_user)
    notes.settled(made, parts)
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
    writing.record(made, "settlement.void", by_key=by_key, by_user=by_user)
    return made


def expire_due(*, now: datetime | None = None) -> int:
    """Let go every hold whose time is over, each in a transaction of its own; how many there were."""
    now = now or timezone.now()
    due = Settlement.objects.filter(state=SettlementState.HELD, held_until__lte=now)
    found = list(due.order_by("held_until", "pk").select_related("provider"))
    return sum(_expire(one, now) for one in found)


@transaction.atomic
def _expire(seen: Settlement, now: datetime) -> bool:
    made, deductions = writing.lock_settlement(seen.provider, seen.pk)
    if made.state != SettlementState.HELD or made.held_until is None or made.held_until > now:
        return False
    _let_go(made, deductions, SettlementState.EXPIRED)
    writing.record(made, "settlement.expire", by_key=None, by_user=None)
    return True


def _let_go(made: Settlement, deductions: Sequence[Deduction], state: SettlementState) -> None:
    ledger.post_to_many(
        lines=[
            (
                one.account_id,
                _freeing(made, one, back_to_limit=writing.goes_back_to_limit(one)),
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


def _holding(made: Settlement, parts: Sequence[Part]) -> Iterator[tuple[int, Line]]:
    for position, part in enumerate(parts, start=1):
        line = Line(
            kind=EntryKind.HOLD,
            held_change_fen=part.amount_fen,
            reserved_change_fen=-part.amount_fen if part.from_limit else 0,
            source_kind=writing.SOURCE,
            source_ref=writing.source_ref(made.reference, position, HELD),
            place=writing.place_of(made.provider),
            used_by=made.patient if part.binding_id else None,
        )
        yield part.account_id, line


def _freeing(made: Settlement, one: Deduction, *, back_to_limit: bool) -> Line:
    return Line(
        kind=EntryKind.HOLD_RELEASE,
        held_change_fen=-one.amount_fen,
        reserved_change_fen=one.amount_fen if back_to_limit else 0,
        source_kind=writing.SOURCE,
        source_ref=writing.source_ref(made.reference, one.position, FREED),
        place=writing.place_of(made.provider),
        used_by=made.patient if one.binding_id else None,
    )
