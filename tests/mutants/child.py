"""One run of pytest in a process of its own: what is told about each test goes to a file, and the process ends."""

import json
import os
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import connection

from tests.mutants.importing import Finder
from tests.mutants.mutant import Mutant

# pytest's own for `pytest.raises` that saw nothing raised.
FAILED = "Failed"
# Objects that nobody closed are told by the suite itself; to look for them takes half a second of each run.
ARGUMENTS = ("-q", "--reuse-db", "-p", "no:cacheprovider", "-p", "no:unraisableexception")
# As tests/conftest.py calls it; with it a run is part of another one.
LOGS = "GONGJI_TEST_LOGS"


@dataclass
class Outcome:
    """`failures` are (test, name of the exception, its first line), `crashes` what pytest could not even begin."""

    ran: int = 0
    failures: list[tuple[str, str, str]] = field(default_factory=list)
    crashes: list[str] = field(default_factory=list)
    mutated: bool = True


class Recorder:
    """A plugin of pytest."""

    def __init__(self) -> None:
        self.outcome = Outcome()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[Any]
    ) -> Iterator[None]:
        report = yield
        if call.when == "call":
            self.outcome.ran += 1
        if call.excinfo is not None:
            told = [item.nodeid, call.excinfo.type.__name__, str(call.excinfo.value)[:200]]
            self.outcome.failures.append((told[0], told[1], told[2]))
        return report

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.outcome.crashes.append(f"{report.nodeid}: {str(report.longrepr)[-300:]}")

    def pytest_internalerror(self, excrepr: Any) -> None:
        self.outcome.crashes.append(str(excrepr)[-300:])


class Without:
    """A plugin that takes one constraint out of the test database, for the whole run."""

    def __init__(self, mutant: Mutant) -> None:
        self._mutant = mutant

    @pytest.fixture(scope="session", autouse=True)
    def _constraint_is_gone(self, django_db_setup: None, django_db_blocker: Any) -> None:
        app, _, name = self._mutant.where.partition(".")
        model = apps.get_model(app, name.partition(":")[2])
        wanted = [one for one in model._meta.constraints if one.name == self._mutant.constraint]
        with django_db_blocker.unblock(), connection.schema_editor() as editor:
            editor.remove_constraint(model, wanted[0])


def run(mutant: Mutant | None, tests: list[str], folder: Path) -> None:
    """Does not return. With a mutant the first test that fails is the last one."""
    log = os.open(folder / "log", os.O_WRONLY | os.O_CREAT)
    os.dup2(log, 1)
    os.dup2(log, 2)
    if mutant is not None:
        # The runs before, without a fault, have compiled the catalogues and read their logs.
        (folder / "logs").mkdir()
        os.environ[LOGS] = str(folder / "logs")
    recorder, plugins, finder = Recorder(), [], None
    if mutant is not None and mutant.constraint:
        plugins.append(Without(mutant))
    elif mutant is not None:
        finder = Finder(mutant.module, mutant.path, mutant.tree())
        finder.install()
    arguments = [*ARGUMENTS, f"--basetemp={folder / 'tmp'}", *(["-x"] if mutant else [])]
    code = pytest.main([*arguments, *tests], plugins=[recorder, *plugins])
    if code in (pytest.ExitCode.USAGE_ERROR, pytest.ExitCode.NO_TESTS_COLLECTED):
        recorder.outcome.crashes.append(f"pytest says {code!r}")
    recorder.outcome.mutated = finder is None or finder.used
    (folder / "outcome.json").write_text(json.dumps(asdict(recorder.outcome)), encoding="utf-8")
    sys.stdout.flush()
    # Nothing of the parent's is to be closed, stopped or deleted by this process.
    os._exit(0)
