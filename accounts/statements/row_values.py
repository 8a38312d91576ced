"""What the database takes for the fields of many rows: the fields' own conversions, asked for only where a value needs one.

Rows are taken apart into columns. Whether a column needs its field's conversion follows from the types that stand in it, and most
need none; a field that converts many values at once gets them so. Of a few rows alike, as one bill writes them, it is known which do.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import cache
from operator import attrgetter
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Field, Model

NOTHING = type(None)
# Fields that take such values over as they are, on both databases.
PLAIN: frozenset[type] = frozenset({int, str, bool, NOTHING})
PLAIN_FIELDS = (
    models.BigAutoField,
    models.BigIntegerField,
    models.BooleanField,
    models.CharField,
    models.ForeignKey,
    models.OneToOneField,
    models.PositiveIntegerField,
    models.PositiveSmallIntegerField,
    models.TextField,
)
# SQLite keeps these as texts.
PLAIN_ON_POSTGRESQL: dict[Any, frozenset[type]] = {
    models.DateTimeField: frozenset({datetime, NOTHING}),
    models.UUIDField: frozenset({UUID}),
}
# What a field's `prepare_many` takes; other values go one by one.
PREPARED_TOGETHER: frozenset[type] = frozenset({str, NOTHING})

# Up to so many rows are compared with each other; more are looked at by column.
FEW = 8

Column = Sequence[Any]


class Values(NamedTuple):
    """Of several rows, by field, each in the order of the rows. `there` says of each field whether any row has a value."""

    columns: Sequence[Column]
    there: tuple[bool, ...]

    def rows(self) -> Iterator[tuple[Any, ...]]:
        return zip(*self.columns, strict=True)


class _Plan(NamedTuple):
    """Of rows whose values have these types: `there` as in `Values`, `places` are those of the columns to be converted."""

    there: tuple[bool, ...]
    places: tuple[int, ...]


class Taker:
    """Takes the values of these fields from rows of one model, for one kind of database."""

    def __init__(self, fields: Sequence[Any]) -> None:
        self._read = _reader([one.attname for one in fields])
        self._made = [one for one in fields if _makes_value(one)]
        self._columns = [(_plain_types(type(one)), one) for one in fields]
        self._plans: dict[tuple[type, ...], _Plan] = {}

    def take(self, rows: Sequence[Any], own: BaseDatabaseWrapper, *, new: bool) -> Values:
        """Of one row at least. `new`: fields that make their value when a row is first written make it now, and leave it in the row."""
        if new:
            for field in self._made:
                _make(field, rows)
        taken = [self._read(row) for row in rows]
        if len(taken) <= FEW:
            first = tuple(map(type, taken[0]))
            if all(tuple(map(type, row)) == first for row in taken[1:]):
                return self._alike(taken, first, own)
        columns, there = [], []
        for column, (plain, field) in zip(zip(*taken, strict=True), self._columns, strict=True):
            kinds = set(map(type, column))
            there.append(kinds != {NOTHING})
            columns.append(
                column if _are_plain(kinds, plain) else _converted(field, column, kinds, own)
            )
        return Values(columns, tuple(there))

    def _alike(
        self, taken: Sequence[Sequence[Any]], kinds: tuple[type, ...], own: BaseDatabaseWrapper
    ) -> Values:
        if (plan := self._plans.get(kinds)) is None:
            plan = self._plans[kinds] = self._plan(kinds)
        columns: list[Column] = list(zip(*taken, strict=True))
        for place in plan.places:
            _plain, field = self._columns[place]
            columns[place] = _converted(field, columns[place], {kinds[place]}, own)
        return Values(columns, plan.there)

    def _plan(self, kinds: tuple[type, ...]) -> _Plan:
        return _Plan(
            there=tuple(kind is not NOTHING for kind in kinds),
            places=tuple(
                place
                for place, (kind, (plain, _field)) in enumerate(
                    zip(kinds, self._columns, strict=True)
                )
                if not _are_plain({kind}, plain)
            ),
        )


def _make(field: Any, rows: Sequence[Any]) -> None:
    """What is written together is written at one moment."""
    if not isinstance(field, models.DateTimeField):
        for row in rows:
            setattr(row, field.attname, field.pre_save(row, add=True))
        return
    moment = field.pre_save(rows[0], add=True)
    for row in rows[1:]:
        setattr(row, field.attname, moment)


def _are_plain(kinds: set[type], plain: frozenset[type]) -> bool:
    """Nothing is nothing to every field, and a choice is a text to whoever takes a text."""
    return (
        kinds <= plain
        or kinds == {NOTHING}
        or (str in plain and all(kind in plain or issubclass(kind, str) for kind in kinds))
    )


def _converted(field: Any, column: Column, kinds: set[type], own: BaseDatabaseWrapper) -> Column:
    if kinds <= PREPARED_TOGETHER and hasattr(field, "prepare_many"):
        prepared: Column = field.prepare_many(column)
        return prepared
    first = column[0]
    if all(value is first for value in column) and not hasattr(field, "prepare_many"):
        # The month of a bill, the rules of a batch: as each row has it, all have it.
        return [field.get_db_prep_save(first, own)] * len(column)
    return [field.get_db_prep_save(value, own) for value in column]


@cache
def taker(model: type[Model], names: tuple[str, ...] | None, _vendor: str) -> Taker:
    """For its key and these fields; for all but the key where `names` is None."""
    if names is None:
        return Taker(written(model))
    return Taker([model._meta.pk, *(model._meta.get_field(name) for name in names)])


def written(model: type[Model]) -> list[Any]:
    """The fields of a new row, without its key."""
    return [one for one in model._meta.concrete_fields if not one.primary_key]


def _reader(names: Sequence[str]) -> Callable[[Any], Sequence[Any]]:
    if len(names) > 1:
        return attrgetter(*names)
    [name] = names
    return lambda row: (getattr(row, name),)


def _makes_value(field: Any) -> bool:
    """Whether `pre_save` does more than read the attribute. Moments do so only where they are those of the writing."""
    if isinstance(field, models.DateField | models.TimeField):
        return field.auto_now or field.auto_now_add
    return type(field).pre_save is not Field.pre_save


def _plain_types(field: type[Field[Any, Any]]) -> frozenset[type]:
    if field in PLAIN_FIELDS:
        return PLAIN
    on_postgresql = connection.vendor == "postgresql"
    return PLAIN_ON_POSTGRESQL.get(field, frozenset()) if on_postgresql else frozenset()
