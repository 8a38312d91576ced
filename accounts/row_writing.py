"""Rows written with the fields' own conversions and one text for each table; `accounts.statements` offers it."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connection, connections, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Field, Model

from accounts import bundles

# SQLite takes no more in one statement, PostgreSQL twice as many.
MOST_PARAMETERS = 30_000
# SQLite joins no more than 500 SELECTs in one statement.
MOST_SELECTS = 400
# The driver remembers how it rewrote a statement for the server where there are no more parameters than this. A longer one it takes
# apart anew each time, which costs more than all the rest of sending it.
MOST_REMEMBERED = 50
# Fields that take such values over as they are, on both databases.
PLAIN = (int, str, bool, type(None))
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

PLAIN_ON_POSTGRESQL: Mapping[Any, tuple[type, ...]] = {
    models.DateTimeField: (datetime, type(None)),
    models.UUIDField: (UUID,),
}

Row = TypeVar("Row", bound="Model | NewRow")


def insert(
    rows: Sequence[Row], *, unless: Sequence[str] = (), then: Sequence[str] = ()
) -> Sequence[Row]:
    """Write new rows of one model, in as few statements as they need, and give them their keys.

    As `bulk_create`: no `save`, no signal. Where a row with the same `unless` is there, its fields `then` are written anew.
    """
    if not rows:
        return rows
    table = _table_of(rows[0])
    most = MOST_PARAMETERS // len(table.columns)
    for start in range(0, len(rows), most):
        _insert(table, rows[start : start + most], unless, then)
    return rows


class NewRow:
    """A row that is written and of no more use: its attributes as the model's, without what makes a model slow to make."""

    model: type[Model]
    pk: int | None

    def __init__(self, model: type[Model], values: dict[str, Any]) -> None:
        self.__dict__.update(values, model=model, pk=None)


def new(model: type[Model], **values: Any) -> NewRow:
    """A row to be inserted. Relations are given by their keys, as `person_id`; what is left out has its default."""
    table = _table(model)
    if wrong := values.keys() - table.defaults.keys():
        raise TypeError(f"{model.__name__} has no column {sorted(wrong)}")
    return NewRow(
        model,
        {
            name: values[name] if name in values else default()
            for name, default in table.defaults.items()
        },
    )


class _Column(NamedTuple):
    """`plain`: values of these types go to the database as they are. `made`: the field makes its value when a row is written."""

    attname: str
    field: Any
    plain: tuple[type, ...]
    made: bool


class _Table(NamedTuple):
    """`texts` are the statements that were needed so far."""

    model: type[Model]
    columns: tuple[_Column, ...]
    defaults: Mapping[str, Callable[[], Any]]
    texts: dict[Any, str]


def _table_of(row: Model | NewRow) -> _Table:
    return _table(row.model if isinstance(row, NewRow) else type(row))


@cache
def _table(model: type[Model]) -> _Table:
    fields: list[Any] = [one for one in model._meta.concrete_fields if not one.primary_key]
    columns = tuple(
        _Column(
            attname=one.attname,
            field=one,
            plain=_plain_types(type(one)),
            made=type(one).pre_save is not Field.pre_save,
        )
        for one in fields
    )
    return _Table(model, columns, {one.attname: one.get_default for one in fields}, {})


def _plain_types(field: type[Field[Any, Any]]) -> tuple[type, ...]:
    if field in PLAIN_FIELDS:
        return PLAIN
    # SQLite keeps these as texts.
    return PLAIN_ON_POSTGRESQL.get(field, ()) if connection.vendor == "postgresql" else ()


def names_of(model: type[Model]) -> list[str]:
    """The attributes that are written for a new row, in the order of `values_of`; its key is none of them."""
    return [one.attname for one in _table(model).columns]


def values_of(rows: Sequence[Model | NewRow]) -> Iterator[list[Any]]:
    """What the database takes for each of these new rows of one model."""
    # The connection itself: to ask for it anew at every value costs more than the value.
    own = connections[DEFAULT_DB_ALIAS]
    table = _table_of(rows[0])
    return (_values(table, row, own) for row in rows)


def _values(table: _Table, row: Model | NewRow, own: BaseDatabaseWrapper) -> list[Any]:
    found = []
    for attname, field, plain, made in table.columns:
        value = field.pre_save(row, add=True) if made else getattr(row, attname)
        if type(value) not in plain:
            value = field.get_db_prep_save(value, own)
        found.append(value)
    return found


def _insert(table: _Table, rows: Sequence[Row], unless: Sequence[str], then: Sequence[str]) -> None:
    own, bundle = connections[DEFAULT_DB_ALIAS], bundles.current()
    drawn = rows[0].pk is not None
    values = list(values_of(rows))
    if drawn:
        values = [[row.pk, *found] for row, found in zip(rows, values, strict=True)]
    used = tuple(any(one is not None for one in column) for column in zip(*values, strict=True))
    packed = bundle is not None or (
        own.vendor == "postgresql" and sum(used) * len(rows) > MOST_REMEMBERED
    )
    asked = bundle is None or not (drawn or unless)
    # One text for any number of rows where they go as one parameter.
    form = (own.vendor, 0 if packed else len(rows), used, tuple(unless), tuple(then), asked)
    if (sql := table.texts.get(form)) is None:
        sql = table.texts[form] = _insertion(table, form, drawn=drawn)
    kept = [[value for value, there in zip(row, used, strict=True) if there] for row in values]
    if bundle is not None:
        bundle.add(sql, _json(kept), rows if asked else ())
        return
    with own.cursor() as cursor:
        cursor.execute(sql, [_json(kept)] if packed else [one for row in kept for one in row])
        keys = cursor.fetchall()
    for row, (pk,) in zip(rows, keys, strict=True):
        bundles.keep_key(row, pk, own.alias)


