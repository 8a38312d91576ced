"""Breaks a call off at one of its boundaries: before any of its statements, and right before and right after each COMMIT.

By SIGKILL, in a child process with a connection of its own; or the connection ends at that moment: the server hangs up, the
file is closed.
"""

import gc
import os
import select
import signal
import sqlite3
import sys
import traceback
from contextlib import contextmanager

from django.db import Error, OperationalError, connection

WAIT_MS = 5_000
# What the driver of a closed file says comes partly as it is.
LOST = (Error, sqlite3.ProgrammingError)


class Cut:
    """Counts boundaries from 0 and does `strike` at the one with number `at`."""

    def __init__(self, at, strike):
        self.left, self.strike = at, strike

    def boundary(self, *, committed=False):
        self.left -= 1
        if self.left == -1:
            self.strike(committed)

    def __call__(self, execute, sql, params, many, context):
        self.boundary()
        return execute(sql, params, many, context)

    @contextmanager
    def armed(self):
        commit = connection._commit

        def between():
            self.boundary()
            commit()
            self.boundary(committed=True)

        connection._commit = between
        try:
            with connection.execute_wrapper(self):
                yield
        finally:
            connection._commit = commit

    @property
    def struck(self):
        return self.left < 0


@contextmanager
def another_connection():
    """What is asked inside goes through a connection of its own, which may end as it likes.

    The one of before stays open beside it: to plan all statements anew, for each boundary, would take most of the time.
    """
    kept, connection.connection = connection.connection, None
    try:
        yield
    finally:
        connection.close()
        connection.connection = kept
        connection.closed_in_transaction = connection.needs_rollback = False
        connection.errors_occurred, connection.autocommit = False, True


def by_kill(call, at):
    """Whether the process that ran the call was killed at that boundary; False where the call ended before it."""
    if connection.vendor == "sqlite":
        connection.close()  # an open file of SQLite must not be carried into a child
    gc.freeze()
    child = os.fork()
    if child == 0:
        gc.disable()  # it would write to every page that the two processes share
        _run_and_die(call, at)
    _pid, status = os.waitpid(child, 0)
    _wait_for_the_server()
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL:
        return True
    assert status == 0, "the child's own words stand above"
    return False


def _run_and_die(call, at):
    """Never returns: what is pytest's in this process must not run to its end here."""
    try:
        # Held until the end of the process: what ends it must not say goodbye in the parent's name.
        with another_connection(), Cut(at, _kill_oneself).armed():
            call()
        os._exit(0)
    except BaseException:
        traceback.print_exc(file=sys.__stderr__)
        sys.__stderr__.flush()
        os._exit(7)


def _kill_oneself(committed):
    os.kill(os.getpid(), signal.SIGKILL)


def _wait_for_the_server():
    """Until it has taken back what the dead client left; SQLite's file was free when the process was gone."""
    if connection.vendor == "sqlite":
        return
    others = (
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
        "AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
    )
    with connection.cursor() as cursor:
        while cursor.execute(others) and cursor.fetchone()[0]:
            os.sched_yield()


def by_drop(call, at):
    """The same, with a connection that ends; the answer to a COMMIT is lost with it."""
    cut = Cut(at, _hung_up(connection.connection) if _is_served() else _close_file)
    try:
        with another_connection(), cut.armed():
            call()
    except LOST:
        assert cut.struck
    return cut.struck


def by_turns(call, at):
    """Killed at one boundary, the connection lost at the next; what is killed on one database is lost on the other."""
    return (by_drop if (at + _is_served()) % 2 == 0 else by_kill)(call, at)


def _is_served():
    return connection.vendor == "postgresql"


def _close_file(committed):
    """What was begun and not committed is taken back; by itself the file would be closed when its last cursor is forgotten."""
    connection.connection.rollback()
    connection.connection.close()
    raise OperationalError("the file was closed")


def _hung_up(kept):
    return lambda committed: _end_connection(kept, committed)


def _end_connection(kept, committed):
    """`kept` is another connection of ours. A server's process that is gone has taken everything back before."""
    ended = connection.connection
    kept.execute("SELECT pg_terminate_backend(%s)", [ended.info.backend_pid])
    gone = select.poll()
    gone.register(ended.fileno(), select.POLLHUP)
    assert gone.poll(WAIT_MS), "the server did not hang up"
    if committed:
        raise OperationalError("the answer to COMMIT was lost")
