"""A verb whose last write fails has done nothing. Every boundary of every verb is walked by tests/proof; this is the quick half of it."""

import pytest
from django.apps import apps
from django.db import connection, transaction

from claims import batches, holds, keyed, refunds, settlement
from claims.batches import Item
from tests.factories.claims import faults, make_bill

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]
WRITES = ("INSERT", "UPDATE", "WITH new", "WITH w")


class PowerCut(Exception):
    """Raised in place of a statement."""


class Writes:
    """Counts what is written, and stops at the one with number `stop`, from 1."""

    def __init__(self, *, stop=None):
        self.seen, self.stop = 0, stop

    def __call__(self, execute, sql, *rest):
        self.seen += sql.startswith(WRITES)
        if self.seen == self.stop:
            raise PowerCut
        return execute(sql, *rest)


def everything():
    """Every row that money can touch."""
    models = [*apps.get_app_config("claims").get_models()]
    models += [*apps.get_app_config("family").get_models()]
    models += [apps.get_model("insurance", name) for name in ("LedgerEntry", "PersonalAccount")]
    models += [apps.get_model("insurance", "Notice"), apps.get_model("accounts", "AuditEntry")]
    return {one._meta.label: list(one.objects.order_by("pk").values()) for one in models}


def writes_of(verb):
    """How many there are; they are taken back."""
    counting = Writes()
    with transaction.atomic(), connection.execute_wrapper(counting):
        verb()
        transaction.set_rollback(True)
    return counting.seen


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
def test_a_verb_whose_last_write_fails_has_done_nothing(verbs, name):
    verb, before = verbs[name], everything()
    last = writes_of(verb)
    # On PostgreSQL the writes of a settlement are one statement.
    assert last > (0 if connection.vendor == "postgresql" else 3)
    assert everything() == before
    with pytest.raises(PowerCut), connection.execute_wrapper(Writes(stop=last)):
        verb()
    assert everything() == before
    verb()
    assert everything() != before
    assert not faults()
