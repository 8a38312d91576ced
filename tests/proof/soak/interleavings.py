"""Systematic interleavings on PostgreSQL: whatever the order of their statements, verbs do what they would do one after the other.

    DATABASE_URL=... python -m tests.proof.soak.interleavings '{"seed": "1", "most": 5000, "seconds": 600}'

The order in which each schedule went on, and what came out of it, is told where it is none of the serial outcomes.
"""

import json
import logging
import signal
import sys
import time
from collections import Counter
from contextlib import nullcontext

from tests.proof.soak.dressing import dress

dress()

from django.db import connection, transaction  # noqa: E402

from accounts import statements  # noqa: E402
from claims import retrying  # noqa: E402
from insurance import ledger_check  # noqa: E402
from tests.proof import invariants  # noqa: E402
from tests.proof.soak import families, rules, sabotage, schedules  # noqa: E402
from tests.proof.soak.clock import Clock  # noqa: E402
from tests.proof.soak.gates import AT_GATE, BLOCKED, ENDED, Stage  # noqa: E402
from tests.proof.soak.report import say  # noqa: E402
from tests.proof.soak.scenarios import SCENARIOS  # noqa: E402

ACTORS = 3
# All checks of the stored rows go through everything there is; after each schedule only those of its own family.
CHECK_EVERY = 50
together = statements.together


class Theatre:
    def __init__(self, job):
        self.job, self.stage = job, Stage(ACTORS)
        self.counts, self.broken = Counter(), []
        self.end = time.monotonic() + job["seconds"]
        self.over = False

    def play(self):
        signal.signal(signal.SIGINT, lambda *_: setattr(self, "over", True))
        names = list(SCENARIOS)[self.job["stage"] :: self.job["stages"]]
        left = self.job["most"]
        for place, name in enumerate(names):
            if self.is_over:
                break
            share = left // (len(names) - place)
            left -= self._scenario(name, share)
        self._check_all()
        self.stage.close()

    @property
    def is_over(self):
        return self.over or time.monotonic() > self.end

    def _scenario(self, name, most):
        """How many schedules it played. The time that is left is shared out like their number."""
        expected, lengths = self._serially(name)
        played = 0
        for schedule in schedules.chosen(f"{self.job['seed']}/{name}", lengths, most):
            if self.is_over:
                break
            # Every other one without the pipeline of the driver: then the server has each statement before the next gate.
            statements.together = together if played % 2 else nullcontext
            self._played(name, schedule, expected)
            played += 1
            if self.counts["schedules"] % CHECK_EVERY == 0:
                self._check_all()
        statements.together = together
        return played

    def _serially(self, name):
        """The outcomes of all orders without an interruption, and how many statements each verb had at most."""
        expected, lengths = {}, [0] * len(SCENARIOS[name][1])
        for schedule in schedules.serial(len(lengths)):
            told, steps, _went = self._perform(name, schedule)
            expected[told] = schedule
            lengths = [max(pair) for pair in zip(lengths, steps, strict=True)]
        return expected, lengths

    def _played(self, name, schedule, expected):
        told, _steps, went = self._perform(name, schedule)
        self.counts["schedules"] += 1
        if told not in expected:
            self._break(name, schedule, f"no serial outcome: {told} after {went}")

    def _perform(self, name, schedule):
        before, jobs = SCENARIOS[name]
        family = families.make()
        before(family)
        made = [job(family) for job in jobs]
        self.counts["operations"] += len(made)
        self.stage.begin(made)
        went = self._go_on(schedule, len(made))
        actors = self.stage.actors[: len(made)]
        results = [_result(one.result) for one in actors]
        for one in results:
            if one.startswith("error"):
                self._break(name, schedule, one)
        self._count_retries(name, schedule)
        told = families.Told(family)
        for fault in ledger_check.faults(account_ids=told.account_ids()):
            self._break(name, schedule, str(fault))
        return f"{results} {told.all()}", [one.steps for one in actors], went

    def _go_on(self, schedule, size):
        went = []
        for number, steps in schedule:
            actor, done = self.stage.actors[number], 0
            while actor.state == AT_GATE and done != steps:
                self.stage.step(actor)
                done += 1
            went.append(f"{number}:{done}")
        actors = self.stage.actors[:size]
        while any(one.state != ENDED for one in actors):
            ready = [one for one in actors if one.state == AT_GATE]
            for one in ready:
                self.stage.step(one)
            if not ready and all(one.state in (BLOCKED, ENDED) for one in actors):
                self.counts["deadlocks"] += 1
                self.stage.wait_for_deadlock()
        return " ".join(went)

    def _count_retries(self, name, schedule):
        for state in list(retrying.RETRIES):
            self.counts["retries"] += retrying.RETRIES.pop(state)
            self._break(name, schedule, f"tried again for {state}")

    def _check_all(self):
        self.counts["inspections"] += 1
        found = invariants.check_all()
        self.broken += [{"invariant": one.invariant, "told": one.told} for one in found]

    def _break(self, name, schedule, told):
        line = f"{name} {schedule}: {told}"
        self.broken.append({"invariant": "serial", "told": line[:3000]})


def _result(made):
    """What a verb gave, without keys and moments."""
    if isinstance(made, Exception):
        code = getattr(made, "code", None)
        if code is not None and type(made).__name__ == "Refused":
            return f"refused {code}"
        known = type(made).__name__ in {"Stale", "WrongMove", "NotPossible"}
        return f"{'refused' if known else 'error'} {type(made).__name__} {'' if known else made}"
    if hasattr(made, "paid_fen"):
        return f"{made.state} {made.paid_fen} {made.cash_fen}"
    if hasattr(made, "cash_fen"):
        return f"refund {made.amount_fen} {made.cash_fen}"
    return made if isinstance(made, str) else type(made).__name__


def main(job):
    logging.disable(logging.CRITICAL)
    rules.lift_limits()
    Clock().set_out()
    with transaction.atomic():
        rules.publish()
    connection.cursor().execute("SET synchronous_commit TO off")
    sabotage.spoil(job["broken"])
    theatre = Theatre(job)
    theatre.play()
    counts = dict(theatre.counts)
    say(json.dumps({"counts": counts, "broken": theatre.broken[:100]}, ensure_ascii=False))


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
