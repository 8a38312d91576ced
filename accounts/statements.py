"""Statements that are made once and run many times.

The ORM compiles each query anew: where a payment is charged that costs more than the database takes for the answer. Here the same
query is compiled once for each thread; rows are written by `accounts.row_writing`, which this module offers, too.
"""

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import QuerySet
from django.db.models.sql.compiler import SQLCompiler

from accounts import ahead, bundles, cursors, gathering
from accounts.bundles import Bundle
from accounts.gathering import Gathered
from accounts.row_writing import (
    NewRow,
    insert,
    model_of,
    names_of,
    new,
    update,
    values_of,
)

# Stand for the values while a query is compiled, and are found again by what they are: so they are nothing that a query names
# itself. The numbers fit into the smallest column.
FIRST_NUMBER, FIRST_DAY, TEXT = 29_000, date(1, 1, 1), "\ue000"
# A family's lists are shorter, those of a batch longer.
MOST_SINGLE = 8
NUMBERS, TEXTS = "bigint[]", "text[]"

__all__ = [
    "Asked",
    "NewRow",
    "Query",
    "are_together",
    "ask",
    "at_once",
    "insert",
    "model_of",
    "names_of",
    "new",
    "sent",
    "together",
    "update",
    "values_of",
]

_STATE = threading.local()
Value = int | str | date | Sequence[int] | Sequence[str]


class _Compiled(NamedTuple):
    """`places` says of each parameter which value it takes, None where it is the query's own.

    `gathered` is the query as a part of a larger one.
    """

    sql: str
    params: tuple[Any, ...]
    places: tuple[int | None, ...]
    compiler: SQLCompiler
    converters: Any
    gathered: Gathered


class Asked:
    """A query on its way: `fetch` waits for what came of it."""

    def __init__(
        self, fetch: Callable[[], Sequence[Sequence[Any]]], made: _Compiled | None = None
    ) -> None:
        self._fetch, self._made = fetch, made

    def rows(self) -> Iterator[Sequence[Any]]:
        """Once."""
        found = self._fetch()
        if self._made is None or not self._made.converters:
            return iter(found)
        converted: Iterator[Sequence[Any]] = self._made.compiler.apply_converters(
            found, self._made.converters
        )
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
        own = cursors.own()
        given = [_shaped(value, own.vendor) for value in values]
        known = self._known.__dict__.setdefault(own.vendor, {})
        shape = tuple(map(_shape, given))
        if (made := known.get(shape)) is None:
            made = known[shape] = self._compile(given)
        flat = [_adapted(one) for one in _flat(given)]
        params = [
            fixed if place is None else flat[place]
            for fixed, place in zip(made.params, made.places, strict=True)
        ]
        return _asked(made.sql, params, made.gathered, made)

    def _compile(self, given: Sequence[Any]) -> _Compiled:
        numbers = iter(range(10_000))
        marks = [_marked(one, numbers) for one in given]
        compiler = self._build(*marks).query.get_compiler(connection=connection)
        sql, params = compiler.as_sql()
        places = {_adapted(mark): place for place, mark in enumerate(_flat(marks))}
        found = tuple(
            places.get(one) if isinstance(one, int | str | date) else None for one in params
        )
        if set(found) - {None} != set(places.values()):
            raise ValueError("a value has no place in the query")
        if connection.vendor == "postgresql":
            sql, params, found = _filled(sql, params, found)
            arrays: dict[int | None, str] = {
                place: one.kind for place, one in enumerate(_flat(given)) if isinstance(one, _Array)
            }
            sql = cursors.with_arrays(sql, [arrays.get(place) for place in found])
        selected = [one[0] for one in (compiler.select or ())[: compiler.col_count]]
        converters = compiler.get_converters(selected)
        gathered = gathering.part(sql, [one.output_field for one in selected])
        return _Compiled(sql, tuple(params), found, compiler, converters, gathered)


def _filled(
    sql: str, params: Sequence[Any], places: Sequence[int | None]
) -> tuple[str, list[Any], tuple[int | None, ...]]:
    """What the query says of itself stands in its text."""
    cursors.own().ensure_connection()
    fixed = [
        one if place is None and cursors.can_be_literal(one) else None
        for one, place in zip(params, places, strict=True)
    ]
    left = [number for number, one in enumerate(fixed) if one is None]
    filled = cursors.with_literals(sql, fixed)
    return filled, [params[one] for one in left], tuple(places[one] for one in left)


@dataclass(frozen=True)
class _Array:
    """A list as one parameter of that type."""

    kind: str
    value: str | list[str]


