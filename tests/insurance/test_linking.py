"""Which login is which person, and who looked at the record."""

import pytest
from django.db import IntegrityError, transaction
from django.http import HttpResponse

from accounts import audit
from accounts.models import User
from accounts.roles import Role
from insurance import linking, looks
from insurance.decorators import insured_person_required
from insurance.models import IdentityLink
from tests import cast
from tests.factories.accounts import make_request, make_staff, make_user, together
from tests.factories.insurance import make_fact, make_person

pytestmark = pytest.mark.django_db

NEW = "three blue mountains"


@pytest.fixture
def person():
    return make_person(name="张建国", id_number=cast.ZHANG_ID, phone=cast.ZHANG_PHONE)


def open_login(person):
    return linking.open_login(
        person=person,
        password=NEW,
        channel="sms",
        phone=cast.ZHANG_PHONE,
        request=make_request(method="post"),
    )


def match(**typed):
    return linking.match(
        **{"name": "张建国", "id_number": cast.ZHANG_ID, "phone": cast.ZHANG_PHONE, **typed}
    )


def test_a_match_costs_one_query_whatever_comes_of_it(person, django_assert_num_queries):
    for typed in ({}, {"name": "张建军"}, {"phone": "15400000099"}, {"id_number": cast.LI_ID}):
        with django_assert_num_queries(1):
            match(**typed)


def test_a_person_without_a_phone_in_the_register_matches_no_phone():
    make_person(name="张建国", id_number=cast.ZHANG_ID)
    assert match(phone="").person is None
    assert match().person is None


def test_a_match_says_who_may_open_a_login_and_who_has_one(person):
    assert match() == linking.Match(person, is_linked=False)
    open_login(person)
    assert match() == linking.Match(None, is_linked=True)


def test_a_withdrawn_death_is_none(person):
    fact = make_fact(person=person, kind="death")
    assert match().person is None
    fact.withdrawn_at = fact.recorded_at
    fact.save()
    assert match().person == person


def test_a_second_login_of_a_person_is_refused_and_leaves_nothing(person):
    open_login(person)
    with pytest.raises(linking.AlreadyLinked):
        open_login(person)
    assert User.objects.count() == IdentityLink.objects.count() == 1


@pytest.mark.both_databases
def test_the_database_allows_one_live_link_each_way(person):
    user = open_login(person)
    other = make_user()
    for pair in ({"user": other, "person": person}, {"user": user, "person": make_person()}):
        with pytest.raises(IntegrityError, match=r"link_one|unique|UNIQUE"), transaction.atomic():
            IdentityLink.objects.create(channel="sms", **pair)


@pytest.mark.both_databases
@pytest.mark.django_db(transaction=True)
def test_two_at_once_open_one_login(person):
    results = together(*[lambda: open_login(person)] * 4)
    assert [type(one) for one in results].count(User) == 1
    assert [type(one) for one in results].count(linking.AlreadyLinked) == 3
    assert User.objects.count() == IdentityLink.objects.count() == 1


# The guard


@insured_person_required
def page(request):
    return HttpResponse(request.insured_person.person_number)


def test_the_guard_gives_the_person_in_one_query(django_assert_num_queries):
    user, person = cast.zhang()
    request = make_request(user=user)
    with django_assert_num_queries(1):
        assert page(request).content.decode() == person.person_number


def test_the_guard_turns_staff_away(client):
    clerk = make_staff()
    cast.sign_in(client, clerk)
    assert client.get("/accounts/looks/").status_code == 403


def test_the_guard_leads_strangers_to_the_door(client):
    assert client.get("/accounts/looks/").url == "/accounts/sign-in/?next=/accounts/looks/"


# Who looked


def look(person, by, reason="在窗口核对缴费", action="person.view"):
    return audit.record(actor=by, action=action, subject=person, reason=reason)


def test_a_person_sees_who_looked_and_why_but_no_name(client):
    user, person = cast.zhang()
    look(person, make_staff(name="赵铁柱"))
    cast.sign_in(client, user)
    html = client.get("/accounts/looks/").content.decode()
    assert "窗口经办人员" in html
    assert "在窗口核对缴费" in html
    assert "赵" not in html


def test_own_acts_and_other_peoples_looks_are_not_shown(client):
    user, person = cast.zhang()
    _other, stranger = cast.citizen(name="王芳", phone="15400000009")
    audit.record(actor=user, action="link.create", subject=person)
    look(stranger, make_staff(), reason="别人的理由")
    cast.sign_in(client, user)
    html = client.get("/accounts/looks/").content.decode()
    assert "还没有工作人员看过" in html
    assert "别人的理由" not in html


def test_looks_come_in_pages_newest_first(client):
    user, person = cast.zhang()
    clerk = make_staff()
    for number in range(looks.PAGE_ROWS + 3):
        look(person, clerk, reason=f"第 {number} 次")
    cast.sign_in(client, user)
    first = client.get("/accounts/looks/").content.decode()
    assert f"第 {looks.PAGE_ROWS + 2} 次" in first
    assert "第 2 次" not in first
    older = looks.looks_at(person).older
    second = client.get(f"/accounts/looks/?before={older}").content.decode()
    assert "第 2 次" in second
    assert f"?before={older}" in first


@pytest.mark.parametrize("text", ["", "abc", "-1", "9" * 400, "１２", "1 or 1=1"])
def test_a_page_number_that_is_none_shows_the_first_page(client, text):
    user, person = cast.zhang()
    look(person, make_staff(), reason="核对身份")
    cast.sign_in(client, user)
    answer = client.get("/accounts/looks/", {"before": text})
    assert answer.status_code == 200
    assert "核对身份" in answer.content.decode()


def test_every_role_that_looked_has_a_name():
    _user, person = cast.zhang()
    for role in sorted(set(Role.values) - {Role.CITIZEN}):
        look(person, make_staff(role=role))
    assert all(one.role and one.what for one in looks.looks_at(person).rows)
