"""A verb that stops before any of its statements leaves everything as it was, and does it all when it is asked again."""

import pytest
from django.apps import apps
from django.db import connection

from claims import batches, holds, keyed, refunds, settlement
from claims.batches import Item
from tests.factories.claims import faults, make_bill

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]
MOST_STATEMENTS = 60


class PowerCut(Exception):
    """Raised in place of a statement."""


class CutAfter:
    """Lets `count` statements through and stops the next."""

    def __init__(self, count):
        self.left = count

    def __call__(self, execute, sql, params, many, context):
        if self.left == 0:
            raise PowerCut
        self.left -= 1
        return execute(sql, params, many, context)


def everything():
    """Every row that money can touch."""
    models = [
        *apps.get_app_config("claims").get_models(),
        *apps.get_app_config("family").get_models(),
    ]
    models += [apps.get_model("insurance", name) for name in ("LedgerEntry", "PersonalAccount")]
    models += [apps.get_model("insurance", "Notice"), apps.get_model("accounts", "AuditEntry")]
    return {one._meta.label: list(one.objects.order_by("pk").values()) for one in models}


@pytest.fixture
def verbs(hospital, me, wife, by_wife):
    settled = settlement.settle(provider=hospital, patient=me, bill=make_bill(14_000))
    held = holds.hold(provider=hospital, patient=me, bill=make_bill(300))
    bill = make_bill(500)

    def settle(**more):
        return settlement.settle(provider=hospital, patient=me, bill=bill, **more)

    def once():
        return keyed.once(
            provider=hospital,
            key="key-0001",
            verb="settle",
            body="{}",
            do=lambda: keyed.Done(201, "", settle(guarded=True)),
        )

    return {
        "settle": settle,
        "once": once,
        "batch": lambda: batches.settle_many(
            provider=hospital, items=[Item(me, bill), Item(wife, make_bill(5))]
        ),
        "hold": lambda: holds.hold(provider=hospital, patient=me, bill=bill),
        "post": lambda: holds.post(provider=hospital, settlement_id=held.pk),
        "void": lambda: holds.void(provider=hospital, settlement_id=held.pk),
        "reverse": lambda: refunds.reverse(provider=hospital, settlement_id=settled.pk),
    }


@pytest.mark.parametrize("name", ["settle", "once", "batch", "hold", "post", "void", "reverse"])
def test_a_verb_that_dies_before_any_statement_leaves_nothing_half_done(verbs, name):
    verb, before = verbs[name], everything()
    for count in range(MOST_STATEMENTS):
        try:
            with connection.execute_wrapper(CutAfter(count)):
                verb()
        except PowerCut:
            assert everything() == before
        else:
            break
    assert 8 < count < MOST_STATEMENTS
    assert everything() != before
    assert not faults()
