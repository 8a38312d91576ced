"""The rig of the soak itself: a short run of it is clean, and what is put out of order on purpose is found.

The rig runs in a process of its own on the database of the tests; nothing in the project is changed for it.
"""

import json
import os
import subprocess
import sys
from dataclasses import asdict

import pytest
from django.db import connection

from tests.proof.soak import nemesis, programme, report, schedules, stream
from tests.proof.soak.nemesis import Faults

EVERYTHING = stream.Sizes(patients=8, accounts=15, pairs=20, providers=2, bills=5)


def url():
    """Of the database that this test may fill."""
    told = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{told['NAME']}"
    host = told["HOST"] or told["OPTIONS"]["host"]
    return f"postgresql://{told['USER']}:{told['PASSWORD']}@/{told['NAME']}?host={host}"


@pytest.fixture
def soak(transactional_db, tmp_path):
    """What a short phase came to."""

    def run(*, operations=30, workers=3, broken="", bills=0, **faults):
        plan = {
            "seed": "test",
            "workers": workers,
            "seconds": None,
            "most": operations,
            "faults": asdict(Faults(**faults)),
            "every": 600.0,
            "bills": bills,
            "synced": False,
            "expects": ["drops"] if faults else [],
            "broken": broken,
        }
        job = {
            "folder": str(tmp_path),
            "server": "",
            "database": "",
            "small_disk": None,
            "families": 2,
            "plan": plan,
        }
        connection.close()
        ended = subprocess.run(
            [sys.executable, "-m", "tests.proof.soak.phase", json.dumps(job)],
            env=os.environ | {"DATABASE_URL": url()},
            capture_output=True,
            text=True,
            check=False,
        )
        assert ended.returncode == 0, ended.stderr
        trouble = tmp_path / "trouble"
        said = trouble.read_text(encoding="utf-8") if trouble.exists() else ""
        # What is put out of order must fit the code: else the rig finds nothing but that.
        assert "TypeError" not in said, said
        assert "AttributeError" not in said, said
        return json.loads(ended.stdout.splitlines()[-1])

    return run


def found(told):
    """Whether anything of what fails a run is there."""
    return bool(told["broken"] or told["counts"]["trouble"] or told["counts"]["retries"])


@pytest.mark.both_databases
def test_a_short_run_is_clean_though_workers_are_killed(soak):
    told = soak(operations=40, bills=5, kills=4, lost_answers=1)
    assert not found(told), told
    assert (told["crashes"], told["lost"], told["inspections"]) == (0, 0, 1)
    assert told["kills"] >= 2
    assert told["counts"]["calls"] >= 3 * 40 - 4
    assert told["acknowledged"] > 60
    assert told["counts"]["settlements"] > 40


@pytest.mark.both_databases
def test_accounts_without_their_locks_are_found(soak):
    assert found(soak(operations=60, workers=4, broken="lock"))


def test_a_key_that_nobody_looks_up_is_found(soak):
    assert found(soak(operations=25, workers=2, broken="key"))


def test_statements_that_stand_for_themselves_are_found(soak):
    assert found(soak(operations=120, workers=2, broken="atomic", kills=40))


def test_the_same_seed_asks_for_the_same_operations():
    first = [stream.operation("7", 2, number, EVERYTHING) for number in range(900)]
    assert first == [stream.operation("7", 2, number, EVERYTHING) for number in range(900)]
    assert first != [stream.operation("8", 2, number, EVERYTHING) for number in range(900)]
    assert {one.verb for one in first} == {*stream.SHARES, *stream.BATCHES}
    assert len({one.key for one in first}) == 900


def test_an_hour_has_as_many_faults_as_were_promised():
    named = {one.name: one for one in programme.PHASES}
    on_postgres, on_sqlite = named["faults-postgres"].faults, named["faults-sqlite"].faults
    assert (on_postgres.kills, on_postgres.restarts) >= (200, 20)
    assert on_postgres.drops - on_postgres.restarts >= 200
    assert on_sqlite.kills >= 200
    assert sum(one.share for one in programme.PHASES) + programme.INTERLEAVINGS < 0.6
    assert dict(named["faults-postgres"].goals)["settlements"] >= 20_000
    assert dict(named["faults-sqlite"].goals)["settlements"] >= 10_000
    assert programme.SCHEDULES >= 5_000
    strokes = nemesis.strokes("1", on_postgres)
    assert len(strokes) == on_postgres.kills + on_postgres.drops + on_postgres.jumps
    assert strokes == nemesis.strokes("1", on_postgres) == sorted(strokes, key=lambda one: one.at)


def test_schedules_differ_and_are_the_same_for_a_seed():
    made = list(schedules.chosen("1", (20, 18), 300))
    assert len(set(made)) == len(made) == 300
    assert set(schedules.once_interrupted((20, 18))) <= set(made)
    assert made == list(schedules.chosen("1", (20, 18), 300))


def test_the_last_line_says_what_is_broken(capsys):
    told = report.Report("5")
    told.add(report.Phase("one", 2.0, {"operations": 10, "kills": 3}))
    assert told.is_clean
    broken = [{"invariant": "I9", "told": "gone"}]
    told.add(report.Phase("two", 2.0, {"operations": 5, "lost": 1, "retries": 2}, broken))
    assert not told.is_clean
    assert told.last_line == (
        "seed=5 ops=15 kills=3 restarts=0 retries=2 invariants=14 broken=1 lost_acks=1"
    )
    assert "BROKEN I9 gone" in capsys.readouterr().out
