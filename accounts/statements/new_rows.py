"""Rows to be written, made without what makes a model slow to make, and what is known of their tables."""

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import Any, NamedTuple

from django.db.models import Model

from accounts.statements import cursors
from accounts.statements.row_values import taker, written


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


class Table(NamedTuple):
    """`row` makes rows. `left_out` are what else makes values for a row, by the names of those that are given.

    `texts` are the statements that were needed so far.
    """

    model: type[Model]
    fields: tuple[Any, ...]
    row: type[NewRow]
    left_out: dict[tuple[str, ...], Makers]
    texts: dict[Any, str]


def _makers(table: Table, names: Sequence[str]) -> Makers:
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


def table_of(row: Model | NewRow) -> Table:
    return _table(model_of(row))


@cache
def _table(model: type[Model]) -> Table:
    fields = tuple(written(model))
    constants = {one.attname: one.get_default() for one in fields if not _is_made(one)}
    row = type(f"New{model.__name__}", (NewRow,), {"model": model, **constants})
    return Table(model, fields, row, {}, {})


def names_of(model: type[Model]) -> list[str]:
    """The attributes that are written for a new row, in the order of `values_of`; its key is none of them."""
    return [one.attname for one in _table(model).fields]


def values_of(rows: Sequence[Model | NewRow]) -> Iterator[Sequence[Any]]:
    """What the database takes for each of these new rows of one model."""
    own = cursors.own()
    return taker(model_of(rows[0]), None, own.vendor).take(rows, own, new=True).rows()
