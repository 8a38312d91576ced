"""What register and calendar do to bindings, through the jobs that do it."""

import datetime as dt

import pytest
import time_machine

from family import bindings, grants, jobs, life_events
from family.models import Binding, Channel, Grant, GrantKind, Guardianship, Invitation
from family.moves import State
from insurance import register
from insurance.models import Notice
from tests.factories import agreeing, insurance
from tests.factories.accounts import make_staff
from tests.factories.family import make_binding, make_grant, make_insured

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 11, 16)


@pytest.fixture(autouse=True)
def world(rules):
    """The published rules on a fixed day."""


@pytest.fixture
def pair():
    giver = make_insured(name="张建国", balance_fen=50000)
    beneficiary = make_insured(name="李梅")
    return make_binding(giver=giver, beneficiary=beneficiary)


def state_after(binding, job="follow_register", day=DAY):
    assert jobs.run(job, day).failed == ()
    binding.refresh_from_db()
    return binding.state


def told(person, kind):
    return Notice.objects.filter(person=person, kind=kind).count()


def test_a_quiet_register_changes_nothing(pair):
    assert not life_events.touched(DAY).exists()
    assert state_after(pair) == State.ACTIVE
    assert not Notice.objects.exists()


@pytest.mark.parametrize("side", ["giver", "beneficiary"])
def test_a_death_ends_the_binding_and_both_are_told(pair, side):
    register.record_fact(person=getattr(pair, side), kind="death", from_day=DAY)
    assert state_after(pair) == State.ENDED
    assert told(pair.giver, "binding.end") == told(pair.beneficiary, "binding.end") == 1


def test_the_reason_is_told_to_whose_record_it_is_alone(pair):
    register.end_enrolment(enrolment=pair.giver.enrolments.get(), ends_on=DAY - dt.timedelta(1))
    assert state_after(pair) == State.ENDED
    own, other = (
        Notice.objects.get(person=one, kind="binding.end").body
        for one in (pair.giver, pair.beneficiary)
    )
    assert "您的参保关系已经结束" in own
    assert "对方的登记情况有变化" in other
    assert "参保关系" not in other


def test_a_move_to_another_area_ends_it(pair):
    register.end_enrolment(
        enrolment=pair.beneficiary.enrolments.get(), ends_on=DAY - dt.timedelta(1)
    )
    insurance.make_enrolment(
        person=pair.beneficiary,
        area=insurance.make_area(code="340200", name_zh="芜湖市", name_en="Wuhu"),
        starts_on=DAY,
    )
    assert state_after(pair) == State.ENDED
    assert pair.events.last().reason == "moved_area"


@pytest.mark.parametrize(
    ("side", "kind", "stops"),
    [
        ("giver", "account_freeze", True),
        ("giver", "settlement_suspension", True),
        ("beneficiary", "settlement_suspension", True),
        ("beneficiary", "account_freeze", False),
    ],
)
def test_a_stop_suspends_and_its_end_lifts(pair, side, kind, stops):
    person = getattr(pair, side)
    fact = register.record_fact(person=person, kind=kind, from_day=DAY - dt.timedelta(3))
    assert state_after(pair) == (State.SUSPENDED if stops else State.ACTIVE)
    events = pair.events.count()
    assert state_after(pair) == pair.state
    assert pair.events.count() == events
    register.end_fact(fact=fact, to_day=DAY - dt.timedelta(1))
    assert state_after(pair) == State.ACTIVE


def test_a_pause_stays_a_pause_after_a_freeze(pair):
    Binding.objects.filter(pk=pair.pk).update(state=State.PAUSED, paused_by="giver")
    fact = register.record_fact(person=pair.giver, kind="account_freeze", from_day=DAY)
    assert state_after(pair) == State.SUSPENDED
    register.withdraw_fact(fact=fact, reason="记错了人")
    assert state_after(pair) == State.PAUSED


@pytest.mark.parametrize("named", ["giver", "beneficiary"])
def test_a_relation_that_ended_ends_it_whoever_the_register_names(pair, named):
    other = pair.beneficiary if named == "giver" else pair.giver
    register.record_fact(
        person=getattr(pair, named), kind="relation_ended", from_day=DAY, other_person=other
    )
    assert state_after(pair) == State.ENDED


