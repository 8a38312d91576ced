"""Every new row pays for each index of its table: none is there twice."""

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.test.utils import CaptureQueriesContext

from accounts.index_building import DropForeignKeyIndex
from tests.house.test_models import OURS

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db(transaction=True)]

# The one whose answer needs no look at the table beside the one that is a constraint.
KEPT = {"ledger_latest_of_account"}


def indexes(model):
    """Columns by name, of those that hold every row."""
    partial = {one.name for one in model._meta.indexes if one.condition}
    partial |= {one.name for one in model._meta.constraints if getattr(one, "condition", None)}
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, model._meta.db_table)
    return {
        name: one
        for name, one in found.items()
        if (one["index"] or one["unique"] or one["primary_key"])
        and name not in partial
        and not name.endswith("_like")
    }


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_no_index_is_the_beginning_of_another(model):
    found = indexes(model)
    assert any(one["primary_key"] for one in found.values())
    twice = [
        (name, other)
        for name, one in found.items()
        if not one["unique"] and not one["primary_key"] and name not in KEPT
        for other, longer in found.items()
        if other != name and longer["columns"][: len(one["columns"])] == one["columns"]
    ]
    assert not twice


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_every_relation_is_found_by_an_index(model):
    first = {one["columns"][0] for one in indexes(model).values() if one["columns"]}
    relations = {one.column for one in model._meta.concrete_fields if one.remote_field}
    assert relations <= first


def dropping():
    loader = MigrationLoader(connection)
    for key, one in loader.disk_migrations.items():
        for operation in one.operations:
            if isinstance(operation, DropForeignKeyIndex):
                yield loader, key, operation


def test_an_index_comes_back_and_goes_again_without_a_look_at_the_rows():
    loader, key, operation = next(one for one in dropping() if one[2].model_name == "ledgerentry")
    after = loader.project_state([key], at_end=True)
    before = loader.project_state([key], at_end=False)
    model = after.apps.get_model("insurance", "LedgerEntry")
    there = set(indexes(model))

    def run(step, *states):
        with (
            CaptureQueriesContext(connection) as sent,
            connection.schema_editor(atomic=False) as editor,
        ):
            step("insurance", editor, *states)
        texts = [one["sql"] for one in sent]
        # Nothing is made anew, and no constraint looks at the rows again.
        assert not [one for one in texts if "ALTER TABLE" in one or "CREATE TABLE" in one]
        return [one for one in texts if "INDEX" in one]

    came = run(operation.database_backwards, after, before)
    [name] = set(indexes(model)) - there
    assert indexes(model)[name]["columns"] == ["account_id"]
    assert len(came) == 1
    assert not run(operation.database_backwards, after, before)
    gone = run(operation.database_forwards, before, after)
    assert len(gone) == 1
    assert set(indexes(model)) == there
    if connection.vendor == "postgresql":
        assert "CONCURRENTLY" in came[0]
        assert "CONCURRENTLY" in gone[0]
