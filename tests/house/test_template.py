"""The migrated database of the tests is never one of yesterday's."""

import sqlite3
from contextlib import closing

import pytest

from tests import template


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project of one migration, and no template yet."""
    monkeypatch.setattr(template, "ROOT", tmp_path)
    monkeypatch.setattr(template, "FOLDER", tmp_path / "kept")
    (tmp_path / "floor" / "migrations").mkdir(parents=True)
    (tmp_path / "floor" / "migrations" / "0001_begin.py").write_text("one")
    return tmp_path


def tables(database):
    with closing(sqlite3.connect(database)) as one:
        return [name for (name,) in one.execute("SELECT name FROM sqlite_master")]


def migrate(database, table):
    """What a process does that needs its database."""
    place = template.Copy(str(database))
    if not database.exists():
        with closing(sqlite3.connect(database)) as one:
            one.execute(f"CREATE TABLE {table} (id)")
    place.is_complete()
    return tables(database)


def test_the_second_process_gets_what_the_first_one_made(project):
    assert migrate(project / "a", "first") == ["first"]
    assert migrate(project / "b", "second") == ["first"]


@pytest.mark.parametrize("changed", ["0001_begin.py", "0002_go_on.py"])
def test_another_migration_makes_another_database(project, changed):
    migrate(project / "a", "first")
    (project / "floor" / "migrations" / changed).write_text("two")
    assert migrate(project / "b", "second") == ["second"]
    assert len(list(template.FOLDER.glob("*.sqlite3"))) == 1
