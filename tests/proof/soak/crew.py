"""One phase on one database: forks the workers, lets the nemesis strike, inspects meanwhile, and counts.

This process has loaded everything and never opens a connection, so a worker that was killed is replaced in milliseconds.
"""

import os
import signal
import time
import traceback
from dataclasses import dataclass, field
from pathlib import Path

from tests.proof.soak import inspector, nemesis
from tests.proof.soak.board import COUNTS, Board
from tests.proof.soak.carrier import FILE
from tests.proof.soak.clock import Clock
from tests.proof.soak.disk import Disk
from tests.proof.soak.worker import Job, run

TICK_SECONDS = 0.02
# An inspection reads everything: it may take no more than a tenth of the time.
REST_TIMES = 9
END_SECONDS = 60
JUMP_SECONDS = 30
CRASHED, INTERRUPTED = 3, 4


@dataclass
class Outcome:
    """What a phase came to. `broken` are (invariant, told) as plain dicts."""

    counts: dict = field(default_factory=dict)
    kills: int = 0
    terminated: int = 0
    restarts: int = 0
    jumps: int = 0
    grown: int = 0
    crashes: int = 0
    inspections: int = 0
    inspecting: float = 0.0
    acknowledged: int = 0
    lost: int = 0
    broken: list = field(default_factory=list)


@dataclass(frozen=True)
class Plan:
    """`seconds` None: until every worker has done `most`. It is over before that where all faults struck and the `goals` are met."""

    seed: str
    workers: int
    seconds: float | None
    most: int | None
    faults: nemesis.Faults
    every: float
    bills: int = 0
    synced: bool = True
    expects: frozenset = frozenset()
    goals: dict = field(default_factory=dict)
    broken: str = ""


