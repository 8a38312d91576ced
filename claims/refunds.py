"""Money goes back: the cash first, then to the payers from the last to the first, each at most what it gave."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils import timezone

from accounts.models import User
from claims import notes, writing
from claims.models import Deduction, Provider, ProviderKey, Refund, RefundPart, Settlement
from claims.models.settlements import SettlementState
from claims.refusals import Refusal, Refused
from family import deduction as splitting
from insurance import ledger
from insurance.ledger import AccountClosed, Line
from insurance.models.ledger import EntryKind

# As old as a bill may be when it comes: a machine gives back what it charged within the same time. A clerk does so on the day.
WITHIN = timedelta(days=90)
SOURCE = "refund"


def reverse(
    *,
    provider: Provider,
    settlement_id: int,
    amount_fen: int | None = None,
    by_key: ProviderKey | None = None,
    by_user: User | None = None,
    now: datetime | None = None,
) -> Refund:
    """Give back `amount_fen` of a settlement, or with None all that is left of it.

    Raise `Refused`: UNKNOWN_SETTLEMENT, WRONG_STATE, REFUND_TOO_LATE, REFUND_TOO_MUCH, ACCOUNT_CLOSED (the ledger posts to the
    account of somebody dead or frozen, not to a closed one: staff have to pay that out).
    """

    def make(reference: str) -> Refund:
        return _reverse(
            reference=reference,
            provider=provider,
            settlement_id=settlement_id,
            amount_fen=amount_fen,
            by_key=by_key,
            by_user=by_user,
            now=now,
        )

    try:
        return writing.with_number(Refund, now, make)
    except AccountClosed:
        raise Refused(Refusal.ACCOUNT_CLOSED) from None


def _reverse(
    *,
    reference: str,
    provider: Provider,
    settlement_id: int,
    amount_fen: int | None,
    by_key: ProviderKey | None,
    by_user: User | None,
    now: datetime | None,
) -> Refund:
    made, deductions = writing.lock_settlement(provider, settlement_id)
    now = now or timezone.now()
    left_fen = made.amount_fen - made.refunded_fen
    wanted_fen = left_fen if amount_fen is None else amount_fen
    _expect_refundable(made, wanted_fen, left_fen, by_machine=by_key is not None, now=now)
    split = _split(made, deductions, wanted_fen)
    refund = Refund.objects.create(
        reference=reference,
        settlement=made,
        amount_fen=wanted_fen,
        cash_fen=split.cash_fen,
        by_key=by_key,
        by_user=by_user,
        made_at=now,
    )
    by_position = {str(one.position): one for one in deductions}
    back = [(by_position[key], fen) for key, fen in split.back]
    entries = ledger.post_to_many(lines=[_line(made, refund, one, fen) for one, fen in back])
    RefundPart.objects.bulk_create(
        RefundPart(refund=refund, deduction=one, amount_fen=fen, entry=entry)
        for (one, fen), entry in zip(back, entries, strict=True)
    )
    for one, fen in back:
        one.refunded_fen += fen
    Deduction.objects.bulk_update([one for one, _fen in back], ["refunded_fen"])
    made.refunded_fen += wanted_fen
    made.save(update_fields=["refunded_fen"])
    writing.uncount_use([one for one, _fen in back], [fen for _one, fen in back])
    writing.record(made, "settlement.refund", writing.By(by_key, by_user))
    parts = [writing.part_of(one, fen) for one, fen in back]
    notes.refunded(made, amount_fen=wanted_fen, cash_fen=split.cash_fen, parts=parts)
    return refund


def _expect_refundable(
    made: Settlement, wanted_fen: int, left_fen: int, *, by_machine: bool, now: datetime
) -> None:
    if made.state != SettlementState.SETTLED:
        raise Refused(Refusal.WRONG_STATE)
    if type(wanted_fen) is not int or not 1 <= wanted_fen <= left_fen:
        raise Refused(Refusal.REFUND_TOO_MUCH)
    same_day = timezone.localdate(made.settled_at) == timezone.localdate(now)
    if not (now <= made.settled_at + WITHIN if by_machine else same_day):
        raise Refused(Refusal.REFUND_TOO_LATE)


class _Given:
    """A stored deduction as the rule wants it."""

    def __init__(self, one: Deduction) -> None:
        self.key, self.amount_fen = str(one.position), one.amount_fen


def _split(made: Settlement, deductions: Sequence[Deduction], wanted_fen: int) -> splitting.Refund:
    already = {str(one.position): one.refunded_fen for one in deductions}
    return splitting.refund(
        wanted_fen,
        [_Given(one) for one in deductions],
        cash_fen=made.cash_fen,
        already=already,
        already_cash_fen=made.refunded_fen - sum(already.values()),
    )


def _line(made: Settlement, refund: Refund, one: Deduction, fen: int) -> tuple[int, Line]:
    line = Line(
        kind=EntryKind.REFUND,
        amount_fen=fen,
        reserved_change_fen=fen if writing.goes_back_to_limit(one) else 0,
        source_kind=SOURCE,
        source_ref=writing.source_ref(refund.reference, one.position),
        place=writing.place_of(made.provider),
        used_by=made.patient if one.binding_id else None,
    )
    return one.account_id, line
