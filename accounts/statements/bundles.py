"""Writes that go to PostgreSQL as one statement: each a common table expression, its rows one JSON text.

A statement costs client and server more than its rows do. The parts see the tables as they were before, so none may depend on
what another writes; keys that one row needs of another are drawn before.
"""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from django.db.models import Model
from psycopg.types.json import Json

from accounts.statements import cursors

# Which tables are written together: a few verbs, with and without this or that.
MOST_TEXTS = 200
_STATE = threading.local()


class Bundle:
    """What waits to be sent. `add` gives rows whose keys the database makes; they have them after `send`."""

    def __init__(self) -> None:
        self._parts: list[tuple[str, Json, Sequence[Any]]] = []

    def add(self, sql: str, rows_json: Json, made: Sequence[Any] = ()) -> None:
        """`sql` ends with RETURNING of the key where `made` wait for theirs."""
        self._parts.append((sql, rows_json, made))

    def send(self) -> None:
        """Raise what the database raises."""
        if not self._parts:
            return
        parts, self._parts = self._parts, []
        own = cursors.own()
        shape = tuple((sql, bool(made)) for sql, _json, made in parts)
        with cursors.run(
            _text(shape), [rows_json for _sql, rows_json, _ in reversed(parts)]
        ) as one:
            found = one.fetchall()
        for place, (_sql, _json, made) in enumerate(parts):
            if made:
                # Keys are made in the order in which the rows are written.
                keys = sorted(key for part, key in found if part == place)
                for row, key in zip(made, keys, strict=True):
                    keep_key(row, key, own.alias)


def keep_key(row: Any, key: int, alias: str) -> None:
    """The row is there now."""
    row.pk = key
    if isinstance(row, Model):
        row._state.adding, row._state.db = False, alias


@lru_cache(maxsize=MOST_TEXTS)
def _text(parts: tuple[tuple[str, bool], ...]) -> str:
    """Of the statements, and whether keys are wanted of them."""
    # Texts of our own: every value is a parameter.
    # The server runs the last one first where nothing depends on it: so what was written first is refused first, too.
    named = ", ".join(
        f"w{place} AS ({sql})" for place, (sql, _wanted) in reversed([*enumerate(parts)])
    )
    wanted = [
        f"SELECT {place} AS part, made FROM w{place} AS one (made)"  # nosec B608
        for place, (_sql, wants_keys) in enumerate(parts)
        if wants_keys
    ]
    return f"WITH {named} {' UNION ALL '.join(wanted) or 'SELECT 0, 0 WHERE false'}"  # nosec B608


def current() -> Bundle | None:
    """Where writes of this thread wait; None where each goes by itself."""
    found: Bundle | None = getattr(_STATE, "bundle", None)
    return found


@contextmanager
def collected() -> Iterator[Bundle]:
    """Writes inside wait for the end, and are forgotten where it raises. Inside `put_off` they wait on."""
    later: Bundle | None = getattr(_STATE, "later", None)
    _STATE.bundle = bundle = later or Bundle()
    try:
        yield bundle
        if later is None:
            bundle.send()
    finally:
        _STATE.bundle = None


@contextmanager
def put_off() -> Iterator[None]:
    """What is collected inside goes with the last writes of the transaction, or before the next other statement.

    An error of these writes comes when they go. Not inside another.
    """
    own = cursors.own()
    if own.vendor != "postgresql":
        yield
        return
    bundle = Bundle()

    def send_first(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        bundle.send()
        return execute(sql, params, many, context)

    _STATE.later = bundle
    try:
        with own.execute_wrapper(send_first):
            yield
            bundle.send()
    finally:
        _STATE.later = None
