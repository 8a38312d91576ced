"""Keys of rows to be, asked for before: so one statement can write a row and those that name it.

PostgreSQL draws them from the sequences of the tables. SQLite tells a key when the row is written, and waits for nothing.
"""

from collections.abc import Mapping, Sequence
from functools import cache

from django.db import connection
from django.db.models import Model

from accounts import statements
from accounts.statements import Asked, NewRow


class DrawnKeys:
    """So many for each model; more are drawn when they are used up. What is left is nobody's."""

    def __init__(self, counts: Mapping[type[Model], int]) -> None:
        self._counts = dict(counts)
        self._keys: dict[type[Model], list[int]] = {model: [] for model in counts}
        self._asked: Asked | None = None
        self._are_drawn = connection.vendor == "postgresql"
        if self._are_drawn:
            self._asked = _ask(tuple(counts), list(counts.values()))

    def give(self, row: Model | NewRow) -> None:
        """A key larger than those that rows of its model were given here before; none on SQLite."""
        if not self._are_drawn:
            return
        if self._asked is not None:
            self._take(self._asked, tuple(self._counts))
        model = statements.model_of(row)
        if not (keys := self._keys[model]):
            self._take(_ask((model,), [self._counts[model]]), (model,))
        row.pk = keys.pop()

    def _take(self, asked: Asked, models: Sequence[type[Model]]) -> None:
        self._asked = None
        for place, key in sorted(map(tuple, asked.rows()), reverse=True):
            self._keys[models[place]].append(key)


def _ask(models: tuple[type[Model], ...], counts: list[int]) -> Asked:
    return statements.ask(_text(models), counts, columns=2)


@cache
def _text(models: tuple[type[Model], ...]) -> str:
    # Names of our own sequences; the counts are parameters.
    return " UNION ALL ".join(
        f"SELECT {place}, nextval('{_sequence(model)}') FROM generate_series(1, %s::bigint)"  # nosec B608
        for place, model in enumerate(models)
    )


def _sequence(model: type[Model]) -> str:
    """To look it up each time costs more than a number."""
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_serial_sequence(%s, %s)", [table, model._meta.pk.column])
        [name] = cursor.fetchone()
    return str(name)
