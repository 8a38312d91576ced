"""Chunks of a run beside each other, each in a transaction and on a connection of its own, so that the server has two hands.

Each begins where the one before it ends, and locks when that one holds its locks. So whoever waits inside here for another chunk waits
for one that waits for nobody, and payments that want accounts of two chunks find them locked in order. They are committed in order.
"""

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper

LANES = 2


class Turn:
    """The place of one chunk behind the one before it, None for the first."""

    def __init__(self, before: "Turn | None" = None) -> None:
        self._before = before
        self._held: Future[int] = Future()
        self.ended: Future[int] = Future()

    def start(self) -> int | None:
        """What the chunk before ends with, when that one holds its locks; None where none was before."""
        return self._before._held.result() if self._before else None

    def hold(self, last: int) -> None:
        """All locks of this chunk are held, and it ends with `last`: the next one may lock its own."""
        self._held.set_result(last)

    def wait(self) -> None:
        """Until the chunk before is committed; raise what ended it where it isn't."""
        if self._before:
            self._before.ended.result()
            self._before = None

    def take(self, work: "Work") -> int:
        try:
            return work(self)
        finally:
            # Where nothing was locked, nobody begins behind it.
            self._held.cancel()


Work = Callable[[Turn], int]


def one_by_one(work: Work) -> Iterator[int]:
    """Do `work` until it says 0, on the caller's connection; yields what it says."""
    while done := work(Turn()):
        yield done


def beside(work: Work) -> Iterator[int]:
    """The same in lanes. What fails ends it when whatever is under way has ended, too."""
    opened: list[BaseDatabaseWrapper] = []
    pool = ThreadPoolExecutor(LANES, "lane", initializer=partial(_connect, opened))
    turns: deque[Turn] = deque()
    last = None
    try:
        while True:
            while len(turns) < LANES:
                last = Turn(last)
                last.ended = pool.submit(last.take, work)
                turns.append(last)
            if not (done := turns.popleft().ended.result()):
                return
            yield done
    finally:
        pool.shutdown(cancel_futures=True)
        for one in opened:
            one.close()


def _connect(opened: list[BaseDatabaseWrapper]) -> None:
    """Note a thread's connection, which another thread closes."""
    connection = connections[DEFAULT_DB_ALIAS]
    connection.inc_thread_sharing()
    opened.append(connection)
