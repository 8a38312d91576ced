"""Statements that are made once and run many times.

The ORM compiles each query anew: where a payment is charged that costs more than the database takes for the answer. Here the same
query is compiled once for each thread, and rows are written with the fields' own conversions and one text for each table.
"""

import json
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from functools import cache
from typing import Any, NamedTuple, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection, connections, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Field, Model, QuerySet
from django.db.models.sql.compiler import SQLCompiler

# SQLite takes no more in one statement, PostgreSQL twice as many.
MOST_PARAMETERS = 30_000
# SQLite joins no more than 500 SELECTs in one statement.
MOST_SELECTS = 400
# The driver remembers how it rewrote a statement for the server where there are no more parameters than this. A longer one it takes
# apart anew each time, which costs more than all the rest of sending it.
MOST_REMEMBERED = 50
# Stand for the values while a query is compiled, and are found again by what they are: so they are nothing that a query names
# itself. The numbers fit into the smallest column.
FIRST_NUMBER, FIRST_DAY, TEXT = 29_000, date(1, 1, 1), "\ue000"

_STATE = threading.local()
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

Value = int | str | date | Sequence[int] | Sequence[str]
Row = TypeVar("Row", bound=Model)


class _Compiled(NamedTuple):
    """`places` says of each parameter which value it takes, None where it is the query's own."""

    sql: str
    params: tuple[Any, ...]
    places: tuple[int | None, ...]
    compiler: SQLCompiler
    converters: Any


class Asked:
    """A query on its way."""

    def __init__(self, cursor: Any, made: _Compiled) -> None:
        self._cursor, self._made = cursor, made

    def rows(self) -> Iterator[Sequence[Any]]:
        """Once."""
        with self._cursor as cursor:
            found = cursor.fetchall()
        converters = self._made.converters
        if not converters:
            return iter(found)
        converted: Iterator[Sequence[Any]] = self._made.compiler.apply_converters(found, converters)
        return converted


class Query:
    """A query of `values_list` whose values come later: `build` gets one stand-in for each and gives the queryset.

    A value is a number, a text, a day, or some of one of these for an `__in`, at least one.
    """

    def __init__(self, build: Callable[..., QuerySet[Any, tuple[Any, ...]]]) -> None:
        self._build = build
        self._known = threading.local()

    def rows(self, *values: Value) -> Iterator[Sequence[Any]]:
        """Run it. The rows come as `values_list` gives them."""
        return self.ask(*values).rows()

    def ask(self, *values: Value) -> "Asked":
        """Send it; inside `together` the answer comes later."""
        own = connections[DEFAULT_DB_ALIAS]
        given = [_padded(value) for value in values]
        known = self._known.__dict__.setdefault(own.vendor, {})
        shape = tuple(len(one) if isinstance(one, tuple) else type(one) for one in given)
        if (made := known.get(shape)) is None:
            made = known[shape] = self._compile(given)
        flat = [_adapted(one) for one in _flat(given)]
        params = [
            fixed if place is None else flat[place]
            for fixed, place in zip(made.params, made.places, strict=True)
        ]
        cursor = own.cursor()
        cursor.execute(made.sql, params)
        return Asked(cursor, made)

    def _compile(self, given: Sequence[Any]) -> _Compiled:
        numbers = iter(range(10_000))
        marks = [
            tuple(_mark(item, next(numbers)) for item in one)
            if isinstance(one, tuple)
            else _mark(one, next(numbers))
            for one in given
        ]
        compiler = self._build(*marks).query.get_compiler(connection=connection)
        sql, params = compiler.as_sql()
        places = {_adapted(mark): place for place, mark in enumerate(_flat(marks))}
        found = tuple(
            places.get(one) if isinstance(one, int | str | date) else None for one in params
        )
        if set(found) - {None} != set(places.values()):
            raise ValueError("a value has no place in the query")
        selected = [one[0] for one in (compiler.select or ())[: compiler.col_count]]
        return _Compiled(sql, tuple(params), found, compiler, compiler.get_converters(selected))


def _padded(value: Value) -> Any:
    """Lists grow by doubling, the last number repeated: so there are few texts, and each is known soon."""
    if isinstance(value, int | str | date):
        return value
    if not value:
        raise ValueError("a list has a number at least")
    size = 1 << (len(value) - 1).bit_length()
    return (*value, *[value[-1]] * (size - len(value)))


def _mark(value: int | str | date, number: int) -> Any:
    if isinstance(value, date):
        return FIRST_DAY + timedelta(days=number)
    return f"{TEXT}{number}" if isinstance(value, str) else FIRST_NUMBER + number


def _flat(values: Iterable[Any]) -> list[Any]:
    return [item for one in values for item in (one if isinstance(one, tuple) else (one,))]


def _adapted(value: Any) -> Any:
    """As the database's driver wants it."""
    return connection.ops.adapt_datefield_value(value) if isinstance(value, date) else value


@contextmanager
def together() -> Iterator[None]:
    """On PostgreSQL what is sent inside goes without waiting for each answer; keys and rows are there after it.

    Each statement still begins when the one before it is done. Only inside a transaction, and not inside another.
    """
    if connection.vendor != "postgresql":
        yield
        return
    connection.ensure_connection()
    waiting: list[Callable[[], None]] = []
    _STATE.waiting = waiting
    try:
        with connection.wrap_database_errors, connection.connection.pipeline():
            yield
            _STATE.waiting = None
            for finish in waiting:
                finish()
    finally:
        _STATE.waiting = None


