"""Stopped half-way and run again is the same as run once; strict is all or nothing."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction

from insurance.imports import run as running
from insurance.imports.contribution_file import ContributionFile
from insurance.imports.ledger_importer import LedgerFile
from insurance.imports.register_importer import RegisterFile
from insurance.models import (
    ContributionPeriod,
    Enrolment,
    ImportRun,
    InsuredPerson,
    LedgerEntry,
    PersonalAccount,
    PersonIdentifier,
)
from tests.insurance.importing import (
    CONTRIBUTIONS,
    REGISTER,
    contribution_line,
    import_lines,
    ledger_line,
    register_line,
    write,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fixed_day")]
ROOT = Path(__file__).parents[2]
PEOPLE = 23


def register_lines():
    people = [register_line(number) for number in range(1, PEOPLE + 1)]
    return [
        *people[:9],
        register_line(9, gend="x"),
        *people[9:],
        register_line(5, start="2021-01-01"),
    ]


def contribution_lines():
    return [
        contribution_line(number, psn_no=f"R{number % PEOPLE + 1:04d}") for number in range(1, 60)
    ] + [contribution_line(3, psn_no="R9999")]


def ledger_lines():
    """Two accounts take turns, the second has a fault in the middle."""
    lines = []
    for number in range(1, 28):
        lines.append(ledger_line(number))
        amount = "0.001" if number == 12 else "12.00"
        lines.append(ledger_line(number, psn_no="R0002", amount=amount))
    return lines


def rows(model, *fields):
    return sorted(model.objects.values_list(*fields), key=str)


def world():
    """Every imported row without its key and its time of writing; identifiers by their digests."""
    return [
        rows(InsuredPerson, "person_number", "name", "id_number", "phone", "birth_date", "sex"),
        rows(PersonIdentifier, "person__person_number", "kind", "digest", "ended_at"),
        rows(Enrolment, "person__person_number", "area", "starts_on", "ends_on", "person_type"),
        rows(ContributionPeriod, "person__person_number", "source_ref", "from_month", "base_fen", "status"),
        rows(PersonalAccount, "person__person_number", "balance_fen", "last_sequence", "opened_on"),
        rows(LedgerEntry, "account__person__person_number", "sequence", "source_ref", "balance_after_fen"),
    ]  # fmt: skip


def import_all(folder, **options):
    """All three files, in the order in which they need each other; the exit codes."""
    files = {
        "register": register_lines(),
        "contributions": contribution_lines(),
        "ledger": ledger_lines(),
    }
    return [import_lines(kind, folder, *lines, **options).code for kind, lines in files.items()]


def clean_world(folder):
    """What one run of all files makes; taken back afterwards."""
    before = transaction.savepoint()
    assert import_all(folder) == [1, 1, 1]
    made = world()
    transaction.savepoint_rollback(before)
    assert not InsuredPerson.objects.exists()
    return made


def chunks_of(monkeypatch, lines):
    for name in ("CHUNK_LINES", "COPIED_LINES"):
        monkeypatch.setattr(running, name, lines)


def failing_at(monkeypatch, importer, chunk, error):
    """The importer meets the error when it has written its n-th chunk, once."""
    write, chunks = importer.write, []

    def writing(self, items):
        write(self, items)
        chunks.append(items)
        if len(chunks) == chunk:
            raise error

    monkeypatch.setattr(importer, "write", writing)


@pytest.mark.both_databases
@pytest.mark.parametrize("chunk", [1, 2, 4])
def test_a_run_that_was_stopped_is_finished_by_the_next(tmp_path, monkeypatch, chunk):
    chunks_of(monkeypatch, 5)
    expected = clean_world(tmp_path)
    with monkeypatch.context() as patch:
        for importer in (RegisterFile, ContributionFile, LedgerFile):
            failing_at(patch, importer, chunk, KeyboardInterrupt())
        assert import_all(tmp_path) == [130, 130, 130]
    stopped = list(ImportRun.objects.filter(finished_at=None))
    assert len(stopped) == 3
    assert all(one.good + one.bad <= 5 * (chunk - 1) for one in stopped)
    assert not list(tmp_path.glob("*.part"))
    assert import_all(tmp_path) == [1, 1, 1]
    assert world() == expected


@pytest.mark.both_databases
def test_a_stopped_chunk_leaves_nothing_of_itself(tmp_path, monkeypatch):
    failing_at(monkeypatch, RegisterFile, 1, KeyboardInterrupt())
    outcome = import_lines("register", tmp_path, *register_lines())
    assert outcome.code == 130
    assert "已停止" in outcome.error
    assert not InsuredPerson.objects.exists()
    assert not outcome.report


@pytest.mark.both_databases
def test_a_line_that_another_run_wrote_meanwhile_is_looked_at_again(tmp_path, monkeypatch):
    expected = clean_world(tmp_path)
    for importer in (RegisterFile, ContributionFile, LedgerFile):
        failing_at(monkeypatch, importer, 1, IntegrityError())
    assert import_all(tmp_path) == [1, 1, 1]
    assert world() == expected


@pytest.mark.both_databases
def test_the_size_of_a_chunk_makes_no_difference(tmp_path, monkeypatch):
    expected = clean_world(tmp_path)
    chunks_of(monkeypatch, 1)
    import_all(tmp_path)
    assert world() == expected


@pytest.mark.both_databases
def test_strict_takes_nothing_of_a_file_with_a_bad_line(tmp_path, monkeypatch):
    chunks_of(monkeypatch, 5)
    outcome = import_lines("register", tmp_path, *register_lines(), strict=True)
    assert outcome.code == 1
    assert [line for line, _column, _problem in outcome.problems] == [11]
    assert "一行也没有登记" in outcome.out
    assert not InsuredPerson.objects.exists()
    strict = ImportRun.objects.get()
    assert (strict.strict, strict.good, strict.bad) == (True, 0, 1)


@pytest.mark.both_databases
def test_strict_takes_all_of_a_good_file(tmp_path, monkeypatch):
    chunks_of(monkeypatch, 5)
    lines = [line for line in register_lines() if ",x," not in line]
    assert import_lines("register", tmp_path, *lines, strict=True).code == 0
    assert InsuredPerson.objects.count() == PEOPLE
    assert ImportRun.objects.get().good == PEOPLE + 1


@pytest.mark.both_databases
def test_a_strict_run_that_is_stopped_takes_nothing(tmp_path, monkeypatch):
    chunks_of(monkeypatch, 5)
    failing_at(monkeypatch, RegisterFile, 3, KeyboardInterrupt())
    assert import_lines("register", tmp_path, *register_lines(), strict=True).code == 130
    assert not InsuredPerson.objects.exists()


# Waits after each chunk, so that a fast machine is still at work when the signal comes; and listens to Ctrl-C, which
# whatever a shell starts in the background is told to ignore.
SLOWLY = """
import signal, sys, time
signal.signal(signal.SIGINT, signal.default_int_handler)
import django
django.setup()
from django.core.management import execute_from_command_line
from insurance.imports.progress import Progress
reach = Progress.reach
def wait(self, line):
    reach(self, line)
    time.sleep(0.5)
