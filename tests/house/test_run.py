"""The rules of `tests/conftest.py` for a run as a whole are able to fail it."""

import logging
import os
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.contrib.auth.hashers import make_password
from django.db import connection
from django.utils import timezone

from accounts import append_only
from tests import conftest


@pytest.fixture
def run(monkeypatch, tmp_path):
    """A run under CI that has a browser and an empty log."""
    monkeypatch.setattr(conftest, "UNDER_CI", True)
    monkeypatch.setattr(conftest, "browser_path", lambda: "/usr/bin/chromium")
    monkeypatch.setenv(conftest.LOG_FOLDER, str(tmp_path))
    config = SimpleNamespace(hook=SimpleNamespace(pytest_deselected=lambda items: None))
    return conftest.Run(config, owns_log=True)


def finish(run):
    """The status that the run ends with."""
    session = SimpleNamespace(exitstatus=pytest.ExitCode.OK)
    run.pytest_sessionfinish(session)
    return session.exitstatus


def test_a_clean_run_passes(run):
    run.pytest_runtest_logreport(SimpleNamespace(skipped=False, nodeid="a"))
    assert finish(run) == pytest.ExitCode.OK


def test_a_skipped_test_fails_a_run_under_ci(run):
    run.pytest_runtest_logreport(SimpleNamespace(skipped=True, nodeid="a"))
    assert finish(run) == pytest.ExitCode.TESTS_FAILED


def test_a_skipped_test_is_let_pass_elsewhere(run, monkeypatch):
    monkeypatch.setattr(conftest, "UNDER_CI", False)
    run.pytest_runtest_logreport(SimpleNamespace(skipped=True, nodeid="a"))
    assert finish(run) == pytest.ExitCode.OK


def test_a_missing_browser_fails_a_run_under_ci(run, monkeypatch):
    monkeypatch.setattr(conftest, "browser_path", lambda: None)
    wanting = SimpleNamespace(get_closest_marker=lambda name: name == "browser")
    other = SimpleNamespace(get_closest_marker=lambda name: None)
    items = [wanting, other]
    run.pytest_collection_modifyitems(items)
    assert items == [other]
    assert finish(run) == pytest.ExitCode.TESTS_FAILED


def test_a_missing_browser_is_said_aloud_elsewhere(run, monkeypatch):
    monkeypatch.setattr(conftest, "UNDER_CI", False)
    monkeypatch.setattr(conftest, "browser_path", lambda: None)
    assert finish(run) == pytest.ExitCode.OK
    said = []
    run.pytest_terminal_summary(SimpleNamespace(write_line=lambda line, **style: said.append(line)))
    assert said[0].startswith("NO CHROMIUM FOUND")


def test_personal_data_in_the_log_fails_every_run(run, monkeypatch, tmp_path):
    monkeypatch.setattr(conftest, "UNDER_CI", False)
    (tmp_path / "gw0.log").write_text("sent to 13812345678\n", encoding="utf-8")
    assert finish(run) == pytest.ExitCode.TESTS_FAILED


def test_a_clean_log_is_not_kept(run, tmp_path):
    (tmp_path / "gw0.log").write_text("GET /home/ 200\n", encoding="utf-8")
    finish(run)
    assert not tmp_path.exists()


def test_the_log_of_this_run_is_being_kept():
    log = Path(os.environ[conftest.LOG_FOLDER])
    for name in ("", "django", "django.server"):
        files = [getattr(one, "baseFilename", "") for one in logging.getLogger(name).handlers]
        assert log in [Path(file).parent for file in files]


def test_passwords_are_cheap_by_default():
    assert make_password("x").startswith("md5$")


@pytest.mark.argon2
def test_passwords_are_real_where_asked_for():
    assert make_password("x").startswith("argon2$argon2id$")


def test_the_fixed_day_stands_still(fixed_day):
    assert timezone.localdate() == fixed_day


@pytest.mark.both_databases
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", ["before a flush", "after a flush"])
def test_tables_that_only_grow_are_guarded_in_every_test(turn):
    only_grow = (
        "accounts.AuditEntry",
        "accounts.Seal",
        "insurance.LedgerEntry",
        "insurance.PolicyValue",
    )
    guarded = {apps.get_model(label)._meta.db_table for label in only_grow}
    assert append_only.protected_tables(connection) >= guarded
