"""Transactions that stop before every statement and before their commit, and go on when somebody lets them.

Each actor is a thread with a connection of its own. Whoever steps one of them waits until it stands at its next gate, has ended,
or waits for a lock that another one holds: the server is asked for that, nobody guesses by the time that goes by.
"""

import threading
import time
from contextlib import contextmanager
from queue import SimpleQueue

from django.db import connection

AT_GATE, RUNNING, BLOCKED, ENDED = "at_gate", "running", "blocked", "ended"
# How long a statement may take before the server is asked whether it waits for somebody.
PATIENCE_SECONDS = 0.002
HANGS_SECONDS = 30


class Hangs(Exception):
    """An actor neither moves on nor waits for a lock."""


class Actor:
    """One thread for many jobs, one after the other. `result` is what the job gave or raised, `steps` how many gates it passed."""

    def __init__(self, changed):
        self._changed, self._jobs, self._go = changed, SimpleQueue(), threading.Semaphore(0)
        self.state, self.result, self.steps, self.backend = ENDED, None, 0, None
        self._thread = threading.Thread(target=self._live, daemon=True)
        self._thread.start()

    def begin(self, job):
        """It stands at its first gate when this returns."""
        self.result, self.steps, self.state = None, 0, RUNNING
        self._jobs.put(job)

    def let_go(self):
        self.state = RUNNING
        self._go.release()

    def leave(self):
        self._jobs.put(None)
        self._thread.join()

    def _live(self):
        while (job := self._jobs.get()) is not None:
            connection.ensure_connection()
            self.backend = connection.connection.info.backend_pid
            try:
                with connection.execute_wrapper(self._before), self._before_commits():
                    result = job()
            except Exception as error:
                result = error
            with self._changed:
                self.result, self.state = result, ENDED
                self._changed.notify_all()
        connection.close()

    def _before(self, execute, sql, params, many, context):
        self._stop()
        return execute(sql, params, many, context)

    @contextmanager
    def _before_commits(self):
        commit = connection._commit

        def stop_and_commit():
            self._stop()
            commit()

        connection._commit = stop_and_commit
        try:
            yield
        finally:
            del connection._commit

    def _stop(self):
        with self._changed:
            self.state = AT_GATE
            self.steps += 1
            self._changed.notify_all()
        self._go.acquire()


class Stage:
    """Actors, and the one connection that asks the server who waits: that of the thread that made the stage."""

    def __init__(self, size):
        self._changed = threading.Condition()
        self.actors = [Actor(self._changed) for _one in range(size)]

    def close(self):
        for one in self.actors:
            one.leave()

    def begin(self, jobs):
        for actor, job in zip(self.actors, jobs, strict=False):
            actor.begin(job)
            self._settle(actor)

    def step(self, actor):
        """Let it do its next statement; whoever waited for it and now doesn't comes to its own next gate."""
        actor.let_go()
        self._settle(actor)
        for one in self.actors:
            if one.state == BLOCKED:
                self._settle(one)

    def _settle(self, actor):
        end = time.monotonic() + HANGS_SECONDS
        while True:
            with self._changed:
                if actor.state in (AT_GATE, ENDED):
                    return
                self._changed.wait(PATIENCE_SECONDS)
                if actor.state in (AT_GATE, ENDED):
                    return
            if self._is_blocked(actor):
                with self._changed:
                    if actor.state in (RUNNING, BLOCKED):
                        actor.state = BLOCKED
                        return
            elif time.monotonic() > end:
                raise Hangs(f"after {actor.steps} statements")

    def wait_for_deadlock(self):
        """Everybody waits for somebody: the server breaks one of them off."""
        end = time.monotonic() + HANGS_SECONDS
        blocked = [one for one in self.actors if one.state == BLOCKED]
        while all(one.state == BLOCKED for one in blocked):
            with self._changed:
                self._changed.wait(PATIENCE_SECONDS)
            if time.monotonic() > end:
                raise Hangs("a deadlock that nobody breaks")
        for one in blocked:
            self._settle(one)

    def _is_blocked(self, actor):
        with connection.cursor() as cursor:
            cursor.execute("SELECT cardinality(pg_blocking_pids(%s)) > 0", [actor.backend])
            return cursor.fetchone()[0]
