"""What the database refuses to somebody who goes round the ledger."""

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from accounts import append_only, audit
from insurance.models import LedgerEntry, PersonalAccount
from insurance.models.ledger import EntryKind
from tests.factories.insurance import make_account, post

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def entry(**fields):
    """A row that fits after the opening entry of 1 000 fen, written round the ledger."""
    account = fields.pop("account")
    row = {
        "sequence": 2,
        "kind": EntryKind.INTEREST,
        "amount_fen": 1,
        "balance_after_fen": 1_001,
        "posted_at": account.last_posted_at,
        "source_kind": "raw",
        "source_ref": "1",
    }
    return LedgerEntry.objects.create(account=account, **(row | fields))


BAD_ENTRIES = {
    "ledger_sequence_once_per_account": {"sequence": 1},
    "ledger_sequence_from_one": {"sequence": 0},
    "ledger_balance_covers_reserved_and_held": {"held_after_fen": 1_002},
    "ledger_memo_moves_no_balance": {"kind": EntryKind.HOLD},
    "ledger_reversal_names_its_entry": {"kind": EntryKind.REVERSAL},
}
BAD_ACCOUNTS = {
    "account_reserved_and_held_not_negative": {"held_fen": -1},
    "account_balance_covers_reserved_and_held": {"reserved_fen": 1_001},
    "account_known_part": {"part": "pocket"},
}


def says(error, name, columns=""):
    """PostgreSQL names the constraint; SQLite names checks, and the columns of what must be unique."""
    return name in str(error) or (
        connection.vendor == "sqlite" and columns and columns in str(error)
    )


@pytest.mark.parametrize("name", BAD_ENTRIES)
def test_the_database_refuses_an_entry_written_round_the_ledger(name):
    account = make_account(balance_fen=1_000)
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        entry(account=account, **BAD_ENTRIES[name])
    assert says(caught.value, name, "insurance_ledgerentry.sequence")


def test_the_database_refuses_a_source_and_a_reversal_twice():
    account = make_account(balance_fen=1_000)
    first = entry(account=account)
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        entry(account=account, sequence=3)
    assert says(caught.value, "ledger_source_once_per_account", "insurance_ledgerentry.source_ref")
    undo = {"kind": EntryKind.REVERSAL, "reverses": first, "amount_fen": -1}
    entry(account=account, sequence=3, source_ref="2", **undo)
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        entry(account=account, sequence=4, source_ref="3", **undo)
    assert says(caught.value, "reverses_id", "insurance_ledgerentry.reverses_id")


@pytest.mark.parametrize("name", BAD_ACCOUNTS)
def test_the_database_refuses_an_account_written_round_the_ledger(name):
    account = make_account(balance_fen=1_000)
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        PersonalAccount.objects.filter(pk=account.pk).update(**BAD_ACCOUNTS[name])
    assert says(caught.value, name)


def test_the_database_refuses_a_second_live_account_of_one_part():
    account = make_account()
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        PersonalAccount.objects.create(
            person=account.person, area=account.area, opened_on=account.opened_on
        )
    assert says(
        caught.value, "account_one_live_part_per_person", "insurance_personalaccount.person_id"
    )


@pytest.mark.parametrize("table", ["insurance_ledgerentry", "accounts_auditentry"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET id = id", "DELETE FROM {}"])
def test_entries_of_ledger_and_audit_are_never_changed_or_deleted(table, statement):
    post(make_account(), EntryKind.OPENING, 1)
    audit.record(actor=None, action="log.seal")
    with pytest.raises(DatabaseError, match="only grows"), transaction.atomic():
        execute(statement.format(table))


def test_a_table_that_only_grows_cannot_be_emptied_in_one_go_either():
    if connection.vendor == "postgresql":
        with pytest.raises(DatabaseError, match="only grows"), transaction.atomic():
            execute("TRUNCATE insurance_ledgerentry CASCADE")
    ours = {"insurance_ledgerentry", "accounts_auditentry"}
    assert ours <= append_only.protected_tables(connection)


def execute(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)