def _shaped(value: Value, vendor: str) -> Any:
    """As it goes into a query: a short list as its values, a long one on PostgreSQL as one.

    The server keeps a plan for either: of a few values it knows how many there are, and an array can have any length. Lists grow by
    doubling, the last value repeated, so there are few texts.
    """
    if isinstance(value, int | str | date):
        return value
    if not value:
        raise ValueError("a list has a number at least")
    if len(value) > MOST_SINGLE and vendor == "postgresql":
        return _array(value)
    size = 1 << (len(value) - 1).bit_length()
    return (*value, *[value[-1]] * (size - len(value)))


def _array(value: Sequence[int] | Sequence[str]) -> _Array:
    """Numbers are spelled here: the driver would choose the type by the largest, and the server plan for each type."""
    if isinstance(value[0], str):
        return _Array(TEXTS, [str(one) for one in value])
    return _Array(NUMBERS, f"{{{','.join(map(str, value))}}}")


def _shape(one: Any) -> Any:
    if isinstance(one, _Array):
        return one.kind
    return len(one) if isinstance(one, tuple) else type(one)


def _marked(one: Any, numbers: Iterator[int]) -> Any:
    if isinstance(one, _Array):
        return (_mark(TEXT if one.kind == TEXTS else 0, next(numbers)),)
    if isinstance(one, tuple):
        return tuple(_mark(item, next(numbers)) for item in one)
    return _mark(one, next(numbers))


def _mark(value: int | str | date, number: int) -> Any:
    if isinstance(value, date):
        return FIRST_DAY + timedelta(days=number)
    return f"{TEXT}{number}" if isinstance(value, str) else FIRST_NUMBER + number


def _flat(values: Iterable[Any]) -> list[Any]:
    return [item for one in values for item in (one if isinstance(one, tuple) else (one,))]


def _adapted(value: Any) -> Any:
    """As the database's driver wants it."""
    if isinstance(value, _Array):
        return value.value
    return cursors.own().ops.adapt_datefield_value(value) if isinstance(value, date) else value


@contextmanager
def together() -> Iterator[None]:
    """On PostgreSQL questions inside go without waiting for each answer, and writes as one statement; all is there after it.

    A question begins when what stands before it is done; writes that follow each other don't see each other. Rows whose keys are
    not drawn have theirs after it; written anew, they get none. Only inside a transaction, and not inside another.
    """
    own = cursors.own()
    if own.vendor != "postgresql":
        yield
        return
    own.ensure_connection()
    with ExitStack() as stack, bundles.collected() as bundle:
        _STATE.flow = lambda: _flow(stack, bundle)
        try:
            yield
        finally:
            _STATE.flow = None
    ahead.look()


def _flow(stack: ExitStack, bundle: Bundle) -> None:
    """From the first question on nothing waits for an answer; what was written before it is sent before it."""
    bundle.send()
    own = cursors.own()
    stack.enter_context(own.wrap_database_errors)
    stack.enter_context(own.connection.pipeline())
    _STATE.flow = bundle.send


@contextmanager
def at_once() -> Iterator[None]:
    """On PostgreSQL what is asked inside is one statement at its end, with one picture of everything. No locks, no writes inside."""
    if cursors.own().vendor != "postgresql":
        yield
        return
    _STATE.gathering = gathering.Gathering()
    try:
        yield
        made = _STATE.gathering
    finally:
        _STATE.gathering = None
    if made.is_wanted:
        made.sent(sent(*made.statement()))


def ask(sql: str, params: Sequence[Any], *, columns: int) -> Asked:
    """A question of one's own, of numbers and texts alone."""
    return _asked(sql, params, gathering.part(sql, [None] * columns), None)


def _asked(sql: str, params: Sequence[Any], gathered: Gathered, made: _Compiled | None) -> Asked:
    if (larger := getattr(_STATE, "gathering", None)) is not None:
        return Asked(larger.add(gathered, params), made)
    cursor = sent(sql, params)

    def fetch() -> Sequence[Sequence[Any]]:
        with cursor:
            found: Sequence[Sequence[Any]] = cursor.fetchall()
        return found

    return Asked(fetch, made)


def sent(sql: str, params: Sequence[Any]) -> Any:
    """The cursor of a question; inside `together` its answer comes later."""
    if flow := getattr(_STATE, "flow", None):
        flow()
    return cursors.run(sql, params)


def are_together() -> bool:
    """Whether what is sent now goes without waiting, as inside `together`: there the server takes no COPY."""
    return bundles.current() is not None
