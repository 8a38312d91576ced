"""Every settlement by itself: what was paid adds up, what went back came from somewhere."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from claims.models import Refund, RefundPart, Settlement, SettlementState
from claims.verifying import settlements
from claims.verifying.reading import Fault, Reading, differs, fault
from claims.verifying.settlements import Settled
from family import deduction as splitting


class Part(NamedTuple):
    """A refund's part; the names are those of the columns."""

    refund_id: int
    deduction_id: int
    amount_fen: int
    refund__settlement_id: int


class Back(NamedTuple):
    """A refund."""

    pk: int
    reference: str
    settlement_id: int
    amount_fen: int
    cash_fen: int


class Given(NamedTuple):
    """A deduction, as the rule for refunds wants it."""

    key: str
    amount_fen: int


def faults(reading: Reading) -> Iterator[Fault]:
    """I5: paid and cash are the bill, the deductions are what was paid, each at least a fen, refunds as the rule splits them."""
    for chunk in settlements.chunks(reading):
        refunds = _refunds(chunk)
        parts = _parts(chunk)
        for one in chunk:
            if found := _wrong(one, refunds[one.charge.pk], parts[one.charge.pk]):
                yield found


def _refunds(chunk: Sequence[Settled]) -> dict[int, list[Back]]:
    found: dict[int, list[Back]] = defaultdict(list)
    rows = Refund.objects.filter(
        settlement__gte=chunk[0].charge.pk, settlement__lte=chunk[-1].charge.pk
    ).order_by("pk")
    for row in rows.values_list(*Back._fields):
        back = Back(*row)
        found[back.settlement_id].append(back)
    return found


def _parts(chunk: Sequence[Settled]) -> dict[int, list[Part]]:
    found: dict[int, list[Part]] = defaultdict(list)
    rows = RefundPart.objects.filter(
        refund__settlement__gte=chunk[0].charge.pk, refund__settlement__lte=chunk[-1].charge.pk
    ).order_by("pk")
    for row in rows.values_list(*Part._fields):
        part = Part(*row)
        found[part.refund__settlement_id].append(part)
    return found


def _wrong(one: Settled, refunds: Sequence[Back], parts: Sequence[Part]) -> Fault | None:
    charge = one.charge

    def told(code: str, expected: object, got: object) -> Fault:
        return differs(code, Settlement, charge.reference, expected=expected, found=got)

    if charge.paid_fen + charge.cash_fen != charge.amount_fen:
        return told("bill", charge.amount_fen, charge.paid_fen + charge.cash_fen)
    if charge.cash_fen < 0:
        return told("cash", 0, charge.cash_fen)
    given = sum(share.amount_fen for share in one.shares)
    if given != charge.paid_fen:
        return told("paid", charge.paid_fen, given)
    for place, share in enumerate(one.shares, start=1):
        if share.position != place:
            return told("position", place, share.position)
        if share.amount_fen < 1:
            return told("least", 1, share.amount_fen)
    return _wrong_back(one, refunds, parts)


def _wrong_back(one: Settled, refunds: Sequence[Back], parts: Sequence[Part]) -> Fault | None:
    charge = one.charge

    def told(code: str, expected: object, got: object) -> Fault:
        return differs(code, Settlement, charge.reference, expected=expected, found=got)

    total = sum(back.amount_fen for back in refunds)
    if total != charge.refunded_fen:
        return told("refunded", charge.refunded_fen, total)
    if refunds and charge.state != SettlementState.SETTLED:
        return fault("refund_state", Settlement, charge.reference, found=charge.state)
    for back in refunds:
        into = sum(part.amount_fen for part in parts if part.refund_id == back.pk)
        if back.cash_fen + into != back.amount_fen:
            return differs(
                "refund_parts",
                Refund,
                back.reference,
                expected=back.amount_fen,
                found=back.cash_fen + into,
            )
    for share in one.shares:
        back_fen = sum(part.amount_fen for part in parts if part.deduction_id == share.pk)
        if back_fen != share.refunded_fen:
            return told("refunded_share", share.refunded_fen, back_fen)
    return _wrong_split(one, total)


def _wrong_split(one: Settled, total: int) -> Fault | None:
    """Cash first, then from the last payer to the first: what several refunds gave together is what one of their sum gives."""
    charge = one.charge
    if not 0 <= total <= charge.amount_fen:
        return differs(
            "refund_much", Settlement, charge.reference, expected=charge.amount_fen, found=total
        )
    if total == 0:
        return None
    split = splitting.refund(
        total,
        [Given(str(share.position), share.amount_fen) for share in one.shares],
        cash_fen=charge.cash_fen,
    )
    back = dict(split.back)
    for share in one.shares:
        expected = back.get(str(share.position), 0)
        if expected != share.refunded_fen:
            return fault(
                "refund_order",
                Settlement,
                charge.reference,
                position=share.position,
                expected=expected,
                found=share.refunded_fen,
            )
    return None