def are_together() -> bool:
    """Whether what is sent now goes without waiting, as inside `together`: there the server takes no COPY."""
    return getattr(_STATE, "waiting", None) is not None


def insert(
    rows: Sequence[Row], *, unless: Sequence[str] = (), then: Sequence[str] = ()
) -> Sequence[Row]:
    """Write new rows of one model, in as few statements as they need, and give them their keys.

    As `bulk_create`: no `save`, no signal. Where a row with the same `unless` is there, its fields `then` are written anew.
    """
    if not rows:
        return rows
    table = _table(type(rows[0]))
    most = MOST_PARAMETERS // len(table.columns)
    for start in range(0, len(rows), most):
        _insert(table, rows[start : start + most], unless, then)
    return rows


class _Column(NamedTuple):
    """`plain`: a number or a text goes to the database as it is. `made`: the field makes its value when a row is written."""

    attname: str
    field: Any
    plain: bool
    made: bool


class _Table(NamedTuple):
    """`texts` are the statements that were needed so far."""

    model: type[Model]
    columns: tuple[_Column, ...]
    texts: dict[Any, str]


@cache
def _table(model: type[Model]) -> _Table:
    fields: list[Any] = [one for one in model._meta.concrete_fields if not one.primary_key]
    columns = tuple(
        _Column(
            attname=one.attname,
            field=one,
            plain=type(one) in PLAIN_FIELDS,
            made=type(one).pre_save is not Field.pre_save,
        )
        for one in fields
    )
    return _Table(model, columns, {})


def names_of(model: type[Model]) -> list[str]:
    """The attributes that are written for a new row, in the order of `values_of`; its key is none of them."""
    return [one.attname for one in _table(model).columns]


def values_of(rows: Sequence[Model]) -> Iterator[list[Any]]:
    """What the database takes for each of these new rows of one model."""
    # The connection itself: to ask for it anew at every value costs more than the value.
    own = connections[DEFAULT_DB_ALIAS]
    table = _table(type(rows[0]))
    return (_values(table, row, own) for row in rows)


def _values(table: _Table, row: Model, own: BaseDatabaseWrapper) -> list[Any]:
    found = []
    for attname, field, plain, made in table.columns:
        value = field.pre_save(row, add=True) if made else getattr(row, attname)
        if not (plain and type(value) in PLAIN):
            value = field.get_db_prep_save(value, own)
        found.append(value)
    return found


def _insert(
    table: _Table, rows: Sequence[Model], unless: Sequence[str], then: Sequence[str]
) -> None:
    own = connections[DEFAULT_DB_ALIAS]
    values = list(values_of(rows))
    used = tuple(any(one is not None for one in column) for column in zip(*values, strict=True))
    packed = own.vendor == "postgresql" and sum(used) * len(rows) > MOST_REMEMBERED
    # One text for any number of rows where they go as one parameter.
    form = (own.vendor, 0 if packed else len(rows), used, tuple(unless), tuple(then))
    if (sql := table.texts.get(form)) is None:
        source = _packed(table, used) if packed else _listed(used, len(rows))
        sql = table.texts[form] = _insertion(table, source, unless, then)
    kept = [[value for value, there in zip(row, used, strict=True) if there] for row in values]
    cursor = own.cursor()
    cursor.execute(sql, [_json(kept)] if packed else [value for row in kept for value in row])

    def take_keys() -> None:
        with cursor:
            keys = cursor.fetchall()
        for row, (pk,) in zip(rows, keys, strict=True):
            row.pk, row._state.adding, row._state.db = pk, False, own.alias

    waiting: list[Callable[[], None]] | None = getattr(_STATE, "waiting", None)
    if waiting is None:
        take_keys()
    else:
        waiting.append(take_keys)


def _insertion(table: _Table, source: str, unless: Sequence[str], then: Sequence[str]) -> str:
    name = _quoted(table.model._meta.db_table)
    key = _quoted(str(table.model._meta.pk.column))
    columns = ", ".join(_quoted(one.field.column) for one in table.columns)
    conflict = _conflict(table.model, unless, then)
    # Only names of our own tables and columns, quoted; every value is a parameter.
    return f"INSERT INTO {name} ({columns}) {source} {conflict} RETURNING {key}"  # nosec B608


def _listed(used: Sequence[bool], count: int) -> str:
    marks = "(" + ", ".join("%s" if there else "NULL" for there in used) + ")"
    return "VALUES " + ", ".join([marks] * count)


def _packed(table: _Table, used: Sequence[bool]) -> str:
    """The rows as one JSON text, taken apart by the server, in their order."""
    names = [f"c{place}" if there else "NULL" for place, there in enumerate(used)]
    types = [_type(one.field) for one in table.columns]
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


def _update(rows: Sequence[Model], names: Sequence[str]) -> None:
    own, model = connections[DEFAULT_DB_ALIAS], type(rows[0])
    columns = _columns(model, tuple(names))
    values = [
        [one.get_db_prep_save(getattr(row, one.attname), own) for one in columns] for row in rows
    ]
    packed = own.vendor == "postgresql" and len(rows) * len(columns) > MOST_REMEMBERED
    sql = _updating(own.vendor, model, tuple(names), 0 if packed else len(rows))
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
