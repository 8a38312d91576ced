"""The first sign-in of an insured person."""

import datetime as dt

import pytest
import time_machine
from django.test import Client

from accounts import limits
from accounts.models import AuditEntry, LoginIdentifier, OneTimeCode, SignIn, User
from insurance.models import IdentityLink
from tests import cast
from tests.accounts.outbox import letters, newest_code, wrong
from tests.factories.accounts import make_user
from tests.factories.insurance import make_fact, make_id_number, make_person

pytestmark = pytest.mark.django_db

DOOR = "/accounts/sign-up/"
CODE = f"{DOOR}code/"
PASSWORD_PAGE = f"{DOOR}password/"
NEW = "three blue mountains"
NOBODY = make_id_number(area="110000", born="19900101", sequence=5)


@pytest.fixture
def person():
    return make_person(name="张建国", id_number=cast.ZHANG_ID, phone=cast.ZHANG_PHONE)


def ask(client, *, name="张建国", id_number=cast.ZHANG_ID, phone=cast.ZHANG_PHONE, **more):
    return client.post(DOOR, {"name": name, "id_number": id_number, "phone": phone}, **more)


def prove(client, **typed):
    ask(client, **typed)
    return client.post(CODE, {"code": newest_code()})


@pytest.mark.both_databases
def test_three_right_things_a_code_and_a_password_lead_in(client, person):
    assert ask(client).url == CODE
    assert [phone for phone, _body in letters()] == [cast.ZHANG_PHONE]
    assert client.post(CODE, {"code": newest_code()}).url == PASSWORD_PAGE
    assert client.post(PASSWORD_PAGE, {"password": NEW}).url == "/home/"
    user = User.objects.get()
    assert user.name == "张建国"
    assert user.check_password(NEW)
    assert client.session["_auth_user_id"] == str(user.pk)
    link = IdentityLink.objects.get()
    assert (link.user, link.person, link.channel) == (user, person, "sms")
    assert LoginIdentifier.objects.get().value == cast.ZHANG_PHONE
    assert SignIn.objects.get().method == SignIn.Method.SMS
    written = set(AuditEntry.objects.filter(actor=user).values_list("action", flat=True))
    assert written == {"user.create", "link.create", "sign_in.succeed"}


def test_the_new_login_is_found_by_every_number(client, person):
    prove(client)
    client.post(PASSWORD_PAGE, {"password": NEW})
    for box in (cast.ZHANG_ID, cast.ZHANG_PHONE):
        client.logout()
        client.post("/accounts/sign-in/", {"box": box, "password": NEW})
        assert "_auth_user_id" in client.session


@pytest.mark.parametrize(
    ("stored", "typed"),
    [
        ("张建国", " 张 建国 "),
        ("阿卜杜拉·买买提", "阿卜杜拉•买买提"),
        ("阿卜杜拉·买买提", "阿卜杜拉．买买提"),
        ("𬱖𠮷", "𬱖𠮷"),
        ("John Smith", "john  smith"),
    ],
)
def test_names_are_compared_as_people_type_them(client, stored, typed):
    make_person(name=stored, id_number=cast.ZHANG_ID, phone=cast.ZHANG_PHONE)
    ask(client, name=typed)
    assert len(letters()) == 1


def test_numbers_are_compared_as_people_type_them(client, person):
    fifteen = cast.ZHANG_ID[:6] + cast.ZHANG_ID[8:17]
    ask(client, id_number=fifteen, phone="+86 154 0000 0001")
    assert len(letters()) == 1


@pytest.mark.parametrize(
    "typed",
    [{"name": "张建军"}, {"id_number": NOBODY}, {"phone": "15400000099"}],
)
def test_one_wrong_thing_sends_nothing_and_looks_the_same(client, person, typed):
    answer = ask(client, **typed)
    assert answer.url == CODE
    assert "如果三项都和医保登记的一样" in client.get(CODE).content.decode()
    assert letters() == []


def test_the_code_never_goes_to_a_phone_that_the_register_does_not_hold(client, person):
    """Name and ID number are known to every relative."""
    ask(client, phone="15400000099")
    assert letters("15400000099") == []


