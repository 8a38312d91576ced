"""Proposing and answering: what it leaves behind, and what it never tells."""

import datetime as dt

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import throttling
from accounts.limits import PROPOSALS_DAY
from accounts.models import AuditEntry, SmsMessage
from family import bindings, changing, moves
from family.models import Binding, Consent, Invitation
from family.moves import Side
from family.reasons import Code
from insurance.models import InsuredPerson, Notice, StoredDecision
from tests.factories import agreeing
from tests.factories import insurance as register
from tests.factories.agreeing import (
    confirm,
    login_of,
    make_binding,
    make_member,
    make_proposal,
    pressed,
    propose,
    reread,
    titles,
)

pytestmark = [pytest.mark.usefixtures("rules"), pytest.mark.both_databases]
NANJING = "320100"


# --- proposing


def test_a_proposal_waits_with_what_was_typed_and_one_consent(husband, wife):
    made = reread(propose(husband, wife, cap_month_fen=20000, shows_amounts=True))
    assert (made.state, made.giver, made.beneficiary, made.version) == (
        "waiting",
        husband,
        None,
        1,
    )
    assert (made.cap_month_fen, made.shows_amounts, made.money_model) == (20000, True, "")
    invitation = made.invitation
    assert (invitation.name, invitation.id_number) == (wife.name, wife.id_number)
    assert invitation.expires_at == timezone.now() + dt.timedelta(days=14)
    assert list(Invitation.objects.live().for_value("id_number", wife.id_number)) == [invitation]
    consent = made.consents.get()
    assert (consent.side, consent.person, consent.letter) == ("giver", husband, "2026-11")


def test_a_proposal_is_written_down_as_a_move_and_audited(husband, wife):
    made = propose(husband, wife)
    event = made.events.get()
    assert (event.number, event.move, event.from_state, event.to_state, event.side) == (
        1,
        "propose",
        "",
        "waiting",
        "giver",
    )
    entry = AuditEntry.objects.about("family.binding", made.reference).get()
    assert (entry.action, entry.actor) == ("binding.propose", login_of(husband))
    assert titles(husband) == ["您提出了家庭共济"]
    assert titles(wife) == []


def test_the_beneficiary_may_propose_too_and_shows_nobodys_amounts(husband, wife):
    made = propose(husband, wife, side=Side.BENEFICIARY, shows_amounts=True)
    assert (made.giver, made.beneficiary, made.shows_amounts) == (None, wife, False)


def test_whoever_the_other_is_proposing_asks_and_writes_the_same(husband):
    """Registered, not registered, dead, a child: security, attack class 2."""
    dead = make_member(name="赵刚")
    register.make_fact(person=dead, kind="death", from_day=dt.date(2026, 1, 1))
    child = make_member(name="张小宝", born="20200101", scheme="resident")
    bound = make_member(name="钱进")
    make_binding(giver=make_member(name="孙丽", born="19700101"), beneficiary=bound)
    someone = make_member(name="李梅", scheme="resident")
    numbers = [one.id_number for one in (someone, dead, child, bound)]
    numbers.append(register.make_id_number(born="19600101", sequence=998))
    said = make_proposal(someone)
    shapes, notices = [], []
    for number in numbers:
        typed = bindings.Proposal(**{**vars(said), "id_number": number, "name": "某某"})
        told = Notice.objects.count()
        with CaptureQueriesContext(connection) as asked:
            bindings.propose(
                initiator=husband,
                side=Side.GIVER,
                proposal=typed,
                signed_name=husband.name,
                **pressed(husband),
            )
        shapes.append([one["sql"].partition(" ")[0] for one in asked.captured_queries])
        notices.append(Notice.objects.count() - told)
    # The first has to make the counter, the order of the person and nothing else.
    assert all(shape == shapes[1] for shape in shapes[1:])
    assert notices == [1] * len(numbers)


def test_the_same_person_is_not_invited_twice_at_once(husband, wife):
    first = propose(husband, wife)
    with pytest.raises(bindings.AlreadyProposed) as refused:
        propose(husband, wife)
    assert refused.value.reference == first.reference
    # The other direction is another matter, and so is somebody else's invitation.
    sister = make_member(name="张丽", born="19750101")
    propose(sister, wife, relation="sibling")
    bindings.withdraw(binding_id=first.pk, person=husband, **pressed(husband))
    propose(husband, wife)


