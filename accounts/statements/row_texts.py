"""The texts of statements that write rows: for rows whose values are parameters each, and for rows in one JSON text."""

from collections.abc import Sequence
from functools import cache
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Model

from accounts.statements.new_rows import Table


class Form(NamedTuple):
    """What an insertion looks like; for each form a table keeps its text.

    `many` 0 is any number of rows, in one JSON text. `used` says of each column whether any row has a value. `unless` and `then` are
    as `insert` has them. `keyed`: the rows bring their keys; `asked`: they are told theirs.
    """

    vendor: str
    many: int
    used: tuple[bool, ...]
    unless: tuple[str, ...]
    then: tuple[str, ...]
    keyed: bool
    asked: bool


def insertion(table: Table, form: Form) -> str:
    name, key = _quoted(table.model._meta.db_table), table.model._meta.pk
    fields = [*([key] if form.keyed else []), *table.fields]
    columns = ", ".join(_quoted(one.column) for one in fields)
    source = _listed(form.used, form.many) if form.many else _packed(fields, form.used)
    conflict = _conflict(table.model, form.unless, form.then)
    returning = f"RETURNING {_quoted(str(key.column))}" if form.asked else ""
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
    """A table `new` of what `row_json` packed: c0, c1, … by their places in `types`, and `place`, which counts the rows."""
    keys = ", ".join(f"k{number} {types[place]}" for number, place in enumerate(places))
    names = ", ".join(f"c{place}" for place in places)
    source = f"json_to_recordset(CAST(%s AS json)) AS ({keys})"
    return f"ROWS FROM ({source}) WITH ORDINALITY AS new ({names}, place)"


def _conflict(model: type[Model], unless: Sequence[str], then: Sequence[str]) -> str:
    if not unless:
        return ""
    same = ", ".join(_column(model, name) for name in unless)
    taken = ", ".join(f"{_column(model, name)} = excluded.{_column(model, name)}" for name in then)
    return f"ON CONFLICT ({same}) DO UPDATE SET {taken}"  # nosec B608


def _column(model: type[Model], name: str) -> str:
    field: Any = model._meta.get_field(name)
    return _quoted(field.column)


@cache
def _columns(model: type[Model], names: tuple[str, ...]) -> tuple[Any, ...]:
    """The key, then these fields."""
    return (model._meta.pk, *(model._meta.get_field(name) for name in names))


@cache
def updating(
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
