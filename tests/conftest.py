"""Fixtures for every test, and the rules that hold for a run as a whole.

The rules: no skips under CI, no browser missing under CI, and no personal data in the log of the run.
"""

import datetime as dt
import logging
import os
import shutil
import tempfile
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.conf import settings as project_settings
from django.db import connection
from django.test import TransactionTestCase

from accounts import append_only
from config import catalogue
from insurance import policy_examples
from tests import template
from tests.leaks import leaks

UNDER_CI = os.environ.get("CI", "").lower() == "true"
# Tests that may skip under CI, by node id. None so far, and each needs a reason beside it.
MAY_SKIP: frozenset[str] = frozenset()
# A Monday in the middle of a month, far from a year's end, so that a test which wants an edge says so.
FIXED_MOMENT = dt.datetime(2026, 11, 16, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
REAL_HASHERS = list(project_settings.PASSWORD_HASHERS)
# Argon2 takes a fifth of a second by design; tests that do not ask for it need not wait.
CHEAP_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *REAL_HASHERS]
LOG_FOLDER = "GONGJI_TEST_LOGS"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def browser_path() -> str | None:
    """Chromium's executable: CHROMIUM in the environment, else what the machine has."""
    named = os.environ.get("CHROMIUM")
    return named or next((path for name in BROWSERS if (path := shutil.which(name))), None)


class Run:
    """What one run has to say at its end; kept by the process that starts the workers.

    `owns_log` is false for a worker, and for a run that a test starts: its log is the outer run's.
    """

    def __init__(self, config: pytest.Config, *, owns_log: bool) -> None:
        self.config = config
        self.owns_log = owns_log
        self.skipped: list[str] = []
        self.faults: list[str] = []
        self.browser_missing = False

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        if browser_path():
            return
        wanting = [item for item in items if item.get_closest_marker("browser")]
        if wanting:
            self.browser_missing = True
            items[:] = [item for item in items if item not in wanting]
            self.config.hook.pytest_deselected(items=wanting)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.skipped and report.nodeid not in MAY_SKIP:
            self.skipped.append(report.nodeid)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.skipped:
            self.skipped.append(report.nodeid)

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if hasattr(self.config, "workerinput"):
            return
        if not browser_path():
            self.browser_missing = True
        if UNDER_CI:
            self.faults += [f"skipped under CI: {nodeid}" for nodeid in self.skipped]
            if self.browser_missing:
                self.faults.append("no Chromium under CI: the browser tests did not run")
        if self.owns_log:
            self.read_log(Path(os.environ[LOG_FOLDER]))
        if self.faults and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def read_log(self, folder: Path) -> None:
        """Look for personal data in what was logged; keep the log only where there is some."""
        found = []
        for path in sorted(folder.glob("*.log")):
            text = path.read_text(encoding="utf-8", errors="replace")
            found += [f"the log of this run leaks: {path}: {leak}" for leak in leaks(text)]
        self.faults += found
        if not found:
            shutil.rmtree(folder)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if self.browser_missing:
            terminalreporter.write_line(
                "NO CHROMIUM FOUND: THE BROWSER TESTS DID NOT RUN. "
                "Install it (apt-get install chromium) or name it in CHROMIUM.",
                red=True,
                bold=True,
            )
        for fault in self.faults:
            terminalreporter.write_line(f"FAILED {fault}", red=True)


def pytest_configure(config: pytest.Config) -> None:
    owns_log = LOG_FOLDER not in os.environ
    if owns_log:
        os.environ[LOG_FOLDER] = tempfile.mkdtemp(prefix="gongji-log-")
        catalogue.compile_all()
    keep_log()
    project_settings.PASSWORD_HASHERS = CHEAP_HASHERS
    # Static files are looked up when they are asked for, not all listed anew for each test client.
    project_settings.WHITENOISE_AUTOREFRESH = True
    # Chromium is driven through an event loop of this thread; the database is still used in order.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    config.pluginmanager.register(Run(config, owns_log=owns_log))


def keep_log() -> None:
    """Write what the project's loggers say to a file and not to the terminal, without the masks of production.

    A mask is the last line of defence: the code itself should not say a number in the first place.
    """
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    handler = logging.FileHandler(Path(os.environ[LOG_FOLDER]) / f"{worker}.log", encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    for name in ("", *project_settings.LOGGING["loggers"]):
        logging.getLogger(name).handlers = [handler]


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """SQLite in a file of its own: threads and a live server then use it as a real one is used."""
    if connection.vendor == "sqlite":
        name = tmp_path_factory.mktemp("database") / "test.sqlite3"
        connection.settings_dict["TEST"]["NAME"] = str(name)
        # A test database need not outlive a power cut.
        command = connection.settings_dict["OPTIONS"]["init_command"]
        connection.settings_dict["OPTIONS"]["init_command"] = command.replace("FULL", "OFF")


@pytest.fixture(scope="session")
def migrated(django_db_modify_db_settings: None) -> template.Copy | None:
    if connection.vendor != "sqlite":
        return None
    return template.Copy(connection.settings_dict["TEST"]["NAME"])


@pytest.fixture(scope="session")
def django_db_keepdb(request: pytest.FixtureRequest, migrated: template.Copy | None) -> bool:
    """What lies at the place of the database was put there for this process; on PostgreSQL by `tests.mutants`."""
    return migrated is not None or request.config.getoption("reuse_db")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, migrated: template.Copy | None) -> None:
    if migrated:
        migrated.is_complete()


@pytest.fixture(scope="session", autouse=True)
def append_only_tables_are_emptied_between_tests():
    """The one place where the triggers of audit and ledger give way: the flush after a test that commits."""
    flush = TransactionTestCase._fixture_teardown

    def lift_and_flush(case: TransactionTestCase) -> None:
        tables = append_only.lift(connection)
        try:
            flush(case)
        finally:
            append_only.restore(connection, tables)

    TransactionTestCase._fixture_teardown = lift_and_flush
    yield
    TransactionTestCase._fixture_teardown = flush


@pytest.fixture(autouse=True)
def _real_hasher_where_asked_for(request: pytest.FixtureRequest) -> None:
    if request.node.get_closest_marker("argon2"):
        request.getfixturevalue("settings").PASSWORD_HASHERS = REAL_HASHERS


@pytest.fixture
def no_examples(monkeypatch):
    """For worlds of a few made-up values, in which the examples of the real rules cannot hold."""
    monkeypatch.setattr(policy_examples, "read", lambda: ())


@pytest.fixture
def fixed_day():
    """It is ten o'clock on 16 November 2026 in Shanghai, and stays so; gives the day."""
    with time_machine.travel(FIXED_MOMENT, tick=False):
        yield FIXED_MOMENT.date()
