"""A queue of bills in one commit."""

import pytest
from django.db import connection

from claims import batches, writing
from claims.batches import Item
from claims.models import Settlement
from family.models import Binding, CapUse, DeductionOrder
from insurance.models import LedgerEntry
from tests.factories.accounts import together
from tests.factories.claims import balances, insured, make_bill
from tests.factories.family import make_binding
from tests.factories.insurance import make_fact

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases, pytest.mark.usefixtures("sound")]


def settle_many(hospital, *pairs):
    items = [Item(person, bill) for person, bill in pairs]
    return batches.settle_many(provider=hospital, items=items)


def test_bills_of_a_family_follow_each_other(hospital, me, wife, by_wife):
    Binding.objects.filter(pk=by_wife.pk).update(cap_month_fen=5_000)
    made = settle_many(
        hospital,
        (me, make_bill(11_000)),
        (wife, make_bill(1_000)),
        (me, make_bill(4_000)),
        (me, make_bill(4_000)),
    )
    paid = [(one.settlement.paid_fen, one.settlement.cash_fen) for one in made]
    assert paid == [(11_000, 0), (1_000, 0), (4_000, 0), (2_000, 2_000)]
    assert (balances(me)[0], balances(wife)[0]) == (0, 44_000)
    assert CapUse.objects.get().used_fen == 5_000


def test_a_number_that_is_taken_is_replaced_and_nothing_begins_anew(hospital, me, monkeypatch):
    drawn = iter(["GJ-1", "GJ-2", "GJ-2", "GJ-3", "GJ-4"])
    monkeypatch.setattr(writing, "draw", lambda now: next(drawn))
    for _batch in range(2):
        settle_many(hospital, (me, make_bill(100)), (me, make_bill(100)))
    numbers = Settlement.objects.order_by("pk").values_list("reference", flat=True)
    assert sorted(numbers[:2]) == ["GJ-1", "GJ-2"]
    assert sorted(numbers[2:]) == ["GJ-3", "GJ-4"]
    assert next(drawn, None) is None


def test_the_largest_batch_is_one_commit(hospital, me, wife, father, by_father):
    Binding.objects.update(cap_bill_fen=10)
    balance = balances(me)[0]
    made = settle_many(hospital, (me, make_bill(balance + 20)))
    assert made[0].settlement.deductions.count() == 3
    made = settle_many(hospital, *[(me, make_bill(20)) for _number in range(batches.MOST)])
    assert {one.settlement.paid_fen for one in made} == {20}
    assert LedgerEntry.objects.filter(source_kind="settlement").count() == 3 + 2 * batches.MOST


def test_what_is_wrong_with_one_leaves_the_others(hospital, me, wife, father):
    make_fact(person=father, kind="death")
    good = make_bill(100)
    made = settle_many(
        hospital,
        (me, good),
        (me, make_bill(0)),
        (father, make_bill(100)),
        (wife, make_bill(100, bill_no=good.bill_no)),
        (wife, make_bill(200)),
    )
    assert [one.refused and one.refused.code for one in made] == [
        None,
        "BAD_BILL",
        "PATIENT_BLOCKED",
        "BILL_ALREADY_SETTLED",
        None,
    ]
    assert Settlement.objects.count() == 2


def test_a_batch_that_waits_over_midnight_has_the_numbers_of_its_day(hospital, me, wife, clock):
    clock(hours=13, minutes=59, seconds=59)

    def waits(execute, sql, *rest):
        if 'FROM "insurance_personalaccount"' in sql:
            clock(seconds=1)
        return execute(sql, *rest)

    with connection.execute_wrapper(waits):
        made = settle_many(hospital, (me, make_bill(100)), (wife, make_bill(100)))
    assert {one.settlement.reference[:12] for one in made} == {"GJ-2026-1117"}


def test_every_patient_of_a_batch_has_an_order_that_the_next_bill_waits_for(
    hospital, me, by_wife, father
):
    settle_many(hospital, (me, make_bill(100)), (father, make_bill(100)))
    locked = DeductionOrder.objects.values_list("person", flat=True)
    assert set(locked) == {me.pk, father.pk}


def test_a_batch_has_an_end(hospital, me):
    with pytest.raises(ValueError, match="100"):
        settle_many(hospital, *[(me, None)] * 101)
    assert settle_many(hospital) == []
    assert len(settle_many(hospital, *[(me, make_bill(0))] * 100)) == 100


@pytest.mark.django_db(transaction=True)
def test_batches_of_the_same_families_in_another_order_wait_for_each_other(hospital, rules):
    people = [insured(balance_fen=10_000) for _ in range(6)]
    for one, other in zip(people, people[1:] + people[:1], strict=True):
        make_binding(giver=other, beneficiary=one)
    queues = [people, people[::-1], people[3:] + people[:3], people[::2] + people[1::2]]
    made = together(
        *[
            lambda queue=queue: settle_many(hospital, *[(one, make_bill(300)) for one in queue])
            for queue in queues * 2
        ]
    )
    assert [one.settlement.paid_fen for batch in made for one in batch] == [300] * 48
    assert sum(balances(one)[0] for one in people) == 60_000 - 48 * 300