def test_the_own_number_and_an_in_law_are_refused_before_anything_is_written(husband, wife):
    for fields, code in (
        ({"id_number": husband.id_number}, Code.SELF),
        ({"relation": "parent_in_law"}, Code.RELATION),
    ):
        with pytest.raises(bindings.NotPossible) as refused:
            propose(husband, wife, **fields)
        assert refused.value.check.problems[0].code == code
    assert not Binding.objects.exists()


def test_nobody_proposes_what_the_own_record_forbids(husband, wife):
    register.make_fact(person=husband, kind="account_freeze", from_day=dt.date(2026, 11, 1))
    with pytest.raises(bindings.NotPossible) as refused:
        propose(husband, wife)
    assert [one.code for one in refused.value.check.problems] == [Code.FROZEN]


def test_the_letter_is_signed_with_the_own_name(husband, wife):
    with pytest.raises(bindings.WrongSignature):
        propose(husband, wife, signed_name="张建军")
    propose(husband, wife, signed_name=" 张 建国 ")
    assert Consent.objects.get().signed_name == "张建国"


@pytest.mark.parametrize(
    "wrong",
    [
        {"relation": "friend"},
        {"uses": ()},
        {"uses": ("CASINO",)},
        {"cap_month_fen": 0},
        {"cap_bill_fen": -1},
        {"limit_fen": 0},
    ],
)
def test_what_comes_past_the_forms_is_refused(husband, wife, wrong):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        propose(husband, wife, **wrong)


def test_ten_proposals_in_a_day_are_enough(husband, wife):
    for _each in range(PROPOSALS_DAY.count):
        assert throttling.spend(PROPOSALS_DAY, str(husband.pk))
    with pytest.raises(bindings.TooMany):
        propose(husband, wife)


def test_an_own_binding_is_no_secret_and_not_made_twice(husband, wife):
    first = make_binding(giver=husband, beneficiary=wife)
    with pytest.raises(bindings.NotPossible) as refused:
        propose(husband, wife)
    problem = refused.value.check.problems[0]
    assert (problem.code, problem.params) == (
        Code.ALREADY_BOUND,
        {"reference": first.reference},
    )


# --- answering


def test_both_agree_and_after_a_day_it_can_be_used(husband, wife):
    active = reread(confirm(propose(husband, wife), wife))
    assert (active.state, active.money_model, active.beneficiary) == (
        "active",
        "direct_debit",
        wife,
    )
    assert (active.giver_area_id, active.beneficiary_area_id) == ("340100", "340100")
    assert active.usable_from == timezone.now() + dt.timedelta(hours=24)
    assert {one.side for one in active.consents.all()} == {"giver", "beneficiary"}
    assert active.invitation.ended_at is not None
    assert active.decision.verdict == "yes"
    kept = StoredDecision.objects.of_subject("family.binding", active.reference)
    assert list(kept) == [active.decision]


def test_both_are_told_and_no_message_holds_a_link(husband, wife):
    confirm(propose(husband, wife), wife)
    assert titles(husband) == ["您提出了家庭共济", "李*同意了家庭共济"]
    assert titles(wife) == ["您同意了和张*国的家庭共济"]
    bodies = [one.body for one in SmsMessage.objects.all()]
    assert len(bodies) == 3
    assert not [body for body in bodies if "/" in body or "www" in body]


def test_only_the_person_with_that_number_answers(husband, wife):
    waiting = propose(husband, wife)
    stranger = make_member(name=wife.name, born="19730405")
    for verb in (confirm, decline):
        with pytest.raises(bindings.NotAllowed):
            verb(waiting, stranger)
    assert reread(waiting).state == "waiting"


def decline(binding, person, **more):
    return bindings.decline(binding_id=binding.pk, person=person, **{**pressed(person), **more})


def test_somebody_elses_login_answers_for_nobody(husband, wife):
    waiting = propose(husband, wife)
    with pytest.raises(bindings.NotAllowed):
        confirm(waiting, wife, by=login_of(husband))


def test_a_page_of_before_is_stale(husband, wife):
    waiting = propose(husband, wife)
    with pytest.raises(bindings.Stale):
        confirm(waiting, wife, version=waiting.version + 1)
    assert confirm(waiting, wife, version=waiting.version).state == "active"


def test_a_second_answer_is_a_wrong_move(husband, wife):
    active = confirm(propose(husband, wife), wife)
    for verb in (confirm, decline):
        with pytest.raises(moves.WrongMove):
            verb(active, wife)


