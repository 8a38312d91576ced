"""Long walks through all verbs in any order, after every step of which everything still fits together."""

import datetime as dt
from collections import Counter

import pytest
import time_machine
from django.db import transaction
from django.db.models import Max
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from family import bindings
from family.models import (
    Binding,
    BindingEvent,
    OrderVersion,
)
from family.moves import Move, Side
from insurance.models import LedgerEntry
from tests.conftest import FIXED_MOMENT
from tests.factories import agreeing
from tests.family.walking import CAP, HEFEI, NANJING, Family

MINUTES = (1, 9, 11, 60 * 24 * 15, 60 * 24 * 31)
WRITTEN = (BindingEvent, LedgerEntry, OrderVersion)
some = st.integers(min_value=0, max_value=30)
sides = st.sampled_from([Side.GIVER, Side.BENEFICIARY])


class Walk(RuleBasedStateMachine):
    """Few rules of many verbs each: a walk that leaves a rule out, as Hypothesis likes to, still gets somewhere."""

    family: Family
    seen: Counter

    def __init__(self):
        super().__init__()
        self.clock = time_machine.travel(FIXED_MOMENT, tick=False)
        self.moment = self.clock.start()
        self.written = None
        self.world = transaction.atomic()
        self.world.__enter__()

    def teardown(self):
        self.seen.update(Binding.objects.values_list("events__move", flat=True))
        transaction.set_rollback(True)
        self.world.__exit__(None, None, None)
        self.clock.stop()

    @rule(
        verb=st.sampled_from(["propose", "agree"]),
        one=some,
        other=some,
        side=sides,
        fen=st.sampled_from([None, 500, 3000]),
        called=st.booleans(),
    )
    def come_about(self, verb, one, other, side, fen, called):
        getattr(self.family, verb)(one, other, side, fen=fen, called=called)

    @rule(verb=st.sampled_from(["confirm", "decline", "decide"]), number=some)
    def answer(self, verb, number):
        if verb == "decide":
            self.family.decide(number)
        else:
            self.family.answer(number, getattr(bindings, verb))

    @rule(
        verb=st.sampled_from(["pause", "pause_all", "resume", "end", "undo", "withdraw"]),
        number=some,
        side=sides,
    )
    def press(self, verb, number, side):
        getattr(self.family, verb)(number, side)

    @rule(
        verb=st.sampled_from(["change", "spend", "reorder"]), number=some, fen=st.integers(1, 4000)
    )
    def use(self, verb, number, fen):
        getattr(self.family, verb)(number, fen)

    @rule(
        kind=st.sampled_from(["wait", "account_freeze", "settlement_suspension", "move", "death"]),
        number=some,
    )
    def happen(self, kind, number):
        if kind == "wait":
            self.moment.shift(dt.timedelta(minutes=MINUTES[number % len(MINUTES)]))
            self.family.follow()
        elif kind == "move":
            self.family.move(number)
        elif kind != "death" or number % 10 == 3:  # seldom, or nobody is left to walk
            self.family.fact(number, kind)

    @invariant()
    def everything_fits_together(self):
        """Looked at again where something was written since."""
        written = tuple(one.objects.aggregate(last=Max("pk"))["last"] for one in WRITTEN)
        if written != self.written:
            self.family.expect_sound()
            self.written = written


@pytest.fixture
def family(rules, monkeypatch):
    """张四 may use 张一's money, 张二's yes waits for staff, and 张四's for an answer."""
    monkeypatch.setattr("accounts.throttling.spend", lambda limit, key: True)
    for area in (HEFEI, NANJING):
        waits = {"bound_at_least_days": 30} if area == HEFEI else {}
        agreeing.publish(area, limit_live_from="2026-02-01", max_members=CAP, **waits)
    made = Family()
    made.agree(0, 3, Side.GIVER)
    made.agree(1, 0, Side.GIVER, called=False)
    made.propose(1, 3, Side.GIVER)
    return made


@pytest.mark.both_databases
def test_whatever_a_family_does_in_any_order_everything_fits_together(family):
    Walk.family, Walk.seen = family, Counter()
    run_state_machine_as_test(
        Walk,
        settings=settings(
            max_examples=8,
            stateful_step_count=25,
            deadline=None,
            derandomize=True,
            database=None,
        ),
    )
    # Walks that never get anywhere would hold whatever the code does.
    assert len(set(Walk.seen)) > len(Move) // 2


@pytest.mark.both_databases
def test_a_walk_through_every_move_fits_together_after_each(family):
    """By a plan: whatever the other walks may miss."""
    giver, user = Side.GIVER, Side.BENEFICIARY

    def step(verb, *args, **more):
        getattr(family, verb)(*args, **more)
        family.expect_sound()

    with time_machine.travel(FIXED_MOMENT, tick=False) as clock:
        step("spend", 1, 100)
        step("change", 1, 2000)
        step("pause", 1, giver)
        step("resume", 1, giver)
        step("fact", 0, "account_freeze")
        step("fact", 0, "account_freeze")
        step("end", 2, user)
        step("undo", 1, user)
        step("end", 1, giver)
        step("decide", 1)
        step("answer", 1, bindings.decline)
        step("propose", 0, 1, giver)
        step("withdraw", 1, giver)
        step("agree", 0, 2, giver, called=False)
        step("decide", 3)
        step("agree", 2, 3, giver)
        step("propose", 1, 2, giver)
        clock.shift(dt.timedelta(days=31))
        step("follow")
        step("fact", 1, "death")
    assert set(BindingEvent.objects.values_list("move", flat=True)) == set(Move)
