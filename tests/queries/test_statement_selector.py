import datetime as dt

import pytest

from insurance import ledger
from insurance.models import LedgerEntry
from insurance.models.ledger import EntryKind
from insurance.periods import Month
from queries.selectors import statement
from queries.selectors.entry_words import GROUPS, WORDS
from queries.selectors.statement import PAGE_ROWS, Filter
from tests.factories import insurance as register
from tests.factories.reading import fill

pytestmark = pytest.mark.django_db


def page(account, chosen=None, **cursor):
    return statement.page(
        account_id=account.pk, person_id=account.person_id, chosen=chosen or Filter(), **cursor
    )


def sequences(found):
    return [row.sequence for row in found.rows]


def test_every_kind_of_entry_has_words_and_one_group():
    grouped = [kind for kinds in GROUPS.values() for kind in kinds]
    assert set(WORDS) == set(EntryKind)
    assert sorted(grouped) == sorted(EntryKind)


def test_the_newest_entry_stands_first_with_the_balance_after_it():
    account = register.make_account(balance_fen=10000)
    register.post(account, EntryKind.SPEND_CARE, -2500, place="定点医院")
    rows = page(account).rows
    assert [row.amount_fen for row in rows] == [-2500, 10000]
    assert [row.balance_after_fen for row in rows] == [7500, 10000]
    assert rows[0].place == "定点医院"


@pytest.mark.both_databases
def test_pages_walk_to_the_end_and_back_and_show_each_entry_once():
    account = fill(register.make_account(balance_fen=1000000), PAGE_ROWS * 2 + 10)
    first = page(account)
    second = page(account, before=first.older_than)
    third = page(account, before=second.older_than)
    assert first.newer_than is None
    assert third.older_than is None
    walked = sequences(first) + sequences(second) + sequences(third)
    assert walked == list(range(account.last_sequence, 0, -1))
    back = page(account, after=third.newer_than)
    assert (back.rows, back.newer_than) == (second.rows, second.newer_than)
    assert sequences(page(account, after=second.newer_than)) == sequences(first)
    assert page(account, after=second.newer_than).newer_than is None


def test_a_page_that_is_exactly_full_has_no_older_page():
    account = fill(register.make_account(), PAGE_ROWS)
    assert page(account).older_than is None


def test_a_period_takes_both_its_days_by_the_clock_of_the_agency():
    account = register.make_account()
    for moment in (
        register.at(2026, 1, 31, 23),
        register.at(2026, 2, 1, 0),
        register.at(2026, 2, 28, 23),
        register.at(2026, 3, 1, 0),
    ):
        register.post(account, EntryKind.CREDIT_OWN, 100, posted_at=moment)
    chosen = Filter(first=dt.date(2026, 2, 1), last=dt.date(2026, 2, 28))
    assert sequences(page(account, chosen)) == [3, 2]


def test_kind_and_direction_narrow_the_page_and_the_totals_alike():
    account = fill(register.make_account(balance_fen=1000000), 40)
    care = Filter(group="care")
    assert {row.kind for row in page(account, care).rows} == {"spend_care", "spend_drug"}
    assert statement.totals(account_id=account.pk, chosen=care) == statement.Totals(
        count=20, in_fen=0, out_fen=10 * (4200 + 3550), corrected_fen=0
    )
    incoming = Filter(direction="in", group="credit")
    assert all(row.amount_fen > 0 for row in page(account, incoming).rows)
    assert statement.totals(account_id=account.pk, chosen=incoming).in_fen == 10 * 16469


@pytest.mark.both_databases
def test_a_correction_is_marked_on_both_entries_and_counted_apart():
    account = register.make_account()
    credit = register.post(account, EntryKind.CREDIT_OWN, 5000, for_month=Month.of(2026, 1))
    ledger.reverse(entry_id=credit.pk, source_ref="mirror")
    newest, oldest = page(account).rows
    assert (newest.reverses, oldest.reversed_by) == (1, 2)
    assert statement.totals(account_id=account.pk, chosen=Filter()) == statement.Totals(
        count=2, in_fen=5000, out_fen=0, corrected_fen=-5000
    )


def test_a_relative_is_masked_and_the_owner_not_named():
    account = register.make_account(balance_fen=10000)
    daughter = register.make_person(name="张小梅")
    register.post(account, EntryKind.SPEND_AID, -100, used_by=daughter)
    register.post(account, EntryKind.SPEND_CARE, -100, used_by=account.person)
    assert [row.user for row in page(account).rows] == ["", "张*梅", ""]


def test_paper_holds_the_newest_rows_and_says_that_it_was_cut(monkeypatch):
    monkeypatch.setattr(statement, "PRINT_ROWS", 5)
    account = fill(register.make_account(balance_fen=1000000), 8)
    kwargs = {"account_id": account.pk, "person_id": account.person_id, "chosen": Filter()}
    rows, cut = statement.printable(**kwargs)
    assert [row.sequence for row in rows] == [9, 8, 7, 6, 5]
    assert cut
    monkeypatch.setattr(statement, "PRINT_ROWS", 9)
    assert not statement.printable(**kwargs)[1]


@pytest.mark.both_databases
def test_an_entry_of_another_account_is_not_found():
    mine, other = register.make_account(balance_fen=1), register.make_account(balance_fen=1)
    register.post(other, EntryKind.CREDIT_OWN, 5)
    entry = LedgerEntry.objects.get(account=other, sequence=2)
    kwargs = {"person_id": mine.person_id, "sequence": entry.sequence}
    assert statement.entry(account_id=other.pk, **kwargs).amount_fen == 5
    assert statement.entry(account_id=mine.pk, **kwargs) is None
