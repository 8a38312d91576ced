"""Whoever speaks for somebody else: a clerk beside the citizen, a guardian, a helper."""

import datetime as dt

import pytest

from family import bindings
from family.models import BindingEvent, Channel
from family.moves import Side
from family.reasons import Code
from tests.factories.accounts import make_staff
from tests.factories.agreeing import (
    confirm,
    login_of,
    make_guardianship,
    make_member,
    make_proposal,
    pressed,
    propose,
    reread,
    titles,
)

pytestmark = [pytest.mark.usefixtures("rules"), pytest.mark.both_databases]
NANJING = "320100"


def test_at_the_counter_the_citizen_is_there_and_sees_it_later(husband, wife):
    clerk = make_staff()
    waiting = propose(husband, wife)
    with pytest.raises(bindings.NotAllowed):
        confirm(waiting, wife, by=clerk, channel=Channel.COUNTER)
    with pytest.raises(bindings.NotAllowed):
        confirm(
            waiting, wife, by=login_of(husband), channel=Channel.COUNTER, presence="card_and_code"
        )
    made = confirm(waiting, wife, by=clerk, channel=Channel.COUNTER, presence="card_and_code")
    event = BindingEvent.objects.filter(binding=made).latest("number")
    assert (event.channel, event.acted_by, event.details) == (
        "counter",
        clerk,
        {"presence": "card_and_code"},
    )
    assert titles(wife) == ["您同意了和张*国的家庭共济"]


def test_for_a_child_below_fourteen_the_guardian_answers(husband, wife):
    child = make_member(name="张小宝", born="20151001", scheme="resident", phone="")
    waiting = propose(husband, child, relation="child")
    with pytest.raises(bindings.NotPossible) as refused:
        confirm(waiting, child)
    assert [one.code for one in refused.value.check.problems] == [Code.MINOR]
    by_wife = {"guardian": wife, "by": login_of(wife), "signed_name": wife.name}
    with pytest.raises(bindings.NotAllowed):
        confirm(waiting, child, **by_wife)
    make_guardianship(guardian=wife, child=child)
    with pytest.raises(bindings.NotAllowed):
        confirm(waiting, child)
    with pytest.raises(bindings.WrongSignature):
        confirm(waiting, child, **{**by_wife, "signed_name": child.name})
    made = confirm(waiting, child, **by_wife)
    assert made.state == "active"
    consent = made.consents.get(side="beneficiary")
    assert (consent.person, consent.by_guardian, consent.signed_name) == (child, wife, "李梅")
    assert titles(wife) == ["张*宝的家庭共济有变化"]


def test_from_fourteen_either_answers_and_both_are_told(husband, wife):
    child = make_member(name="张小宝", born="20111001", scheme="resident")
    make_guardianship(guardian=wife, child=child)
    assert confirm(propose(husband, child, relation="child"), child).state == "active"
    assert titles(child) == ["您同意了和张*国的家庭共济"]
    assert titles(wife) == ["张*宝的家庭共济有变化"]


def test_a_guardian_whose_papers_ran_out_speaks_for_nobody(husband, wife):
    child = make_member(name="张小宝", born="20111001", scheme="resident")
    make_guardianship(guardian=wife, child=child, until=dt.date(2026, 11, 16))
    with pytest.raises(bindings.NotAllowed):
        confirm(
            propose(husband, child, relation="child"),
            child,
            guardian=wife,
            by=login_of(wife),
            signed_name=wife.name,
        )


def test_nobody_is_the_guardian_of_somebody_of_age_whatever_the_papers_say(husband, wife):
    son = make_member(name="张小强", born="20081116", scheme="resident")
    make_guardianship(guardian=wife, child=son)
    waiting = propose(husband, son, relation="child")
    with pytest.raises(bindings.NotAllowed):
        confirm(waiting, son, guardian=wife, by=login_of(wife), signed_name=wife.name)
    assert confirm(waiting, son).state == "active"


def test_a_guardian_gives_nothing_of_the_child_to_himself(husband):
    worker = make_member(name="张小强", born="20100101")
    make_guardianship(guardian=husband, child=worker)
    waiting = propose(worker, husband, side=Side.BENEFICIARY, relation="parent")
    with pytest.raises(bindings.NotAllowed):
        confirm(waiting, worker, guardian=husband, by=login_of(husband), signed_name=husband.name)
    assert confirm(waiting, worker).state == "active"


def test_a_guardian_proposes_nothing_of_the_child_for_himself(husband):
    worker = make_member(name="张小强", born="20100101")
    make_guardianship(guardian=husband, child=worker)
    with pytest.raises(bindings.NotAllowed):
        bindings.propose(
            initiator=worker,
            side=Side.GIVER,
            proposal=make_proposal(husband, relation="parent"),
            signed_name=husband.name,
            **pressed(husband, guardian=husband),
        )


def test_what_a_guardian_agreed_to_for_the_child_is_not_confirmed_by_himself(husband, wife):
    worker = make_member(name="张小强", born="20100101")
    make_guardianship(guardian=husband, child=worker)
    waiting = bindings.propose(
        initiator=worker,
        side=Side.GIVER,
        proposal=make_proposal(wife, relation="parent"),
        signed_name=husband.name,
        **pressed(husband, guardian=husband),
    )
    # A number of his that the register learned afterwards.
    waiting.invitation.set_value("id_number", husband.id_number)
    waiting.invitation.save()
    with pytest.raises(bindings.NotAllowed):
        confirm(waiting, husband)
    assert reread(waiting).state == "waiting"


def test_a_helper_says_yes_for_who_is_given_to_and_never_for_who_gives(husband, wife):
    son = make_member(name="张小强", born="19990101")
    for owner in (husband, wife):
        owner.grants.create(
            helper=son,
            kind="act_family",
            from_day=dt.date(2026, 1, 1),
            channel="web",
            acted_by=login_of(owner),
        )
    waiting = propose(husband, wife)
    assert confirm(waiting, wife, by=login_of(son)).state == "active"
    other = propose(husband, make_member(name="王芳"), side=Side.BENEFICIARY, relation="sibling")
    with pytest.raises(bindings.NotAllowed):
        confirm(other, husband, by=login_of(son))