class Crew:
    """`server` and `database` are for the nemesis of a PostgreSQL; `small_disk` is a folder, None where no disk gets full."""

    def __init__(self, plan, world, folder, *, server=None, database="", small_disk=None):
        self.plan, self.world, self.folder = plan, world, Path(folder)
        self.server, self.database = server, database
        self.board, self.clock = Board(plan.workers), Clock()
        self.inspector = inspector.Inspector(folder, self.clock, plan.workers)
        self.disk = None if small_disk is None else Disk(small_disk, self.board)
        self.outcome = Outcome()
        self.workers, self.inspection = {}, None
        self.over, self.last_took = False, 0.0

    def work(self):
        """The outcome; an interrupt ends it early, and what there is so far is inspected and told."""
        os.environ[FILE] = str(self.folder / "messages")
        before = signal.signal(signal.SIGINT, lambda *_: setattr(self, "over", True))
        try:
            self._run()
        finally:
            signal.signal(signal.SIGINT, before)
            self._end_all()
        if self.disk:
            self.disk.grow()
            self.outcome.grown = self.disk.grown
        self._inspect_to_the_end()
        self.outcome.counts = self.board.totals()
        return self.outcome

    def _run(self):
        coming = nemesis.strokes(self.plan.seed, self.plan.faults)
        begun = time.monotonic()
        inspect_at = begun + self.plan.every
        for number in range(self.plan.workers):
            self._start(number)
        while not self.over:
            gone = time.monotonic() - begun
            if self.plan.seconds is not None and gone > self.plan.seconds:
                break
            if not self.workers or (self._is_there() and not coming):
                break
            while coming and coming[0].at <= self._progress(gone):
                self._strike(coming.pop(0))
            self._reap()
            if self.disk:
                self.disk.look()
            if self.inspection is None and time.monotonic() > inspect_at:
                self._inspect(final=False)
                inspect_at = float("inf")
            elif self.inspection is None and inspect_at == float("inf"):
                rest = max(self.plan.every, REST_TIMES * self.last_took)
                inspect_at = time.monotonic() + rest
            time.sleep(TICK_SECONDS)
        self.board.stop()

    def _done(self, name):
        return self.board.total(name) if name in COUNTS else getattr(self.outcome, name)

    def _is_there(self):
        goals = self.plan.goals
        return bool(goals) and all(self._done(name) >= most for name, most in goals.items())

    def _progress(self, gone):
        """By time, or by settlements where the machine is quicker: then the faults come sooner, too."""
        wanted = self.plan.goals.get("settlements")
        by_work = self.board.total("settlements") / wanted if wanted else 0.0
        return max(gone / (self.plan.seconds or 1), by_work)

    def _start(self, number):
        job = Job(
            seed=self.plan.seed,
            number=number,
            world=self.world,
            log=str(self.folder / f"worker-{number}.log"),
            trouble=str(self.folder / "trouble"),
            bills=self.plan.bills,
            synced=self.plan.synced,
            most=self.plan.most,
            expects=self.plan.expects,
            broken=self.plan.broken,
        )
        self.workers[_fork(lambda: run(job, self.board, self.clock))] = number

    def _strike(self, stroke):
        alive = sorted(self.workers)
        kind = stroke.kind
        if kind == "jump":
            self._jump()
        elif kind == "restart":
            self.server.restart()
            self.outcome.restarts += 1
        elif kind == "terminate":
            self.outcome.terminated += self.server.terminate(
                stroke.place % self.plan.workers, self.database
            )
        elif kind == "kill_outside":
            os.kill(alive[stroke.place % len(alive)], signal.SIGKILL)
        else:
            self.board.order(stroke.place % self.plan.workers, kind, stroke.statement)

    def _jump(self):
        """For all at once, between two operations: the clocks of machines don't differ by days from each other.

        It goes to two seconds before midnight, so that operations are under way when the day ends.
        """
        self.board.pause()
        end = time.monotonic() + JUMP_SECONDS
        while not self.board.all_wait() and time.monotonic() < end:
            self._reap()
            time.sleep(TICK_SECONDS)
        if self.board.all_wait():
            self.clock.jump_to_next_edge()
            self.outcome.jumps += 1
        self.board.go_on()

    def _reap(self):
        """Take note of who has ended, and replace who was killed."""
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            self._ended(pid, status)

    def _ended(self, pid, status):
        if self.inspection is not None and pid == self.inspection[0]:
            self._inspected(status)
            return
        number = self.workers.pop(pid)
        self.board.left(number)
        if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL:
            self.outcome.kills += 1
            if not self.board.is_over:
                self._start(number)
        elif status:
            self.outcome.crashes += 1

    def _inspect(self, *, final):
        is_full = "full" in self.plan.expects
        deaths = None if is_full else self.outcome.kills + self.plan.faults.drops
        pid = _fork(lambda: self.inspector.inspect(deaths=deaths, final=final))
        self.inspection = (pid, time.monotonic())

    def _inspected(self, status):
        _pid, begun = self.inspection
        self.inspection, self.last_took = None, time.monotonic() - begun
        found = inspector.found(self.folder)
        if status or found is None:
            return
        self.outcome.inspections += 1
        self.outcome.inspecting += found["seconds"]
        self.outcome.acknowledged = max(self.outcome.acknowledged, found["acknowledged"])
        self.outcome.lost += found["lost"]
        self.outcome.broken += found["broken"]

    def _end_all(self):
        """Everybody ends what they are at; who does not is killed, and that is told."""
        self.board.stop()
        end = time.monotonic() + END_SECONDS
        while (self.workers or self.inspection) and time.monotonic() < end:
            self._reap()
            time.sleep(TICK_SECONDS)
        for pid in self.workers:
            os.kill(pid, signal.SIGKILL)
            self.outcome.broken.append({"invariant": "stuck", "told": f"worker {pid} hangs"})

    def _inspect_to_the_end(self):
        self._inspect(final=True)
        pid, _begun = self.inspection
        _pid, status = os.waitpid(pid, 0)
        before = self.outcome.inspections
        self._inspected(status)
        if self.outcome.inspections == before:
            self.outcome.broken.append({"invariant": "inspection", "told": f"ended with {status}"})


def _fork(job):
    """The key of a process that does the job and ends; its errors go to the terminal."""
    pid = os.fork()
    if pid:
        return pid
    status = CRASHED
    try:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        job()
        status = 0
    except inspector.Interrupted:
        status = INTERRUPTED
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(status)