def test_a_decline_is_told_and_the_way_is_open_again(husband, wife):
    declined = decline(propose(husband, wife), wife)
    assert (reread(declined).state, reread(declined).beneficiary) == ("declined", None)
    assert titles(husband)[-1] == "家庭共济的邀请没有得到同意"
    assert propose(husband, wife).state == "waiting"


def test_what_is_in_the_way_on_the_own_side_is_told_and_nothing_is_lost(husband, wife):
    waiting = propose(husband, wife)
    wife.enrolments.all().delete()
    with pytest.raises(bindings.NotPossible) as refused:
        confirm(waiting, wife)
    check = refused.value.check
    assert [one.code for one in check.told_to(Side.BENEFICIARY)] == [Code.BENEFICIARY_NOT_INSURED]
    assert not check.hides_from(Side.BENEFICIARY)
    assert reread(waiting).state == "waiting"
    assert reread(waiting).consents.count() == 1
    # Nothing of it lies with the husband, and he hears nothing.
    assert titles(husband) == ["您提出了家庭共济"]
    register.make_enrolment(person=wife, scheme="resident", person_type="resident")
    assert confirm(waiting, wife).state == "active"


def test_what_is_in_the_way_on_the_other_side_is_told_to_the_other_side_only(husband, wife):
    waiting = propose(husband, wife)
    register.make_fact(person=husband, kind="account_freeze", from_day=dt.date(2026, 11, 1))
    for _each in range(2):
        with pytest.raises(bindings.NotPossible) as refused:
            confirm(waiting, wife)
    check = refused.value.check
    assert check.told_to(Side.BENEFICIARY) == ()
    assert check.hides_from(Side.BENEFICIARY)
    # Once a day, however often she tries.
    assert titles(husband) == ["您提出了家庭共济", "家庭共济还差您这边一步"]
    assert "冻结" not in Notice.objects.of(husband.pk).newest_first().first().body


def test_after_the_last_day_nobody_answers(husband, wife):
    waiting = propose(husband, wife)
    with time_machine.travel(waiting.invitation.expires_at, tick=False):
        with pytest.raises(bindings.Expired):
            confirm(waiting, wife)
        assert bindings.lapse(binding_id=waiting.pk).state == "lapsed"
    assert titles(husband)[-1] == "家庭共济的邀请过期了"
    assert not Invitation.objects.live().exists()


def test_nothing_lapses_before_its_time(husband, wife):
    waiting = propose(husband, wife)
    with pytest.raises(moves.WrongMove):
        bindings.lapse(binding_id=waiting.pk)


def test_the_initiator_takes_it_back_while_it_waits(husband, wife):
    waiting = propose(husband, wife)
    with pytest.raises(bindings.NotAllowed):
        bindings.withdraw(binding_id=waiting.pk, person=wife, **pressed(wife))
    bindings.withdraw(binding_id=waiting.pk, person=husband, **pressed(husband))
    assert reread(waiting).state == "withdrawn"
    with pytest.raises(moves.WrongMove):
        confirm(waiting, wife)


def test_the_giver_who_is_invited_says_what_may_be_seen(husband, wife):
    waiting = propose(husband, wife, side=Side.BENEFICIARY)
    assert confirm(waiting, husband, shows_amounts=True).shows_amounts
    # The beneficiary has no say in it.
    other = propose(husband, make_member(name="张小宝", born="19990101"), relation="child")
    child = InsuredPerson.objects.latest("pk")
    assert not confirm(other, child, shows_amounts=True).shows_amounts


# --- the cap on members


def test_seats_are_numbered_and_the_next_one_finds_none(husband):
    agreeing.publish("340100", max_members=2)
    family = [make_member(name=name, born="19990101") for name in ("张一", "张二", "张三")]
    first, second = (
        make_binding(giver=husband, beneficiary=one, relation="child") for one in family[:2]
    )
    assert (first.seat, second.seat) == (1, 2)
    waiting = propose(family[0], family[2], relation="sibling")
    bindings.withdraw(binding_id=waiting.pk, person=family[0], **pressed(family[0]))
    with pytest.raises(bindings.NotPossible) as refused:
        propose(husband, family[2], relation="child")
    assert refused.value.check.problems[0].code == Code.MEMBER_CAP
    changing.end(binding_id=first.pk, person=husband, **pressed(husband))
    assert make_binding(giver=husband, beneficiary=family[2], relation="child").seat == 1