def test_who_has_a_login_is_told_so_on_the_phone_and_not_on_the_page(client):
    cast.zhang()
    fresh = ask(Client(), id_number=NOBODY)
    answer = ask(client)
    assert answer.url == fresh.url == CODE
    [(phone, body)] = letters()
    assert phone == cast.ZHANG_PHONE
    assert "已经开通过登录" in body
    assert OneTimeCode.objects.filter(is_decoy=False).count() == 0


def test_nobody_signs_up_as_a_dead_person(client, person):
    make_fact(person=person, kind="death")
    assert ask(client).url == CODE
    assert letters() == []


def test_a_death_between_code_and_password_ends_the_way(client, person):
    prove(client)
    make_fact(person=person, kind="death")
    assert client.post(PASSWORD_PAGE, {"password": NEW}).url == DOOR
    assert not User.objects.exists()


def test_a_wrong_code_leads_nowhere(client, person):
    ask(client)
    assert "验证码不对" in client.post(CODE, {"code": wrong(newest_code())}).content.decode()
    assert client.get(PASSWORD_PAGE).url == DOOR


def test_no_step_can_be_left_out(client, person):
    assert client.post(PASSWORD_PAGE, {"password": NEW}).url == DOOR
    assert client.get(CODE).url == DOOR
    ask(client)
    assert client.post(PASSWORD_PAGE, {"password": NEW}).url == DOOR
    assert not User.objects.exists()


def test_the_proof_is_good_for_a_quarter_of_an_hour(client, person):
    with time_machine.travel(dt.datetime(2026, 11, 16, 2, tzinfo=dt.UTC), tick=False) as clock:
        prove(client)
        clock.shift(901)
        assert client.post(PASSWORD_PAGE, {"password": NEW}).url == DOOR


@pytest.mark.parametrize("password", ["short", "password", cast.ZHANG_ID, "张建国张建国张建国"])
def test_a_password_that_others_guess_is_refused(client, person, password):
    prove(client)
    page = client.post(PASSWORD_PAGE, {"password": password})
    assert 'href="#id_password"' in page.content.decode()
    assert not User.objects.exists()


def test_two_ways_at_once_open_one_login(client, person):
    elsewhere = Client()
    prove(client)
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(seconds=61)):
        prove(elsewhere)
        assert client.post(PASSWORD_PAGE, {"password": NEW}).status_code == 302
        late = elsewhere.post(PASSWORD_PAGE, {"password": "four white rivers"})
    assert late.status_code == 409
    assert "已经开通过了" in late.content.decode()
    assert "_auth_user_id" not in elsewhere.session
    assert User.objects.count() == IdentityLink.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("name", "", "请填姓名"),
        ("name", "<script>", "不能用的符号"),
        ("name", "张3", "不能用的符号"),
        ("id_number", "", "身份证号"),
        ("id_number", "123", "号"),
        ("id_number", cast.ZHANG_PHONE, "这里请填身份证号"),
        ("id_number", "123", "这里请填身份证号"),
        ("phone", "12345", "手机号是 11 位"),
    ],
)
def test_what_can_not_be_right_is_told_so_without_a_look_at_the_register(
    client, field, typed, words, django_assert_num_queries
):
    with django_assert_num_queries(0):
        page = ask(client, **{field: typed}).content.decode()
    assert words in page
    assert f'href="#id_{field}"' in page


def test_asking_too_often_is_told_to_everybody_alike(person):
    for id_number in (cast.ZHANG_ID, NOBODY):
        for _turn in range(limits.SIGN_UP_PERSON.count):
            assert ask(Client(), id_number=id_number, REMOTE_ADDR=f"192.0.2.{id_number[-2]}").url
        answer = ask(Client(), id_number=id_number, REMOTE_ADDR=f"192.0.2.{id_number[-2]}")
        assert "申请的次数太多" in answer.content.decode()


def test_who_is_signed_in_needs_no_second_login(client):
    user, _person = cast.zhang()
    cast.sign_in(client, user)
    assert client.get(DOOR).url == "/home/"


def test_a_login_without_a_person_is_sent_to_the_counter(client):
    cast.sign_in(client, make_user())
    answer = client.get("/accounts/looks/")
    assert answer.status_code == 403
    assert "没有和参保人关联" in answer.content.decode()
