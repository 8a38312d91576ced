"""Who may press is asked once the locks are held: a right that ended while somebody waited is gone."""

import datetime as dt

import pytest
from django.utils import timezone

from accounts.models import AuditEntry
from family import bindings, changing, grants, orders
from family.acting import NotAllowed
from family.models import Binding, Channel, Grant, GrantKind, Guardianship, OrderVersion
from family.moves import Side
from insurance.models import Notice
from tests.factories import family as short
from tests.factories.accounts import make_staff
from tests.factories.agreeing import (
    make_guardianship,
    make_member,
    make_proposal,
    pressed,
    titles,
)

pytestmark = [pytest.mark.usefixtures("rules"), pytest.mark.both_databases]
TODAY = dt.date(2026, 11, 16)


@pytest.fixture
def ends_meanwhile(monkeypatch):
    """Every right of somebody else ends at the moment in which the lock comes free."""
    real = orders.lock

    def lock(person_ids):
        rows = real(person_ids)
        Grant.objects.update(revoked_at=timezone.now())
        Guardianship.objects.update(ended_at=timezone.now())
        return rows

    monkeypatch.setattr(orders, "lock", lock)


@pytest.fixture
def son(rules):
    return make_member(name="张小强", born="19990101")


def listed(owner, count=2):
    """Somebody with that many payers, by their ids."""
    return [
        short.make_binding(giver=make_member(name="王芳"), beneficiary=owner).pk
        for _each in range(count)
    ]


def reorder(person, binding_ids, version, **by):
    return orders.reorder(person=person, binding_ids=binding_ids, expected_version=version, **by)


def proposing(owner, other, by):
    return bindings.propose(
        initiator=owner,
        side=Side.BENEFICIARY,
        proposal=make_proposal(other, relation="sibling"),
        signed_name=owner.name,
        **by,
    )


@pytest.mark.parametrize("what", ["propose", "pause_all", "reorder", "undo"])
def test_a_helper_whose_mandate_ended_meanwhile_does_nothing(wife, son, ends_meanwhile, what):
    mother = make_member(name="王芳", born="19450101")
    two = listed(wife)
    given = short.make_binding(giver=wife, beneficiary=mother, listed=False)
    short.make_grant(owner=wife, helper=son, kind=GrantKind.ACT_FAMILY)
    by = pressed(son)
    verbs = {
        "propose": lambda: proposing(wife, make_member(name="李强"), by),
        "pause_all": lambda: changing.pause_all(person=wife, **by),
        "reorder": lambda: reorder(wife, two[::-1], 2, **by),
        "undo": lambda: orders.undo_reorder(person=wife, expected_version=2, **by),
    }
    with pytest.raises(NotAllowed):
        verbs[what]()
    assert Binding.objects.get(pk=given.pk).state == "active"
    assert Binding.objects.count() == 3
    assert orders.current(wife.pk) == tuple(two)


def test_a_guardian_whose_part_ended_meanwhile_lets_nobody_help(husband, wife, ends_meanwhile):
    child = make_member(name="张小宝", born="20151001", scheme="resident")
    short.make_binding(giver=husband, beneficiary=child, relation="child")
    make_guardianship(guardian=wife, child=child)
    with pytest.raises(NotAllowed):
        grants.grant(
            owner=child,
            helper=husband,
            kind=GrantKind.SEE_YEARS,
            from_day=TODAY,
            to_day=None,
            **pressed(wife, guardian=wife),
        )
    assert not Grant.objects.exists()


def test_a_child_below_fourteen_orders_nothing_alone_and_the_guardian_does(husband):
    child = make_member(name="张小宝", born="20151001", scheme="resident")
    two = listed(child)
    make_guardianship(guardian=husband, child=child)
    with pytest.raises(NotAllowed):
        reorder(child, two[::-1], 2, **pressed(child))
    made = reorder(child, two[::-1], 2, **pressed(husband, guardian=husband))
    assert made.number == 3
    with pytest.raises(NotAllowed):
        orders.undo_reorder(person=child, expected_version=3, **pressed(child))
    written = AuditEntry.objects.get(action="order.change")
    assert written.details == {"version": 3, "channel": "web", "by_guardian": True}
    assert written.subject_ref == str(child.reference)


def test_the_guardian_hears_of_an_order_that_a_youth_makes(husband):
    youth = make_member(name="张小宝", born="20111001", scheme="resident")
    two = listed(youth)
    make_guardianship(guardian=husband, child=youth)
    reorder(youth, two[::-1], 2, **pressed(youth))
    assert titles(husband) == ["张*宝先用谁的钱，改了"]
    orders.undo_reorder(person=youth, expected_version=3, **pressed(youth))
    assert len(titles(husband)) == 2
    assert Notice.objects.of(youth.pk).count() == 2


def test_a_stranger_orders_nothing(wife, son):
    two = listed(wife)
    with pytest.raises(NotAllowed):
        reorder(wife, two[::-1], 2, **pressed(son))
    assert OrderVersion.objects.filter(order__person=wife).count() == 2


def test_at_the_counter_an_order_is_written_down_with_how_the_person_was_known(wife):
    two = listed(wife)
    clerk = make_staff()
    with pytest.raises(NotAllowed):
        reorder(wife, two[::-1], 2, by=clerk, channel=Channel.COUNTER)
    made = reorder(
        wife,
        two[::-1],
        2,
        by=clerk,
        channel=Channel.COUNTER,
        presence="card_and_code",
        grounds="本人到场，看过社保卡",
    )
    written = AuditEntry.objects.get(action="order.change")
    assert (written.actor, written.reason) == (clerk, "本人到场，看过社保卡")
    assert written.details == {"version": 3, "channel": "counter", "presence": "card_and_code"}
    assert (made.channel, made.acted_by) == ("counter", clerk)


def test_at_the_counter_a_mandate_is_written_down_with_how_the_person_was_known(wife, son):
    short.make_binding(giver=wife, beneficiary=son, relation="child")
    grants.grant(
        owner=wife,
        helper=son,
        kind=GrantKind.SEE_YEARS,
        from_day=TODAY,
        to_day=None,
        by=make_staff(),
        channel=Channel.COUNTER,
        presence="card_and_code",
        grounds="本人到场，看过社保卡",
    )
    written = AuditEntry.objects.get(action="grant.give")
    assert written.details["presence"] == "card_and_code"
