"""Many at once on one family's money: nobody waits for ever, nobody decides by what was before."""

import threading

import pytest
from django.db import connection, transaction

from claims import batches, holds, keyed, refunds, retrying, settlement
from claims.batches import Item
from claims.models import Refund, Settlement
from claims.refusals import Refusal
from family import changing, orders
from family.models import Binding, CapUse, Channel
from family.moves import State
from insurance.models import LedgerEntry, PersonalAccount
from insurance.models.ledger import EntryKind
from tests.factories.accounts import make_staff, together, waiting
from tests.factories.claims import balances, faults, insured, make_bill
from tests.factories.family import make_binding, use_cap
from tests.factories.insurance import post
from tests.factories.reading import make_citizen

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]
WRITERS = 12


@pytest.fixture(autouse=True)
def sound():
    """Nobody tries twice in these tests, so a transaction that was broken off is an error in the list of results."""
    yield
    assert not faults()
    assert not retrying.RETRIES


def settling(hospital, me, amount_fen, **fields):
    bill = make_bill(amount_fen, **fields)
    return lambda: settlement.settle(provider=hospital, patient=me, bill=bill)


def codes(results):
    """What was refused why; whatever else was raised stands in the list as it is."""
    return [getattr(one, "code", one) for one in results if isinstance(one, Exception)]


def while_waiting(change, *jobs):
    """Change things in a transaction that holds a lock while the jobs come to wait for it one after the other.

    What each job gave; of a single one that alone.
    """
    results, waiters = [None] * len(jobs), []
    with transaction.atomic():
        change()
        for place, job in enumerate(jobs):
            waiters.append(threading.Thread(target=into, args=(results, place, job)))
            waiters[-1].start()
            until_it_waits(waiters[-1], count=place + 1)
    for waiter in waiters:
        waiter.join()
    return results if len(jobs) > 1 else results[0]


def into(results, place, job):
    (results[place],) = together(job)


def until_it_waits(waiter, *, count):
    """On SQLite nobody can be seen waiting: there the file is locked from the first statement on."""
    while waiter.is_alive() and connection.vendor == "postgresql":
        if waiting() >= count:
            return


def test_two_bills_never_use_one_cap_twice(hospital, me, wife, by_wife):
    Binding.objects.filter(pk=by_wife.pk).update(cap_month_fen=5_000)
    settling(hospital, me, 12_000)()
    made = together(*[settling(hospital, me, 1_000) for _ in range(WRITERS)])
    assert not codes(made)
    assert sorted(one.paid_fen for one in made) == [0] * (WRITERS - 5) + [1_000] * 5
    assert CapUse.objects.get().used_fen == 5_000
    assert balances(wife)[0] == 45_000


def test_whoever_waited_sees_the_cap_as_it_is_now(hospital, me, by_wife):
    Binding.objects.filter(pk=by_wife.pk).update(cap_month_fen=5_000)
    use_cap(by_wife, month=(2026, 11), used_fen=1_000)

    def change():
        orders.lock([me.pk])
        CapUse.objects.update(used_fen=4_999)

    made = while_waiting(change, settling(hospital, me, 20_000))
    assert made.paid_fen == 12_001


def test_whoever_waited_sees_the_order_as_it_is_now(hospital, me, wife, father, by_father, by_wife):
    clerk = make_staff()

    def change():
        orders.reorder(
            person=me,
            binding_ids=[by_father.pk, by_wife.pk],
            expected_version=2,
            channel=Channel.COUNTER,
            by=clerk,
            presence="card_and_code",
        )

    made = while_waiting(change, settling(hospital, me, 13_000))
    assert made.order_version == 3
    assert (balances(father)[0], balances(wife)[0]) == (6_000, 50_000)


