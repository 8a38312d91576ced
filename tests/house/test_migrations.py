"""Migrations are complete, named by meaning, and can be taken back."""

import os
import re
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from tests.house.source import FLOORS, ROOT

NAMED_BY_DJANGO = re.compile(r"^\d{4}_(initial|auto_|.*_and_more)|_\d+$")


def migrations():
    loader = MigrationLoader(connection=None)
    return [one for (floor, _name), one in loader.disk_migrations.items() if floor in FLOORS]


@pytest.mark.django_db
def test_no_migration_is_missing():
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


def test_migrations_are_named_by_meaning():
    assert migrations()
    assert not [one.name for one in migrations() if NAMED_BY_DJANGO.search(one.name)]


def test_every_migration_says_how_to_go_back():
    stuck = [
        f"{one.app_label} {one.name}: {operation.describe()}"
        for one in migrations()
        for operation in one.operations
        if not operation.reversible
    ]
    assert not stuck


def test_the_whole_way_can_be_gone_back_and_forth(tmp_path, django_db_setup):
    # The run itself has gone the way forth once, from nothing.
    with (
        closing(sqlite3.connect(connection.settings_dict["NAME"])) as migrated,
        closing(sqlite3.connect(tmp_path / "migrations.sqlite3")) as copy,
    ):
        migrated.backup(copy)
    floors = [floor for floor in reversed(FLOORS) if (ROOT / floor / "migrations").exists()]
    script = "\n".join(
        [
            "import django; django.setup()",
            "from django.core.management import call_command as call",
            "call('migrate', verbosity=0)",
            *(f"call('migrate', '{floor}', 'zero', verbosity=0)" for floor in reversed(floors)),
            "from django.db import connection",
            f"left = [t for t in connection.introspection.table_names() if t.split('_')[0] in {floors}]",
            "assert not left, left",
            "call('migrate', verbosity=0)",
        ]
    )
    environment = os.environ | {
        "DATABASE_URL": f"sqlite:///{tmp_path}/migrations.sqlite3",
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    run = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
