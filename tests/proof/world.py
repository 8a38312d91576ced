"""A small fixed cast on hot accounts, bound to each other in all three ways in which money comes; made by the real verbs.

Ann, Bob and Cai live in one place, where a bill is taken from the relative's account; Eve lives nearby and sends money to a wallet;
Dan lives in another province and sets a limit aside. Bob's account is split by years, Cai has none.
"""

import datetime as dt
from dataclasses import dataclass, field
from functools import cache

import time_machine

from claims.models import Provider
from family.models import Binding, Channel
from insurance import policy_reading
from insurance.models import InsuredPerson
from insurance.models.ledger import AccountPart
from tests import cast
from tests.factories import agreeing
from tests.factories.claims import make_provider
from tests.factories.insurance import (
    at,
    make_account,
    make_area,
    make_enrolment,
    make_id_number,
    make_period,
)
from tests.proof.soak import rules
from tests.proof.soak.rules import FAR, HERE, NEAR

START = at(2026, 11, 16, 10)
# What differs from the rules of the soak: a wait after the second consent, and a little that stays with the giver.
COOL_DOWN_HOURS, KEPT_FEN = 2, 100
CHANGED = {
    "family_aid.cool_down_hours": COOL_DOWN_HOURS,
    "family_aid.min_kept_fen": KEPT_FEN,
    "account_credit.in_service_rate": "0.02",
    "account_credit.reform_from": "2020-01-01",
}
WHOLE, CURRENT, PRIOR = AccountPart.WHOLE, AccountPart.CURRENT_YEAR, AccountPart.PRIOR_YEARS
CAST = {
    "ann": (HERE, {WHOLE: 20_000}),
    "bob": (HERE, {CURRENT: 3_000, PRIOR: 5_000}),
    "cai": (HERE, {}),
    "dan": (FAR, {WHOLE: 10_000}),
    "eve": (NEAR, {WHOLE: 9_000}),
}
# What a month is paid by, and what comes into the account for it: half a fen is a whole one.
PAID_FOR = {
    "ann": (40_000, 800),
    "bob": (25_025, 501),
    "dan": (15_024, 300),
    "eve": (60_050, 1_201),
}
# How money comes from them.
MODELS = {"ann": "direct_debit", "bob": "direct_debit", "dan": "limit", "eve": "wallet_transfer"}
# Giver, beneficiary, whether both have agreed, and what the giver said.
TIES = (
    ("bob", "ann", True, {"cap_month_fen": 3_000}),
    ("ann", "bob", True, {}),
    ("dan", "cai", True, {"limit_fen": 3_000}),
    ("ann", "cai", True, {"uses": ("CARE",)}),
    ("bob", "cai", True, {"cap_bill_fen": 700}),
    ("eve", "ann", True, {}),
    ("dan", "ann", False, {"limit_fen": 4_000}),
    ("eve", "cai", False, {}),
)
# All that was agreed at the start is in use after that.
LONG_ENOUGH = dt.timedelta(hours=3)
DAY = int(dt.timedelta(days=1).total_seconds())


@dataclass
class World:
    hospital: Provider
    pharmacy: Provider
    people: dict[str, InsuredPerson] = field(default_factory=dict)
    users: dict[str, object] = field(default_factory=dict)
    ties: dict[tuple[str, str], Binding] = field(default_factory=dict)
    key: object = None  # of the hospital's machine

    def pressed(self, name):
        return {"by": self.users[name], "channel": Channel.WEB}

    def propose(self, giver, beneficiary, **said):
        return agreeing.propose(
            self.people[giver], self.people[beneficiary], **{"relation": "child", **said}
        )

    def confirm(self, binding_id, name, **more):
        from_agreeing = agreeing.bindings.confirm
        return from_agreeing(
            binding_id=binding_id,
            person=self.people[name],
            signed_name=self.people[name].name,
            **self.pressed(name),
            **more,
        )


def travelling():
    """It is `START`, and stays so until somebody shifts it."""
    return time_machine.travel(START, tick=False)


def turn_rules(monkeypatch):
    """How often somebody may ask in a day is no part of what is proved."""
    for name, value in CHANGED.items():
        monkeypatch.setitem(rules.VALUES, name, value)
    for name in ("QUOTE_PATIENT", "PROPOSALS_DAY"):
        one = getattr(rules.limits, name)
        monkeypatch.setattr(rules.limits, name, rules.limits.Limit(one.name, rules.MANY, DAY))


def keep_rules(monkeypatch):
    """What is published stays as it is: read once for each day and place, and not by every step of every walk."""
    monkeypatch.setattr(policy_reading, "_policies", cache(policy_reading._policies))


def build():
    """At `START`, under rules that `turn_rules` has turned."""
    rules.publish()
    world = World(make_provider(), make_provider(kind="pharmacy"))
    for number, (name, (area, parts)) in enumerate(CAST.items(), start=1):
        place = make_area(code=area)
        user, person = cast.citizen(
            name=f"张{'甲乙丙丁戊'[number - 1]}",
            id_number=make_id_number(area="340104", born="19800101", sequence=number),
            phone=f"1390000000{number}",
            birth_date=dt.date(1980, 1, 1),
        )
        scheme = "employee" if parts else "resident"
        make_enrolment(
            person=person,
            area=place,
            scheme=scheme,
            person_type="in_service" if parts else "resident",
        )
        for part, fen in parts.items():
            make_account(person=person, part=part, balance_fen=fen, area=place)
        if name in PAID_FOR:
            months = {"first": (2020, 1), "last": (2028, 12)}
            make_period(person=person, area=place, base_fen=PAID_FOR[name][0], **months)
        world.people[name], world.users[name] = person, user
    for giver, beneficiary, agreed, said in TIES:
        bound = world.propose(giver, beneficiary, **said)
        if agreed:
            bound = world.confirm(bound.pk, beneficiary)
        world.ties[giver, beneficiary] = bound
    return world
