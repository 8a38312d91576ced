"""One step of an account, worked out in memory: `insurance.ledger` locks, reads and writes around it."""

from datetime import datetime
from typing import NamedTuple, TypedDict

from django.utils import timezone

from accounts import statements
from accounts.statements import NewRow
from insurance.account_rows import Account
from insurance.entry_kinds import SHAPES
from insurance.models import InsuredPerson, LedgerEntry, PersonalAccount
from insurance.models.ledger import EntryKind
from insurance.periods import Month

Source = tuple[str, str]


class LedgerError(ValueError):
    """The ledger refuses, and nothing was written."""


class InsufficientFunds(LedgerError):
    """What would be left doesn't cover what is reserved and held. The amounts are those before the refused step."""

    def __init__(self, *, needed_fen: int, account: Account) -> None:
        self.needed_fen = needed_fen
        self.balance_fen = account.balance_fen
        self.reserved_fen = account.reserved_fen
        self.held_fen = account.held_fen
        super().__init__(
            f"{needed_fen} fen asked of a balance of {self.balance_fen}, "
            f"{self.reserved_fen} of it reserved and {self.held_fen} held"
        )


class NothingToRelease(LedgerError):
    """More would be released than is reserved or held."""


class WrongShape(LedgerError):
    """The kind of entry doesn't move the amounts this way, or the entry would move nothing."""


class AccountClosed(LedgerError):
    """Nothing is posted to a closed account."""


class AccountNotEmpty(LedgerError):
    """Only an account at zero, with nothing reserved or held, can be closed."""


class AccountExists(LedgerError):
    """The person has a live account that this one would contradict."""


class OutOfOrder(LedgerError):
    """The moment is earlier than that of the account's last entry."""


class SourceConflict(LedgerError):
    """The source was posted before, with other content."""


class NotReversible(LedgerError):
    """No such entry in the account, reversed already, or a reversal itself."""


class Line(NamedTuple):
    """One entry to be. `posted_at` None is the moment of posting, read under the lock.

    A reversal in a file names its entry by that entry's `source_ref` (same account, same `source_kind`) in `reverses_ref`
    and leaves the amounts out: they are its mirror.
    """

    kind: str
    source_kind: str
    source_ref: str
    amount_fen: int = 0
    reserved_change_fen: int = 0
    held_change_fen: int = 0
    posted_at: datetime | None = None
    for_month: Month | None = None
    place: str = ""
    used_by: InsuredPerson | None = None
    reverses_ref: str = ""
    reverses: LedgerEntry | None = None

    @property
    def source(self) -> Source:
        return self.source_kind, self.source_ref

    @property
    def changes(self) -> tuple[int, int, int]:
        return self.amount_fen, self.reserved_change_fen, self.held_change_fen


class Columns(TypedDict):
    """Of an entry, but for the rows that it names."""

    sequence: int
    kind: str
    amount_fen: int
    reserved_change_fen: int
    held_change_fen: int
    balance_after_fen: int
    reserved_after_fen: int
    held_after_fen: int
    for_month: Month | None
    posted_at: datetime
    place: str
    source_kind: str
    source_ref: str


def changes_of(entry: LedgerEntry) -> tuple[int, int, int]:
    """What the entry did to balance, reserved and held."""
    return entry.amount_fen, entry.reserved_change_fen, entry.held_change_fen


def mirror(line: Line, original: LedgerEntry) -> Line:
    """The line that undoes an entry; it stays for the same month, place and user."""
    if original.kind == EntryKind.REVERSAL:
        raise NotReversible(f"entry {original.sequence} is a reversal: post the right entry anew")
    return line._replace(
        kind=EntryKind.REVERSAL,
        amount_fen=-original.amount_fen,
        reserved_change_fen=-original.reserved_change_fen,
        held_change_fen=-original.held_change_fen,
        for_month=original.for_month,
        place=original.place,
        used_by=original.used_by,
        reverses=original,
    )


def next_entry(account: PersonalAccount, line: Line) -> LedgerEntry:
    """The unsaved entry after the account's last one, and the amounts of `account` moved on; raise a `LedgerError`."""
    columns = _step(account, line)
    return LedgerEntry(account=account, used_by=line.used_by, reverses=line.reverses, **columns)


def next_row(account: Account, line: Line) -> NewRow:
    """As `next_entry`, for whoever writes many: a row and no model."""
    return statements.new(
        LedgerEntry,
        account_id=account.pk,
        used_by_id=line.used_by.pk if line.used_by else None,
        reverses_id=line.reverses.pk if line.reverses else None,
        **_step(account, line),
    )


def _step(account: Account, line: Line) -> Columns:
    _check_shape(line)
    if account.closed_on is not None:
        raise AccountClosed(f"closed on {account.closed_on}")
    balance = account.balance_fen + line.amount_fen
    reserved = account.reserved_fen + line.reserved_change_fen
    held = account.held_fen + line.held_change_fen
    if reserved < 0 or held < 0:
        raise NothingToRelease(f"{account.reserved_fen} fen are reserved, {account.held_fen} held")
    if balance < reserved + held:
        needed = line.reserved_change_fen + line.held_change_fen - line.amount_fen
        raise InsufficientFunds(needed_fen=needed, account=account)
    account.last_posted_at = _moment(account, line)
    account.last_sequence += 1
    account.balance_fen, account.reserved_fen, account.held_fen = balance, reserved, held
    return Columns(
        sequence=account.last_sequence,
        kind=line.kind,
        amount_fen=line.amount_fen,
        reserved_change_fen=line.reserved_change_fen,
        held_change_fen=line.held_change_fen,
        balance_after_fen=balance,
        reserved_after_fen=reserved,
        held_after_fen=held,
        for_month=line.for_month,
        posted_at=account.last_posted_at,
        place=line.place,
        source_kind=line.source_kind,
        source_ref=line.source_ref,
    )


def _check_shape(line: Line) -> None:
    if line.reverses is not None:
        return
    shape = SHAPES.get(line.kind)
    if shape is None:
        raise WrongShape(f"{line.kind} is not posted by itself")
    if not shape.allows(*line.changes):
        raise WrongShape(f"{line.kind} does not move balance, reserved and held by {line.changes}")
    if not line.source_kind or not line.source_ref:
        raise WrongShape("an entry names its source")


def _moment(account: Account, line: Line) -> datetime:
    last = account.last_posted_at
    if line.posted_at is None:
        # The clock of another machine may be ahead of this one's.
        now = timezone.now()
        return now if last is None else max(now, last)
    if last is not None and line.posted_at < last:
        raise OutOfOrder(f"{line.posted_at:%Y-%m-%d %H:%M} is before the last entry")
    return line.posted_at


def is_same(entry: LedgerEntry, line: Line) -> bool:
    """Whether the entry is what posting the line would have made."""
    return (
        entry.kind == line.kind
        and changes_of(entry) == line.changes
        and entry.for_month == line.for_month
        and entry.place == line.place
        and entry.used_by_id == (line.used_by.pk if line.used_by else None)
        and entry.reverses_id == (line.reverses.pk if line.reverses else None)
        and (line.posted_at is None or entry.posted_at == line.posted_at)
    )
