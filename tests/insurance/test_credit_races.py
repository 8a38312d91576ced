"""A month's credits while others post, and another run of them beside the first."""

import datetime as dt
import threading

import pytest
from django.db import connection, transaction

from insurance import credits, ledger, ledger_check, ledger_sets
from insurance.credit_lanes import Turn
from insurance.models import CreditRun, LedgerEntry
from insurance.models.ledger import EntryKind
from insurance.periods import Month
from tests.factories.accounts import together, waiting
from tests.factories.credits import fail_at
from tests.factories.insurance import (
    make_account,
    make_area,
    make_enrolment,
    make_period,
    make_person,
    post,
    raised_by,
)
from tests.factories.rules import publish_all

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.both_databases,
    pytest.mark.usefixtures("fixed_day"),
]
OCTOBER = Month.of(2026, 10)


@pytest.fixture
def people():
    publish_all()
    place = make_area(code="320100")
    made = [make_person(birth_date=dt.date(1990, 1, 1)) for _number in range(8)]
    for one in made:
        make_enrolment(person=one, area=place)
        make_period(person=one, area=place, first=(2026, 1), last=(2026, 10), base_fen=800_000)
        make_account(person=one, area=place, balance_fen=10_000)
    return made


def account_of(person):
    return person.accounts.get()


def credited(person):
    rows = LedgerEntry.objects.filter(account__person=person, for_month=OCTOBER)
    return list(rows.order_by("pk").values_list("source_kind", "amount_fen"))


def run(month=OCTOBER):
    list(credits.post_all(CreditRun.objects.get(month=month.index), chunk=4))


def while_it_waits(change, job):
    """Change things in a transaction that holds its locks until the job has come to wait for them."""
    results = []
    waiter = threading.Thread(target=lambda: results.extend(together(job)))
    with transaction.atomic():
        change()
        waiter.start()
        # On SQLite nobody can be seen waiting: there the file is locked from the first statement on.
        while waiter.is_alive() and connection.vendor == "postgresql" and not waiting():
            pass
    waiter.join()
    assert results == [None]


def test_a_chunk_that_waited_sees_what_was_spent_meanwhile(people):
    credits.begin(month=OCTOBER)
    account = account_of(people[2])
    while_it_waits(lambda: post(account, EntryKind.SPEND_DRUG, -9_000), run)
    last = LedgerEntry.objects.of(account.pk).newest_first().first()
    assert (last.sequence, last.balance_after_fen) == (3, 17_000)
    assert not list(ledger_check.faults())


def test_a_chunk_that_waited_sees_the_month_that_came_by_file_meanwhile(people):
    credits.begin(month=OCTOBER)
    account = account_of(people[2])
    by_file = (EntryKind.CREDIT_OWN, 16_000)
    while_it_waits(lambda: post(account, *by_file, for_month=OCTOBER), run)
    assert credited(people[2]) == [("test", 16_000)]
    assert CreditRun.objects.get().not_credited == {"credited_by_file": 1}


def test_a_chunk_that_waited_posts_nothing_to_an_account_that_was_closed_meanwhile(people):
    credits.begin(month=OCTOBER)
    account = account_of(people[2])
    post(account, EntryKind.SPEND_CARE, -10_000)

    def close():
        ledger.close_account(account_id=account.pk, closed_on=dt.date(2026, 11, 1))

    while_it_waits(close, run)
    assert credited(people[2]) == []
    assert CreditRun.objects.get().not_credited == {"no_open_account": 1}


def test_payments_and_runs_beside_each_other_credit_everybody_once(people):
    credits.begin(month=OCTOBER)
    accounts = [account_of(one) for one in people]
    spending = [
        lambda account=account: post(account, EntryKind.SPEND_DRUG, -7) for account in accounts * 2
    ]
    assert not raised_by(run, *spending[:8], run, *spending[8:], run)
    assert [credited(one) for one in people] == [[("credit", 16_000)]] * len(people)
    assert {account_of(one).balance_fen for one in people} == {25_986}
    tally = credits.tally_of(CreditRun.objects.get())
    assert (tally.credited, tally.same, tally.amount_fen) == (8, 0, 128_000)
    assert not list(ledger_check.faults())


def credited_so_far(people):
    return [len(credited(one)) for one in people]


def test_a_chunk_beside_one_that_fails_leaves_nothing_behind_either(people, monkeypatch):
    fail_at(people[3], OCTOBER, monkeypatch)
    assert credited_so_far(people) == [1, 1, 0, 0, 0, 0, 0, 0]
    run()
    assert credited_so_far(people) == [1] * 8
    tally = credits.tally_of(CreditRun.objects.get())
    assert (tally.credited, tally.same) == (8, 0)


def test_broken_off_it_ends_with_whole_chunks_and_goes_on_behind_them(people):
    posting = credits.post_all(credits.begin(month=OCTOBER), chunk=2)
    assert next(posting) == 2
    posting.close()
    row = CreditRun.objects.get()
    done = credited_so_far(people)
    assert (sum(done), done) == (row.credited, sorted(done, reverse=True))
    assert row.last_person == people[row.credited - 1].pk
    run()
    assert credited_so_far(people) == [1] * 8
    assert CreditRun.objects.get().finished_at is not None


def test_a_chunk_locks_nothing_before_the_one_in_front_holds_its_locks(people, monkeypatch):
    said, lock_of, hold = [], ledger_sets.lock_of, Turn.hold

    def locks(*, first, last):
        lock_of(first=first, last=last)
        said.append(("locked", last))

    def holds(turn, last):
        said.append(("held", last))
        hold(turn, last)

    monkeypatch.setattr(ledger_sets, "lock_of", locks)
    monkeypatch.setattr(Turn, "hold", holds)
    list(credits.post_all(credits.begin(month=OCTOBER), chunk=2))
    # SQLite has one writer: there is one chunk at a time, and nothing to hand on.
    lasts = [one.pk for one in people[1::2]] if connection.vendor == "postgresql" else []
    assert said == [(word, last) for last in lasts for word in ("locked", "held")]
    assert credited_so_far(people) == [1] * 8
