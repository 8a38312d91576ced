"""What is stored, without keys and numbers that differ from one time to the next: so two doings of one thing leave the same trace."""

from collections import Counter
from functools import cache

from django.apps import apps
from django.db import connection

# Of each table what a step adds or changes; rows are followed by their key, which is not compared itself.
SEEN = {
    "insurance.PersonalAccount": ("part", "balance_fen", "reserved_fen", "held_fen", "closed_on"),
    "insurance.LedgerEntry": ("kind", "amount_fen", "reserved_change_fen", "held_change_fen"),
    "insurance.Notice": ("kind", "sms"),
    "insurance.CreditRun": ("credited", "same", "amount_fen"),
    "accounts.AuditEntry": ("action",),
    "accounts.SmsMessage": (),
    "accounts.Throttle": ("limit",),
    "family.Binding": ("state", "money_model", "limit_fen", "seat"),
    "family.BindingEvent": ("move", "side"),
    "family.Consent": ("side",),
    "family.CapUse": ("used_fen",),
    "family.Invitation": ("ended_at",),
    "family.OrderVersion": ("reason",),
    "family.OrderPlace": ("position",),
    "claims.Settlement": ("state", "paid_fen", "cash_fen", "refunded_fen"),
    "claims.Deduction": ("position", "amount_fen", "refunded_fen", "from_limit"),
    "claims.Refund": ("amount_fen", "cash_fen"),
    "claims.RefundPart": ("amount_fen",),
    "claims.KeyedRequest": ("verb", "status"),
    "claims.WalletTransfer": ("amount_fen", "returned_fen"),
    "claims.EVoucher": ("used_at",),
}


# A step changes rows of any age in these; in all others only what came since its case was begun.
OF_ANY_AGE = {"insurance.PersonalAccount", "family.Binding", "family.CapUse", "accounts.Throttle"}


def newest():
    """The keys from which on rows are new. One statement."""
    greatest = ", ".join(f"(SELECT coalesce(max(id), 0) FROM {_table(one)})" for one in SEEN)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {greatest}")
        return dict(zip(SEEN, cursor.fetchone(), strict=True))


def picture(since):
    """Without the ORM, which would take most of the time of the whole proof."""
    found = {}
    with connection.cursor() as cursor:
        for label in SEEN:
            floor = -1 if label in OF_ANY_AGE else since[label]
            cursor.execute(_statement(label), [floor])
            found[label] = {pk: tuple(row) for pk, *row in cursor.fetchall()}
    return found


@cache
def _statement(label):
    columns = ", ".join(connection.ops.quote_name(one) for one in ("id", *SEEN[label]))
    return f"SELECT {columns} FROM {_table(label)} WHERE id > %s"


@cache
def _table(label):
    return apps.get_model(label)._meta.db_table


def trace(before, after):
    """What came, went and changed between two pictures, each so many times."""
    return Counter(
        (label, old, new)
        for label in SEEN
        for pk in before[label].keys() | after[label].keys()
        if (old := before[label].get(pk)) != (new := after[label].get(pk))
    )
