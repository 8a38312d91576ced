"""A tampered ledger is found out, and the first bad row of the account is named."""

import pytest
from django.db import connection
from django.utils import timezone

from accounts import append_only, sealing
from insurance import ledger, ledger_check, sealed_ledger
from insurance.models import LedgerEntry, PersonalAccount
from insurance.models.ledger import EntryKind
from insurance.periods import Month
from tests.factories.insurance import at, make_account, post

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def account():
    """Five entries: an opening, a credit, a hold, spending, and the correction of the credit."""
    account = make_account(balance_fen=1_000)
    credit = post(account, EntryKind.CREDIT_OWN, 500, posted_at=at(2020, 2, 1))
    ledger.hold(
        account_id=account.pk,
        amount_fen=200,
        source_kind="test",
        source_ref="hold",
        posted_at=at(2020, 3, 1),
    )
    post(account, EntryKind.SPEND_DRUG, -100, posted_at=at(2020, 4, 1))
    ledger.reverse(entry_id=credit.pk, source_ref="fix", posted_at=at(2020, 5, 1))
    return account


@pytest.fixture
def without_triggers():
    """What somebody with the owner's rights on the database could do."""
    tables = append_only.lift(connection)
    yield
    append_only.restore(connection, tables)


def tamper(account, sequence, /, **values):
    LedgerEntry.objects.filter(account=account, sequence=sequence).update(**values)


def found(**wanted):
    return [(fault.code, fault.sequence) for fault in ledger_check.faults(**wanted)]


def test_a_ledger_that_only_the_ledger_wrote_has_no_fault(account):
    make_account()
    make_account(balance_fen=5)
    assert found() == []


@pytest.mark.parametrize(
    ("sequence", "values", "code"),
    [
        (2, {"amount_fen": 501}, "balance"),
        (2, {"balance_after_fen": 1_501}, "balance"),
        (3, {"held_change_fen": 199}, "held"),
        (3, {"reserved_change_fen": 1}, "reserved"),
        (5, {"sequence": 6}, "sequence"),
        (4, {"posted_at": at(2020, 1, 15)}, "time"),
        (4, {"kind": EntryKind.INTEREST}, "shape"),
        (2, {"kind": EntryKind.SPEND_CARE}, "shape"),
    ],
)
def test_a_changed_row_is_named(account, without_triggers, sequence, values, code):
    tamper(account, sequence, **values)
    assert found() == [(code, values.get("sequence", sequence))]


def test_a_deleted_row_shows_as_a_gap(account, without_triggers):
    LedgerEntry.objects.filter(account=account, sequence=4).delete()
    assert found() == [("sequence", 5)]


def test_a_deleted_last_row_shows_at_the_account(account, without_triggers):
    LedgerEntry.objects.filter(account=account, sequence=5).delete()
    assert found() == [("account", None)]


def test_deleted_entries_of_a_whole_account_show_at_the_account(account, without_triggers):
    LedgerEntry.objects.filter(account=account, sequence=5).delete()
    LedgerEntry.objects.filter(account=account).delete()
    assert found() == [("account", None)]


def test_a_reversal_of_another_entry_is_no_mirror(account, without_triggers):
    first = LedgerEntry.objects.get(account=account, sequence=1)
    tamper(account, 5, reverses=first)
    assert found() == [("mirror", 5)]


def test_amounts_that_never_covered_what_was_held_are_named(account, without_triggers):
    # The database refuses this row by constraint: only somebody who dropped that too could write it.
    row = ledger_check.Row(1, 1, 1, "opening", 100, 0, 101, 100, 0, 101, at(2020, 1, 1), None)
    assert ledger_check._wrong_in(row, None, {}) == ("cover", 101, 100)


@pytest.mark.parametrize(
    "values",
    [
        {"balance_fen": 901},
        {"held_fen": 0},
        {"last_sequence": 4},
        {"last_posted_at": at(2020, 6, 1)},
    ],
)
def test_an_account_that_left_its_entries_is_named(account, values):
    PersonalAccount.objects.filter(pk=account.pk).update(**values)
    assert found() == [("account", None)]


def test_one_fault_an_account_and_only_the_wanted_accounts(account, without_triggers):
    other = make_account(balance_fen=70)
    for one in (account, other):
        tamper(one, 1, balance_after_fen=7_777)
    tamper(account, 4, balance_after_fen=8_888)
    assert found() == [("balance", 1), ("balance", 1)]
    assert [fault.account_id for fault in ledger_check.faults(account_ids=[other.pk])] == [other.pk]


def test_the_numbers_that_differ_are_reported(account, without_triggers):
    tamper(account, 2, amount_fen=501)
    (fault,) = ledger_check.faults()
    assert (fault.expected, fault.found) == (1_501, 1_500)
    assert str(fault.label) == "余额与上一笔对不上"


@pytest.mark.parametrize(
    "values", [{"place": "hospital"}, {"source_ref": "other"}, {"for_month": Month.of(2020, 1)}]
)
def test_what_the_sums_do_not_show_the_seal_does(account, without_triggers, values):
    assert sealing.seal(sealed_ledger.LOG, now=timezone.now() + 2 * sealing.QUIET_MARGIN) == 1
    tamper(account, 4, **values)
    assert found() == []
    row = LedgerEntry.objects.get(account=account, sequence=4)
    assert str(sealing.verify(sealed_ledger.LOG)) == f"ledger: row {row.pk} changed"


def test_every_column_of_an_entry_is_sealed():
    columns = {field.attname for field in LedgerEntry._meta.concrete_fields} - {"id"}
    assert set(sealed_ledger.SEALED) == columns
