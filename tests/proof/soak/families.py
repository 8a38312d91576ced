"""A new family for every schedule, and what became of it in words that are the same for all families."""

import datetime as dt

from django.db import transaction

from claims import holds, settlement
from claims.models import Settlement
from family import orders
from family.models import Binding, CapUse
from insurance.models import PersonalAccount
from tests.proof.soak import lot

# Made together, in few statements: schedules want thousands.
LOT = 50
_waiting = []


def make():
    """One that nobody has used."""
    if not _waiting:
        with transaction.atomic():
            _waiting.extend(lot.make(LOT))
    return _waiting.pop(0)


def with_settlement(family):
    """13,000 of it paid: all of mine, and some of the wife's."""
    bill = family.bill(13_000, "before")
    family.settled = settlement.settle(provider=family.provider, patient=family.me, bill=bill)


def with_hold(family):
    """Over as soon as it is made, and not let go yet."""
    bill = family.bill(14_000, "held")
    family.held = holds.hold(
        provider=family.provider, patient=family.me, bill=bill, hold_for=dt.timedelta()
    )


def with_fresh_hold(family):
    bill = family.bill(14_000, "held")
    family.held = holds.hold(provider=family.provider, patient=family.me, bill=bill)


class Told:
    """The rows of one family, with roles in place of keys."""

    def __init__(self, family):
        self.family = family
        self.roles = {getattr(family, name).pk: name for name in ("me", "sister", "wife", "father")}
        self.bindings = {
            getattr(family, name).pk: name
            for name in ("by_wife", "by_father", "sister_by_wife", "wife_by_me")
        }

    def accounts(self):
        found = PersonalAccount.objects.filter(person__in=self.roles)
        return sorted(
            (self.roles[one.person_id], one.part, one.balance_fen, one.reserved_fen, one.held_fen)
            for one in found
        )

    def account_ids(self):
        found = PersonalAccount.objects.filter(person__in=self.roles)
        return list(found.values_list("pk", flat=True))

    def rest(self):
        uses = CapUse.objects.filter(binding__in=self.bindings)
        rows = Binding.objects.filter(pk__in=self.bindings)
        return (
            sorted((self.bindings[one.binding_id], one.month.index, one.used_fen) for one in uses),
            sorted((self.bindings[one.pk], one.state, one.cap_month_fen) for one in rows),
            tuple(self.bindings[pk] for pk in orders.current(self.family.me.pk)),
            self.settlements(),
        )

    def settlements(self):
        rows = Settlement.objects.filter(patient__in=self.roles).prefetch_related("deductions")
        return sorted(
            (
                one.bill_no.partition("-")[0],
                one.state,
                one.paid_fen,
                one.cash_fen,
                one.refunded_fen,
                one.order_version,
                tuple(
                    (self.bindings.get(part.binding_id, "own"), part.amount_fen, part.refunded_fen)
                    for part in one.deductions.all()
                ),
            )
            for one in rows
        )

    def all(self):
        return repr((self.accounts(), self.rest()))
