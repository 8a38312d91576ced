"""Many runs beside each other, each forked from this process, which has the libraries imported and nothing of the project."""

import gc
import importlib
import json
import os
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.mutants import child, server
from tests.mutants.mutant import Mutant
from tests.mutants.server import Server

# What every run imports; two thirds of the time it takes to begin one.
LIBRARIES = (
    "argon2",
    "cryptography.hazmat.primitives.ciphers.aead",
    "cryptography.hazmat.primitives.hashes",
    "django.contrib.admin",
    "django.contrib.auth.hashers",
    "django.contrib.postgres",
    "django.core.management.commands.migrate",
    "django.db.backends.postgresql.base",
    "django.db.backends.sqlite3.base",
    "django.forms",
    "django.template.loader",
    "django.test",
    "django.views.generic",
    "environ",
    "hypothesis",
    "pydantic",
    "pytest_django.plugin",
    "schemathesis",
    "segno",
    "time_machine",
    "whitenoise.middleware",
)
# A mutant takes seconds. Whatever waits for ever proves nothing and holds a core.
MUTANT_SECONDS, BASE_SECONDS = 90, 400
POLL_SECONDS = 0.02
PROJECT = ("accounts", "claims", "config", "family", "insurance", "queries")


@dataclass
class Run:
    """`mutant` None: the tests as they are. `work` in place of tests is something else to be done in a process."""

    name: str
    tests: list[str]
    mutant: Mutant | None = None
    postgres: bool = False
    work: Callable[[], None] | None = None
    seconds: float = 0
    said: str = ""
    outcome: child.Outcome | None = None
    folder: Path = field(default_factory=Path)

    @property
    def limit(self) -> int:
        return MUTANT_SECONDS if self.mutant else BASE_SECONDS


def import_libraries() -> None:
    for name in LIBRARIES:
        try:
            importlib.import_module(name)
        except Exception as error:  # a library that wants settings is imported by each run
            sys.stderr.write(f"not imported beforehand: {name} ({error})\n")
    early = [name for name in sys.modules if name.partition(".")[0] in PROJECT]
    if early:
        raise RuntimeError(f"imported before any fault was put in: {early}")
    # What is here by now stays for good: no run need look at it again.
    gc.freeze()


def all_of(runs: Iterable[Run], *, jobs: int, pg: Server | None) -> Iterator[Run]:
    """Each as it ends, at most so many at a time. Whoever stops asking ends those that are going."""
    waiting, going = list(reversed(list(runs))), dict[int, tuple[Run, float]]()
    with tempfile.TemporaryDirectory(prefix="mutants", ignore_cleanup_errors=True) as folder:
        try:
            while waiting or going:
                while waiting and len(going) < jobs:
                    run = waiting.pop()
                    run.folder = Path(folder) / run.name
                    run.folder.mkdir()
                    if run.postgres and pg:
                        pg.copy(run.name)
                    going[_start(run, pg)] = run, time.monotonic()
                for pid in _ended(going):
                    run, since = going.pop(pid)
                    run.seconds = time.monotonic() - since
                    _collect(run)
                    if run.postgres and pg:
                        pg.drop(run.name)
                    yield run
                time.sleep(POLL_SECONDS)
        finally:
            for pid in going:
                _end(pid)


def _start(run: Run, pg: Server | None) -> int:
    sys.stdout.flush()
    sys.stderr.flush()
    pid = os.fork()
    if pid:
        return pid
    try:
        os.setsid()
        os.environ.pop(server.URL, None)
        if run.postgres and pg:
            pg.use(run.name)
        if run.work:
            run.work()
            (run.folder / "outcome.json").write_text("{}", encoding="utf-8")
        else:
            child.run(run.mutant, run.tests, run.folder)
    except BaseException:
        (run.folder / "log").open("a", encoding="utf-8").write(traceback.format_exc())
    finally:
        os._exit(1)


def _ended(going: dict[int, tuple[Run, float]]) -> list[int]:
    """Those that are over; whoever takes too long is ended, with what it started."""
    over = []
    for pid, (run, since) in going.items():
        if time.monotonic() - since > run.limit:
            _end(pid)
            over.append(pid)
        elif os.waitpid(pid, os.WNOHANG) != (0, 0):
            over.append(pid)
    return over


def _end(pid: int) -> None:
    """One of ours, with what it started."""
    os.killpg(pid, signal.SIGKILL)
    os.waitpid(pid, 0)


def _collect(run: Run) -> None:
    log, told = run.folder / "log", run.folder / "outcome.json"
    run.said = log.read_text(encoding="utf-8", errors="replace") if log.exists() else ""
    if told.exists():
        made: dict[str, Any] = json.loads(told.read_text(encoding="utf-8"))
        run.outcome = child.Outcome(**made)