def _insertion(table: _Table, form: tuple[Any, ...], *, drawn: bool) -> str:
    _vendor, count, used, unless, then, asked = form
    name, key = _quoted(table.model._meta.db_table), table.model._meta.pk
    fields = [*([key] if drawn else []), *(one.field for one in table.columns)]
    columns = ", ".join(_quoted(one.column) for one in fields)
    source = _listed(used, count) if count else _packed(fields, used)
    conflict = _conflict(table.model, unless, then)
    returning = f"RETURNING {_quoted(str(key.column))}" if asked else ""
    # Only names of our own tables and columns, quoted; every value is a parameter.
    return f"INSERT INTO {name} ({columns}) {source} {conflict} {returning}"  # nosec B608


def _listed(used: Sequence[bool], count: int) -> str:
    marks = "(" + ", ".join("%s" if there else "NULL" for there in used) + ")"
    return "VALUES " + ", ".join([marks] * count)


def _packed(fields: Sequence[Any], used: Sequence[bool]) -> str:
    """The rows as one JSON text, taken apart by the server, in their order."""
    names = [f"c{place}" if there else "NULL" for place, there in enumerate(used)]
    types = [_type(one) for one in fields]
    there = [place for place, one in enumerate(used) if one]
    return f"SELECT {', '.join(names)} FROM {_unpacked(there, types)} ORDER BY place"  # nosec B608


def _unpacked(places: Sequence[int], types: Sequence[str]) -> str:
    """A table `new` of what `_json` packed: c0, c1, … by their places in `types`, and `place`, which counts the rows."""
    keys = ", ".join(f"k{number} {types[place]}" for number, place in enumerate(places))
    names = ", ".join(f"c{place}" for place in places)
    source = f"json_to_recordset(CAST(%s AS json)) AS ({keys})"
    return f"ROWS FROM ({source}) WITH ORDINALITY AS new ({names}, place)"


def _json(rows: Sequence[Sequence[Any]]) -> str:
    names = [f"k{number}" for number in range(len(rows[0]))]
    return json.dumps([dict(zip(names, row, strict=True)) for row in rows], default=_plain)


def _plain(value: Any) -> Any:
    """What stands in a JSON column; moments, keys and the like as PostgreSQL reads them."""
    return value.obj if hasattr(value, "obj") else str(value)


def _conflict(model: type[Model], unless: Sequence[str], then: Sequence[str]) -> str:
    if not unless:
        return ""
    same = ", ".join(_column(model, name) for name in unless)
    taken = ", ".join(f"{_column(model, name)} = excluded.{_column(model, name)}" for name in then)
    return f"ON CONFLICT ({same}) DO UPDATE SET {taken}"  # nosec B608


def _column(model: type[Model], name: str) -> str:
    field: Any = model._meta.get_field(name)
    return _quoted(field.column)


def update(rows: Sequence[Row], names: Sequence[str]) -> None:
    """Write these fields of existing rows of one model, in as few statements as they need."""
    for start in range(0, len(rows), MOST_SELECTS):
        _update(rows[start : start + MOST_SELECTS], names)


def _update(rows: Sequence[Model | NewRow], names: Sequence[str]) -> None:
    own, model = connections[DEFAULT_DB_ALIAS], _table_of(rows[0]).model
    columns = _columns(model, tuple(names))
    values = [
        [one.get_db_prep_save(getattr(row, one.attname), own) for one in columns] for row in rows
    ]
    bundle = bundles.current()
    packed = bundle is not None or (
        own.vendor == "postgresql" and len(rows) * len(columns) > MOST_REMEMBERED
    )
    sql = _updating(own.vendor, model, tuple(names), 0 if packed else len(rows))
    if bundle is not None:
        bundle.add(sql, _json(values))
        return
    with own.cursor() as cursor:
        cursor.execute(sql, [_json(values)] if packed else [one for row in values for one in row])


@cache
def _columns(model: type[Model], names: tuple[str, ...]) -> tuple[Any, ...]:
    """The key, then these fields."""
    return (model._meta.pk, *(model._meta.get_field(name) for name in names))


@cache
def _updating(_vendor: str, model: type[Model], names: tuple[str, ...], count: int) -> str:
    """The statement for so many rows; where `count` is 0, for those in one JSON text."""
    columns = _columns(model, names)
    places = range(len(columns))
    if count:
        row = "SELECT " + ", ".join(_typed(one) for one in columns)
        source = " UNION ALL ".join([row] * count)
    else:
        source = f"SELECT * FROM {_unpacked(places, [_type(one) for one in columns])}"  # nosec B608
    table, key = _quoted(model._meta.db_table), _quoted(columns[0].column)
    taken = ", ".join(
        f"{_quoted(one.column)} = new.c{place}" for place, one in enumerate(columns) if place
    )
    named = ", ".join([f"c{place}" for place in places] + ([] if count else ["place"]))
    return (
        f"WITH new ({named}) AS ({source}) "  # nosec B608
        f"UPDATE {table} SET {taken} FROM new WHERE {table}.{key} = new.c0"
    )


def _typed(field: Any) -> str:
    """PostgreSQL asks for the type where nothing else tells it; SQLite has none."""
    return "%s" if connection.vendor == "sqlite" else f"CAST(%s AS {_type(field)})"


def _type(field: Any) -> str:
    found: str = field.rel_db_type(connection) if field.primary_key else field.db_type(connection)
    return found


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)
