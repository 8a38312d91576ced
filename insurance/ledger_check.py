"""Holds the ledger against itself: shapes, sequences, chains, mirrors and the account rows.

Reads only, in one pass by account and sequence, with one account in memory. Of each account the first bad row is named: what
follows a break is broken by it. On PostgreSQL run it in one REPEATABLE READ transaction where others are posting meanwhile.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from insurance.entry_kinds import SHAPES
from insurance.models import LedgerEntry, PersonalAccount
from insurance.models.ledger import EntryKind

CHUNK = 2000  # rows fetched at a time

LABELS: dict[str, Promise] = {
    "sequence": _("序号不连续"),
    "shape": _("金额方向与种类不符"),
    "balance": _("余额与上一笔对不上"),
    "reserved": _("预留金额与上一笔对不上"),
    "held": _("占用金额与上一笔对不上"),
    "cover": _("余额不足以覆盖预留和占用"),
    "time": _("入账时间早于上一笔"),
    "mirror": _("更正与被更正的记录不符"),
    "account": _("账户与最后一笔账目不符"),
}


@dataclass(frozen=True)
class Fault:
    """`entry_id` and `sequence` name the first bad row; None where it is the account's own. Numbers are fen or sequences."""

    code: str
    account_id: int
    entry_id: int | None = None
    sequence: int | None = None
    expected: int | None = None
    found: int | None = None

    @property
    def label(self) -> Promise:
        return LABELS[self.code]


class Row(NamedTuple):
    """What of an entry is checked; the names are those of the columns."""

    id: int
    account_id: int
    sequence: int
    kind: str
    amount_fen: int
    reserved_change_fen: int
    held_change_fen: int
    balance_after_fen: int
    reserved_after_fen: int
    held_after_fen: int
    posted_at: datetime
    reverses_id: int | None

    @property
    def changes(self) -> tuple[int, int, int]:
        return self.amount_fen, self.reserved_change_fen, self.held_change_fen


def faults(*, account_ids: Iterable[int] | None = None) -> Iterator[Fault]:
    """Every account's first fault, in the order of account ids; all accounts where none is named."""
    accounts = PersonalAccount.objects.order_by("pk")
    entries = LedgerEntry.objects.order_by("account_id", "sequence").values_list(*Row._fields)
    if account_ids is not None:
        wanted = list(account_ids)
        accounts, entries = accounts.filter(pk__in=wanted), entries.filter(account__in=wanted)
    rows = (Row(*values) for values in entries.iterator(chunk_size=CHUNK))
    groups = groupby(rows, key=lambda row: row.account_id)
    account_id, group = next(groups, (None, iter(())))
    for account in accounts.iterator(chunk_size=CHUNK):
        if account.pk == account_id:
            fault = _fault_of(account, group)
            account_id, group = next(groups, (None, iter(())))
        else:
            fault = _fault_of(account, iter(()))
        if fault:
            yield fault


def _fault_of(account: PersonalAccount, rows: Iterator[Row]) -> Fault | None:
    last: Row | None = None
    seen: dict[int, Row] = {}
    for row in rows:
        code, expected, found = _wrong_in(row, last, seen)
        if code:
            return Fault(code, account.pk, row.id, row.sequence, expected, found)
        seen[row.id] = last = row
    return _fault_of_row(account, last)


def _wrong_in(
    row: Row, last: Row | None, seen: dict[int, Row]
) -> tuple[str, int | None, int | None]:
    """The first thing that is wrong in a row, with two numbers where numbers differ; ("", None, None) if nothing is."""
    sequence, balance, reserved, held = (
        (last.sequence, last.balance_after_fen, last.reserved_after_fen, last.held_after_fen)
        if last
        else (0, 0, 0, 0)
    )
    numbers = (
        ("sequence", sequence + 1, row.sequence),
        ("balance", balance + row.amount_fen, row.balance_after_fen),
        ("reserved", reserved + row.reserved_change_fen, row.reserved_after_fen),
        ("held", held + row.held_change_fen, row.held_after_fen),
    )
    for code, expected, found in numbers:
        if expected != found:
            return code, expected, found
    if not _is_covered(row):
        return "cover", row.reserved_after_fen + row.held_after_fen, row.balance_after_fen
    if last and row.posted_at < last.posted_at:
        return "time", None, None
    if row.kind == EntryKind.REVERSAL:
        return ("" if _is_mirror(row, seen) else "mirror"), None, None
    shape = SHAPES.get(row.kind)
    good = shape is not None and shape.allows(*row.changes) and row.reverses_id is None
    return ("" if good else "shape"), None, None


def _is_covered(row: Row) -> bool:
    reserved, held = row.reserved_after_fen, row.held_after_fen
    return min(reserved, held) >= 0 and row.balance_after_fen >= reserved + held


def _is_mirror(row: Row, seen: dict[int, Row]) -> bool:
    """Its entry stands earlier in the same account, and is no reversal itself."""
    original = seen.get(row.reverses_id or 0)
    return (
        original is not None
        and original.kind != EntryKind.REVERSAL
        and row.changes == tuple(-change for change in original.changes)
    )


def _fault_of_row(account: PersonalAccount, last: Row | None) -> Fault | None:
    """The account's own amounts are those after its last entry, or nothing where it has none."""
    stored = (
        account.last_sequence,
        account.balance_fen,
        account.reserved_fen,
        account.held_fen,
        account.last_posted_at,
    )
    if last is None:
        good, expected = stored == (0, 0, 0, 0, None), 0
    else:
        expected = last.balance_after_fen
        after = (last.balance_after_fen, last.reserved_after_fen, last.held_after_fen)
        good = stored == (last.sequence, *after, last.posted_at)
    if good:
        return None
    return Fault("account", account.pk, expected=expected, found=account.balance_fen)
