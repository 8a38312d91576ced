"""What the database takes for the fields of many rows: the fields' own conversions, asked for only where a value needs one.

Which values of a row need one follows from their types. So that is found out once for each combination of types, and a row costs
little more than reading its attributes.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cache
from operator import attrgetter
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Field, Model

# Fields that take such values over as they are, on both databases.
PLAIN: frozenset[type] = frozenset({int, str, bool, type(None)})
PLAIN_FIELDS = (
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
    models.DateTimeField: frozenset({datetime, type(None)}),
    models.UUIDField: frozenset({UUID}),
}
NOTHING = type(None)

Kinds = tuple[type, ...]


class Values(NamedTuple):
    """Of several rows, each in the order of the fields. `there` says of each field whether any row has a value."""

    rows: list[list[Any]]
    there: tuple[bool, ...]


class Taker:
    """Takes the values of these fields from rows of one model, for one kind of database."""

    def __init__(self, fields: Sequence[Any]) -> None:
        self._fields = tuple(fields)
        self._read = _reader([one.attname for one in fields])
        self._plain = [_plain_types(type(one)) for one in fields]
        self._made = [(place, one) for place, one in enumerate(fields) if _makes_value(one)]
        # By the types of a row's values: the places of those to be converted.
        self._converted: dict[Kinds, tuple[tuple[int, Any], ...]] = {}

    def take(self, rows: Sequence[Any], own: BaseDatabaseWrapper, *, new: bool) -> Values:
        """`new`: fields that make their value when a row is first written make it now, and leave it in the row."""
        found, seen = [], set()
        for row in rows:
            values = list(self._read(row))
            if new:
                for place, field in self._made:
                    values[place] = field.pre_save(row, add=True)
            kinds = tuple(map(type, values))
            seen.add(kinds)
            if (places := self._converted.get(kinds)) is None:
                places = self._converted[kinds] = self._places(kinds)
            for place, convert in places:
                values[place] = convert(values[place], own)
            found.append(values)
        there = tuple(
            any(one is not NOTHING for one in column) for column in zip(*seen, strict=True)
        )
        return Values(found, there)

    def _places(self, kinds: Kinds) -> tuple[tuple[int, Any], ...]:
        """With the conversion of each."""
        return tuple(
            (place, field.get_db_prep_save)
            for place, field in enumerate(self._fields)
            if not _is_plain(kinds[place], self._plain[place])
        )


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


def _is_plain(kind: type, plain: frozenset[type]) -> bool:
    """A choice is a text to whoever takes a text."""
    return kind in plain or (str in plain and issubclass(kind, str))
