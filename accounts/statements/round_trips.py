"""Which statements wait for an answer of their own, and which go along with others."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any

from accounts.statements import ahead, bundles, cursors, gathering
from accounts.statements.bundles import Bundle
from accounts.statements.gathering import Gathered

Rows = Sequence[Sequence[Any]]
Converting = Callable[[Rows], Iterator[Sequence[Any]]]
_STATE = threading.local()


class Asked:
    """A query on its way: `fetch` waits for what came of it."""

    def __init__(self, fetch: Callable[[], Rows], convert: Converting) -> None:
        self._fetch, self._convert = fetch, convert

    def rows(self) -> Iterator[Sequence[Any]]:
        """Once."""
        return self._convert(self._fetch())


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
    return asked(sql, params, gathering.part(sql, [None] * columns), iter)


def asked(sql: str, params: Sequence[Any], gathered: Gathered, convert: Converting) -> Asked:
    """`gathered` is the question as a part of a larger one; `convert` makes of its rows what is wanted."""
    if (larger := getattr(_STATE, "gathering", None)) is not None:
        return Asked(larger.add(gathered, params), convert)
    cursor = sent(sql, params)

    def fetch() -> Rows:
        with cursor:
            found: Rows = cursor.fetchall()
        return found

    return Asked(fetch, convert)


def sent(sql: str, params: Sequence[Any]) -> Any:
    """The cursor of a question; inside `together` its answer comes later."""
    if flow := getattr(_STATE, "flow", None):
        flow()
    return cursors.run(sql, params)


def are_together() -> bool:
    """Whether what is sent now goes without waiting, as inside `together`: there the server takes no COPY."""
    return bundles.current() is not None
