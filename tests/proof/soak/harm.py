"""What befalls a worker in the middle of an operation, at a statement that the nemesis chose.

`kill` is SIGKILL, `cut` shuts the connection to the server, `lose_answer` lets the commit happen and takes its answer away.
"""

import os
import signal
import socket
from contextlib import contextmanager

from django.db import OperationalError, connection


class AnswerLost(OperationalError):
    """Stands for the driver, whose connection broke while it waited for the answer to COMMIT."""


@contextmanager
def armed(order, fired):
    """Inside, `order` (name, statement) comes true, if there are so many statements; None does nothing."""
    if order is None:
        yield
        return
    name, statement = order
    trap = {"kill": _Kill, "cut": _Cut, "lose_answer": _LoseAnswer}[name](statement, fired)
    connection.ensure_connection()
    with connection.execute_wrapper(trap), trap.commits():
        yield


class _Trap:
    def __init__(self, statement, fired):
        self._left, self._fired = statement, fired

    def __call__(self, execute, sql, params, many, context):
        self._left -= 1
        if self._left == 0:
            self._fired()
            self.spring()
        return execute(sql, params, many, context)

    def spring(self):
        raise NotImplementedError

    @contextmanager
    def commits(self):
        yield


class _Kill(_Trap):
    def spring(self):
        os.kill(os.getpid(), signal.SIGKILL)


class _Cut(_Trap):
    """On SQLite there is no line that could be cut."""

    def spring(self):
        if connection.vendor == "postgresql":
            with socket.socket(fileno=os.dup(connection.connection.fileno())) as line:
                line.shutdown(socket.SHUT_RDWR)


class _LoseAnswer(_Trap):
    """The first commit after that statement."""

    def spring(self):
        self._left = 0

    @contextmanager
    def commits(self):
        commit = connection._commit

        def commit_and_say_nothing():
            commit()
            if self._left <= 0:
                self._left = 1_000_000
                raise AnswerLost("the connection broke while COMMIT was answered")

        connection._commit = commit_and_say_nothing
        try:
            yield
        finally:
            del connection._commit
