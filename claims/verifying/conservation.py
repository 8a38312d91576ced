"""No fen leaves or enters an account for a bill without its receipt, and no receipt without its entry in the ledger."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from django.db.models import Sum

from claims import refunds, writing
from claims.models import Deduction, Refund, RefundPart, Settlement, SettlementState
from claims.verifying import settlements
from claims.verifying.reading import Fault, Reading, differs, fault
from claims.verifying.settlements import Settled, Share
from insurance.models import LedgerEntry
from insurance.models.ledger import EntryKind

SPENT, HELD, FREED = "", writing.HELD, writing.FREED
# What a line of a settlement may be there for, by its last piece and the state of the settlement.
ALLOWED = {
    SPENT: {SettlementState.SETTLED},
    HELD: set(SettlementState),
    FREED: {SettlementState.SETTLED, SettlementState.VOIDED, SettlementState.EXPIRED},
}


class Line(NamedTuple):
    """An entry of the ledger; the names are those of the columns."""

    pk: int
    account_id: int
    sequence: int
    kind: str
    amount_fen: int
    reserved_change_fen: int
    held_change_fen: int
    source_ref: str
    used_by_id: int | None


class Owner(NamedTuple):
    """The row that an entry should belong to: `entry_id` is the one it names."""

    account_id: int
    amount_fen: int
    entry_id: int
    state: str
    used_by_id: int | None


Owners = dict[tuple[str, int], Owner]


def faults(reading: Reading) -> Iterator[Fault]:
    """I1: deductions and refunds are their entries, both ways, and their sums are those of the ledger."""
    yield from _deductions(reading)
    yield from _entries(reading, writing.SOURCE, _taken, _wrong_line)
    yield from _entries(reading, refunds.SOURCE, _given_back, _wrong_refund)
    yield from _totals()


def _deductions(reading: Reading) -> Iterator[Fault]:
    for chunk in settlements.chunks(reading):
        for one in chunk:
            for share in one.shares:
                if found := _wrong_entry(one, share):
                    yield found
                    break


def _wrong_entry(one: Settled, share: Share) -> Fault | None:
    """The entry that a deduction names: of the right account, amount, source and user."""
    spent = one.has_spent
    step = SPENT if spent else HELD
    moved = -share.entry__amount_fen if spent else share.entry__held_change_fen
    # A relative's limit pays out of what is set aside, at once or when it is held.
    from_limit = share.from_limit and not (spent and one.was_held)
    used_by = one.charge.patient_id if share.binding_id else None
    pairs: dict[str, tuple[Any, Any]] = {
        "account": (share.account_id, share.entry__account_id),
        "amount_fen": (share.amount_fen, moved),
        "source": (writing.SOURCE, share.entry__source_kind),
        "source_ref": (
            writing.source_ref(one.charge.reference, share.position, step),
            share.entry__source_ref,
        ),
        "reserved": (-share.amount_fen if from_limit else 0, share.entry__reserved_change_fen),
        "used_by": (used_by, share.entry__used_by_id),
    }
    for what, (expected, found) in pairs.items():
        if expected != found:
            return fault(
                "entry",
                Settlement,
                one.charge.reference,
                position=share.position,
                what=what,
                expected=expected,
                found=found,
            )
    return None


def _entries(
    reading: Reading,
    source: str,
    owners_of: Callable[[Sequence[str]], Owners],
    wrong: Callable[[Line, str, Owner], str],
) -> Iterator[Fault]:
    """Every entry with this source has its row; the first bad one of each account and receipt."""
    rows = LedgerEntry.objects.filter(source_kind=source).order_by("pk")
    for chunk in reading.chunks(rows.values_list(*Line._fields)):
        lines = [Line(*row) for row in chunk]
        owners = owners_of(sorted({writing.reference_of(one.source_ref) for one in lines}))
        for one in lines:
            reference, position, step = _pieces(one.source_ref)
            owner = owners.get((reference, position))
            code = "unowned" if owner is None else wrong(one, step, owner)
            if code:
                yield fault(
                    code,
                    LedgerEntry,
                    one.pk,
                    account=one.account_id,
                    sequence=one.sequence,
                    source_ref=one.source_ref,
                )


def _pieces(source_ref: str) -> tuple[str, int, str]:
    """Receipt, place in it (0 where it is none) and step of an entry's name."""
    reference, _slash, rest = source_ref.partition("/")
    position, _slash, step = rest.partition("/")
    return reference, int(position) if position.isascii() and position.isdigit() else 0, step


def _taken(references: Sequence[str]) -> Owners:
    rows = Deduction.objects.filter(settlement__reference__in=references).values_list(
        "settlement__reference",
        "position",
        "account_id",
        "amount_fen",
        "entry_id",
        "settlement__state",
        "binding_id",
        "settlement__patient_id",
    )
    return {
        (reference, position): Owner(account, fen, entry, state, patient if binding else None)
        for reference, position, account, fen, entry, state, binding, patient in rows
    }


def _given_back(references: Sequence[str]) -> Owners:
    rows = RefundPart.objects.filter(refund__reference__in=references).values_list(
        "refund__reference",
        "deduction__position",
        "deduction__account_id",
        "amount_fen",
        "entry_id",
        "refund__settlement__state",
        "deduction__binding_id",
        "refund__settlement__patient_id",
    )
    return {
        (reference, position): Owner(account, fen, entry, state, patient if binding else None)
        for reference, position, account, fen, entry, state, binding, patient in rows
    }


def _wrong_line(line: Line, step: str, owner: Owner) -> str:
    if line.account_id != owner.account_id or line.used_by_id != owner.used_by_id:
        return "other_account"
    if step not in ALLOWED or owner.state not in ALLOWED[step]:
        return "wrong_state"
    moved = {
        SPENT: (-line.amount_fen, line.held_change_fen),
        HELD: (line.held_change_fen, line.amount_fen),
        FREED: (-line.held_change_fen, line.amount_fen),
    }[step]
    if moved != (owner.amount_fen, 0):
        return "other_amount"
    # The row names the spending, or the hold of what was never spent.
    names = step == (SPENT if owner.state == SettlementState.SETTLED else HELD)
    return "not_named" if names and owner.entry_id != line.pk else ""


def _wrong_refund(line: Line, step: str, owner: Owner) -> str:
    if line.account_id != owner.account_id or line.used_by_id != owner.used_by_id:
        return "other_account"
    if step or line.kind != EntryKind.REFUND or owner.state != SettlementState.SETTLED:
        return "wrong_state"
    if (line.amount_fen, line.held_change_fen) != (owner.amount_fen, 0):
        return "other_amount"
    return "not_named" if owner.entry_id != line.pk else ""


def _totals() -> Iterator[Fault]:
    """What the receipts say went out and came back, against the ledger: four sums."""
    out = Settlement.objects.filter(state=SettlementState.SETTLED).aggregate(fen=Sum("paid_fen"))
    back = Refund.objects.aggregate(fen=Sum("amount_fen"), cash=Sum("cash_fen"))
    pairs = (
        (Settlement, writing.SOURCE, -(out["fen"] or 0)),
        (Refund, refunds.SOURCE, (back["fen"] or 0) - (back["cash"] or 0)),
    )
    for model, source, expected in pairs:
        moved = LedgerEntry.objects.filter(source_kind=source).aggregate(fen=Sum("amount_fen"))
        if (moved["fen"] or 0) != expected:
            yield differs("total", model, "*", expected=expected, found=moved["fen"] or 0)
