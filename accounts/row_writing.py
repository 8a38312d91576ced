"""Rows written with the fields' own conversions and one text for each table; `accounts.statements` offers it."""

import json
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from ipaddress import IPv4Address, IPv6Address
from itertools import compress, repeat
from typing import Any, NamedTuple, TypeVar

import orjson
from django.db import DataError, connection
from django.db.models import Model
from psycopg.types.json import Json, Jsonb

from accounts import bundles, cursors
from accounts.row_values import Taker, taker, written

# SQLite takes no more in one statement, PostgreSQL twice as many.
MOST_PARAMETERS = 30_000
# SQLite joins no more than 500 SELECTs in one statement.
MOST_SELECTS = 400
# The driver remembers how it rewrote a statement for the server where there are no more parameters than this. A longer one it takes
# apart anew each time, which costs more than all the rest of sending it.
MOST_REMEMBERED = 50
# What a column may hold, that JSON has no form for, and PostgreSQL reads as it is printed.
AS_TEXT = (IPv4Address, IPv6Address)

Row = TypeVar("Row", bound="Model | NewRow")


def insert(
    rows: Sequence[Row],
    *,
    unless: Sequence[str] = (),
    then: Sequence[str] = (),
    keys: bool = True,
) -> Sequence[Row]:
    """Write new rows of one model, in as few statements as they need, and give them their keys unless nobody wants them.

    As `bulk_create`: no `save`, no signal. Where a row with the same `unless` is there, its fields `then` are written anew.
    """
    if not rows:
        return rows
    table = _table_of(rows[0])
    most = MOST_PARAMETERS // len(table.fields)
    for start in range(0, len(rows), most):
        _insert(table, rows[start : start + most], unless, then, keys=keys)
    return rows


class NewRow:
    """A row that is written and of no more use: its attributes as the model's, without what makes a model slow to make.

    Of each model there is a class, whose attributes are the defaults that are always the same.
    """

    model: type[Model]
    pk: int | None = None

    def __init__(self, values: dict[str, Any]) -> None:
        self.__dict__ = values


def new(model: type[Model], **values: Any) -> NewRow:
    """A row to be inserted. Relations are given by their keys, as `person_id`; what is left out has its default."""
    table, names = _table(model), tuple(values)
    if (makers := table.left_out.get(names)) is None:
        makers = table.left_out[names] = _makers(table, names)
    for name, make in makers:
        values[name] = make()
    return table.row(values)


Makers = Sequence[tuple[str, Callable[[], Any]]]


class _Table(NamedTuple):
    """`row` makes rows. `left_out` are what else makes values for a row, by the names of those that are given.

    `texts` are the statements that were needed so far.
    """

    model: type[Model]
    fields: tuple[Any, ...]
    row: type[NewRow]
    left_out: dict[tuple[str, ...], Makers]
    texts: dict[Any, str]


def _makers(table: _Table, names: Sequence[str]) -> Makers:
    """The defaults that are made anew for each row, of those fields that have no value."""
    wrong = sorted({*names} - {one.attname for one in table.fields})
    if wrong:
        raise TypeError(f"{table.model.__name__} has no column {wrong}")
    return [
        (one.attname, one.default)
        for one in table.fields
        if _is_made(one) and one.attname not in names
    ]


def _is_made(field: Any) -> bool:
    """Django's mark for no default is a class, and could be called."""
    return bool(field.has_default() and callable(field.default))


def model_of(row: Model | NewRow) -> type[Model]:
    return row.model if isinstance(row, NewRow) else type(row)


def _table_of(row: Model | NewRow) -> _Table:
    return _table(model_of(row))


@cache
def _table(model: type[Model]) -> _Table:
    fields = tuple(written(model))
    constants = {one.attname: one.get_default() for one in fields if not _is_made(one)}
    row = type(f"New{model.__name__}", (NewRow,), {"model": model, **constants})
    return _Table(model, fields, row, {}, {})


def names_of(model: type[Model]) -> list[str]:
    """The attributes that are written for a new row, in the order of `values_of`; its key is none of them."""
    return [one.attname for one in _table(model).fields]


def values_of(rows: Sequence[Model | NewRow]) -> Iterator[Sequence[Any]]:
    """What the database takes for each of these new rows of one model."""
    own = cursors.own()
    return _taker(_table_of(rows[0]).model, own.vendor).take(rows, own, new=True).rows()


def _taker(model: type[Model], vendor: str, names: tuple[str, ...] | None = None) -> Taker:
    return taker(model, names, vendor)