def test_whoever_waited_for_an_account_sees_its_balance(hospital, me, wife, by_wife):
    """The giver's own spending holds the account alone."""
    account = wife.accounts.get()
    made = while_waiting(
        lambda: post(account, EntryKind.SPEND_CARE, -49_999), settling(hospital, me, 13_000)
    )
    assert not codes([made])
    assert (made.paid_fen, made.cash_fen) == (12_001, 999)


def test_whoever_waited_for_a_binding_sees_its_pause(hospital, me, wife, by_wife):
    """A giver who pauses everything holds the bindings alone."""
    made = while_waiting(
        lambda: Binding.objects.update(state=State.PAUSED, paused_by="giver"),
        settling(hospital, me, 12_100),
    )
    assert (made.paid_fen, made.told[-1]["stop"]) == (12_000, "paused")


def first_locked(rows):
    """Somebody who holds the first of these rows and wants no other."""
    return lambda: list(rows.select_for_update().order_by("pk")[:1])


def test_accounts_are_locked_in_one_order_by_whoever_locks_several(hospital, me, wife, by_wife):
    """Her refund waits for the first account, his bill behind it: had one begun with the last, they would wait in a circle."""
    make_binding(giver=me, beneficiary=wife)
    hers = settling(hospital, wife, 51_000)()
    accounts = PersonalAccount.objects.filter(person__in=[me, wife])
    refund = lambda: refunds.reverse(provider=hospital, settlement_id=hers.pk)  # noqa: E731
    made = while_waiting(first_locked(accounts), refund, settling(hospital, me, 13_000))
    assert not codes(made)
    refund_first, bill_first = (0, 49_000), (1_000, 50_000)
    # On SQLite nobody can be seen waiting, so either may come first there.
    right = {refund_first} if connection.vendor == "postgresql" else {refund_first, bill_first}
    assert (balances(me)[0], balances(wife)[0]) in right


def test_bindings_are_locked_in_one_order_by_whoever_locks_several(
    hospital, me, wife, father, by_wife
):
    """She pauses all that she gives, and bills of both whom she gives to come behind."""
    make_binding(giver=wife, beneficiary=father)
    pressed = {"by": make_citizen(person=wife), "channel": Channel.WEB}
    items = [Item(me, make_bill(13_000)), Item(father, make_bill(8_000))]
    paused, made = while_waiting(
        first_locked(Binding.objects.given_by(wife.pk)),
        lambda: changing.pause_all(person=wife, **pressed),
        lambda: batches.settle_many(provider=hospital, items=items),
    )
    assert not codes([paused, made])
    assert paused == 2
    assert sum(balances(one)[0] for one in (me, wife, father)) == 69_000 - sum(
        one.settlement.paid_fen for one in made
    )


def test_a_quote_that_no_longer_holds_is_seen_by_whoever_waited(hospital, me, wife, by_wife):
    bill = make_bill(12_100)
    quoted = settlement.quote(provider=hospital, patient=me, bill=bill)
    result = while_waiting(
        lambda: post(wife.accounts.get(), EntryKind.SPEND_CARE, -49_950),
        lambda: settlement.settle(provider=hospital, patient=me, bill=bill, expected=quoted),
    )
    assert (result.code, result.quote.paid_fen) == (Refusal.DIFFERS, 12_050)


def test_one_bill_from_many_clerks_without_a_key_is_settled_once(hospital, me, wife):
    jobs = [settling(hospital, one, 100, bill_no="B-1") for one in (me, wife)] * 6
    refused = codes(together(*jobs))
    assert refused == [Refusal.BILL_ALREADY_SETTLED] * 11
    assert Settlement.objects.count() == 1


def test_a_refund_asked_by_many_goes_back_once(hospital, me, wife, by_wife):
    made = settling(hospital, me, 13_000)()
    back = [lambda: refunds.reverse(provider=hospital, settlement_id=made.pk)] * WRITERS
    assert codes(together(*back)) == [Refusal.REFUND_TOO_MUCH] * (WRITERS - 1)
    assert Refund.objects.count() == 1
    assert (balances(me)[0], balances(wife)[0]) == (12_000, 50_000)
    assert CapUse.objects.get().used_fen == 0


