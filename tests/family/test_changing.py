"""Pausing, changing, ending and taking an end back: stopping always works, and at once."""

import datetime as dt
from dataclasses import replace

import pytest
import time_machine
from django.utils import timezone

from family import changing, moves, orders
from family.changing import Terms
from family.models import Binding
from family.reasons import Code
from insurance.models import Notice
from tests.factories import agreeing
from tests.factories import insurance as register
from tests.factories.accounts import make_staff
from tests.factories.agreeing import login_of, make_binding, make_member, pressed

pytestmark = [pytest.mark.usefixtures("rules"), pytest.mark.both_databases]


@pytest.fixture
def bound(rules):
    return make_binding()


def reread(binding):
    return Binding.objects.get(pk=binding.pk)


def press(verb, binding, person, **more):
    """The verb as that person presses it."""
    return verb(binding_id=binding.pk, person=person, **{**pressed(person), **more})


def last_notice(person):
    return Notice.objects.of(person.pk).newest_first().first()


# --- pausing and resuming


def test_either_side_pauses_at_once_and_both_are_told(bound):
    for person, other in ((bound.giver, bound.beneficiary), (bound.beneficiary, bound.giver)):
        paused = press(changing.pause, bound, person)
        assert (paused.state, paused.paused_by) == ("paused", bound.side_of(person.pk))
        assert last_notice(person).title.startswith("您暂停了")
        assert last_notice(other).title.endswith("暂停了家庭共济")
        press(changing.resume, bound, person)
    assert reread(bound).state == "active"


def test_pausing_twice_changes_nothing(bound):
    first = press(changing.pause, bound, bound.giver)
    assert press(changing.pause, bound, bound.giver).version == first.version
    assert press(changing.pause, bound, bound.beneficiary).paused_by == "giver"


def test_only_who_paused_resumes(bound):
    press(changing.pause, bound, bound.beneficiary)
    with pytest.raises(moves.WrongMove):
        press(changing.resume, bound, bound.giver)
    # The giver's own pause goes over the other's, and then the other can't open it.
    press(changing.pause, bound, bound.giver)
    with pytest.raises(moves.WrongMove):
        press(changing.resume, bound, bound.beneficiary)
    # Hers stands behind it still.
    held = press(changing.resume, bound, bound.giver)
    assert (held.state, held.paused_by) == ("paused", "beneficiary")
    assert not last_notice(bound.beneficiary).title.endswith("恢复了家庭共济")
    assert press(changing.resume, bound, bound.beneficiary).state == "active"
    press(changing.pause, bound, bound.giver)
    assert press(changing.resume, bound, bound.giver).state == "active"


def test_a_pause_behind_the_givers_is_kept(bound):
    press(changing.pause, bound, bound.giver)
    first = press(changing.pause, bound, bound.beneficiary)
    assert press(changing.pause, bound, bound.beneficiary).version == first.version
    assert press(changing.resume, bound, bound.giver).paused_by == "beneficiary"


def test_pausing_all_leaves_nothing_to_flow(bound):
    giver = bound.giver
    suspended = make_binding(
        giver=giver, beneficiary=make_member(name="张一", born="19990101"), relation="child"
    )
    changing.suspend(binding_id=suspended.pk, reason="account_freeze")
    hers = make_binding(
        giver=giver, beneficiary=make_member(name="张二", born="19990101"), relation="child"
    )
    press(changing.pause, hers, hers.beneficiary)
    others = make_binding(giver=make_member(name="王芳"), beneficiary=giver, relation="sibling")
    assert changing.pause_all(person=giver, **pressed(giver)) == 3
    assert changing.pause_all(person=giver, **pressed(giver)) == 0
    changing.lift(binding_id=suspended.pk)
    assert {reread(one).state for one in (bound, suspended, hers)} == {"paused"}
    with pytest.raises(moves.WrongMove):
        press(changing.resume, hers, hers.beneficiary)
    assert reread(others).state == "active"


def test_a_stranger_and_a_strangers_login_change_nothing(bound):
    stranger = make_member(name="王芳")
    for verb in (changing.pause, changing.resume, changing.end, changing.undo):
        with pytest.raises(changing.NotAllowed):
            press(verb, bound, stranger)
        with pytest.raises(changing.NotAllowed):
            press(verb, bound, bound.giver, by=login_of(stranger))
    assert reread(bound).version == 2


def test_a_helper_may_stop_money_and_never_let_it_flow(bound):
    son = make_member(name="张小强", born="19990101")
    giver = bound.giver
    giver.grants.create(
        helper=son,
        kind="act_family",
        from_day=dt.date(2026, 1, 1),
        channel="web",
        acted_by=login_of(giver),
    )
    press(changing.pause, bound, giver, by=login_of(son))
    for verb, more in (
        (changing.resume, {}),
        (changing.change, {"terms": replace(Terms.of(bound), cap_month_fen=1)}),
    ):
        with pytest.raises(changing.NotAllowed):
            press(verb, bound, giver, by=login_of(son), **more)
    assert press(changing.end, bound, giver, by=login_of(son)).state == "ended"