def test_helping_ends_with_the_relation_though_the_binding_ended_before(pair):
    Binding.objects.filter(pk=pair.pk).update(state=State.ENDED)
    both = [
        make_grant(owner=one, helper=other, kind=GrantKind.SEE_BALANCE)
        for one, other in ((pair.giver, pair.beneficiary), (pair.beneficiary, pair.giver))
    ]
    assert jobs.run("end_estranged", DAY).done == 0
    register.record_fact(
        person=pair.giver, kind="relation_ended", from_day=DAY, other_person=pair.beneficiary
    )
    # Before any job has run.
    assert grants.may(pair.beneficiary.pk, pair.giver.pk, GrantKind.SEE_BALANCE, DAY) is None
    assert grants.may(pair.giver.pk, pair.beneficiary.pk, GrantKind.SEE_BALANCE, DAY) is None
    assert jobs.run("end_estranged", DAY).failed == ()
    for one in both:
        one.refresh_from_db()
        assert one.revoked_by == grants.SYSTEM
    assert told(pair.giver, "grant.ended") == told(pair.beneficiary, "grant.ended") == 2
    assert jobs.run("end_estranged", DAY).done == 0


def test_what_a_move_only_stops_is_not_told_as_an_end(pair):
    agreeing.publish("000000", ends_on=[])
    pair.beneficiary.enrolments.update(area=insurance.make_area(code="340200"))
    assert state_after(pair) == State.SUSPENDED
    body = Notice.objects.get(person=pair.beneficiary, kind="binding.suspend").body
    assert "换回来会自动恢复" in body
    assert "可以重新绑定" not in body
    pair.beneficiary.enrolments.update(area=insurance.make_area(code="340100"))
    assert state_after(pair) == State.ACTIVE


def test_a_relation_with_somebody_else_that_ended_is_no_reason(pair):
    register.record_fact(
        person=pair.giver,
        kind="relation_ended",
        from_day=DAY,
        other_person=insurance.make_person(name="王芳"),
    )
    assert state_after(pair) == State.ACTIVE


def test_the_agreed_last_day_is_a_day_of_it(pair):
    Binding.objects.filter(pk=pair.pk).update(to_day=DAY)
    assert state_after(pair) == State.ACTIVE
    assert state_after(pair, day=DAY + dt.timedelta(1)) == State.ENDED


def test_after_a_year_the_giver_is_asked_once_and_an_answer_counts(pair):
    Binding.objects.filter(pk=pair.pk).update(reviewed_on=DAY - dt.timedelta(365))
    jobs.run("ask_yearly", DAY)
    jobs.run("ask_yearly", DAY + dt.timedelta(1))
    assert (told(pair.giver, "binding.review"), told(pair.beneficiary, "binding.review")) == (1, 0)
    Binding.objects.filter(pk=pair.pk).update(reviewed_on=DAY)
    assert not life_events.unreviewed(DAY).exists()


def ward(born):
    guardian = make_insured(name="赵强")
    child = insurance.make_person(name="赵小宝", birth_date=born)
    return Guardianship.objects.create(
        guardian=guardian,
        child=child,
        evidence="household_book",
        until=born.replace(year=born.year + 18),
        recorded_by=make_staff(),
    )


@pytest.mark.parametrize(("born", "said"), [("2012-11-16", 1), ("2012-11-17", 0)])
def test_at_fourteen_child_and_guardian_are_told_once(born, said):
    row = ward(dt.date.fromisoformat(born))
    jobs.run("birthdays", DAY)
    jobs.run("birthdays", DAY)
    assert (
        told(row.child, "age.speaks_too") == told(row.guardian, "age.speaks_too.guardian") == said
    )


def test_at_eighteen_the_guardian_has_done_the_part():
    row = ward(dt.date(2008, 11, 16))
    jobs.run("birthdays", DAY)
    row.refresh_from_db()
    assert row.ended_at is not None
    assert told(row.child, "age.of_age") == told(row.guardian, "age.of_age.guardian") == 1


def invitation(*, number, days=14):
    giver = make_insured(name="张建国", balance_fen=50000)
    binding = make_binding(
        giver=giver, beneficiary=None, state=State.WAITING, consents=(), listed=False
    )
    row = Invitation(
        binding=binding,
        name="李梅",
        id_number=number,
        said_scheme="employee",
        said_area="340100",
        expires_at=insurance.at(2026, 11, 16) + dt.timedelta(days=days),
    )
    row.set_value("id_number", number)
    row.save()
    return row


NUMBER = insurance.make_id_number(sequence=26)


