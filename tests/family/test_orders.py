"""Whose money first: every change is a version, and of two changes at once one wins."""

import datetime as dt

import pytest
import time_machine

from accounts.models import AuditEntry
from family import orders
from family.models import Channel, DeductionOrder, OrderVersion
from family.moves import State
from insurance.models import Notice
from tests import cast
from tests.conftest import FIXED_MOMENT
from tests.factories.family import make_binding
from tests.factories.insurance import make_person, raised_by

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
WEB = Channel.WEB


@pytest.fixture
def me(db):
    """(user, person) with three payers, in the order in which they came."""
    user, person = cast.zhang()
    payers = [make_binding(giver=make_person(), beneficiary=person) for _ in range(3)]
    return user, person, [one.pk for one in payers]


def save(me, binding_ids, expected_version=3):
    user, person, _ = me
    return orders.reorder(
        person=person,
        binding_ids=binding_ids,
        expected_version=expected_version,
        channel=WEB,
        by=user,
    )


def undo(me, expected_version=4):
    user, person, _ = me
    return orders.undo_reorder(
        person=person, expected_version=expected_version, channel=WEB, by=user
    )


def numbers(person):
    return list(
        OrderVersion.objects.filter(order__person=person)
        .order_by("number")
        .values_list("number", "reason")
    )


def test_nobody_without_a_payer_has_a_list(db):
    person = make_person()
    assert orders.current(person.pk) == ()
    assert not DeductionOrder.objects.exists()


def test_who_comes_later_is_asked_later(me):
    _, person, payers = me
    assert orders.current(person.pk) == tuple(payers)
    assert numbers(person) == [(1, "join"), (2, "join"), (3, "join")]


def test_a_new_order_is_a_version_and_the_old_one_stays(me):
    _, person, (one, two, three) = me
    made = save(me, [three, one, two])
    assert (made.number, made.reason) == (4, "reorder")
    assert orders.current(person.pk) == (three, one, two)
    old = OrderVersion.objects.get(order__person=person, number=3)
    assert list(old.places.values_list("binding_id", flat=True)) == [one, two, three]


def test_the_same_order_is_no_new_version(me):
    _, person, payers = me
    assert save(me, payers).number == 3
    assert len(numbers(person)) == 3


def test_an_older_page_changes_nothing(me):
    _, person, (one, two, three) = me
    save(me, [three, one, two])
    with pytest.raises(orders.Stale) as stale:
        save(me, [two, one, three])
    assert stale.value.version == 4
    assert orders.current(person.pk) == (three, one, two)


def test_a_list_of_other_payers_is_refused(me):
    _, person, (one, two, three) = me
    foreign = make_binding(giver=make_person(), beneficiary=make_person()).pk
    for wrong in ([one, two], [one, two, two], [one, two, three, foreign], [one, two, foreign], []):
        with pytest.raises(orders.WrongList):
            save(me, wrong)
    assert orders.current(person.pk) == (one, two, three)


def test_nobody_can_order_an_empty_list(db):
    user, person = cast.li()
    with pytest.raises(orders.WrongList):
        save((user, person, []), [], expected_version=0)
    assert not OrderVersion.objects.exists()


def test_who_leaves_is_out_and_the_others_keep_their_order(me):
    _, person, (one, two, three) = me
    orders.remove(person_id=person.pk, binding_id=two, channel=WEB)
    assert orders.current(person.pk) == (one, three)
    assert orders.remove(person_id=person.pk, binding_id=two, channel=WEB) is None
    assert numbers(person)[-1] == (4, "leave")


def test_who_comes_back_at_once_stands_where_they_stood(me):
    _, person, (one, two, three) = me
    orders.remove(person_id=person.pk, binding_id=two, channel=WEB)
    orders.append(person_id=person.pk, binding_id=two, channel=WEB)
    assert orders.current(person.pk) == (one, two, three)
    assert numbers(person)[-1] == (5, "return")
    assert orders.append(person_id=person.pk, binding_id=two, channel=WEB) is None


