"""Twenty at once: as many win as may, the others are told why, and no constraint had to stop anybody."""

from collections import Counter

import pytest

from family import bindings, changing, moves, orders
from family.models import Binding, Consent
from family.moves import Side
from insurance import ledger_check
from tests.factories import agreeing
from tests.factories.accounts import together
from tests.factories.agreeing import confirm, make_binding, make_member, pressed, propose

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.both_databases,
    pytest.mark.usefixtures("rules"),
]
AT_ONCE = 20
HEFEI, NANJING = "340100", "320100"


def outcome(results):
    """How many gave a binding, and what the others raised."""
    return Counter(type(one).__name__ if isinstance(one, Exception) else "won" for one in results)


def causes(results):
    refused = [one.check for one in results if isinstance(one, bindings.NotPossible)]
    return {problem.code for check in refused for problem in check.problems}


def test_of_twenty_yeses_at_once_only_as_many_members_come_in_as_there_are_seats():
    agreeing.publish(HEFEI, max_members=3)
    giver = make_member()
    waiting = [
        propose(giver, make_member(name="张小宝", born="19990101"), side=Side.BENEFICIARY)
        for _each in range(AT_ONCE)
    ]
    results = together(*[lambda one=one: confirm(one, giver) for one in waiting])
    assert outcome(results) == {"won": 3, "NotPossible": AT_ONCE - 3}
    assert causes(results) == {"member_cap"}
    assert sorted(Binding.objects.in_force().values_list("seat", flat=True)) == [1, 2, 3]


def test_a_yes_that_is_pressed_twenty_times_is_given_once():
    giver, wife = make_member(), make_member(name="李梅", born="19730405")
    waiting = propose(giver, wife)
    results = together(*[lambda: confirm(waiting, wife)] * AT_ONCE)
    assert outcome(results) == {"won": 1, "WrongMove": AT_ONCE - 1}
    assert Consent.objects.count() == 2
    assert orders.current(wife.pk) == (waiting.pk,)


def test_a_pair_that_invited_each_other_is_bound_once():
    giver, wife = make_member(), make_member(name="李梅", born="19730405")
    hers, his = propose(giver, wife), propose(giver, wife, side=Side.BENEFICIARY)
    results = together(*[lambda: confirm(hers, wife), lambda: confirm(his, giver)] * 5)
    counts = outcome(results)
    assert counts["won"] == 1
    # The one that lost waits on, and is refused however often it is tried.
    assert counts == {"won": 1, "WrongMove": 4, "NotPossible": 5}
    assert causes(results) == {"already_bound"}


def test_money_for_one_limit_is_set_aside_once():
    for area in (HEFEI, NANJING):
        agreeing.publish(area, limit_live_from="2026-02-01")
    giver = make_member(balance_fen=1000)
    waiting = [
        propose(
            giver,
            make_member(name=name, born="19990101", area=NANJING, scheme="resident"),
            side=Side.BENEFICIARY,
            relation="child",
        )
        for name in ("张一", "张二", "张三", "张四")
    ]
    results = together(*[lambda one=one: confirm(one, giver, limit_fen=600) for one in waiting])
    assert outcome(results) == {"won": 1, "NotPossible": 3}
    assert causes(results) == {"limit_not_covered"}
    assert giver.accounts.get().reserved_fen == 600
    assert list(ledger_check.faults()) == []


def test_the_same_proposal_pressed_at_once_is_one():
    giver, wife = make_member(), make_member(name="李梅", born="19730405")
    results = together(*[lambda: propose(giver, wife)] * 8)
    assert outcome(results) == {"won": 1, "AlreadyProposed": 7}


def test_both_sides_end_and_pause_at_once_and_each_step_is_written_once():
    bound = make_binding()
    sides = (bound.giver, bound.beneficiary)

    def press(verb, person):
        return lambda: verb(binding_id=bound.pk, person=person, **pressed(person))

    jobs = [press(verb, one) for verb in (changing.end, changing.pause) for one in sides]
    results = together(*jobs * 5)
    assert set(outcome(results)) == {"won", "WrongMove"}
    events = list(bound.events.order_by("number"))
    assert [one.number for one in events] == list(range(1, len(events) + 1))
    assert [one.move for one in events].count("end") == 1
    assert events[-1].move == "end"
    assert orders.current(bound.beneficiary_id) == ()


def test_an_end_is_taken_back_once():
    bound = make_binding()
    giver = bound.giver
    changing.end(binding_id=bound.pk, person=giver, **pressed(giver))
    results = together(
        *[lambda: changing.undo(binding_id=bound.pk, person=giver, **pressed(giver))] * AT_ONCE
    )
    assert outcome(results) == {"won": 1, "WrongMove": AT_ONCE - 1}
    assert moves.State(Binding.objects.get().state) == "active"
