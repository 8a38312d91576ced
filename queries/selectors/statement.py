"""The movements of one account: a page of them, all of a period, one of them, and what they add up to."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from django.db.models import Count, Q, QuerySet, Sum
from django.utils import timezone

from accounts.privacy import mask_name
from accounts.statements import Query
from insurance.models import LedgerEntry
from insurance.models.ledger import CREDITS, EntryKind, LedgerQuerySet
from insurance.periods import Month
from queries.selectors.entry_words import GROUPS, WORDS, Words, place_words

PAGE_ROWS = 50
# Paper: twenty sheets. Whoever needs more takes the file.
PRINT_ROWS = 1000
# Sources whose reference begins with the number of a receipt, up to a slash.
WITH_RECEIPT = frozenset({"settlement", "refund"})
CHUNK_ROWS = 2000  # of a file on its way out; memory stays flat


@dataclass(frozen=True)
class Filter:
    """Both days are included, None is open; an empty group or direction takes everything."""

    first: date | None = None
    last: date | None = None
    group: str = ""
    direction: str = ""


@dataclass(frozen=True)
class Row:
    """`user` is the masked name of a relative and empty for the owner; amounts are fen.

    `receipt` is the number of the settlement or refund that the entry is part of, "" for other entries.
    """

    account_id: int
    sequence: int
    kind: str
    posted_at: datetime
    amount_fen: int
    reserved_change_fen: int
    held_change_fen: int
    balance_after_fen: int
    for_month: Month | None
    place: str
    user: str
    reverses: int | None
    reversed_by: int | None
    receipt: str

    @property
    def words(self) -> Words:
        return WORDS[self.kind]

    @property
    def set_aside_fen(self) -> int:
        """How much more (or less, below zero) of the balance is spoken for after this entry."""
        return self.reserved_change_fen + self.held_change_fen

    @property
    def is_credit(self) -> bool:
        return self.kind in CREDITS

    @property
    def given_back_fen(self) -> int:
        return -self.set_aside_fen


@dataclass(frozen=True)
class Page:
    """Newest first. The cursors are sequence numbers, None where there is nothing further."""

    rows: tuple[Row, ...]
    newer_than: int | None
    older_than: int | None

    @property
    def first_day(self) -> datetime | None:
        return self.rows[-1].posted_at if self.rows else None

    @property
    def last_day(self) -> datetime | None:
        return self.rows[0].posted_at if self.rows else None


@dataclass(frozen=True)
class Totals:
    """Of everything the filter takes, not of the page; `out_fen` is above zero."""

    count: int
    in_fen: int
    out_fen: int
    corrected_fen: int


def page(
    *,
    account_id: int,
    person_id: int,
    chosen: Filter,
    before: int | None = None,
    after: int | None = None,
) -> Page:
    """One query, and the same cost on every page: the cursor is a place in the index, not a count."""
    if (before, after) == (None, None) and chosen == Filter():
        return _first_page([_row(values, person_id) for values in _NEWEST.rows(account_id)])
    found = _filtered(account_id, chosen)
    if after is not None:
        rows = _rows(found.after(after).order_by("sequence")[: PAGE_ROWS + 1], person_id)
        more = len(rows) > PAGE_ROWS
        rows = rows[:PAGE_ROWS][::-1]
        return Page(
            rows=tuple(rows),
            newer_than=rows[0].sequence if more else None,
            older_than=rows[-1].sequence if rows else None,
        )
    if before is not None:
        found = found.before(before)
    first = _first_page(_rows(found.newest_first()[: PAGE_ROWS + 1], person_id))
    return (
        first
        if before is None or not first.rows
        else replace(first, newer_than=first.rows[0].sequence)
    )


def _first_page(rows: list[Row]) -> Page:
    """Of the newest, and one more where there is more."""
    more = len(rows) > PAGE_ROWS
    rows = rows[:PAGE_ROWS]
    return Page(rows=tuple(rows), newer_than=None, older_than=rows[-1].sequence if more else None)


def totals(*, account_id: int, chosen: Filter) -> Totals:
    """One query. Corrections are apart, so that a corrected credit does not look like money spent."""
    if chosen == Filter():
        found = _TOTALS.rows(account_id)
    else:
        found = iter(_summed(_filtered(account_id, chosen)))
    count, came, went, corrected = next(found, (0, 0, 0, 0))
    return Totals(count=count, in_fen=came or 0, out_fen=-(went or 0), corrected_fen=corrected or 0)


def _summed(found: LedgerQuerySet) -> QuerySet[Any, tuple[Any, ...]]:
    """A row for each account, none for an account without entries."""
    booked = ~Q(kind=EntryKind.REVERSAL)
    return (
        found.order_by()
        .values("account")
        .annotate(
            number=Count("id"),
            came=Sum("amount_fen", filter=booked & Q(amount_fen__gt=0)),
            went=Sum("amount_fen", filter=booked & Q(amount_fen__lt=0)),
            corrected=Sum("amount_fen", filter=Q(kind=EntryKind.REVERSAL)),
        )
        .values_list("number", "came", "went", "corrected")
    )


def printable(*, account_id: int, person_id: int, chosen: Filter) -> tuple[list[Row], bool]:
    """Newest first, at most PRINT_ROWS, and whether rows were left out. One query."""
    rows = _rows(_filtered(account_id, chosen).newest_first()[: PRINT_ROWS + 1], person_id)
    return rows[:PRINT_ROWS], len(rows) > PRINT_ROWS


def stream(*, account_id: int, person_id: int, chosen: Filter) -> Iterator[Row]:
    """Every row of the filter, newest first, read in chunks."""
    found = _values(_filtered(account_id, chosen).newest_first())
    return (_row(values, person_id) for values in found.iterator(chunk_size=CHUNK_ROWS))


def entry(*, account_id: int, person_id: int, sequence: int) -> Row | None:
    """One entry of that account, None where the account has no such number."""
    rows = _rows(LedgerEntry.objects.of(account_id).filter(sequence=sequence), person_id)
    return rows[0] if rows else None


def rows_where(wanted: Q, *, person_id: int) -> list[Row]:
    """Entries of any of the person's accounts, oldest first. One query; the condition names the accounts."""
    found = LedgerEntry.objects.filter(wanted).order_by("posted_at", "account", "sequence")
    return _rows(found, person_id)


