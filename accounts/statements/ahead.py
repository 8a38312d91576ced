"""A question that must be answered before anything else is known, and yet need not be waited for by itself.

It goes to PostgreSQL ahead of the first statement, in the round trip of that one where it waits for nobody, and what came of it is
looked at before what came of the others. SQLite is asked at once.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from psycopg import pq

from accounts.statements import cursors

_STATE = threading.local()
Asked = TypeVar("Asked")


@contextmanager
def of(ask: Callable[[], Asked], check: Callable[[Asked], None]) -> Iterator[None]:
    """`check` gets what `ask` gave, and raises where the rest is not to be, whatever else went wrong. Not inside another.

    What stands in one `together` with the question has locked its rows by then, and told nothing. The first statement inside is none of
    `at_once`.
    """
    own = cursors.own()
    if own.vendor != "postgresql":
        check(ask())
        yield
        return
    question = _STATE.question = _Question(ask, check)

    def begin_first(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        question.begin(own)
        return execute(sql, params, many, context)

    try:
        with own.execute_wrapper(begin_first):
            try:
                yield
            finally:
                question.begin(own)
    finally:
        _STATE.question = None


def look() -> None:
    """Where what was asked together is there: raise what `check` raises."""
    if question := getattr(_STATE, "question", None):
        question.look()


class _Question:
    def __init__(self, ask: Callable[[], Any], check: Callable[[Any], None]) -> None:
        self._ask, self._check = ask, check
        self._is_asked = self._is_looked_at = False
        self._asked: Any = None
        self._stop: Exception | None = None

    def begin(self, own: Any) -> None:
        """Ask, once: in the round trip that has begun, or in one of its own, whose answer is looked at here."""
        if self._is_asked:
            return
        self._is_asked = True
        if own.connection.pgconn.pipeline_status != pq.PipelineStatus.OFF:
            self._asked = self._ask()
            return
        with own.wrap_database_errors, own.connection.pipeline():
            self._asked = self._ask()
        self.look()

    def look(self) -> None:
        """Once; whoever goes on after it raised hears it again."""
        if self._stop is not None:
            raise self._stop
        if not self._is_asked or self._is_looked_at:
            return
        self._is_looked_at = True
        try:
            self._check(self._asked)
        except Exception as error:
            self._stop = error
            raise
