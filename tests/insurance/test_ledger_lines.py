"""Many lines of one account under one lock: what the imports post."""

import pytest

from insurance import ledger
from insurance.models import LedgerEntry
from insurance.models.ledger import EntryKind
from tests.factories.insurance import at, line, make_account

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def amounts(account):
    account.refresh_from_db()
    return account.balance_fen, account.reserved_fen, account.held_fen


MONTHS = [
    line(EntryKind.CREDIT_OWN, 100, f"{year}-{month}", posted_at=at(year, month, 15))
    for year in range(2000, 2050)
    for month in range(1, 13)
]


def test_many_lines_are_posted_in_order_and_only_once():
    account = make_account()
    assert len(MONTHS) > ledger.BATCH
    assert ledger.post_many(account_id=account.pk, lines=MONTHS) == ledger.Posting(600, 0, ())
    assert amounts(account) == (60_000, 0, 0)
    more = [*MONTHS, line(EntryKind.INTEREST, 1, "interest", posted_at=at(2050, 1, 1))]
    assert ledger.post_many(account_id=account.pk, lines=iter(more)) == ledger.Posting(1, 600, ())
    assert amounts(account) == (60_001, 0, 0)
    entries = LedgerEntry.objects.of(account.pk)
    assert list(entries.values_list("sequence", flat=True)) == list(range(1, 602))


def test_one_bad_line_of_many_leaves_nothing_behind():
    account = make_account()
    bad = [*MONTHS, line(EntryKind.SPEND_DRUG, -60_001, "too-much", posted_at=at(2050, 1, 1))]
    with pytest.raises(ledger.InsufficientFunds):
        ledger.post_many(account_id=account.pk, lines=bad)
    assert amounts(account) == (0, 0, 0)
    assert not LedgerEntry.objects.of(account.pk).exists()


def test_bad_lines_are_reported_by_index_where_the_good_ones_are_kept():
    account = make_account()
    lines = [
        line(EntryKind.OPENING, 100, "a"),
        line(EntryKind.SPEND_DRUG, -101, "b"),
        line(EntryKind.SPEND_DRUG, 1, "c"),
        line(EntryKind.SPEND_DRUG, -40, "d"),
        line(EntryKind.SPEND_DRUG, -40, "d"),
        line(EntryKind.SPEND_DRUG, -41, "d"),
    ]
    posting = ledger.post_many(account_id=account.pk, lines=lines, keep_good=True)
    assert (posting.new, posting.same) == (2, 1)
    assert [(index, type(error)) for index, error in posting.refused] == [
        (1, ledger.InsufficientFunds),
        (2, ledger.WrongShape),
        (5, ledger.SourceConflict),
    ]
    assert amounts(account) == (60, 0, 0)


def test_a_line_may_correct_a_line_of_the_same_file_once():
    account = make_account()
    lines = [
        line(EntryKind.OPENING, 100, "a"),
        line(EntryKind.CREDIT_OWN, 50, "b"),
        line(EntryKind.REVERSAL, 0, "c", reverses_ref="b"),
        line(EntryKind.REVERSAL, 0, "d", reverses_ref="b"),
        line(EntryKind.REVERSAL, 0, "e", reverses_ref="nothing"),
        line(EntryKind.REVERSAL, 0, "f", reverses_ref="c"),
    ]
    posting = ledger.post_many(account_id=account.pk, lines=lines, keep_good=True)
    assert [(index, type(error)) for index, error in posting.refused] == [
        (index, ledger.NotReversible) for index in (3, 4, 5)
    ]
    again = ledger.post_many(account_id=account.pk, lines=lines[:3])
    assert (again.new, again.same) == (0, 3)
    assert amounts(account) == (100, 0, 0)


def test_many_lines_take_few_statements(django_assert_max_num_queries):
    account = make_account()
    # SQLite takes some sixty rows in a statement, so that six hundred lines are a dozen of them.
    with django_assert_max_num_queries(30):
        ledger.post_many(account_id=account.pk, lines=MONTHS)
