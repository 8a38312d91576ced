"""The soak: `python -m tests.proof.soak --minutes 60 --seed 1`.

This process starts the databases and the phases one after the other, each phase in a process of its own, and tells at the end
what they came to. Ctrl-C ends the phase that runs, and the report is of what there was.
"""

import argparse
import json
import os
import re
import secrets
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from itertools import count
from pathlib import Path

from tests.proof.soak import programme, report, servers
from tests.proof.soak.disk import FIRST_MEGABYTES
from tests.proof.soak.programme import OPERATIONS, PHASES

SEED = re.compile(r"[0-9A-Za-z]{0,16}")
# Few, so that everybody meets everybody.
FAMILIES = 4
TEMPLATE = "template_soak"


def arguments(given):
    parser = argparse.ArgumentParser(prog="python -m tests.proof.soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=60.0, help="of all phases together")
    parser.add_argument("--seed", default="", help="drawn and printed where none is given")
    parser.add_argument("--database", choices=("sqlite", "postgres", "both"), default="both")
    parser.add_argument("--phase", action="append", help="only phases of this name")
    parser.add_argument("--operations", type=int, help="end each worker after so many")
    parser.add_argument("--schedules", type=int, help="how many schedules at most")
    parser.add_argument("--sabotage", choices=("lock", "key", "atomic"), default="")
    parser.add_argument("--json", type=Path, help="write all numbers there")
    parser.add_argument("--keep", action="store_true", help="leave logs and databases behind")
    options = parser.parse_args(given)
    if not SEED.fullmatch(options.seed):
        parser.error("a seed is part of bill numbers: letters and digits")
    return options


class Run:
    def __init__(self, options, folder):
        self.options, self.folder = options, folder
        self.report = report.Report(options.seed or str(secrets.randbelow(1_000_000)))
        self.databases, self.over = {}, False
        self.end = time.monotonic() + options.minutes * 60

    def chosen(self, phases):
        wanted = {"sqlite": ("sqlite",), "postgres": ("postgres",)}.get(
            self.options.database, ("sqlite", "postgres")
        )
        named = self.options.phase
        return [one for one in phases if one.vendor in wanted and one.name in (named or [one.name])]

    def work(self, stack):
        """Whoever interrupts it ends the phase that runs, and no other begins."""
        signal.signal(signal.SIGINT, lambda *_: setattr(self, "over", True))
        for phase in self.chosen(PHASES):
            if not self.over:
                self._start_database(phase.vendor, stack)
                self._phase(phase, stack)
        if self._wants_interleavings() and not self.over:
            self._start_database("postgres", stack)
            self._interleavings()
        self._operate(stack)

    def _operate(self, stack):
        """What is left of the time, shared out."""
        phases = self.chosen(OPERATIONS)
        while phases and not self.over:
            phase, whole = phases[0], sum(one.share for one in phases)
            self._start_database(phase.vendor, stack)
            now = time.monotonic()
            end = now + (self.end - now) * phase.share / whole
            self._worlds(phases.pop(0), end, stack)

    def _wants_interleavings(self):
        named = self.options.phase or ["interleavings"]
        return self.options.database != "sqlite" and "interleavings" in named

    def _start_database(self, vendor, stack):
        if vendor in self.databases:
            return
        if vendor == "postgres":
            made = stack.enter_context(servers.postgres(self.folder))
        else:
            made = servers.Sqlite(self.folder)
        url = made.fresh(TEMPLATE)
        environment = os.environ | {"DATABASE_URL": url, "PYTHONDONTWRITEBYTECODE": "1"}
        migrate = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
        subprocess.run(migrate, env=environment, check=True)
        self.databases[vendor] = made

    def _phase(self, phase, stack):
        """One world."""
        begun = time.monotonic()
        lasts = programme.seconds(phase, self.options.minutes)
        self._add(phase.name, begun, [self._world(phase, 0, lasts, stack)], phase)

    def _worlds(self, phase, end, stack):
        """World after world until the time is over."""
        begun, numbers = time.monotonic(), count()

        def line():
            made = []
            while not self.over:
                lasts = programme.world_seconds(phase, end - time.monotonic())
                if lasts is None:
                    break
                made.append(self._world(phase, next(numbers), lasts, stack))
            return made

        with ThreadPoolExecutor(phase.side_by_side) as pool:
            lines = [pool.submit(line) for _one in range(phase.side_by_side)]
        self._add(phase.name, begun, [one for made in lines for one in made.result()], phase)

    def _world(self, phase, number, lasts, stack):
        """One world from its beginning to its last inspection."""
        plan = programme.plan(
            phase,
            seed=self.report.seed,
            minutes=self.options.minutes,
            number=number,
            lasts=lasts,
        )
        plan |= {"most": self.options.operations, "broken": self.options.sabotage}
        database, name = self.databases[phase.vendor], f"soak_{phase.vendor}_{number}"
        folder = self.folder / f"{phase.name}-{number}"
        folder.mkdir()
        where, disk = {}, None
        if phase.small_disk:
            place = stack.enter_context(servers.small_disk(self.folder, FIRST_MEGABYTES))
            where, disk = {"folder": place}, str(place or "")
            report.say("disk: a small file system" if disk else "disk: RLIMIT_FSIZE, no root")
        job = {
            "folder": str(folder),
            "families": FAMILIES,
            "server": database.data if phase.vendor == "postgres" else "",
            "database": name,
            "small_disk": disk,
            "plan": plan,
        }
        url = database.fresh(name, like=TEMPLATE, **where)
        try:
            return self._child("phase", job, url) | {"troubles": _troubles(folder)}
        finally:
            if not self.options.keep:
                database.drop(name)

    def _interleavings(self):
        begun = time.monotonic()
        database = self.databases["postgres"]

        def play(stage):
            url = database.fresh(f"soak_interleavings_{stage}", like=TEMPLATE)
            job = {
                "seed": self.report.seed,
                "seconds": self.options.minutes * 60 * programme.INTERLEAVINGS,
                "most": -(-(self.options.schedules or self._schedules()) // programme.STAGES),
                "broken": self.options.sabotage,
                "stage": stage,
                "stages": programme.STAGES,
            }
            return self._child("interleavings", job, url)

        with ThreadPoolExecutor(programme.STAGES) as pool:
            told = list(pool.map(play, range(programme.STAGES)))
        self._add("interleavings", begun, told)

    def _child(self, module, job, url):
        """What a process tells on its last line. An interrupt reaches it too, and it ends by itself."""
        environment = os.environ | {"DATABASE_URL": url, "PYTHONDONTWRITEBYTECODE": "1"}
        command = [sys.executable, "-m", f"tests.proof.soak.{module}", json.dumps(job)]
        ended = subprocess.run(
            command, env=environment, stdout=subprocess.PIPE, text=True, check=False
        )
        if ended.returncode:
            raise SystemExit(f"{module} ended with {ended.returncode}")
        return json.loads(ended.stdout.splitlines()[-1])

    def _add(self, name, begun, told, phase=None):
        numbers = {"worlds": len(told)}
        for one in told:
            for key, value in {**one.get("counts", {}), **one}.items():
                if type(value) in (int, float):
                    numbers[key] = numbers.get(key, 0) + value
        self.report.add(
            report.Phase(
                name,
                time.monotonic() - begun,
                numbers,
                [fault for one in told for fault in one["broken"]],
                [line for one in told for line in one.get("troubles", ())],
                self._goals(phase),
            )
        )

    def _goals(self, phase):
        """Of the phase, or of the interleavings."""
        if phase is not None:
            return programme.goals(phase, self.options.minutes)
        return {"schedules": self.options.schedules or self._schedules()}

    def _schedules(self):
        return round(programme.SCHEDULES * self.options.minutes * 60 / programme.HOUR)


def _troubles(folder):
    path = folder / "trouble"
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def main(given):
    options = arguments(given)
    with ExitStack() as stack:
        folder = stack.enter_context(servers.folder(keep=options.keep))
        run = Run(options, folder)
        report.say(f"seed={run.report.seed} minutes={options.minutes:g} in {folder}")
        run.work(stack)
    if options.json:
        run.report.write(options.json)
    report.say(run.report.last_line)
    return 0 if run.report.is_clean else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
