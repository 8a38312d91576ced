"""Rows written with the fields' own conversions and one text for each table, in as few statements as they need."""

from collections.abc import Sequence
from itertools import compress
from typing import Any, TypeVar

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model

from accounts.statements import bundles, cursors
from accounts.statements.new_rows import NewRow, Table, model_of, table_of
from accounts.statements.row_json import packed
from accounts.statements.row_texts import Form, insertion, updating
from accounts.statements.row_values import taker

# SQLite takes no more in one statement, PostgreSQL twice as many.
MOST_PARAMETERS = 30_000
# SQLite joins no more than 500 SELECTs in one statement.
MOST_SELECTS = 400
# The driver remembers how it rewrote a statement for the server where there are no more parameters than this. A longer one it takes
# apart anew each time, which costs more than all the rest of sending it.
MOST_REMEMBERED = 50

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
    table = table_of(rows[0])
    most = MOST_PARAMETERS // len(table.fields)
    for start in range(0, len(rows), most):
        _insert(table, rows[start : start + most], unless, then, keys=keys)
    return rows


def update(rows: Sequence[Row], names: Sequence[str]) -> None:
    """Write these fields of existing rows of one model, in as few statements as they need."""
    for start in range(0, len(rows), MOST_SELECTS):
        _update(rows[start : start + MOST_SELECTS], names)


def _insert(
    table: Table, rows: Sequence[Row], unless: Sequence[str], then: Sequence[str], *, keys: bool
) -> None:
    own, bundle = cursors.own(), bundles.current()
    keyed = rows[0].pk is not None
    columns, used = taker(table.model, None, own.vendor).take(rows, own, new=True)
    if keyed:
        columns, used = [[row.pk for row in rows], *columns], (True, *used)
    is_packed = bundle is not None or _is_long(own, sum(used) * len(rows))
    asked = keys and (bundle is None or not (keyed or unless))
    # One text for any number of rows where they go as one parameter.
    count = 0 if is_packed else len(rows)
    form = Form(own.vendor, count, used, tuple(unless), tuple(then), keyed, asked)
    if (sql := table.texts.get(form)) is None:
        sql = table.texts[form] = insertion(table, form)
    kept = list(compress(columns, used))
    if bundle is not None:
        bundle.add(sql, packed(kept), rows if asked else ())
        return
    with own.cursor() as cursor:
        cursor.execute(sql, [packed(kept)] if is_packed else _by_row(kept))
        made = cursor.fetchall() if asked else ()
    for row, (pk,) in zip(rows if asked else (), made, strict=True):
        bundles.keep_key(row, pk, own.alias)


def _update(rows: Sequence[Model | NewRow], names: Sequence[str]) -> None:
    own, model = cursors.own(), model_of(rows[0])
    columns = taker(model, tuple(names), own.vendor).take(rows, own, new=False).columns
    bundle, count = bundles.current(), len(rows)
    is_packed = bundle is not None or _is_long(own, count * len(columns))
    if is_packed:
        sql = updating(own.vendor, model, tuple(names), 0, most=1 << (count - 1).bit_length())
    else:
        sql = updating(own.vendor, model, tuple(names), count)
    if bundle is not None:
        bundle.add(sql, packed(columns))
        return
    with own.cursor() as cursor:
        cursor.execute(sql, [packed(columns)] if is_packed else _by_row(columns))


def _is_long(own: BaseDatabaseWrapper, parameters: int) -> bool:
    return own.vendor == "postgresql" and parameters > MOST_REMEMBERED


def _by_row(columns: Sequence[Sequence[Any]]) -> list[Any]:
    return [one for row in zip(*columns, strict=True) for one in row]