# --- changing


def test_the_giver_changes_the_terms_and_the_change_is_kept(bound):
    terms = replace(
        Terms.of(bound), uses=("DRUG",), cap_month_fen=20000, to_day=dt.date(2027, 1, 1)
    )
    changed = reread(press(changing.change, bound, bound.giver, terms=terms))
    assert Terms.of(changed) == terms
    assert (changed.state, changed.version) == ("active", 3)
    assert changed.events.last().details == {
        "uses": [["CARE", "DRUG"], ["DRUG"]],
        "cap_month_fen": [None, 20000],
        "to_day": [None, "2027-01-01"],
    }
    assert last_notice(bound.beneficiary).title == "张*国改了家庭共济的限额或范围"


def test_the_same_terms_are_no_change(bound):
    assert press(changing.change, bound, bound.giver, terms=Terms.of(bound)).version == 2


def test_the_beneficiary_has_no_say_in_the_terms(bound):
    with pytest.raises(moves.WrongMove):
        press(changing.change, bound, bound.beneficiary, terms=Terms.of(bound))


@pytest.mark.parametrize(
    "wrong",
    [
        {"uses": ()},
        {"uses": ("CASINO",)},
        {"cap_month_fen": 0},
        {"cap_bill_fen": -1},
        {"to_day": dt.date(2026, 11, 15)},
    ],
)
def test_terms_that_no_form_lets_through_are_refused(bound, wrong):
    with pytest.raises(
        ValueError, match=next(iter(wrong)).partition("_")[0].replace("cap", "caps")
    ):
        press(changing.change, bound, bound.giver, terms=replace(Terms.of(bound), **wrong))


def test_a_paused_binding_is_changed_and_stays_paused(bound):
    press(changing.pause, bound, bound.giver)
    terms = replace(Terms.of(bound), cap_bill_fen=5000)
    assert press(changing.change, bound, bound.giver, terms=terms).state == "paused"


# --- ending


def test_either_side_ends_it_for_new_spending_at_once(bound):
    press(changing.end, bound, bound.beneficiary)
    ended = reread(bound)
    assert (ended.state, ended.seat) == ("ended", None)
    assert orders.current(bound.beneficiary_id) == ()
    assert last_notice(bound.giver).title == "和李*的家庭共济结束了"
    with pytest.raises(moves.WrongMove):
        press(changing.end, bound, bound.giver)


def test_a_formal_end_may_wait_and_nothing_is_paid_meanwhile(bound):
    day = dt.date(2026, 12, 1)
    agreeing.publish(bound_at_least_days=15)
    press(changing.end, bound, bound.giver)
    assert (reread(bound).state, reread(bound).formal_end) == ("ending", day)
    assert reread(bound).seat == bound.seat
    assert orders.current(bound.beneficiary_id) == ()
    for person in (bound.giver, bound.beneficiary):
        told = last_notice(person)
        assert "停用" in told.title
        assert "2026年12月1日正式结束。当地规定绑定要满一定天数" in told.body
    with pytest.raises(moves.WrongMove):
        changing.finish(binding_id=bound.pk)
    with time_machine.travel(register.at(2026, 12, 1), tick=False):
        assert changing.finish(binding_id=bound.pk).state == "ended"


def test_an_end_that_waits_is_taken_back_and_waits_no_more(bound):
    agreeing.publish(bound_at_least_days=15)
    press(changing.end, bound, bound.giver)
    back = press(changing.undo, bound, bound.giver)
    assert (back.state, back.formal_end) == ("active", None)


def test_who_was_bound_long_enough_waits_for_nothing(bound):
    agreeing.publish(bound_at_least_days=15)
    with time_machine.travel(register.at(2026, 12, 1), tick=False):
        assert press(changing.end, bound, bound.giver).state == "ended"


def test_the_place_of_whose_money_it_is_says_how_long_an_end_waits(bound):
    agreeing.publish("320100", bound_at_least_days=15)
    assert press(changing.end, bound, bound.giver).state == "ended"


def test_what_the_register_ends_waits_for_no_day(bound):
    agreeing.publish(bound_at_least_days=15)
    changing.close(binding_id=bound.pk, reason="relation_ended")
    assert (reread(bound).state, reread(bound).formal_end) == ("ended", None)


def test_the_site_and_staff_end_it_with_a_reason_for_whom_it_concerns(bound):
    changing.close(binding_id=bound.pk, reason="account_freeze", whose=moves.Side.GIVER)
    assert "冻结" in last_notice(bound.giver).body
    assert "冻结" not in last_notice(bound.beneficiary).body
    other = make_binding(giver=bound.giver, beneficiary=make_member(name="王芳"))
    clerk = make_staff()
    changing.close(binding_id=other.pk, reason="relation_ended", by=clerk)
    event = other.events.last()
    assert (event.side, event.acted_by, event.channel) == ("staff", clerk, "counter")


