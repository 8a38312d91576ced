"""Many rows at once into PostgreSQL: by COPY, and from a staging table by one statement in the order of the keys.

SQLite has no COPY and needs none, for no network lies between: there the callers write through the ORM. So the writing exists twice, and
nothing else does. Constraints and triggers hold as for every other statement; defaults, `save` and signals play no part.
"""

from collections.abc import Iterable, Sequence
from contextlib import closing
from functools import cache
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.models import Model

from accounts import statements

Row = TypeVar("Row", bound=Model)
PLACE = "place"


def is_possible() -> bool:
    return connection.vendor == "postgresql"


def add(rows: Sequence[Row]) -> None:
    """As `insert`, and where that isn't possible through the ORM."""
    if is_possible():
        insert(rows)
    elif rows:
        type(rows[0])._base_manager.bulk_create(rows)


def insert(rows: Sequence[Row]) -> None:
    """Write new rows of one model, and give them their keys. Raise `IntegrityError` where one is there already."""
    if not rows:
        return
    model = type(rows[0])
    for row, key in zip(rows, new_keys(model, len(rows)), strict=True):
        row.pk = key
    names = [model._meta.pk.attname, *statements.names_of(model)]
    values = zip(rows, statements.values_of(rows), strict=True)
    insert_values(model, names, ([row.pk, *found] for row, found in values))
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias


def new_keys(model: type[Model], count: int) -> list[int]:
    """Keys that nobody else will get, in the order in which rows are written."""
    sql = "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s::bigint)"
    with closing(connection.cursor()) as cursor:
        cursor.execute(sql, [_quoted(model._meta.db_table), model._meta.pk.column, count])
        return [key for (key,) in cursor.fetchall()]


def insert_values(model: type[Model], names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write new rows, each the values of these attributes as the database takes them; the key is one of them or makes itself."""
    _copy(_quoted(model._meta.db_table), [_column(model, name) for name in names], rows)


def update(rows: Sequence[Row], names: Sequence[str]) -> None:
    """Write these fields of existing rows of one model."""
    if not rows:
        return
    model = type(rows[0])
    fields: list[Any] = [model._meta.pk, *(model._meta.get_field(name) for name in names)]
    columns = [_quoted(one.column) for one in fields]
    own = connections[DEFAULT_DB_ALIAS]
    staging = _stage(
        model,
        columns,
        ([one.get_db_prep_save(getattr(row, one.attname), own) for one in fields] for row in rows),
    )
    table, key = _quoted(model._meta.db_table), columns[0]
    taken = ", ".join(f"{one} = new.{one}" for one in columns[1:])
    sql = f"UPDATE {table} SET {taken} FROM {staging} AS new WHERE {table}.{key} = new.{key}"  # nosec B608
    with closing(connection.cursor()) as cursor:
        cursor.execute(sql)


def merge(
    model: type[Model], key: Sequence[str], content: Sequence[str], rows: Iterable[Sequence[Any]]
) -> dict[int, bool]:
    """Write rows, each its place and the values of `key` and `content`, over what stands under the same key.

    Return of the places whose key was there whether the content differed; the others are new. `key` is that of a unique
    constraint, and no two rows share one.
    """
    keys = [_column(model, name) for name in key]
    contents = [_column(model, name) for name in content]
    _stage(model, [PLACE, *keys, *contents], rows)
    with closing(connection.cursor()) as cursor:
        cursor.execute(_merging(model, tuple(keys), tuple(contents)))
        return dict(cursor.fetchall())


@cache
def _merging(model: type[Model], keys: tuple[str, ...], contents: tuple[str, ...]) -> str:
    """The rows go in sorted, so that neighbours in the index are written together and two runs lock in one order."""
    table, staging = _quoted(model._meta.db_table), _staging(model)
    same = " AND ".join(f"old.{one} = new.{one}" for one in keys)
    columns = ", ".join((*keys, *contents))
    taken = ", ".join(f"{one} = excluded.{one}" for one in contents)
    before, after = (", ".join(f"{side}.{one}" for one in contents) for side in ("old", "new"))
    # Only names of our own tables and columns, quoted.
    return f"""
        WITH stood AS MATERIALIZED (
            SELECT new.{PLACE}, ({before}) IS DISTINCT FROM ({after}) AS differs
            FROM {staging} AS new JOIN {table} AS old ON {same}
        ), written AS (
            INSERT INTO {table} ({columns})
            SELECT {columns} FROM {staging} AS new LEFT JOIN stood USING ({PLACE})
            WHERE stood.differs IS NOT FALSE
            ORDER BY {", ".join(keys)}
            ON CONFLICT ({", ".join(keys)}) DO UPDATE SET {taken}
        )
        SELECT {PLACE}, differs FROM stood"""  # nosec B608


def _stage(model: type[Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """Fill the staging table of the model, which lives as long as the connection, and give its name."""
    staging = _staging(model)
    with closing(connection.cursor()) as cursor:
        cursor.execute(
            f"CREATE TEMPORARY TABLE IF NOT EXISTS {staging} AS "  # nosec B608
            f"SELECT 0 AS {PLACE}, * FROM {_quoted(model._meta.db_table)} WITH NO DATA"
        )
        cursor.execute(f"TRUNCATE {staging}")
    _copy(staging, columns, rows)
    return staging


def _copy(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    sql = f"COPY {table} ({', '.join(columns)}) FROM STDIN"
    with (
        connection.wrap_database_errors,
        closing(connection.cursor()) as cursor,
        cursor.copy(sql) as copy,
    ):
        for row in rows:
            copy.write_row(row)


def _staging(model: type[Model]) -> str:
    return _quoted(f"staging_{model._meta.db_table}")


def _column(model: type[Model], name: str) -> str:
    field: Any = model._meta.get_field(name)
    return _quoted(field.column)


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)
