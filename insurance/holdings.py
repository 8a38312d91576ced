"""The parts of somebody's personal account, and what they come to."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db.models import QuerySet, Subquery

from accounts.statements import Query
from insurance.models import ImportRun, PersonalAccount
from insurance.models.areas import name_of
from insurance.models.ledger import AccountPart
from insurance.standing import FactLine, Standing

# The order in which people think of the parts, not that of the alphabet.
PART_ORDER = ("whole", "current_year", "prior_years", "wallet")


@dataclass(frozen=True)
class AccountLine:
    """One part of one person's money, in fen.

    `key` names it in addresses and means nothing without its owner: the part, and a number for closed ones.
    """

    id: int
    key: str
    label: str
    area_code: str
    area: str
    balance_fen: int
    reserved_fen: int
    held_fen: int
    last_sequence: int
    last_posted_at: datetime | None
    opened_on: date
    closed_on: date | None
    imported_at: datetime | None

    @property
    def available_fen(self) -> int:
        return self.balance_fen - self.set_aside_fen

    @property
    def set_aside_fen(self) -> int:
        return self.reserved_fen + self.held_fen


@dataclass(frozen=True)
class Holdings:
    """`live` in the order of PART_ORDER, `closed` by opening day."""

    live: tuple[AccountLine, ...]
    closed: tuple[AccountLine, ...]

    @property
    def all(self) -> tuple[AccountLine, ...]:
        return self.live + self.closed

    @property
    def balance_fen(self) -> int:
        return sum(line.balance_fen for line in self.live)

    @property
    def reserved_fen(self) -> int:
        return sum(line.reserved_fen for line in self.live)

    @property
    def held_fen(self) -> int:
        return sum(line.held_fen for line in self.live)

    @property
    def set_aside_fen(self) -> int:
        return self.reserved_fen + self.held_fen

    @property
    def available_fen(self) -> int:
        return sum(line.available_fen for line in self.live)

    @property
    def as_of(self) -> datetime | None:
        """The last time money could have moved here: the last entry, or the last file that was read to its end."""
        moments = [line.last_posted_at for line in self.live if line.last_posted_at]
        moments += [line.imported_at for line in self.live if line.imported_at]
        return max(moments, default=None)

    def by_key(self, key: str) -> AccountLine | None:
        """The part with that key, the first one for an empty key, None for a key this person does not have."""
        if not key:
            return next(iter(self.all), None)
        return next((line for line in self.all if line.key == key), None)


def holdings(person_id: int) -> Holdings:
    """One query."""
    lines = _lines(map(_Row._make, _ACCOUNTS.rows(person_id)))
    return Holdings(
        live=tuple(line for line in lines if line.closed_on is None),
        closed=tuple(line for line in lines if line.closed_on is not None),
    )


def is_under_way(leaving: FactLine, held: Holdings, where: Standing, today: date) -> bool:
    """A register may leave the end of a transfer open when it is plain: insured over there, or gone with all the money."""
    now = where.enrolment_on(today)
    return held.balance_fen > 0 if now is None else now.area != leaving.other_area


class _Row(NamedTuple):
    """By the names of the columns."""

    pk: int
    part: str
    area_id: str
    area__name_zh: str
    area__name_en: str
    balance_fen: int
    reserved_fen: int
    held_fen: int
    last_sequence: int
    last_posted_at: datetime | None
    opened_on: date
    closed_on: date | None
    imported_at: datetime | None


def _rows(person_id: int) -> QuerySet[Any, tuple[Any, ...]]:
    last_file = ImportRun.objects.filter(
        kind=ImportRun.Kind.LEDGER, finished_at__isnull=False
    ).order_by("-finished_at")
    return (
        PersonalAccount.objects.filter(person=person_id)
        .annotate(imported_at=Subquery(last_file.values("finished_at")[:1]))
        .order_by("opened_on", "id")
        .values_list(*_Row._fields)
    )


_ACCOUNTS = Query(_rows)


def _lines(rows: Iterable[_Row]) -> list[AccountLine]:
    closed_so_far: dict[str, int] = {}
    lines = []
    for row in rows:
        key = row.part
        if row.closed_on is not None:
            closed_so_far[row.part] = closed_so_far.get(row.part, 0) + 1
            key = f"{row.part}-{closed_so_far[row.part]}"
        lines.append(_line(row, key))
    return sorted(lines, key=lambda line: PART_ORDER.index(line.key.partition("-")[0]))


def _line(row: _Row, key: str) -> AccountLine:
    return AccountLine(
        id=row.pk,
        key=key,
        label=str(AccountPart(row.part).label),
        area_code=row.area_id,
        area=name_of(row.area__name_zh, row.area__name_en),
        balance_fen=row.balance_fen,
        reserved_fen=row.reserved_fen,
        held_fen=row.held_fen,
        last_sequence=row.last_sequence,
        last_posted_at=row.last_posted_at,
        opened_on=row.opened_on,
        closed_on=row.closed_on,
        imported_at=row.imported_at,
    )
