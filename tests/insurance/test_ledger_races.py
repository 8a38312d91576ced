"""Many writers at once, and a writer that dies half-way."""

import pytest
from django.db import connection

from insurance import ledger, ledger_check
from insurance.models import LedgerEntry, PersonalAccount
from insurance.models.ledger import AccountPart, EntryKind
from tests.factories.insurance import make_account, make_area, make_person, post, raised_by

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]
WRITERS = 20


def sound(account):
    account.refresh_from_db()
    sequences = LedgerEntry.objects.of(account.pk).values_list("sequence", flat=True)
    return (
        list(ledger_check.faults()) == []
        and list(sequences) == list(range(1, account.last_sequence + 1))
        and account.available_fen >= 0
    )


def test_twenty_debits_at_once_are_all_posted_and_add_up():
    account = make_account(balance_fen=1_000)
    # Nobody tries twice: an error of any kind, a lost lock included, would be in the list.
    assert not raised_by(*[lambda: post(account, EntryKind.SPEND_DRUG, -7)] * WRITERS)
    assert sound(account)
    assert (account.balance_fen, account.last_sequence) == (1_000 - 7 * WRITERS, WRITERS + 1)


def test_money_for_ten_of_twenty_debits_is_spent_ten_times():
    account = make_account(balance_fen=109)
    raised = raised_by(*[lambda: post(account, EntryKind.SPEND_DRUG, -10)] * WRITERS)
    assert [type(error) for error in raised] == [ledger.InsufficientFunds] * 10
    assert sound(account)
    assert account.balance_fen == 9


def test_the_same_source_from_twenty_writers_is_one_entry():
    account = make_account(balance_fen=1_000)
    once = [lambda: post(account, EntryKind.SPEND_DRUG, -10, source_ref="bill-7")]
    assert not raised_by(*once * WRITERS)
    assert sound(account)
    assert account.balance_fen == 990


def test_holds_and_debits_at_once_never_take_the_same_money():
    account = make_account(balance_fen=100)
    spend = [lambda: post(account, EntryKind.SPEND_CARE, -10)]
    holds = [
        lambda number=number: ledger.hold(
            account_id=account.pk, amount_fen=10, source_kind="test", source_ref=f"hold-{number}"
        )
        for number in range(WRITERS // 2)
    ]
    raised = raised_by(*spend * (WRITERS // 2), *holds)
    assert [type(error) for error in raised] == [ledger.InsufficientFunds] * (WRITERS // 2)
    assert sound(account)
    assert account.balance_fen == account.held_fen


def test_an_entry_reversed_by_twenty_is_reversed_once():
    account = make_account(balance_fen=1_000)
    wrong = post(account, EntryKind.CREDIT_OWN, 10)
    fixes = [
        lambda number=number: ledger.reverse(entry_id=wrong.pk, source_ref=f"fix-{number}")
        for number in range(WRITERS)
    ]
    assert [type(error) for error in raised_by(*fixes)] == [ledger.NotReversible] * (WRITERS - 1)
    assert sound(account)
    assert account.balance_fen == 1_000


def test_transfers_both_ways_at_once_wait_for_each_other_in_one_order():
    person = make_person()
    current, prior = (
        make_account(person=person, part=part, balance_fen=1_000)
        for part in (AccountPart.CURRENT_YEAR, AccountPart.PRIOR_YEARS)
    )

    def move(giving, taking, source_ref):
        ledger.transfer(
            from_account_id=giving.pk,
            to_account_id=taking.pk,
            amount_fen=3,
            source_ref=source_ref,
        )

    there = [lambda n=n: move(current, prior, f"there-{n}") for n in range(WRITERS // 2)]
    back = [lambda n=n: move(prior, current, f"back-{n}") for n in range(WRITERS // 2)]
    assert not raised_by(*there, *back)
    assert sound(current)
    assert sound(prior)
    assert (current.balance_fen, prior.balance_fen) == (1_000, 1_000)


def test_parts_that_exclude_each_other_are_not_opened_at_once():
    person, area = make_person(), make_area()
    parts = [AccountPart.WHOLE, AccountPart.CURRENT_YEAR] * (WRITERS // 2)
    opened_on = make_account().opened_on
    jobs = [
        lambda part=part: ledger.open_account(
            person=person, area=area, opened_on=opened_on, part=part
        )
        for part in parts
    ]
    assert {type(error) for error in raised_by(*jobs)} == {ledger.AccountExists}
    assert PersonalAccount.objects.filter(person=person).count() == 1


class PowerCut(Exception):
    """Raised in the middle of a verb."""


class CutAfter:
    """Lets `count` statements through and stops the next."""

    def __init__(self, count):
        self.left = count

    def __call__(self, execute, sql, params, many, context):
        if self.left == 0:
            raise PowerCut
        self.left -= 1
        return execute(sql, params, many, context)


def verbs():
    """Each verb with rows of its own, as a call without arguments."""
    account = make_account(balance_fen=1_000)
    wrong = post(account, EntryKind.CREDIT_OWN, 10)
    person = make_person()
    current, prior = (
        make_account(person=person, part=part, balance_fen=50)
        for part in (AccountPart.CURRENT_YEAR, AccountPart.PRIOR_YEARS)
    )
    source = {"source_kind": "test", "source_ref": "cut"}
    lines = [
        ledger.Line(kind="interest", amount_fen=1, source_kind="test", source_ref=f"cut-{number}")
        for number in range(5)
    ]
    return {
        "post": lambda: ledger.post(
            account_id=account.pk, kind=EntryKind.SPEND_DRUG, amount_fen=-1, **source
        ),
        "hold": lambda: ledger.hold(account_id=account.pk, amount_fen=1, **source),
        "reverse": lambda: ledger.reverse(entry_id=wrong.pk, source_ref="cut"),
        "transfer": lambda: ledger.transfer(
            from_account_id=current.pk, to_account_id=prior.pk, amount_fen=50, source_ref="cut"
        ),
        "post_many": lambda: ledger.post_many(account_id=account.pk, lines=lines),
    }


@pytest.mark.parametrize("name", ["post", "hold", "reverse", "transfer", "post_many"])
def test_a_verb_that_dies_after_any_statement_leaves_nothing_half_done(name):
    verb = verbs()[name]
    before = list(PersonalAccount.objects.values()), LedgerEntry.objects.count()
    for count in range(100):
        try:
            with connection.execute_wrapper(CutAfter(count)):
                verb()
        except PowerCut:
            after = list(PersonalAccount.objects.values()), LedgerEntry.objects.count()
            assert after == before
        else:
            break
    assert count > 3
    assert not list(ledger_check.faults())
    assert LedgerEntry.objects.count() > before[1]
