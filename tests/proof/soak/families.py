"""A new family for every schedule, and what became of it in words that are the same for all families."""

import datetime as dt
from dataclasses import dataclass
from itertools import count

from django.db import transaction
from django.utils import timezone

from claims import holds, settlement
from claims.bills import Bill
from claims.models import Provider, Settlement
from family import orders
from family.models import Binding, BindingEvent, CapUse, Channel
from family.moves import Move, Side, State
from insurance.models import InsuredPerson, PersonalAccount
from tests.factories.claims import insured, make_provider
from tests.factories.family import make_binding
from tests.factories.reading import make_citizen

numbers = count(1)
MINE_FEN, WIFE_FEN, FATHER_FEN, CAP_FEN = 12_000, 50_000, 7_000, 30_000


@dataclass
class Family:
    """`me` and `sister` are patients; `wife` gives to both, `father` to me, and I to the wife."""

    provider: Provider
    me: InsuredPerson
    sister: InsuredPerson
    wife: InsuredPerson
    father: InsuredPerson
    by_wife: Binding
    by_father: Binding
    sister_by_wife: Binding
    wife_by_me: Binding
    login: object
    wife_login: object
    settled: Settlement | None = None
    held: Settlement | None = None

    def bill(self, amount_fen, name):
        return Bill("CARE", amount_fen, f"{name}-{self.me.pk}", timezone.now())


@transaction.atomic
def make():
    number = next(numbers)
    me = insured(name="张建国", balance_fen=MINE_FEN, phone=f"154{number:08d}")
    wife = insured(name="李梅", balance_fen=WIFE_FEN, phone=f"155{number:08d}")
    father = insured(name="张老爷子", balance_fen=FATHER_FEN)
    sister = insured(name="张小妹", balance_fen=1_000)
    return Family(
        provider=provider(),
        me=me,
        sister=sister,
        wife=wife,
        father=father,
        by_wife=bound(wife, me, cap_month_fen=CAP_FEN),
        by_father=bound(father, me, relation="child"),
        sister_by_wife=bound(wife, sister, relation="child"),
        wife_by_me=bound(me, wife),
        login=make_citizen(person=me),
        wife_login=make_citizen(person=wife),
    )


def bound(giver, beneficiary, **fields):
    """In force, with the event that says so."""
    made = make_binding(giver=giver, beneficiary=beneficiary, **fields)
    BindingEvent.objects.create(
        binding=made,
        number=made.version,
        move=Move.CONFIRM,
        to_state=State.ACTIVE,
        side=Side.BENEFICIARY,
        channel=Channel.WEB,
        happened_at=made.state_since,
    )
    return made


def provider():
    return Provider.objects.first() or make_provider()


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
