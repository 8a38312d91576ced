"""What is waited for: a bill costs as many answers of the database, however many pay it."""

import tempfile
from itertools import takewhile

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from claims import keyed, settlement
from claims.keyed import Done
from claims.models import Settlement
from insurance.models.ledger import EntryKind
from tests.factories.claims import make_bill
from tests.factories.insurance import post

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.both_databases,
    pytest.mark.usefixtures("sound"),
]
# As `accounts.statements` draws them: begin, the first locks, the accounts and what decides, every row, commit.
ROUND_TRIPS = 5
# By then the driver has prepared every statement.
UNTIL_PREPARED = 7


def charge(hospital, patient, amount_fen, number):
    def do():
        bill = make_bill(amount_fen, bill_no=f"M-{number}")
        made = settlement.settle(provider=hospital, patient=patient, bill=bill, guarded=True)
        return Done(201, made.reference, made)

    return keyed.once(provider=hospital, key=f"key-{number}", verb="v", body="b", do=do)


def answers_waited_for(work):
    """Until the commit; messages are delivered after it."""
    return round_trips(work) if connection.vendor == "postgresql" else statements(work)


def statements(work):
    with CaptureQueriesContext(connection) as ran:
        work()
    before = list(takewhile(lambda one: one["sql"] != "COMMIT", ran.captured_queries))
    assert ROUND_TRIPS < len(before) < len(ran)
    return len(before)


def round_trips(work):
    """From what the driver's library writes down: way, length, kind and content of each message."""
    with tempfile.TemporaryFile("w+") as trace:
        server = connection.connection.pgconn
        server.trace(trace.fileno())
        try:
            work()
        finally:
            server.untrace()
        trace.seek(0)
        messages = [line.split("\t")[1:] for line in trace]
    before = list(takewhile(lambda one: one[2:4] != ["Query", ' "COMMIT"\n'], messages))
    assert len(before) < len(messages)
    # What the client ends with one of these is answered.
    return 1 + sum(one[0] == "F" and one[2].strip() in ("Sync", "Query") for one in before)


def test_a_bill_costs_as_many_answers_however_many_pay(hospital, me, wife, father, by_father):
    for number in range(UNTIL_PREPARED):
        charge(hospital, me, 100, number)
    by_two = answers_waited_for(lambda: charge(hospital, me, 15_000, "two"))
    post(me.accounts.get(), EntryKind.CREDIT_OWN, 5_000)
    by_three = answers_waited_for(lambda: charge(hospital, me, 55_000, "three"))
    assert [one.deductions.count() for one in Settlement.objects.order_by("pk")][-2:] == [2, 3]
    assert by_two == by_three
    if connection.vendor == "postgresql":
        assert by_three == ROUND_TRIPS
