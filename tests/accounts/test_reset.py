"""A forgotten password."""

import datetime as dt

import pytest
import time_machine
from django.test import Client

from accounts import limits
from accounts.models import AuditEntry, SignIn
from tests import cast
from tests.accounts.outbox import letters, newest_code, wrong
from tests.factories.accounts import PASSWORD, make_staff
from tests.factories.insurance import make_id_number

pytestmark = pytest.mark.django_db

DOOR = "/accounts/reset/"
NEW = "three blue mountains"
CLERK_ID = make_id_number(area="110000", born="19900101", sequence=5)


def ask(client, box=cast.ZHANG_ID, **more):
    return client.post(DOOR, {"box": box}, **more)


def prove(client, box=cast.ZHANG_ID):
    ask(client, box)
    return client.post(f"{DOOR}code/", {"code": newest_code()})


def set_new(client, password=NEW):
    return client.post(f"{DOOR}password/", {"password": password})


def test_a_code_and_a_new_password_lead_in(client):
    user, _person = cast.zhang()
    assert prove(client).url == f"{DOOR}password/"
    assert set_new(client).url == "/home/"
    user.refresh_from_db()
    assert user.check_password(NEW)
    assert not user.check_password(PASSWORD)
    assert client.session["_auth_user_id"] == str(user.pk)


def test_every_session_ends_and_the_phone_is_told(client):
    user, _person = cast.zhang()
    elsewhere = cast.sign_in(Client(), user)
    prove(client)
    set_new(client)
    assert elsewhere.get("/accounts/security/").status_code == 302
    phone, body = letters()[-1]
    assert phone == cast.ZHANG_PHONE
    assert "密码刚刚改过" in body
    assert SignIn.objects.filter(ended_by=SignIn.End.PASSWORD).count() == 1
    assert AuditEntry.objects.filter(action="password.reset", actor=user).exists()


def test_the_new_password_is_set_once(client):
    cast.zhang()
    prove(client)
    set_new(client)
    client.post("/accounts/sign-out/")
    assert set_new(client, "four white rivers").url == DOOR


@pytest.mark.parametrize(
    ("password", "words"),
    [
        ("short", "8"),
        ("password", "太常见"),
        (cast.ZHANG_ID, "自己的证件号码"),
        (f"my {cast.ZHANG_ID[6:14]}!", "自己的证件号码"),
        (f"call {cast.ZHANG_PHONE[3:]}", "自己的证件号码"),
        ("card d20010001", "自己的证件号码"),
        ("张建国张建国张建国", "自己的姓名"),
        ("医保一二三四五六七", "医保"),
        ("", "请填密码"),
    ],
)
def test_a_password_that_others_guess_is_refused(client, password, words):
    user, _person = cast.zhang()
    prove(client)
    page = set_new(client, password).content.decode()
    assert words in page
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


def test_without_the_code_there_is_no_new_password(client):
    cast.zhang()
    ask(client)
    assert set_new(client).url == DOOR
    client.post(f"{DOOR}code/", {"code": wrong(newest_code())})
    assert set_new(client).url == DOOR


def test_the_proof_is_good_for_a_quarter_of_an_hour(client):
    cast.zhang()
    with time_machine.travel(dt.datetime(2026, 11, 16, 2, tzinfo=dt.UTC), tick=False) as clock:
        prove(client)
        clock.shift(901)
        assert set_new(client).url == DOOR


def test_a_code_for_signing_in_resets_nothing(client):
    cast.zhang()
    client.post("/accounts/sign-in/sms/", {"box": cast.ZHANG_ID})
    code = newest_code()
    ask(client)
    assert client.post(f"{DOOR}code/", {"code": code}).status_code == 200
    assert set_new(client).url == DOOR


def test_a_familys_phone_asks_who_it_is(client):
    cast.zhang()
    user, _person = cast.li()
    assert prove(client, cast.ZHANG_PHONE).url == f"{DOOR}who/"
    assert set_new(client).url == DOOR
    assert client.post(f"{DOOR}who/", {"second": cast.LI_CARD}).url == f"{DOOR}password/"
    set_new(client)
    user.refresh_from_db()
    assert user.check_password(NEW)


def test_staff_can_not_reset_by_message(client):
    make_staff(id_number=CLERK_ID, phone="15400000055")
    assert ask(client, CLERK_ID).url == f"{DOOR}code/"
    assert ask(client, "15400000055").url == f"{DOOR}code/"
    assert letters() == []


def test_asking_too_often_is_told_to_everybody_alike(client):
    cast.zhang()
    pages = {}
    for box in (cast.ZHANG_ID, CLERK_ID):
        for _turn in range(limits.RESET_PERSON.count):
            assert ask(Client(), box).status_code == 302
        answer = ask(Client(), box)
        pages[box] = (answer.status_code, "申请的次数太多" in answer.content.decode())
    assert set(pages.values()) == {(200, True)}


def test_asking_from_elsewhere_goes_on(client):
    """Somebody who knows the number does not keep its owner from resetting."""
    cast.zhang()
    for _turn in range(limits.RESET_PERSON.count + 1):
        ask(Client(), REMOTE_ADDR="198.51.100.7")
    assert ask(client, REMOTE_ADDR="203.0.113.9").status_code == 302
