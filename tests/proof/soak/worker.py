"""One worker: operation after operation of its stream, each acknowledged before the next; it goes on where it was killed."""

import json
import signal
import time
import traceback
from dataclasses import dataclass
from itertools import count

import psycopg
from django.core.exceptions import PermissionDenied
from django.db import Error, InterfaceError, connection
from django.utils import timezone

from claims import retrying
from claims.refusals import Refused
from family.bindings import AlreadyProposed, NotPossible
from family.moves import WrongMove
from family.moving import Stale
from family.orders import Stale as StaleOrder
from family.orders import WrongList
from insurance.ledger import LedgerError
from tests.proof.soak import acknowledged, disk, harm, sabotage, stream
from tests.proof.soak.acts import KEYED, Acts, Nothing

# What a verb may answer besides doing it. The ledger's own refusal is one for credits and transfers.
REFUSALS = (
    Refused,
    PermissionDenied,
    WrongMove,
    Stale,
    StaleOrder,
    WrongList,
    NotPossible,
    AlreadyProposed,
    LedgerError,
    Nothing,
)
# A connection that was cut, a server that stops or starts: only where the nemesis does that.
CLASS_CONNECTION, SHUTDOWNS = "08", ("57P01", "57P02", "57P03")
FULL = ("disk is full", "disk i/o error", "no space left")
# Every so many operations the same request is made once more at once.
AGAIN_EVERY = 20
WAIT_SECONDS = 0.05
TURN_SECONDS = 0.002


@dataclass(frozen=True)
class Job:
    """`log` and `trouble` are paths. `most` None is until somebody stops it. `expects`: of "drops" and "full"."""

    seed: str
    number: int
    world: object
    log: str
    trouble: str
    bills: int = 0
    synced: bool = True
    most: int | None = None
    expects: frozenset = frozenset()
    broken: str = ""


def run(job, board, clock):
    """In a process of its own, forked from one without connections."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    clock.set_out()
    sabotage.spoil(job.broken)
    _Worker(job, board, clock).work()
    connection.close()


class _Worker:
    def __init__(self, job, board, clock):
        self.job, self.board, self.clock = job, board, clock
        self.log = acknowledged.Log(job.log, synced=job.synced)
        self.limit, self.acts = disk.Limit(board), None

    def work(self):
        first, at = acknowledged.where_it_stopped(self.job.log)
        for number in count(first):
            if self.board.is_over or number == self.job.most:
                return
            op = stream.operation(
                self.job.seed,
                self.job.number,
                number,
                self.job.world.sizes(bills=self.job.bills),
            )
            self.board.wait_turn(self.job.number, lambda: time.sleep(TURN_SECONDS))
            self.clock.look()
            self.limit.look()
            self._do(op, at)
            at = None

    def _do(self, op, at):
        """Until there is an answer: what became of an operation without one is unknown, and it is asked for again."""
        if at is None:
            at = timezone.now().isoformat()
            self.log.begin(op.number, at)
        while True:
            try:
                if self.acts is None:
                    self.acts = Acts(self.job.world, bills=self.job.bills)
                answer = self._perform(op, at)
            except REFUSALS:
                self._count("refused")
                self._count("operations")
                self._count("calls")
                self.log.skip(op.number)
            except Exception as error:
                explained = self._explain(error)
                self._disconnect()
                if explained:
                    if self._reconnected():
                        continue
                    return  # the phase is over, and nobody knows what became of it
                if not explained:
                    self._trouble(op, traceback.format_exc())
                    self.log.skip(op.number)
            else:
                self.log.tell(op.number, op.verb, answer)
                self._count("operations", answer.bills)
                self._count("calls")
                self._count("settlements", answer.settled)
                if op.verb in KEYED and op.number % AGAIN_EVERY == 0:
                    self._again(op, at, answer)
            self._count_retries()
            return

    def _perform(self, op, at):
        order = self.board.take_order(self.job.number)
        with harm.armed(order, lambda: self.board.done(self.job.number, order[0])):
            return self.acts.perform(op, at)

    def _again(self, op, at, answer):
        try:
            again = self.acts.perform(op, at)
        except Exception as error:
            if not self._explain(error):
                self._trouble(op, traceback.format_exc())
            self._disconnect()
            self._reconnected()
            return
        self._count("asked_again")
        if (again.status, again.text) != (answer.status, answer.text) or not again.again:
            self._trouble(op, f"the same key gave {again.text} after {answer.text}")

    def _explain(self, error):
        """Count it and say True where the nemesis is the reason."""
        if not isinstance(error, Error | psycopg.Error | OSError):
            return False
        said = str(error).lower()
        if "full" in self.job.expects and any(one in said for one in FULL):
            self._count("full")
            return True
        if "drops" in self.job.expects and _is_drop(error):
            self._count("dropped")
            return True
        return False

    def _reconnected(self):
        """Wait for the server or for room on the disk; False where the phase ended meanwhile."""
        while not self.board.is_over:
            time.sleep(WAIT_SECONDS)
            self.limit.look()
            try:
                connection.ensure_connection()
            except Error:
                self._disconnect()
            else:
                return True
        return False

    def _disconnect(self):
        try:
            connection.close()
        except Error:
            connection.connection = None
        connection.in_atomic_block = False
        connection.savepoint_ids = []
        connection.needs_rollback = False

    def _count(self, name, more=1):
        if more:
            self.board.count(self.job.number, name, more)

    def _count_retries(self):
        """Each is a fault: locks are taken in one order."""
        for state in list(retrying.RETRIES):
            times = retrying.RETRIES.pop(state)
            self._count("retries", times)

    def _trouble(self, op, told):
        self._count("trouble")
        with open(self.job.trouble, "a", encoding="utf-8") as file:
            line = {"worker": self.job.number, "operation": op.number, "verb": op.verb}
            file.write(json.dumps(line | {"told": told}, ensure_ascii=False) + "\n")


def _is_drop(error):
    if isinstance(error, harm.AnswerLost | InterfaceError):
        return True
    # What happens while rows are read to their end comes as the driver raised it.
    driver = error if isinstance(error, psycopg.Error) else error.__cause__
    state = getattr(driver, "sqlstate", None)
    if state is None:
        # The driver itself, which got no answer: "server closed the connection", "connection refused".
        return isinstance(driver, psycopg.OperationalError | psycopg.InterfaceError)
    return state.startswith(CLASS_CONNECTION) or state in SHUTDOWNS
