"""Bindings that staff have to decide: four eyes, a reason, and nothing that nobody may overrule."""

import datetime as dt
from dataclasses import replace

import pytest
import time_machine
from django.utils import timezone

from accounts.roles import Role
from family import bindings, changing
from family.changing import Terms
from family.models import Binding, Channel
from family.reasons import Code
from insurance.models import Notice
from tests.factories import agreeing
from tests.factories import insurance as register
from tests.factories.accounts import add_identifier, make_staff
from tests.factories.agreeing import (
    confirm,
    make_guardianship,
    make_member,
    pressed,
    propose,
    reread,
    titles,
)

pytestmark = [pytest.mark.usefixtures("rules"), pytest.mark.both_databases]
NANJING = "320100"


@pytest.fixture
def pending(husband):
    """Across provinces, where nobody knows the day: staff decide."""
    other = make_member(name="李梅", born="19730405", scheme="resident", area=NANJING)
    return confirm(propose(husband, other, limit_fen=30000), other)


def test_what_staff_decide_is_handed_over_with_both_consents(pending):
    assert (pending.state, pending.staff_reason) == ("with_staff", "area_staff")
    assert pending.consents.count() == 2
    assert pending.decision.verdict == "staff_decides"
    assert pending.usable_from is None
    assert titles(pending.giver)[-1] == "李*同意了，等医保窗口核对"


def test_staff_approve_and_the_time_runs_from_the_second_consent(pending):
    agreed = timezone.now()
    clerk = make_staff(role=Role.WINDOW_CLERK)
    with time_machine.travel(agreed + dt.timedelta(hours=5), tick=False):
        active = bindings.approve(binding_id=pending.pk, reason="rule_found", by=clerk)
    assert (active.state, active.money_model) == ("active", "limit")
    assert active.usable_from == agreed + dt.timedelta(hours=24)
    assert active.giver.accounts.get().reserved_fen == 30000
    event = active.events.last()
    assert (event.side, event.acted_by, event.reason) == ("staff", clerk, "rule_found")
    assert titles(active.beneficiary)[-1] == "医保窗口通过了家庭共济"


def test_who_has_moved_meanwhile_is_judged_by_the_new_place(pending):
    pending.beneficiary.enrolments.update(area="340100")
    active = reread(bindings.approve(binding_id=pending.pk, reason="papers", by=make_staff()))
    assert (active.money_model, active.limit_fen) == ("direct_debit", None)
    assert active.beneficiary_area_id == "340100"


def test_what_came_up_since_is_not_overruled(pending):
    register.make_fact(person=pending.giver, kind="death", from_day=dt.date(2026, 11, 1))
    with pytest.raises(bindings.NotPossible):
        bindings.approve(binding_id=pending.pk, reason="rule_found", by=make_staff())
    assert reread(pending).state == "with_staff"


def test_who_took_a_consent_or_is_one_of_the_two_does_not_decide(husband):
    clerk = make_staff()
    other = make_member(name="李梅", born="19730405", scheme="resident", area=NANJING)
    waiting = propose(husband, other, limit_fen=30000)
    at_window = {"by": clerk, "channel": Channel.COUNTER, "presence": "card_and_code"}
    pending = confirm(waiting, other, **at_window)
    relative = make_staff()
    add_identifier(relative, "id_number", husband.id_number)
    for somebody in (clerk, relative):
        for verb in (bindings.approve, bindings.refuse):
            with pytest.raises(bindings.SelfApproval):
                verb(binding_id=pending.pk, reason="papers", by=somebody)
    assert bindings.refuse(binding_id=pending.pk, reason="papers", by=make_staff()).seat is None


def test_a_refusal_says_why(pending):
    refused = bindings.refuse(binding_id=pending.pk, reason="papers", by=make_staff())
    assert refused.state == "refused"
    for person in (pending.giver, pending.beneficiary):
        assert "材料看不出" in Notice.objects.of(person.pk).newest_first().first().body


def test_while_staff_have_it_either_side_takes_it_back(pending):
    other = pending.beneficiary
    bindings.withdraw(binding_id=pending.pk, person=other, **pressed(other))
    assert reread(pending).state == "withdrawn"


def test_a_money_model_that_no_rule_settles_is_said_by_staff(husband, monkeypatch):
    """A name that differs, between two places whose rule of the day is disputed."""
    agreeing.publish("340100", max_members=1)
    other = make_member(name="李梅", born="19730405", scheme="resident")
    waiting = propose(husband, other, name="李玫")
    pending = confirm(waiting, other)
    assert (pending.staff_reason, pending.money_model, pending.seat) == (
        "name_differs",
        "direct_debit",
        1,
    )
    Binding.objects.filter(pk=pending.pk).update(money_model="")
    monkeypatch.setattr("family.eligibility._model_of", lambda case, decision: "")
    with pytest.raises(ValueError, match="money_model"):
        bindings.approve(binding_id=pending.pk, reason="papers_seen", by=make_staff())
    made = bindings.approve(
        binding_id=pending.pk, reason="papers_seen", by=make_staff(), money_model="direct_debit"
    )
    assert (made.state, made.limit_fen) == ("active", None)


def test_a_child_for_whom_no_guardian_signed_is_not_approved(husband):
    """The register learned the birthday after the two had agreed."""
    child = make_member(name="张小宝", born="20101001", scheme="resident", area=NANJING)
    pending = confirm(propose(husband, child, relation="child", limit_fen=30000), child)
    assert pending.state == "with_staff"
    child.birth_date = dt.date(2015, 10, 1)
    child.save()
    with pytest.raises(bindings.NotPossible) as refused:
        bindings.approve(binding_id=pending.pk, reason="rule_found", by=make_staff())
    assert Code.MINOR in {one.code for one in refused.value.check.problems}


def test_a_child_for_whom_a_guardian_signed_is(husband, wife):
    child = make_member(name="张小宝", born="20151001", scheme="resident", area=NANJING)
    make_guardianship(guardian=wife, child=child)
    waiting = propose(husband, child, relation="child", limit_fen=30000)
    pending = confirm(waiting, child, **pressed(wife, guardian=wife), signed_name=wife.name)
    made = bindings.approve(binding_id=pending.pk, reason="rule_found", by=make_staff())
    assert made.state == "active"
    more = replace(Terms.of(made), limit_fen=40000)
    changed = changing.change(binding_id=made.pk, person=husband, terms=more, **pressed(husband))
    assert changed.limit_fen == 40000
