"""Indexes of tables that are in use: on PostgreSQL they come and go while others write, elsewhere as ever."""

from typing import Any

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db.migrations.operations import AddIndex, AlterField


class AddIndexBeside(AddIndexConcurrently):
    """In a migration with `atomic = False`. Where building breaks off, PostgreSQL keeps an invalid index: drop it, and migrate again."""

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        self._way(schema_editor).database_forwards(
            self, app_label, schema_editor, from_state, to_state
        )

    def database_backwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        self._way(schema_editor).database_backwards(
            self, app_label, schema_editor, from_state, to_state
        )

    @staticmethod
    def _way(schema_editor: Any) -> type[AddIndex]:
        is_served = schema_editor.connection.vendor == "postgresql"
        return AddIndexConcurrently if is_served else AddIndex


class DropForeignKeyIndex(AlterField):
    """A relation's own index goes where another index begins with its column; the constraint stays.

    Django's way would look through every row for the constraint again, and on SQLite write the table anew without its triggers. In a
    migration with `atomic = False`.
    """

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        model = to_state.apps.get_model(app_label, self.model_name)
        if not self.allow_migrate_model(schema_editor.connection.alias, model):
            return
        for name in _own_indexes(schema_editor, model, model._meta.get_field(self.name).column):
            schema_editor.execute(
                schema_editor._delete_index_sql(model, name, **_beside(schema_editor))
            )

    def database_backwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        model = to_state.apps.get_model(app_label, self.model_name)
        field = model._meta.get_field(self.name)
        if self.allow_migrate_model(schema_editor.connection.alias, model) and not _own_indexes(
            schema_editor, model, field.column
        ):
            schema_editor.execute(
                schema_editor._create_index_sql(model, fields=[field], **_beside(schema_editor))
            )


def _own_indexes(schema_editor: Any, model: Any, column: str) -> list[str]:
    """Those that no `Meta.indexes` names."""
    found: list[str] = schema_editor._constraint_names(
        model,
        [column],
        index=True,
        unique=False,
        exclude={one.name for one in model._meta.indexes},
    )
    return found


def _beside(schema_editor: Any) -> dict[str, bool]:
    return {"concurrently": True} if schema_editor.connection.vendor == "postgresql" else {}