def test_whoever_was_invited_is_told_once_and_the_initiator_hears_nothing():
    person = insurance.make_person(name="李梅", id_number=NUMBER, phone="15400000018")
    row = invitation(number=NUMBER)
    assert jobs.run("announce_invitations", DAY).done == 1
    assert jobs.run("announce_invitations", DAY).done == 0
    assert told(person, "binding.invited") == 1
    assert not Notice.objects.filter(person=row.binding.giver).exists()


def test_an_invitation_to_nobody_is_marked_the_same_way():
    row = invitation(number=NUMBER)
    assert jobs.run("announce_invitations", DAY).done == 1
    row.refresh_from_db()
    assert row.announced_at is not None
    assert not Notice.objects.exists()


def test_both_are_reminded_three_days_before_the_end_and_then_it_lapses():
    person = insurance.make_person(name="李梅", id_number=NUMBER)
    row = invitation(number=NUMBER, days=3)
    jobs.run("announce_invitations", DAY)
    assert jobs.run("remind", DAY).done == 1
    assert told(person, "binding.remind_invited") == 1
    assert told(row.binding.giver, "binding.remind") == 1
    assert jobs.run("lapse_due", DAY).done == 0
    with time_machine.travel(row.expires_at, tick=False):
        assert state_after(row.binding, "lapse_due") == State.LAPSED


def test_what_fails_is_named_and_stops_nobody_else(pair, monkeypatch, caplog):
    other = make_binding(
        giver=pair.giver, beneficiary=make_insured(name="张小明"), relation="child"
    )
    register.record_fact(person=pair.giver, kind="death", from_day=DAY)
    follow = life_events.follow

    def broken(pk, day):
        if pk == pair.pk:
            raise RuntimeError
        return follow(pk, day)

    monkeypatch.setitem(jobs.JOBS, "follow_register", jobs.Job(life_events.touched, broken))
    assert jobs.run("follow_register", DAY).failed == (pair.pk,)
    other.refresh_from_db()
    assert other.state == State.ENDED


def test_a_relation_that_ended_ends_what_the_two_let_each_other_do(pair):
    giver, beneficiary = pair.giver, pair.beneficiary
    make_grant(owner=giver, helper=beneficiary, kind=GrantKind.SEE_BALANCE)
    make_grant(owner=beneficiary, helper=giver, kind=GrantKind.ACT_FAMILY)
    register.record_fact(
        person=giver, kind="relation_ended", from_day=DAY, other_person=beneficiary
    )
    assert state_after(pair) == State.ENDED
    assert set(Grant.objects.values_list("revoked_by", flat=True)) == {"system"}
    assert told(giver, "grant.ended") == told(beneficiary, "grant.ended") == 2


def test_at_eighteen_what_was_given_to_the_guardian_ends_and_later_gifts_stay():
    row = ward(dt.date(2008, 11, 16))
    early, late = (
        make_grant(owner=row.child, helper=row.guardian, kind=kind)
        for kind in (GrantKind.ACT_FAMILY, GrantKind.SEE_YEARS)
    )
    Grant.objects.filter(pk=early.pk).update(granted_at=insurance.at(2026, 11, 15))
    Grant.objects.filter(pk=late.pk).update(granted_at=insurance.at(2026, 11, 16))
    assert jobs.run("birthdays", DAY).failed == ()
    assert list(Grant.objects.filter(revoked_at=None)) == [late]
    assert told(row.child, "grant.ended") == told(row.guardian, "grant.ended") == 1


def withdraw(row):
    at_desk = {"by": make_staff(), "channel": Channel.COUNTER, "presence": "card"}
    bindings.withdraw(binding_id=row.binding_id, person=row.binding.giver, **at_desk)


@pytest.mark.parametrize("kind", ["withdrawn_invited", "lapsed_invited"])
def test_whoever_was_told_of_an_invitation_is_told_once_of_its_end(kind):
    person = insurance.make_person(name="李梅", id_number=NUMBER)
    row = invitation(number=NUMBER)
    jobs.run("announce_invitations", DAY)
    if kind == "withdrawn_invited":
        withdraw(row)
    with time_machine.travel(row.expires_at, tick=False):
        jobs.run("lapse_due", DAY)
        assert jobs.run("announce_ends", DAY).done == 1
        assert jobs.run("announce_ends", DAY).done == 0
    assert told(person, f"binding.{kind}") == 1


def test_what_was_taken_back_meanwhile_is_not_announced():
    person = insurance.make_person(name="李梅", id_number=NUMBER)
    row = invitation(number=NUMBER)
    withdraw(row)
    jobs.JOBS["announce_invitations"].do(row.pk, DAY)
    assert told(person, "binding.invited") == 0