def _insert(
    table: _Table, rows: Sequence[Row], unless: Sequence[str], then: Sequence[str], *, keys: bool
) -> None:
    own, bundle = cursors.own(), bundles.current()
    drawn = rows[0].pk is not None
    columns, used = _taker(table.model, own.vendor).take(rows, own, new=True)
    if drawn:
        columns, used = [[row.pk for row in rows], *columns], (True, *used)
    packed = bundle is not None or (
        own.vendor == "postgresql" and sum(used) * len(rows) > MOST_REMEMBERED
    )
    asked = keys and (bundle is None or not (drawn or unless))
    # One text for any number of rows where they go as one parameter.
    form = (own.vendor, 0 if packed else len(rows), used, tuple(unless), tuple(then), asked)
    if (sql := table.texts.get(form)) is None:
        sql = table.texts[form] = _insertion(table, form, drawn=drawn)
    kept = list(compress(columns, used))
    if bundle is not None:
        bundle.add(sql, _json(kept), rows if asked else ())
        return
    with own.cursor() as cursor:
        cursor.execute(sql, [_json(kept)] if packed else _by_row(kept))
        made = cursor.fetchall() if asked else ()
    for row, (pk,) in zip(rows if asked else (), made, strict=True):
        bundles.keep_key(row, pk, own.alias)


def _insertion(table: _Table, form: tuple[Any, ...], *, drawn: bool) -> str:
    _vendor, count, used, unless, then, asked = form
    name, key = _quoted(table.model._meta.db_table), table.model._meta.pk
    fields = [*([key] if drawn else []), *table.fields]
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


def _by_row(columns: Sequence[Sequence[Any]]) -> list[Any]:
    return [one for row in zip(*columns, strict=True) for one in row]


def _json(columns: Sequence[Sequence[Any]]) -> Any:
    """One parameter. Raise `DataError` for what no column holds, as half a character or a huge number; the server refuses the rest.

    Of a moment's offset the seconds are rounded away, which clocks had before there were time zones: ours have none.
    """
    # Mapped, as every row of every table comes by here.
    rows = list(map(dict, map(zip, repeat(_key_names(len(columns))), zip(*columns, strict=True))))
    try:
        # The driver takes the bytes as they are: as a text they would be decoded here and encoded there.
        return Json(orjson.dumps(rows, default=_plain), dumps=bytes)
    except orjson.JSONEncodeError as error:
        raise DataError(str(error)) from error


@cache
def _key_names(count: int) -> tuple[str, ...]:
    return tuple(f"k{number}" for number in range(count))


def _plain(value: Any) -> Any:
    """What the driver wraps, and what is text to the server. What else there may be is a mistake."""
    if isinstance(value, Jsonb):
        return _document(value)
    if isinstance(value, AS_TEXT):
        return str(value)
    raise TypeError


def _document(value: Jsonb) -> orjson.Fragment:
    """As the field itself would write it: also what orjson refuses, and NaN, of which it would make null and PostgreSQL an error."""
    try:
        text = orjson.dumps(value.obj)
    except orjson.JSONEncodeError:
        text = b"null"
    return orjson.Fragment(text if b"null" not in text else (value.dumps or json.dumps)(value.obj))


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
    own, model = cursors.own(), _table_of(rows[0]).model
    columns = _taker(model, own.vendor, tuple(names)).take(rows, own, new=False).columns
    bundle = bundles.current()
    packed = bundle is not None or (
        own.vendor == "postgresql" and len(rows) * len(columns) > MOST_REMEMBERED
    )
    count = len(rows)
    if packed:
        sql = _updating(own.vendor, model, tuple(names), 0, most=1 << (count - 1).bit_length())
    else:
        sql = _updating(own.vendor, model, tuple(names), count)
    if bundle is not None:
        bundle.add(sql, _json(columns))
        return
    with own.cursor() as cursor:
        cursor.execute(sql, [_json(columns)] if packed else _by_row(columns))


@cache
def _columns(model: type[Model], names: tuple[str, ...]) -> tuple[Any, ...]:
    """The key, then these fields."""
    return (model._meta.pk, *(model._meta.get_field(name) for name in names))


@cache
def _updating(
    _vendor: str, model: type[Model], names: tuple[str, ...], count: int, most: int = 0
) -> str:
    """The statement for so many rows; where `count` is 0, for those in one JSON text, `most` at most.

    The server takes any JSON for a hundred rows and reads a whole small table for them; told how many there are, it looks them up.
    """
    columns = _columns(model, names)
    places = range(len(columns))
    if count:
        row = "SELECT " + ", ".join(_typed(one) for one in columns)
        source = " UNION ALL ".join([row] * count)
    else:
        source = f"SELECT * FROM {_unpacked(places, [_type(one) for one in columns])} LIMIT {most}"  # nosec B608
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