def test_parts_of_a_refund_at_once_never_exceed_the_bill(hospital, me, by_wife):
    made = settling(hospital, me, 13_000)()
    part = [lambda: refunds.reverse(provider=hospital, settlement_id=made.pk, amount_fen=2_000)]
    assert codes(together(*part * 8)) == [Refusal.REFUND_TOO_MUCH] * 2
    made.refresh_from_db()
    assert made.refunded_fen == 12_000


def test_a_hold_is_taken_let_go_or_over_and_only_one_of_them(hospital, me, clock):
    held = holds.hold(provider=hospital, patient=me, bill=make_bill(5_000))
    ends = [
        lambda: holds.post(provider=hospital, settlement_id=held.pk),
        lambda: holds.void(provider=hospital, settlement_id=held.pk),
    ]
    assert codes(together(*ends * 4)) == [Refusal.WRONG_STATE] * 7
    assert balances(me)[2] == 0


def test_couples_who_pay_for_each_other_never_lock_each_other_out(hospital, me, wife, by_wife):
    make_binding(giver=me, beneficiary=wife)
    jobs = [settling(hospital, one, 3_000) for one in [me, wife] * 8]
    made = together(*jobs)
    assert not codes(made)
    assert sum(one.paid_fen for one in made) == 48_000
    assert balances(me)[0] + balances(wife)[0] == 62_000 - 48_000


def test_the_first_settlement_of_somebody_without_an_order_is_made_by_many(hospital, rules):
    alone = insured(balance_fen=100_000)
    assert not codes(together(*[settling(hospital, alone, 100) for _ in range(WRITERS)]))
    assert balances(alone)[0] == 100_000 - 100 * WRITERS


def test_bills_and_refunds_and_spending_at_once_add_up(hospital, me, wife, father, by_father):
    made = settling(hospital, me, 13_000)()
    jobs = [
        *[settling(hospital, me, 700) for _ in range(4)],
        *[lambda: post(wife.accounts.get(), EntryKind.SPEND_CARE, -10)] * 4,
        *[lambda: refunds.reverse(provider=hospital, settlement_id=made.pk, amount_fen=50)] * 4,
    ]
    assert not codes(together(*jobs))
    assert sum(balances(one)[0] for one in (me, wife, father)) == 69_000 - 13_000 - 2_800 - 40 + 200
    assert LedgerEntry.objects.filter(kind=EntryKind.REFUND).count() >= 4


class BrokenOff(Exception):
    """Stands for what the driver raises."""

    sqlstate = "40P01"


def test_a_transaction_that_was_broken_off_is_done_again_and_said_so(hospital, me, caplog):
    times = []

    def do():
        times.append(1)
        made = settling(hospital, me, 100, bill_no=f"B-{len(times)}")()
        if len(times) < 3:
            raise retrying.OperationalError from BrokenOff()
        return keyed.Done(201, made.reference, made)

    answer = keyed.once(provider=hospital, key="key-0001", verb="settle", body="{}", do=do)
    assert (len(times), Settlement.objects.get().reference) == (3, answer.text)
    assert (retrying.RETRIES.pop("40P01"), caplog.text.count("40P01")) == (2, 2)


def test_what_is_broken_off_for_ever_or_otherwise_is_raised(hospital):
    def broken(sqlstate):
        def do():
            cause = BrokenOff()
            cause.sqlstate = sqlstate
            raise retrying.OperationalError from cause

        return do

    for sqlstate, times in (("40001", 2), ("57P01", 0)):
        with pytest.raises(retrying.OperationalError):
            keyed.once(
                provider=hospital, key="key-0001", verb="settle", body="{}", do=broken(sqlstate)
            )
        assert retrying.RETRIES.pop(sqlstate, 0) == times
