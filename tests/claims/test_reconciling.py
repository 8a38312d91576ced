"""A provider's day, to the fen and nobody else's."""

import datetime as dt

import pytest

from claims import holds, reconciling, refunds, settlement
from tests.factories.claims import make_bill, make_provider

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
DAY = dt.date(2026, 11, 16)


def test_a_day_is_what_was_settled_and_given_back_on_it(hospital, hospital_key, me, clock):
    first = settlement.settle(provider=hospital, patient=me, bill=make_bill(11_000))
    second = settlement.settle(provider=hospital, patient=me, bill=make_bill(2_000))
    refunds.reverse(provider=hospital, settlement_id=second.pk, amount_fen=1_500)
    held = holds.hold(provider=hospital, patient=me, bill=make_bill(400))
    settlement.settle(provider=make_provider(), patient=me, bill=make_bill(7))
    clock(days=1)
    refunds.reverse(provider=hospital, settlement_id=first.pk, by_key=hospital_key)

    today = reconciling.totals(provider=hospital, day=DAY)
    assert (today.settlements, today.amount_fen, today.paid_fen, today.cash_fen) == (
        2,
        13_000,
        12_000,
        1_000,
    )
    assert (today.refunds, today.refunded_fen, today.back_fen, today.refunded_cash_fen) == (
        1,
        1_500,
        500,
        1_000,
    )
    assert today.net_fen == 11_500
    tomorrow = reconciling.totals(provider=hospital, day=DAY + dt.timedelta(days=1))
    assert (tomorrow.settlements, tomorrow.back_fen, tomorrow.net_fen) == (0, 11_000, -11_000)
    lines = reconciling.settlements(provider=hospital, day=DAY)
    assert [one.settlement for one in lines] == [first.reference, second.reference]
    assert held.reference not in {one.settlement for one in lines}
    back = reconciling.refunds(provider=hospital, day=DAY)
    assert [(one.bill_no, one.paid_fen, one.cash_fen) for one in back] == [
        (second.bill_no, 500, 1_000)
    ]


def test_midnight_belongs_to_the_day_that_begins(hospital, me, clock):
    clock(hours=14)
    made = settlement.settle(provider=hospital, patient=me, bill=make_bill(100))
    refunds.reverse(provider=hospital, settlement_id=made.pk, amount_fen=40)
    days = [DAY, DAY + dt.timedelta(days=1)]
    totals = [reconciling.totals(provider=hospital, day=day) for day in days]
    assert [(one.settlements, one.refunds) for one in totals] == [(0, 0), (1, 1)]


def test_lines_come_page_by_page(hospital, me):
    made = [
        settlement.settle(provider=hospital, patient=me, bill=make_bill(10)).reference
        for _ in range(5)
    ]
    seen, after = [], 0
    while page := reconciling.settlements(provider=hospital, day=DAY, after=after, most=2):
        seen += [one.settlement for one in page]
        after = page[-1].number
    assert seen == made


def test_an_empty_day_is_nothing(hospital):
    found = reconciling.totals(provider=hospital, day=DAY)
    assert (found.settlements, found.net_fen, found.refunds) == (0, 0, 0)
