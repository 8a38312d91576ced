"""Tables that only grow, by trigger on both databases.

On SQLite an altered table is made anew and loses its triggers: a migration that alters such a table repeats
the operation. `protected_tables` lets a test hold the list against the models.
"""

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.operations.base import Operation

PREFIX = "append_only_"
# (name, clause on SQLite) of each refusal; PostgreSQL refuses TRUNCATE as well.
EVENTS = ("UPDATE", "DELETE")


def _create(connection: BaseDatabaseWrapper, table: str) -> list[str]:
    if connection.vendor == "sqlite":
        return [
            f'CREATE TRIGGER "{PREFIX}{table}_{event.lower()}" BEFORE {event} ON "{table}" '
            f"BEGIN SELECT RAISE(ABORT, '{table} only grows'); END"
            for event in EVENTS
        ]
    return [
        f"CREATE OR REPLACE FUNCTION {PREFIX}refuse() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '% only grows', TG_TABLE_NAME "
        "USING ERRCODE = 'restrict_violation'; END $$",
        f'CREATE TRIGGER "{PREFIX}{table}_row" BEFORE UPDATE OR DELETE ON "{table}" '
        f"FOR EACH ROW EXECUTE FUNCTION {PREFIX}refuse()",
        f'CREATE TRIGGER "{PREFIX}{table}_all" BEFORE TRUNCATE ON "{table}" '
        f"FOR EACH STATEMENT EXECUTE FUNCTION {PREFIX}refuse()",
    ]


def _drop(connection: BaseDatabaseWrapper, table: str) -> list[str]:
    if connection.vendor == "sqlite":
        return [f'DROP TRIGGER "{PREFIX}{table}_{event.lower()}"' for event in EVENTS]
    return [f'DROP TRIGGER "{PREFIX}{table}_{part}" ON "{table}"' for part in ("row", "all")]


def _run(connection: BaseDatabaseWrapper, statements: list[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def protected_tables(connection: BaseDatabaseWrapper) -> set[str]:
    """The tables that carry the triggers in this database now."""
    if connection.vendor == "sqlite":
        query = (
            "SELECT DISTINCT tbl_name FROM sqlite_master WHERE type = 'trigger' AND name LIKE %s"
        )
    else:
        query = (
            "SELECT DISTINCT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
            "WHERE t.tgname LIKE %s"
        )
    with connection.cursor() as cursor:
        cursor.execute(query, [PREFIX + "%"])
        return {row[0] for row in cursor.fetchall()}


def lift(connection: BaseDatabaseWrapper) -> set[str]:
    """Drop the triggers, for the flush between database tests only; return their tables."""
    tables = protected_tables(connection)
    for table in sorted(tables):
        _run(connection, _drop(connection, table))
    return tables


def restore(connection: BaseDatabaseWrapper, tables: set[str]) -> None:
    """Put back what `lift` took away."""
    for table in sorted(tables - protected_tables(connection)):
        _run(connection, _create(connection, table))


class AppendOnly(Operation):
    """Refuse UPDATE and DELETE on a table from here on."""

    reversible = True

    def __init__(self, table: str) -> None:
        self.table = table

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return (self.__class__.__name__, [self.table], {})

    def state_forwards(self, app_label: str, state: Any) -> None:
        """The triggers are no part of the models' state."""

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        for statement in _create(schema_editor.connection, self.table):
            schema_editor.execute(statement, params=None)

    def database_backwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        for statement in _drop(schema_editor.connection, self.table):
            schema_editor.execute(statement, params=None)

    def describe(self) -> str:
        return f"Let {self.table} only grow"
