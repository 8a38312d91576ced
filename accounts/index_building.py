"""An index on a table that is in use: on PostgreSQL it is built while others write, elsewhere as ever."""

from typing import Any

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db.migrations.operations import AddIndex


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
