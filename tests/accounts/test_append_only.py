"""Tables that only grow refuse everything else, whoever asks."""

import pytest
from django.db import Error, connection, transaction

from accounts import append_only, audit
from accounts.models import AuditEntry, Seal

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
ONLY_GROW = {"accounts_auditentry", "accounts_seal", "insurance_ledgerentry"}


def refused(act):
    with pytest.raises(Error, match="only grows"), transaction.atomic():
        act()


def test_log_seals_and_ledger_are_protected():
    assert append_only.protected_tables(connection) >= ONLY_GROW


def test_an_entry_of_the_log_can_be_neither_changed_nor_deleted():
    entry = audit.record(actor=None, action="user.change")
    entry.reason = "forged"
    refused(entry.save)
    refused(entry.delete)
    refused(lambda: AuditEntry.objects.update(reason="forged"))
    refused(lambda: AuditEntry.objects.all().delete())
    refused(lambda: AuditEntry.objects.filter(pk=entry.pk)._raw_delete("default"))
    refused(lambda: AuditEntry.objects.bulk_update([entry], ["reason"]))
    entry.refresh_from_db()
    assert entry.reason == ""


def test_a_seal_can_be_neither_changed_nor_deleted():
    Seal.objects.create(
        log="audit", number=1, first_id=1, last_id=1, row_count=1, digest="x", key_version=1
    )
    refused(lambda: Seal.objects.update(digest="y"))
    refused(lambda: Seal.objects.all().delete())


def test_replacing_a_row_is_refused_as_well():
    entry = audit.record(actor=None, action="user.change")
    upsert = AuditEntry(pk=entry.pk, action="user.forge", at=entry.at)
    refused(
        lambda: AuditEntry.objects.bulk_create(
            [upsert], update_conflicts=True, update_fields=["action"], unique_fields=["id"]
        )
    )


def test_emptying_the_whole_table_is_refused():
    audit.record(actor=None, action="user.change")
    connection.check_constraints()  # PostgreSQL truncates nothing while checks are pending
    statement = (
        "DELETE FROM accounts_auditentry"
        if connection.vendor == "sqlite"
        else "TRUNCATE accounts_auditentry CASCADE"
    )
    with connection.cursor() as cursor:
        refused(lambda: cursor.execute(statement))


def test_lifted_triggers_come_back():
    tables = append_only.lift(connection)
    assert tables >= ONLY_GROW
    assert append_only.protected_tables(connection) == set()
    append_only.restore(connection, tables)
    append_only.restore(connection, tables)
    assert append_only.protected_tables(connection) == tables
    audit.record(actor=None, action="user.change")
    refused(lambda: AuditEntry.objects.all().delete())
