"""Faults that the rig must find, put into a worker in place of what the code does; none of them is anywhere near the code.

`lock`: accounts are read without their locks (on SQLite: a transaction begins as a reader). `key`: nobody looks whether a key was
used. `atomic`: every statement stands for itself.
"""

from django.db import connection, connections, transaction

from accounts.statements import Query
from claims import keyed
from insurance import account_rows, ledger_many
from insurance.models import PersonalAccount


def spoil(name):
    """In this process; "" spoils nothing."""
    if name:
        {"lock": _no_lock, "key": _no_key, "atomic": _no_atomic}[name]()


def _no_lock():
    connections["default"].settings_dict["OPTIONS"].pop("transaction_mode", None)
    ledger_many._OPEN = Query(
        lambda person_ids: (
            PersonalAccount.objects.filter(person__in=person_ids, closed_on=None)
            .order_by("pk")
            .values_list(*account_rows.COLUMNS)
        )
    )


def _no_key():
    keyed._known = lambda request, asked: None


def _no_atomic():
    connection.features.has_select_for_update = False
    transaction.Atomic.__enter__ = lambda self: None
    transaction.Atomic.__exit__ = lambda self, *error: None
