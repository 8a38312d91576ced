"""Statements that are made once and run many times.

The ORM compiles each query anew: where a payment is charged that costs more than the database takes for the answer. Here the same
query is compiled once for each thread, and rows are written with the fields' own conversions and one text for each table.
"""

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from functools import cache
from typing import Any, NamedTuple, TypeVar

from django.db import connection, models
from django.db.models import Field, Model, QuerySet
from django.db.models.sql.compiler import SQLCompiler

# SQLite takes no more in one statement, PostgreSQL twice as many.
MOST_PARAMETERS = 30_000
# SQLite joins no more than 500 SELECTs in one statement.
MOST_SELECTS = 400
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
        given = [_padded(value) for value in values]
        known = self._known.__dict__.setdefault(connection.vendor, {})
        shape = tuple(len(one) if isinstance(one, tuple) else type(one) for one in given)
        if (made := known.get(shape)) is None:
            made = known[shape] = self._compile(given)
        flat = [_adapted(one) for one in _flat(given)]
        params = [
            own if place is None else flat[place]
            for own, place in zip(made.params, made.places, strict=True)
        ]
        cursor = connection.cursor()
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


def values_of(row: Model) -> list[Any]:
    """What the database takes for a new row."""
    return _values(_table(type(row)), row)


def _values(table: _Table, row: Model) -> list[Any]:
    found = []
    for attname, field, plain, made in table.columns:
        value = field.pre_save(row, add=True) if made else getattr(row, attname)
        if not (plain and type(value) in PLAIN):
            value = field.get_db_prep_save(value, connection)
        found.append(value)
    return found


def _insert(
    table: _Table, rows: Sequence[Model], unless: Sequence[str], then: Sequence[str]
) -> None:
    params = [value for row in rows for value in _values(table, row)]
    form = (connection.vendor, len(rows), tuple(unless), tuple(then))
    if (sql := table.texts.get(form)) is None:
        sql = table.texts[form] = _insertion(table, len(rows), unless, then)
    cursor = connection.cursor()
    cursor.execute(sql, params)

    def take_keys() -> None:
        with cursor:
            keys = cursor.fetchall()
        for row, (pk,) in zip(rows, keys, strict=True):
            row.pk, row._state.adding, row._state.db = pk, False, connection.alias

    waiting: list[Callable[[], None]] | None = getattr(_STATE, "waiting", None)
    if waiting is None:
        take_keys()
    else:
        waiting.append(take_keys)


def _insertion(table: _Table, count: int, unless: Sequence[str], then: Sequence[str]) -> str:
    name = _quoted(table.model._meta.db_table)
    key = _quoted(str(table.model._meta.pk.column))
    columns = ", ".join(_quoted(one.field.column) for one in table.columns)
    marks = "(" + ", ".join(["%s"] * len(table.columns)) + ")"
    values = ", ".join([marks] * count)
    conflict = _conflict(table.model, unless, then)
    # Only names of our own tables and columns, quoted; every value is a parameter.
    return f"INSERT INTO {name} ({columns}) VALUES {values} {conflict} RETURNING {key}"  # nosec B608


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
    model = type(rows[0])
    key: Any = model._meta.pk
    fields: list[Any] = [model._meta.get_field(name) for name in names]
    columns = [key, *fields]
    values = " UNION ALL ".join(
        "SELECT " + ", ".join(_typed(one) for one in columns) for _row in rows
    )
    table, own = _quoted(model._meta.db_table), _quoted(key.column)
    taken = ", ".join(
        f"{_quoted(one.column)} = new.c{place}" for place, one in enumerate(fields, start=1)
    )
    names_of = ", ".join(f"c{place}" for place in range(len(columns)))
    sql = (
        f"WITH new ({names_of}) AS ({values}) "  # nosec B608
        f"UPDATE {table} SET {taken} FROM new WHERE {table}.{own} = new.c0"
    )
    params = [
        one.get_db_prep_save(getattr(row, one.attname), connection)
        for row in rows
        for one in columns
    ]
    with connection.cursor() as cursor:
        cursor.execute(sql, params)


def _typed(field: Any) -> str:
    """PostgreSQL asks for the type where nothing else tells it; SQLite has none."""
    if connection.vendor == "sqlite":
        return "%s"
    return f"CAST(%s AS {field.rel_db_type(connection) if field.primary_key else field.db_type(connection)})"


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)
