"""Cursors for texts that are run many times.

The driver takes a text with `%s` apart to number its places; of a long one it forgets what it found. On PostgreSQL texts are numbered
here, once, and go as they are.
"""

import re
import threading
from asyncio import _get_running_loop
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper
from psycopg import RawCursor, sql

MARK = re.compile(r"%[s%]")
IN_ONE = re.compile(r"IN \(%s\)|%[s%]")
# Few of our own; a text that is made of values is not run here.
MOST_TEXTS = 500
_NUMBERED: dict[str, str] = {}
_STATE = threading.local()


def own() -> BaseDatabaseWrapper:
    """The connection of this thread, as Django keeps it; to ask Django each time costs more than a row.

    Where a loop runs in the thread, as beside a browser in the tests, Django keeps others.
    """
    if _get_running_loop() is not None:
        return connections[DEFAULT_DB_ALIAS]
    found: BaseDatabaseWrapper | None = getattr(_STATE, "own", None)
    if found is None:
        found = _STATE.own = connections[DEFAULT_DB_ALIAS]
    return found


def run(text: str, params: Any) -> Any:
    """The cursor of a statement with `%s`, executed through Django's wrappers as any other."""
    there = own()
    # Whoever looks at statements afterwards gets those that Django can fill in.
    if there.vendor != "postgresql" or there.queries_logged:
        cursor = there.cursor()
        cursor.execute(text, params)
        return cursor
    # As Django's own way to a cursor begins.
    there.close_if_health_check_failed()
    there.ensure_connection()
    cursor = CursorWrapper(RawCursor(there.connection), there)
    cursor.execute(numbered(text), params)
    return cursor


def numbered(text: str) -> str:
    """With $1, $2, … for `%s` and % for `%%`."""
    found = _NUMBERED.get(text)
    if found is None:
        if len(_NUMBERED) >= MOST_TEXTS:
            _NUMBERED.clear()
        places = iter(range(1, len(text)))
        found = _NUMBERED[text] = MARK.sub(
            lambda mark: "%" if mark[0] == "%%" else f"${next(places)}", text
        )
    return found


def with_literals(text: str, fixed: list[Any]) -> str:
    """`text` with those of its places filled in that have a value here, and not None: so the server plans by what they say.

    For what a query says of itself: with a parameter for the state of a row no index of the rows in that state is used.
    """
    values = iter(fixed)

    def fill(mark: re.Match[str]) -> str:
        value = None if mark[0] == "%%" else next(values)
        if value is None:
            return mark[0]
        plain = int(value) if isinstance(value, int) else value
        written: str = sql.Literal(plain).as_string(own().connection)
        return written.replace("%", "%%")

    return MARK.sub(fill, text)


def with_arrays(text: str, types: Iterable[str | None]) -> str:
    """`text` with an array of that type for each of its places that has one: one text for lists of any length.

    Raise ValueError where such a place is no whole list.
    """
    each = iter(types)

    def fill(mark: re.Match[str]) -> str:
        kind = None if mark[0] == "%%" else next(each)
        if kind is None:
            return mark[0]
        if mark[0] == "%s":
            raise ValueError("a list has its place after IN")
        return f"= ANY(CAST(%s AS {kind}))"

    return IN_ONE.sub(fill, text)


def can_be_literal(value: Any) -> bool:
    """Numbers, texts and days; a truth value has a type of its own to the server."""
    return isinstance(value, int | str | date) and not isinstance(value, bool)
