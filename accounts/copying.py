"""Many rows at once into PostgreSQL: by COPY, and from a staging table by one statement in the order of the keys.

SQLite has no COPY and needs none, for no network lies between: there the callers write through the ORM. So the writing exists twice, and
nothing else does. Constraints and triggers hold as for every other statement; defaults, `save` and signals play no part.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from contextlib import closing
from itertools import count, islice
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection, connections, transaction
from django.db.models import Model

from accounts import statements
from accounts.statements import NewRow, bundles

Row = TypeVar("Row", bound=Model)
PLACE = "place"
# What COPY takes for something else within a text.
ESCAPES = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})
SPECIAL = re.compile(r"[\\\t\n\r]")
NULL = r"\N"
# Half a megabyte or so.
SENT_AT_ONCE = 4000


def is_possible() -> bool:
    return connection.vendor == "postgresql"


def add(rows: Sequence[Row]) -> None:
    """As `insert`, and where that isn't possible through the ORM."""
    if is_possible():
        insert(rows)
    elif rows:
        type(rows[0])._base_manager.bulk_create(rows)


def insert(rows: Sequence[Model | NewRow]) -> None:
    """Write new rows of one model, and give them their keys. Raise `IntegrityError` where one is there already."""
    if not rows:
        return
    model = statements.model_of(rows[0])
    for row, key in zip(rows, new_keys(model, len(rows)), strict=True):
        row.pk = key
    names = [model._meta.pk.attname, *statements.names_of(model)]
    values = zip(rows, statements.values_of(rows), strict=True)
    insert_values(model, names, ([row.pk, *found] for row, found in values))
    for row in rows:
        bundles.keep_key(row, row.pk or 0, connection.alias)


def new_keys(model: type[Model], count: int) -> list[int]:
    """Keys that nobody else will get, in the order in which rows are written."""
    sql = "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s::bigint)"
    with closing(connection.cursor()) as cursor:
        cursor.execute(sql, [_quoted(model._meta.db_table), model._meta.pk.column, count])
        return [key for (key,) in cursor.fetchall()]


def insert_values(model: type[Model], names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write new rows, each the values of these attributes as the database takes them; the key is one of them or makes itself."""
    _copy(_quoted(model._meta.db_table), [_column(model, name) for name in names], rows)


def update(rows: Sequence[Model | NewRow], names: Sequence[str]) -> None:
    """Write these fields of existing rows of one model."""
    if not rows:
        return
    model = statements.model_of(rows[0])
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


class Staged:
    """Rows in the staging table, on their way over what stands in the table of their model under the same keys.

    `key` names the attributes of a unique constraint, and no two rows share one. Places count from 0. There is one staging table for
    each model: these rows are in it until the next ones come, or the transaction ends.
    """

    def __init__(
        self,
        model: type[Model],
        key: Sequence[str],
        content: Sequence[str],
        values: Sequence[Sequence[Any]],
    ) -> None:
        """`values` are those of `key` and `content`, column by column."""
        self._keys = [_column(model, name) for name in key]
        self._contents = [_column(model, name) for name in content]
        self._columns = ", ".join((*self._keys, *self._contents))
        self._table, self._count = _quoted(model._meta.db_table), len(values[0])
        self._staging = _staging(model)
        _create_staging(model)
        with closing(connection.cursor()) as cursor, connection.wrap_database_errors:
            sql = f"COPY {self._staging} ({PLACE}, {self._columns}) FROM STDIN"
            with cursor.copy(sql) as copy:
                for block in _blocks(values):
                    copy.write(block)

    def add(self) -> bool:
        """Write them if none stands there, and say whether that was so."""
        try:
            with transaction.atomic():
                if self._insert("NOTHING") < self._count:
                    raise _OneStands
        except _OneStands:
            return False
        return True

    def standing(self) -> Mapping[int, bool]:
        """The places of the rows whose key stands there, and whether the content differs."""
        same = " AND ".join(f"old.{one} = new.{one}" for one in self._keys)
        before, after = (
            ", ".join(f"{side}.{one}" for one in self._contents) for side in ("old", "new")
        )
        sql = (
            f"SELECT {PLACE}, ({before}) IS DISTINCT FROM ({after}) "  # nosec B608
            f"FROM {self._staging} AS new JOIN {self._table} AS old ON {same}"
        )
        with closing(connection.cursor()) as cursor:
            cursor.execute(sql)
            return dict(cursor.fetchall())

    def put(self, *, without: Set[int]) -> None:
        """Write all others, over what stands there."""
        if without:
            with closing(connection.cursor()) as cursor:
                sql = f"DELETE FROM {self._staging} WHERE {PLACE} = ANY(%s::int[])"  # nosec B608
                cursor.execute(sql, [list(without)])
        taken = ", ".join(f"{one} = excluded.{one}" for one in self._contents)
        # Names of columns of our own.
        self._insert(f"UPDATE SET {taken}")  # nosec B608

    def _insert(self, otherwise: str) -> int:
        """Sorted, so that neighbours in the index are written together and two runs lock in one order."""
        keys = ", ".join(self._keys)
        # Only names of our own tables and columns, quoted.
        sql = (
            f"INSERT INTO {self._table} ({self._columns}) SELECT {self._columns} "  # nosec B608
            f"FROM {self._staging} ORDER BY {keys} ON CONFLICT ({keys}) DO {otherwise}"
        )
        with closing(connection.cursor()) as cursor:
            cursor.execute(sql)
            written: int = cursor.rowcount
        return written


class _OneStands(Exception):
    """What was written is taken back."""


def _texts(column: Sequence[Any]) -> Iterable[str]:
    kinds = set(map(type, column))
    if kinds == {int}:
        return map(str, column)
    if kinds == {str} and not SPECIAL.search("".join(column)):
        return column
    return map(_Texts().__getitem__, column)


class _Texts(dict[Any, str]):
    """Values as COPY reads them; those of a column are often the same."""

    def __missing__(self, value: Any) -> str:
        text = self[value] = NULL if value is None else str(value).translate(ESCAPES)
        return text


def _blocks(values: Sequence[Sequence[Any]]) -> Iterator[str]:
    """The rows as COPY reads them, each after its place."""
    texts = [_texts(column) for column in values]
    lines = map("\t".join, zip(map(str, count()), *texts, strict=False))
    while block := list(islice(lines, SENT_AT_ONCE)):
        yield "\n".join((*block, ""))


def _stage(model: type[Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """Fill the staging table of the model and give its name."""
    _create_staging(model)
    _copy(staging := _staging(model), columns, rows)
    return staging


def _create_staging(model: type[Model]) -> None:
    """Empty; it lives as long as the connection."""
    staging = _staging(model)
    with closing(connection.cursor()) as cursor:
        cursor.execute(
            f"CREATE TEMPORARY TABLE IF NOT EXISTS {staging} AS "  # nosec B608
            f"SELECT 0 AS {PLACE}, * FROM {_quoted(model._meta.db_table)} WITH NO DATA"
        )
        cursor.execute(f"TRUNCATE {staging}")


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