# --- taking it back


def test_an_end_is_taken_back_within_ten_minutes_and_all_is_as_before(bound):
    second = make_binding(
        giver=make_member(name="王芳"), beneficiary=bound.beneficiary, relation="sibling"
    )
    press(changing.pause, bound, bound.giver)
    press(changing.end, bound, bound.giver)
    assert orders.current(bound.beneficiary_id) == (second.pk,)
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=9, seconds=59), tick=False):
        restored = press(changing.undo, bound, bound.giver)
    assert (restored.state, restored.paused_by) == ("paused", "giver")
    assert restored.usable_from == bound.usable_from
    assert orders.current(bound.beneficiary_id) == (bound.pk, second.pk)


@pytest.mark.parametrize("seconds", [600, 601, -1])
def test_after_ten_minutes_it_is_not(bound, seconds):
    press(changing.end, bound, bound.giver)
    with (
        time_machine.travel(timezone.now() + dt.timedelta(seconds=seconds), tick=False),
        pytest.raises(moves.WrongMove),
    ):
        press(changing.undo, bound, bound.giver)


def test_only_the_side_that_ended_it_takes_it_back(bound):
    press(changing.end, bound, bound.giver)
    with pytest.raises(moves.WrongMove):
        press(changing.undo, bound, bound.beneficiary)
    changed = make_binding(giver=bound.giver, beneficiary=make_member(name="王芳"))
    changing.close(binding_id=changed.pk, reason="relation_ended")
    with pytest.raises(moves.WrongMove):
        press(changing.undo, changed, bound.giver)


def test_it_is_not_taken_back_when_the_pair_is_bound_anew(bound):
    press(changing.end, bound, bound.giver)
    make_binding(giver=bound.giver, beneficiary=bound.beneficiary)
    with pytest.raises(changing.NotPossible) as refused:
        press(changing.undo, bound, bound.giver)
    assert [one.code for one in refused.value.check.problems] == [Code.ALREADY_BOUND]


def test_it_is_not_taken_back_when_the_seat_is_taken(rules):
    agreeing.publish("340100", max_members=1)
    bound = make_binding()
    press(changing.end, bound, bound.giver)
    assert (bound.seat, reread(bound).seat) == (1, None)
    child = make_member(name="张一", born="19990101")
    make_binding(giver=bound.giver, beneficiary=child, relation="child")
    with pytest.raises(changing.NotPossible) as refused:
        press(changing.undo, bound, bound.giver)
    assert [one.code for one in refused.value.check.problems] == [Code.MEMBER_CAP]


def test_it_is_not_taken_back_when_the_register_says_otherwise(bound):
    press(changing.end, bound, bound.giver)
    register.make_fact(person=bound.beneficiary, kind="death", from_day=dt.date(2026, 11, 16))
    with pytest.raises(changing.NotPossible):
        press(changing.undo, bound, bound.giver)
    assert reread(bound).state == "ended"


def test_a_wait_before_binding_anew_is_no_wait_for_taking_it_back(rules):
    agreeing.publish("340100", rebinding_wait_days=90)
    bound = make_binding()
    press(changing.end, bound, bound.giver)
    assert press(changing.undo, bound, bound.giver).state == "active"
    press(changing.end, bound, bound.giver)
    with pytest.raises(changing.NotPossible) as refused:
        agreeing.propose(bound.giver, bound.beneficiary)
    assert [one.code for one in refused.value.check.problems] == [Code.COOL_DOWN]


# --- what the register says


def test_a_fact_suspends_and_its_end_brings_back_what_was(bound):
    changing.suspend(binding_id=bound.pk, reason="settlement_suspension")
    assert changing.suspend(binding_id=bound.pk, reason="account_freeze").version == 3
    press(changing.pause, bound, bound.giver)
    assert reread(bound).state == "suspended"
    assert changing.lift(binding_id=bound.pk).state == "paused"
    changing.suspend(binding_id=bound.pk, reason="settlement_suspension")
    press(changing.resume, bound, bound.giver)
    assert changing.lift(binding_id=bound.pk).state == "active"


def test_events_are_numbered_like_the_versions(bound):
    press(changing.pause, bound, bound.giver)
    press(changing.end, bound, bound.beneficiary)
    told = list(bound.events.values_list("number", "move", "from_state", "to_state"))
    assert told == [
        (1, "propose", "", "waiting"),
        (2, "confirm", "waiting", "active"),
        (3, "pause", "active", "paused"),
        (4, "end", "paused", "ended"),
    ]
    assert reread(bound).version == 4