def test_who_comes_back_after_another_change_stands_last(me):
    _, person, (one, two, three) = me
    orders.remove(person_id=person.pk, binding_id=one, channel=WEB)
    save(me, [three, two], expected_version=4)
    orders.append(person_id=person.pk, binding_id=one, channel=WEB)
    assert orders.current(person.pk) == (three, two, one)


def test_the_last_one_may_leave_and_come_back(db):
    person = make_person()
    only = make_binding(giver=make_person(), beneficiary=person).pk
    orders.remove(person_id=person.pk, binding_id=only, channel=WEB)
    assert orders.current(person.pk) == ()
    orders.append(person_id=person.pk, binding_id=only, channel=WEB)
    assert orders.current(person.pk) == (only,)


def test_undo_brings_the_order_back_as_one_more_version(me):
    _, person, (one, two, three) = me
    save(me, [three, one, two])
    assert undo(me).number == 5
    assert orders.current(person.pk) == (one, two, three)
    assert [reason for _, reason in numbers(person)] == [*["join"] * 3, "reorder", "undo"]


@pytest.mark.parametrize(("seconds", "possible"), [(599, True), (600, False), (601, False)])
def test_undo_is_possible_for_ten_minutes(me, seconds, possible):
    _, person, (one, two, three) = me
    with time_machine.travel(FIXED_MOMENT, tick=False):
        save(me, [three, one, two])
    with time_machine.travel(FIXED_MOMENT + dt.timedelta(seconds=seconds), tick=False):
        if possible:
            undo(me)
        else:
            with pytest.raises(orders.NothingToUndo):
                undo(me)
    assert (orders.current(person.pk) == (one, two, three)) is possible


def test_only_ones_own_new_order_can_be_undone(me):
    _, _, (one, two, three) = me
    with pytest.raises(orders.NothingToUndo):
        undo(me, expected_version=3)
    save(me, [three, one, two])
    undo(me)
    with pytest.raises(orders.NothingToUndo):
        undo(me, expected_version=5)
    with pytest.raises(orders.Stale):
        undo(me, expected_version=4)
    nobody = cast.li()
    with pytest.raises(orders.NothingToUndo):
        undo((*nobody, []), expected_version=0)


def test_a_new_order_is_in_the_visitors_book(me):
    user, person, (one, two, three) = me
    save(me, [three, one, two])
    undo(me)
    entries = AuditEntry.objects.filter(subject_ref=str(person.reference)).order_by("pk")
    assert [(one.action, one.actor, one.details["version"]) for one in entries] == [
        ("order.change", user, 4),
        ("order.undo", user, 5),
    ]


def test_a_new_order_is_told_in_the_inbox_without_a_short_message(me):
    _, person, (one, two, three) = me
    save(me, [three, one, two])
    undo(me)
    told = list(Notice.objects.filter(person=person).order_by("pk"))
    assert [(one.kind, one.sms) for one in told] == [
        ("order.change", "none"),
        ("order.undo", "none"),
    ]
    assert "第 4 版" in told[0].body


@pytest.mark.django_db(transaction=True)
def test_of_twenty_new_orders_at_once_one_wins(transactional_db):
    user, person = cast.zhang()
    payers = [make_binding(giver=make_person(), beneficiary=person).pk for _ in range(5)]
    wanted = [[*payers[place:], *payers[:place]] for place in (1, 2, 3, 4)] * 5
    me = user, person, payers
    errors = raised_by(*[lambda order=order: save(me, order, 5) for order in wanted])
    assert [type(error) for error in errors] == [orders.Stale] * 19
    assert [number for number, _ in numbers(person)] == [1, 2, 3, 4, 5, 6]
    assert list(orders.current(person.pk)) in wanted


@pytest.mark.django_db(transaction=True)
def test_twenty_who_join_at_once_all_get_a_place_without_a_gap(transactional_db):
    person = make_person()
    joining = [
        make_binding(giver=make_person(), beneficiary=person, state=State.ACTIVE, listed=False).pk
        for _ in range(20)
    ]
    jobs = [
        lambda pk=pk: orders.append(person_id=person.pk, binding_id=pk, channel=WEB)
        for pk in joining
    ]
    assert not raised_by(*jobs)
    assert sorted(orders.current(person.pk)) == joining
    assert [number for number, _ in numbers(person)] == list(range(1, 21))
