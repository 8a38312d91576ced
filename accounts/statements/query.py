"""A query of the ORM that is compiled once for each thread and run many times.

The ORM compiles each query anew: where a payment is charged that costs more than the database takes for the answer.
"""

import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import partial
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import QuerySet
from django.db.models.sql.compiler import SQLCompiler

from accounts.statements import cursors, gathering, round_trips
from accounts.statements.gathering import Gathered
from accounts.statements.round_trips import Asked, Converting, Rows
from accounts.statements.stand_ins import Array, Value, adapted, flat, marked, shape, shaped


class _Compiled(NamedTuple):
    """`places` says of each parameter which value it takes, None where it is the query's own.

    `gathered` is the query as a part of a larger one, `convert` makes of its rows what the fields say.
    """

    sql: str
    params: tuple[Any, ...]
    places: tuple[int | None, ...]
    gathered: Gathered
    convert: Converting


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

    def ask(self, *values: Value) -> Asked:
        """Send it; inside `together` the answer comes later."""
        own = cursors.own()
        given = [shaped(value, own.vendor) for value in values]
        known = self._known.__dict__.setdefault(own.vendor, {})
        form = tuple(map(shape, given))
        if (made := known.get(form)) is None:
            made = known[form] = self._compile(given)
        values_in_order = [adapted(one) for one in flat(given)]
        params = [
            fixed if place is None else values_in_order[place]
            for fixed, place in zip(made.params, made.places, strict=True)
        ]
        return round_trips.asked(made.sql, params, made.gathered, made.convert)

    def _compile(self, given: Sequence[Any]) -> _Compiled:
        marks = marked(given)
        compiler = self._build(*marks).query.get_compiler(connection=connection)
        sql, params = compiler.as_sql()
        places = {adapted(mark): place for place, mark in enumerate(flat(marks))}
        found = tuple(
            places.get(one) if isinstance(one, int | str | date) else None for one in params
        )
        if set(found) - {None} != set(places.values()):
            raise ValueError("a value has no place in the query")
        if connection.vendor == "postgresql":
            sql, params, found = _filled(sql, params, found)
            arrays: dict[int | None, str] = {
                place: one.kind for place, one in enumerate(flat(given)) if isinstance(one, Array)
            }
            sql = cursors.with_arrays(sql, [arrays.get(place) for place in found])
        selected = [one[0] for one in (compiler.select or ())[: compiler.col_count]]
        gathered = gathering.part(sql, [one.output_field for one in selected])
        return _Compiled(sql, tuple(params), found, gathered, _converting(compiler, selected))


def _converting(compiler: SQLCompiler, selected: list[Any]) -> Converting:
    converters = compiler.get_converters(selected)
    if not converters:
        return iter
    return partial(_converted, compiler, converters)


def _converted(compiler: SQLCompiler, converters: Any, rows: Rows) -> Iterator[Sequence[Any]]:
    found: Iterator[Sequence[Any]] = compiler.apply_converters(rows, converters)
    return found


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