def latest(ends: dict[int, int], count: int) -> Q:
    """The last `count` entries of each account, which is told by its last sequence number."""
    wanted = Q(pk__in=[])
    for account_id, last in ends.items():
        wanted |= Q(account=account_id, sequence__gt=last - count)
    return wanted


def start_of(day: date) -> datetime:
    """Midnight of the agency's clock."""
    return timezone.make_aware(datetime.combine(day, time.min))


def _filtered(account_id: int, chosen: Filter) -> LedgerQuerySet:
    found = LedgerEntry.objects.of(account_id)
    if chosen.first:
        found = found.filter(posted_at__gte=start_of(chosen.first))
    if chosen.last:
        found = found.filter(posted_at__lt=start_of(chosen.last + timedelta(days=1)))
    if chosen.group:
        found = found.filter(kind__in=sorted(GROUPS[chosen.group]))
    if chosen.direction == "in":
        found = found.filter(amount_fen__gt=0)
    if chosen.direction == "out":
        found = found.filter(amount_fen__lt=0)
    return found


class _Values(NamedTuple):
    """By the names of the columns."""

    account: int
    sequence: int
    kind: str
    posted_at: datetime
    amount_fen: int
    reserved_change_fen: int
    held_change_fen: int
    balance_after_fen: int
    for_month: Month | None
    place: str
    used_by: int | None
    source_kind: str
    source_ref: str
    reverses__sequence: int | None
    reversed_by__sequence: int | None
    used_by__name: str


def _values(found: LedgerQuerySet) -> QuerySet[Any, tuple[Any, ...]]:
    return found.values_list(*_Values._fields)


# What everybody opens. A query with a filter is compiled each time: there are as many as people make.
_NEWEST = Query(
    lambda account_id: _values(LedgerEntry.objects.of(account_id).newest_first()[: PAGE_ROWS + 1])
)
_TOTALS = Query(lambda account_id: _summed(LedgerEntry.objects.of(account_id)))


def _rows(found: LedgerQuerySet, person_id: int) -> list[Row]:
    return [_row(values, person_id) for values in _values(found)]


def _row(found: Iterable[Any], person_id: int) -> Row:
    values = _Values._make(found)
    user = "" if values.used_by in (None, person_id) else mask_name(values.used_by__name)
    receipt = values.source_ref.partition("/")[0] if values.source_kind in WITH_RECEIPT else ""
    return Row(
        account_id=values.account,
        sequence=values.sequence,
        kind=values.kind,
        posted_at=values.posted_at,
        amount_fen=values.amount_fen,
        reserved_change_fen=values.reserved_change_fen,
        held_change_fen=values.held_change_fen,
        balance_after_fen=values.balance_after_fen,
        for_month=values.for_month,
        place=place_words(values.place),
        user=user,
        reverses=values.reverses__sequence,
        reversed_by=values.reversed_by__sequence,
        receipt=receipt,
    )
