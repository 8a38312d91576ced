"""Posting to many accounts at once, with few statements. Part of `insurance.ledger`, which the floors above import.

Here the lines of a transaction come together in memory, under the locks, and are written by two statements in place of two for each
line. What an entry is and what it may do is decided by `ledger_steps`, as everywhere.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any, Generic, TypeVar

from django.db import transaction
from django.db.models import QuerySet

from accounts import copying, statements
from accounts.models import User
from accounts.statements import Asked, NewRow, Query
from insurance import account_rows
from insurance.account_rows import Account
from insurance.ledger_rows import AMOUNTS, expect_same, lock, record
from insurance.ledger_steps import (
    AccountClosed,
    Line,
    SourceConflict,
    WrongShape,
    next_entry,
    next_row,
)
from insurance.models import LedgerEntry, PersonalAccount

# Below that a COPY and its staging table cost more than they save.
COPIED = 200
Entry = TypeVar("Entry", bound=LedgerEntry | NewRow)


class Book(Generic[Entry]):
    """Accounts that are locked, as they stand with every line taken so far, and the entries to be written.

    It lives inside one transaction. It doesn't look whether a line was posted before: whoever uses it makes its sources
    itself, and the database refuses a second one.
    """

    def __init__(self, accounts: Iterable[Account], make: Callable[[Any, Line], Entry]) -> None:
        """`make` is `next_row` or, for whoever wants models, `next_entry`."""
        self.accounts = {one.pk: one for one in accounts}
        self._make: Callable[[Any, Line], Entry] = make
        self._entries: list[Entry] = []
        self._touched: set[int] = set()

    def take(self, account_id: int, line: Line) -> Entry:
        """The entry to be; it has no key before `write`. Raise a `LedgerError`, and then the account is as before."""
        if line.reverses is not None:
            raise WrongShape("reversals are posted by themselves")
        if account_id not in self.accounts:
            raise AccountClosed(f"account {account_id} is not open, or not locked")
        entry = self._make(self.accounts[account_id], line)
        self._entries.append(entry)
        self._touched.add(account_id)
        return entry

    def write(self, *, by: User | None = None) -> None:
        """The entries get their keys, the accounts their amounts."""
        touched = sorted(self._touched)
        # A COPY is no part of what is sent together.
        alone = copying.is_possible() and not statements.are_together()
        many = alone and len(self._entries) >= COPIED
        way = copying if many else statements
        way.insert(self._entries)
        way.update([self.accounts[pk] for pk in touched], AMOUNTS)
        for pk in touched:
            record(by, "ledger.post_many", self.accounts[pk])
        self._entries, self._touched = [], set()


def open_book(*, person_ids: Collection[int]) -> Book[NewRow]:
    """Lock all open accounts of these people in id order, inside the caller's transaction.

    What the lock gives is fresh, also for whoever waited for it.
    """
    return opened(ask_book(person_ids=person_ids))


def ask_book(*, person_ids: Collection[int]) -> Asked:
    """`open_book` on its way, for `opened`."""
    return _OPEN.ask(sorted(set(person_ids)))


def opened(asked: Asked) -> Book[NewRow]:
    """The book that was asked for."""
    return Book(account_rows.of(asked.rows()), next_row)


@transaction.atomic
def post_to_many(
    *, lines: Sequence[tuple[int, Line]], by: User | None = None
) -> tuple[LedgerEntry, ...]:
    """Post (account id, line) pairs, all or none, in few statements; the entries in the order of the lines.

    The accounts are locked in id order. Lines of one account are posted in the order given. What was posted before, all of it
    with the same content, gives the entries of then; raise a `LedgerError` for anything else that is there in part.
    """
    book = Book(lock(sorted({account_id for account_id, _line in lines})).values(), next_entry)
    known = _known_to_many(lines)
    if known and len(known) < len(lines):
        raise SourceConflict("some of these lines were posted before, and some were not")
    if known:
        there = [known[account_id, *line.source] for account_id, line in lines]
        for entry, (_account_id, line) in zip(there, lines, strict=True):
            expect_same(entry, line)
        return tuple(there)
    entries = tuple(book.take(account_id, line) for account_id, line in lines)
    book.write(by=by)
    return entries


def _known_to_many(
    lines: Sequence[tuple[int, Line]],
) -> dict[tuple[int, str, str], LedgerEntry]:
    wanted = {(account_id, *line.source) for account_id, line in lines}
    if len(wanted) < len(lines):
        raise SourceConflict("two lines of one account with the same source")
    entries = LedgerEntry.objects.filter(
        account__in=sorted({one[0] for one in wanted}),
        source_kind__in=sorted({one[1] for one in wanted}),
        source_ref__in=sorted({one[2] for one in wanted}),
    )
    found = {(one.account_id, one.source_kind, one.source_ref): one for one in entries}
    return {key: entry for key, entry in found.items() if key in wanted}


def _open_accounts(person_ids: Collection[int]) -> QuerySet[Any, tuple[Any, ...]]:
    rows = PersonalAccount.objects.select_for_update(no_key=True).filter(
        person__in=person_ids, closed_on=None
    )
    return rows.order_by("pk").values_list(*account_rows.COLUMNS)


_OPEN = Query(_open_accounts)