Progress.reach = wait
execute_from_command_line(["manage.py", *sys.argv[1:]])
"""


@pytest.mark.django_db(databases=[])
def test_real_signals_end_a_run_and_the_next_goes_on(tmp_path):
    """Ctrl-C and then kill -9, in processes of their own and on a database of their own."""
    database = tmp_path / "real.sqlite3"
    environment = os.environ | {"DATABASE_URL": f"sqlite:///{database}"}
    environment.pop("DJANGO_ALLOW_ASYNC_UNSAFE", None)

    def start(*arguments, program=("manage.py",)):
        return subprocess.Popen(
            [sys.executable, *program, *map(str, arguments)],
            cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip

    def taken():
        with sqlite3.connect(database, timeout=20) as rows_of:
            return rows_of.execute("SELECT count(*) FROM insurance_contributionperiod").fetchone()[
                0
            ]

    def wait_for(count, process):
        while taken() <= count:
            assert process.poll() is None, process.communicate()[0]
            time.sleep(0.02)

    assert start("migrate", "-v0").wait() == 0
    register = write(tmp_path, REGISTER, register_line(1), name="register.csv")
    assert start("import_register", register).wait() == 0
    lines = (contribution_line(number) for number in range(12_000))
    path = write(tmp_path, CONTRIBUTIONS, *lines, name="contributions.csv")
    first = start("import_contributions", path, program=("-c", SLOWLY))
    wait_for(0, first)
    first.send_signal(signal.SIGINT)
    told = first.communicate()[0]
    assert (first.returncode, "已停止" in told, "Traceback" in told) == (130, True, False)
    second = start("import_contributions", path, program=("-c", SLOWLY))
    wait_for(taken(), second)
    second.kill()
    second.communicate()
    assert 0 < taken() < 12_000
    assert start("import_contributions", path).wait() == 0
    assert taken() == 12_000
