"""Several questions as one statement of PostgreSQL: each a JSON text of its rows, taken apart here.

A statement costs client and server more than the rows of a family do, and one statement sees one picture of everything.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

import orjson
from django.db import models

Rows = Sequence[Sequence[Any]]
Reading = Callable[[str], Any]
# What JSON would give as something else than the driver does, and nobody here asks for.
REFUSED = (models.BinaryField, models.DecimalField, models.DurationField, models.TimeField)


class Gathered(NamedTuple):
    """A question as a part of a larger one. `readings` are by column, of those that JSON gives as texts."""

    sql: str
    readings: tuple[tuple[int, Reading], ...]


def part(sql: str, fields: Sequence[Any]) -> Gathered:
    """`fields` are those of the columns, None for a number or a text. Raise TypeError for a column of `REFUSED`."""
    names = [f"c{place}" for place in range(len(fields))]
    listed = ", ".join(
        f"{name}::text" if isinstance(field, models.JSONField) else name
        for name, field in zip(names, fields, strict=True)
    )
    # The rows keep the order of the question. Texts of our own: every value is a parameter.
    text = f"SELECT json_agg(json_build_array({listed})) FROM ({sql}) AS one ({', '.join(names)})"  # nosec B608
    return Gathered(
        text, tuple((place, _reading(one)) for place, one in enumerate(fields) if _reading(one))
    )


def _reading(field: Any) -> Any:
    if isinstance(field, REFUSED):
        raise TypeError(f"{field} is something else in JSON")
    if isinstance(field, models.UUIDField):
        return UUID
    if isinstance(field, models.DateTimeField):
        return datetime.fromisoformat
    return date.fromisoformat if isinstance(field, models.DateField) else None


class Gathering:
    """What is asked until it is `sent`."""

    def __init__(self) -> None:
        self._parts: list[Gathered] = []
        self._params: list[Any] = []
        self._cursor: Any = None
        self._found: list[list[list[Any]]] | None = None

    def add(self, one: Gathered, params: Sequence[Any]) -> Callable[[], Rows]:
        """What gives the rows once the statement is sent."""
        place = len(self._parts)
        self._parts.append(one)
        self._params.extend(params)
        return lambda: self._rows(place)

    @property
    def is_wanted(self) -> bool:
        return bool(self._parts)

    def statement(self) -> tuple[str, list[Any]]:
        return _text(tuple(one.sql for one in self._parts)), self._params

    def sent(self, cursor: Any) -> None:
        self._cursor = cursor

    def _rows(self, place: int) -> Rows:
        if self._found is None:
            with self._cursor as cursor:
                [texts] = cursor.fetchall()
            self._found = [orjson.loads(one) if one else [] for one in texts]
        rows = self._found[place]
        for column, read in self._parts[place].readings:
            for row in rows:
                if row[column] is not None:
                    row[column] = read(row[column])
        return rows


@cache
def _text(parts: tuple[str, ...]) -> str:
    return "SELECT " + ", ".join(f"({one})::text" for one in parts)  # nosec B608
