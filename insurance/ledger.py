"""The only module that moves money. Amounts are whole fen.

Every verb locks the account first (a row lock on PostgreSQL, the one writer on SQLite) and reads what it decides by
after that. A call that was made before with the same source and the same content gives the entry of then: whoever
doesn't know whether a call got through makes it again.

Posting stops at a closed account and at nothing else. Freezing, suspension and death are facts of the register, and
what they stop is for the rule above to say: a bill of the week before a death arrives after it, and so does what heirs get.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import NotRequired, TypedDict, Unpack

from django.db import transaction

from accounts.models import User
from insurance.ledger_many import Book, ask_book, open_book, opened, post_to_many
from insurance.ledger_rows import AMOUNTS, expect_same, lock, record
from insurance.ledger_steps import (
    AccountClosed,
    AccountExists,
    AccountNotEmpty,
    InsufficientFunds,
    LedgerError,
    Line,
    NothingToRelease,
    NotReversible,
    OutOfOrder,
    Source,
    SourceConflict,
    WrongShape,
    mirror,
    next_entry,
)
from insurance.models import InsuredPerson, LedgerEntry, PersonalAccount, PoolingArea
from insurance.models.ledger import AccountPart, EntryKind
from insurance.periods import Month

__all__ = [
    "AccountClosed",
    "AccountExists",
    "AccountNotEmpty",
    "Book",
    "InsufficientFunds",
    "LedgerError",
    "Line",
    "NotReversible",
    "NothingToRelease",
    "OutOfOrder",
    "Posting",
    "SourceConflict",
    "WrongShape",
    "ask_book",
    "close_account",
    "hold",
    "open_account",
    "open_book",
    "opened",
    "post",
    "post_many",
    "post_to_many",
    "release",
    "release_hold",
    "reserve",
    "reverse",
    "transfer",
]

# Lines that are looked up and written together; well below the number of parameters SQLite takes.
BATCH = 500
YEAR_PARTS = {AccountPart.CURRENT_YEAR, AccountPart.PRIOR_YEARS}


class Origin(TypedDict):
    """Where a memo entry comes from; the arguments mean what they mean for `post`."""

    source_kind: str
    source_ref: str
    posted_at: NotRequired[datetime | None]
    by: NotRequired[User | None]


@dataclass(frozen=True)
class Posting:
    """What became of the lines: how many are new, how many were there, which were refused (index from 0) and why."""

    new: int
    same: int
    refused: tuple[tuple[int, LedgerError], ...]


def post(
    *,
    account_id: int,
    kind: str,
    amount_fen: int,
    source_kind: str,
    source_ref: str,
    posted_at: datetime | None = None,
    by: User | None = None,
    for_month: Month | None = None,
    place: str = "",
    used_by: InsuredPerson | None = None,
) -> LedgerEntry:
    """Add one entry that moves the balance; raise a `LedgerError`.

    Give `posted_at` for what happened elsewhere (a line of a file). Leave it out for what happens now: two writers who
    read the clock before the lock would overtake each other.
    """
    line = Line(
        kind=kind,
        amount_fen=amount_fen,
        posted_at=posted_at,
        source_kind=source_kind,
        source_ref=source_ref,
        for_month=for_month,
        place=place,
        used_by=used_by,
    )
    return _post(account_id, line, by)


def reserve(*, account_id: int, amount_fen: int, **origin: Unpack[Origin]) -> LedgerEntry:
    """Set money aside for relatives."""
    return _memo(account_id, EntryKind.LIMIT_RESERVE, origin, reserved=amount_fen)


def release(*, account_id: int, amount_fen: int, **origin: Unpack[Origin]) -> LedgerEntry:
    """Take back what was set aside."""
    return _memo(account_id, EntryKind.LIMIT_RELEASE, origin, reserved=-amount_fen)


def hold(*, account_id: int, amount_fen: int, **origin: Unpack[Origin]) -> LedgerEntry:
    """Keep money for a settlement that is under way."""
    return _memo(account_id, EntryKind.HOLD, origin, held=amount_fen)


def release_hold(*, account_id: int, amount_fen: int, **origin: Unpack[Origin]) -> LedgerEntry:
    """Give up what was kept, whether the settlement came about or not."""
    return _memo(account_id, EntryKind.HOLD_RELEASE, origin, held=-amount_fen)


def reverse(
    *,
    entry_id: int,
    source_ref: str,
    source_kind: str = "reversal",
    posted_at: datetime | None = None,
    by: User | None = None,
) -> LedgerEntry:
    """Post the mirror of an entry, at most one for each; raise a `LedgerError`.

    Refused where the money is spent or spoken for since. A change of years is two entries: the caller reverses both in
    one transaction.
    """
    original = LedgerEntry.objects.filter(pk=entry_id).select_related("used_by").first()
    if original is None:
        raise NotReversible(f"there is no entry {entry_id}")
    line = Line(
        kind=EntryKind.REVERSAL,
        source_kind=source_kind,
        source_ref=source_ref,
        posted_at=posted_at,
    )
    return _post(original.account_id, mirror(line, original), by)


@transaction.atomic
def transfer(
    *,
    from_account_id: int,
    to_account_id: int,
    amount_fen: int,
    source_ref: str,
    source_kind: str = "year_change",
    posted_at: datetime | None = None,
    by: User | None = None,
) -> tuple[LedgerEntry, LedgerEntry]:
    """Move money between the two year parts of one person: the entry that leaves, then the one that arrives."""
    locked = lock([from_account_id, to_account_id])
    giving, taking = locked[from_account_id], locked[to_account_id]
    if giving.person_id != taking.person_id or {giving.part, taking.part} != YEAR_PARTS:
        raise WrongShape("years change between the two year parts of one person")
    if amount_fen <= 0:
        raise WrongShape("an amount that moves is above zero")
    line = Line(
        kind=EntryKind.YEAR_CHANGE,
        source_kind=source_kind,
        source_ref=source_ref,
        posted_at=posted_at,
    )
    return (
        _write(giving, line._replace(amount_fen=-amount_fen), by),
        _write(taking, line._replace(amount_fen=amount_fen), by),
    )


@transaction.atomic
def post_many(
    *, account_id: int, lines: Iterable[Line], by: User | None = None, keep_good: bool = False
) -> Posting:
    """Post the lines of one account in their order, under one lock.

    The first refused line raises and leaves nothing behind; with `keep_good` it is left out and reported, and the others
    are posted. No more than `BATCH` lines are in memory.
    """
    run = _Run(lock([account_id])[account_id])
    for batch in _batches(lines):
        run.known = _known(run.account, batch)
        for line in batch:
            try:
                run.take(line)
            except LedgerError as error:
                if not keep_good:
                    raise
                run.refused.append((run.taken - 1, error))
        run.write()
    if run.new:
        run.account.save(update_fields=AMOUNTS)
        record(by, "ledger.post_many", run.account, count=run.new)
    return Posting(run.new, run.same, tuple(run.refused))


class _Run:
    """The lines of one `post_many` on their way into the account."""

    def __init__(self, account: PersonalAccount) -> None:
        self.account = account
        self.known: dict[Source, LedgerEntry] = {}
        self.waiting: list[LedgerEntry] = []
        self.refused: list[tuple[int, LedgerError]] = []
        self.taken = self.new = self.same = 0

    def take(self, line: Line) -> None:
        self.taken += 1
        if line.reverses_ref:
            line = mirror(line, self._original(line))
        known = self.known.get(line.source)
        if known is not None:
            expect_same(known, line)
            self.same += 1
            return
        _expect_not_reversed(line)
        entry = next_entry(self.account, line)
        self.known[line.source] = entry
        self.waiting.append(entry)
        if entry.kind == EntryKind.REVERSAL:
            self.write()  # the next reversal asks the database which entries are reversed already

    def write(self) -> None:
        LedgerEntry.objects.bulk_create(self.waiting, batch_size=BATCH)
        self.new += len(self.waiting)
        self.waiting = []

    def _original(self, line: Line) -> LedgerEntry:
        """The entry to be mirrored, with an id: it may be waiting in this very run."""
        self.write()
        original = (
            LedgerEntry.objects.of(self.account.pk)
            .filter(source_kind=line.source_kind, source_ref=line.reverses_ref)
            .select_related("used_by")
            .first()
        )
        if original is None:
            raise NotReversible(f"the account has no entry {line.reverses_ref}")
        return original


@transaction.atomic
def open_account(
    *,
    person: InsuredPerson,
    area: PoolingArea,
    opened_on: date,
    part: str = AccountPart.WHOLE,
    by: User | None = None,
) -> PersonalAccount:
    """Open an account at zero. The same call again gives the same account; a contradicting one raises `AccountExists`."""
    # The person's row is the lock: parts that exclude each other are opened one after the other.
    InsuredPerson.objects.select_for_update(no_key=True).only("pk").get(pk=person.pk)
    live = {one.part: one for one in PersonalAccount.objects.filter(person=person, closed_on=None)}
    if there := live.get(part):
        if (there.area_id, there.opened_on) != (area.code, opened_on):
            raise AccountExists(f"{part} is open in {there.area_id} since {there.opened_on}")
        return there
    # A place keeps one account or splits it by years; never both for one person.
    others = YEAR_PARTS if part == AccountPart.WHOLE else {AccountPart.WHOLE}
    if part != AccountPart.WALLET and others & live.keys():
        raise AccountExists(f"{part} cannot stand beside {sorted(others & live.keys())}")
    account = PersonalAccount.objects.create(
        person=person, part=part, area=area, opened_on=opened_on
    )
    record(by, "account.open", account)
    return account


@transaction.atomic
def close_account(*, account_id: int, closed_on: date, by: User | None = None) -> PersonalAccount:
    """Close an account that is at zero; closing it again changes nothing."""
    account = lock([account_id])[account_id]
    if account.closed_on is not None:
        return account
    if account.balance_fen or account.reserved_fen or account.held_fen:
        raise AccountNotEmpty(f"{account.balance_fen} fen are left")
    account.closed_on = closed_on
    account.save(update_fields=["closed_on"])
    record(by, "account.close", account)
    return account


def _memo(
    account_id: int, kind: str, origin: Origin, *, reserved: int = 0, held: int = 0
) -> LedgerEntry:
    line = Line(
        kind=kind,
        reserved_change_fen=reserved,
        held_change_fen=held,
        source_kind=origin["source_kind"],
        source_ref=origin["source_ref"],
        posted_at=origin.get("posted_at"),
    )
    return _post(account_id, line, origin.get("by"))


@transaction.atomic
def _post(account_id: int, line: Line, by: User | None) -> LedgerEntry:
    return _write(lock([account_id])[account_id], line, by)


def _write(account: PersonalAccount, line: Line, by: User | None) -> LedgerEntry:
    """Under the lock of the account."""
    if known := _known(account, [line]).get(line.source):
        expect_same(known, line)
        return known
    _expect_not_reversed(line)
    entry = next_entry(account, line)
    entry.save(force_insert=True)
    account.save(update_fields=AMOUNTS)
    record(by, "ledger.post", account, sequence=entry.sequence)
    return entry


def _known(account: PersonalAccount, lines: Sequence[Line]) -> dict[Source, LedgerEntry]:
    """The entries that lines of these sources have made before."""
    entries = LedgerEntry.objects.of(account.pk).filter(
        source_kind__in={line.source_kind for line in lines},
        source_ref__in={line.source_ref for line in lines},
    )
    return {(entry.source_kind, entry.source_ref): entry for entry in entries}


def _expect_not_reversed(line: Line) -> None:
    if line.reverses and LedgerEntry.objects.filter(reverses=line.reverses).exists():
        raise NotReversible(f"entry {line.reverses.sequence} is reversed already")


def _batches(lines: Iterable[Line]) -> Iterator[list[Line]]:
    rest = iter(lines)
    while batch := list(islice(rest, BATCH)):
        yield batch
