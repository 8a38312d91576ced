"""The book against what is stored: the accounts after every step, all the rest now and then and at the end of a run."""

from collections import Counter

from django.db import connection

from accounts.models import AuditEntry
from claims import verifying
from claims.models import Settlement
from family.models import Binding, CapUse
from insurance import ledger_check
from insurance.models import Notice

AMOUNTS = "SELECT id, balance_fen, reserved_fen, held_fen FROM insurance_personalaccount"
ORDERS = """
SELECT held.person_id, held.version, place.binding_id FROM family_deductionorder AS held
LEFT JOIN family_orderversion AS made ON made.order_id = held.id AND made.number = held.version
LEFT JOIN family_orderplace AS place ON place.version_id = made.id
ORDER BY held.person_id, place.position
"""
FAMILIES = ("settlement.", "wallet.", "binding.", "order.change")


def accounts(machine):
    """One statement: every fen of every account."""
    with connection.cursor() as cursor:
        cursor.execute(AMOUNTS)
        stored = {pk: amounts for pk, *amounts in cursor.fetchall()}
    for key, pk in machine.accounts.items():
        purse = machine.book.purses.get(key)
        assert stored.pop(pk) == (list(purse.amounts) if purse else [0, 0, 0]), key
    assert not stored


def checks():
    """Every check that the product itself has of what is stored, and every key that names another row."""
    assert not list(verifying.faults())
    connection.check_constraints()


def rows(machine):
    """All else that is stored, and the ledger in itself."""
    book = machine.book
    _bindings(book)
    _receipts(book)
    held = _orders()
    for name, versions in book.orders.items():
        person = machine.world.people[name].pk
        assert held.get(person, (0, ())) == (len(versions) - 1, versions[-1]), name
    actions = Counter(
        one
        for one in AuditEntry.objects.filter(pk__gt=machine.base.last_audit).values_list(
            "action", flat=True
        )
        if one.startswith(FAMILIES)
    )
    assert actions == +book.actions
    kinds = Notice.objects.filter(pk__gt=machine.base.last_notice, kind__startswith="claims.")
    assert Counter(kinds.values_list("kind", flat=True)) == +book.notices
    assert not list(ledger_check.faults())


def _orders():
    """(number of the version that holds, its bindings in their order), by the key of the person."""
    found = {}
    with connection.cursor() as cursor:
        cursor.execute(ORDERS)
        for person, number, binding in cursor.fetchall():
            _number, listed = found.get(person, (number, ()))
            found[person] = number, listed if binding is None else (*listed, binding)
    return found


def _bindings(book):
    rows = Binding.objects.values_list("pk", "state", "limit_fen", "limit_used_fen")
    stored = {pk: rest for pk, *rest in rows}
    assert stored == {
        pk: [one.stored_state, one.limit, one.limit_used] for pk, one in book.ties.items()
    }
    used = {
        (binding, (month.year, month.month)): fen
        for binding, month, fen in CapUse.objects.values_list("binding", "month", "used_fen")
        if fen
    }
    assert used == {
        (pk, month): fen for pk, one in book.ties.items() for month, fen in one.used.items() if fen
    }


def _receipts(book):
    rows = Settlement.objects.values_list("pk", "state", "amount_fen", "cash_fen", "refunded_fen")
    assert {pk: rest for pk, *rest in rows} == {
        pk: [one.state, one.fen, one.cash, one.fen - one.left] for pk, one in book.receipts.items()
    }
