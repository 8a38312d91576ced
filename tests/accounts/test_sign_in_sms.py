"""A code to the phone, the other way in."""

import datetime as dt
import json

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.test import Client

from accounts.models import OneTimeCode, SignIn, SmsMessage
from tests import cast
from tests.accounts.outbox import letters, newest_code, wrong
from tests.factories.accounts import make_staff
from tests.factories.insurance import make_id_number

pytestmark = pytest.mark.django_db

DOOR = "/accounts/sign-in/sms/"
CODE = f"{DOOR}code/"
WHO = f"{DOOR}who/"
CLERK_ID = make_id_number(area="110000", born="19900101", sequence=5)


def ask(client, box=cast.ZHANG_ID, path=DOOR):
    return client.post(path, {"box": box}, follow=True)


def type_in(client, code):
    return client.post(CODE, {"code": code})


def is_in(client):
    return "_auth_user_id" in client.session


@pytest.mark.parametrize("box", [cast.ZHANG_ID, cast.ZHANG_PHONE, cast.ZHANG_CARD])
def test_a_code_leads_in(client, box):
    user, _person = cast.zhang()
    ask(client, box)
    assert [phone for phone, _body in letters()] == [cast.ZHANG_PHONE]
    assert type_in(client, newest_code()).url == "/home/"
    assert client.session["_auth_user_id"] == str(user.pk)
    assert SignIn.objects.get().method == SignIn.Method.SMS


def test_a_code_may_be_typed_with_spaces_and_in_full_width(client):
    cast.zhang()
    ask(client)
    code = newest_code()
    type_in(
        client,
        f" {code[:3]} {code[3:]} ".translate(str.maketrans("0123456789", "０１２３４５６７８９")),
    )
    assert is_in(client)


def test_the_way_on_is_kept(client):
    cast.zhang()
    ask(client, path=f"{DOOR}?next=/balance/")
    assert type_in(client, newest_code()).url == "/balance/"


@pytest.mark.parametrize(
    ("typed", "words"), [("", "请填 6 位验证码"), ("12345", "6 位数字"), ("abcdef", "6 位数字")]
)
def test_what_can_be_no_code_costs_no_try(client, typed, words):
    cast.zhang()
    ask(client)
    assert words in type_in(client, typed).content.decode()
    assert OneTimeCode.objects.get().wrong_tries == 0


def test_five_wrong_codes_end_the_code(client):
    cast.zhang()
    ask(client)
    code = newest_code()
    for _try in range(5):
        assert "验证码不对" in type_in(client, wrong(code)).content.decode()
    assert "验证码不对" in type_in(client, code).content.decode()
    assert not is_in(client)


def test_a_code_is_good_for_five_minutes_and_no_longer(client):
    cast.zhang()
    with time_machine.travel(dt.datetime(2026, 11, 16, 2, tzinfo=dt.UTC), tick=False) as clock:
        ask(client)
        code = newest_code()
        clock.shift(300)
        type_in(client, code)
        assert not is_in(client)


def test_another_code_comes_after_a_minute_and_the_old_one_stays_good(client):
    cast.zhang()
    with time_machine.travel(dt.datetime(2026, 11, 16, 2, tzinfo=dt.UTC), tick=False) as clock:
        ask(client)
        first = newest_code()
        clock.shift(59)
        page = client.post(CODE, {"again": "1"}, follow=True)
        assert "请再等 1 秒" in page.content.decode()
        assert len(letters()) == 1
        clock.shift(1)
        client.post(CODE, {"again": "1"})
        assert len(letters()) == 2
        type_in(client, first)
        assert is_in(client)


def test_going_back_and_on_again_sends_no_second_message_and_keeps_the_code(client):
    cast.zhang()
    ask(client)
    ask(client)
    assert len(letters()) == 1
    type_in(client, newest_code())
    assert is_in(client)


def test_a_code_fits_only_the_browser_that_asked(client):
    cast.zhang()
    ask(client)
    code = newest_code()
    thief = Client()
    ask(thief)
    type_in(thief, code)
    assert not is_in(thief)


def test_a_code_fits_only_its_purpose(client):
    cast.zhang()
    ask(client)
    code = newest_code()
    client.post("/accounts/reset/", {"box": cast.ZHANG_ID})
    page = client.post("/accounts/reset/code/", {"code": code})
    assert "验证码不对" in page.content.decode()


def test_a_code_for_one_number_does_not_sign_in_another(client):
    """The thief's own code must not fit after the victim's number was typed."""
    cast.zhang()
    cast.citizen(name="王芳", phone="15400000009")
    ask(client, "15400000009")
    own = newest_code("15400000009")
    ask(client, cast.ZHANG_ID)
    type_in(client, own)
    assert not is_in(client)


def test_a_code_is_used_up(client):
    cast.zhang()
    ask(client)
    code = newest_code()
    type_in(client, code)
    client.logout()
    ask(client)
    type_in(client, code)
    assert not is_in(client)


def test_the_code_page_without_a_beginning_leads_there(client):
    assert client.get(CODE).url == DOOR
    assert client.get(WHO).url == DOOR
    assert client.post(WHO, {"second": cast.ZHANG_ID}).url == DOOR


def test_who_is_asked_only_after_the_code(client):
    cast.zhang()
    cast.li()
    ask(client, cast.ZHANG_PHONE)
    assert client.post(WHO, {"second": cast.ZHANG_ID}).url == DOOR
    assert not is_in(client)


@pytest.mark.parametrize("second", [cast.LI_ID, cast.LI_CARD])
def test_a_familys_phone_asks_who_it_is_after_the_code(client, second):
    cast.zhang()
    user, _person = cast.li()
    ask(client, cast.ZHANG_PHONE)
    assert type_in(client, newest_code()).url == WHO
    assert "家人共用" in client.get(WHO).content.decode()
    assert client.post(WHO, {"second": second}).url == "/home/"
    assert client.session["_auth_user_id"] == str(user.pk)


def test_a_familys_code_signs_in_nobody_else(client):
    cast.zhang()
    cast.li()
    cast.citizen(name="王芳", phone="15400000009", id_number=CLERK_ID)
    ask(client, cast.ZHANG_PHONE)
    type_in(client, newest_code())
    assert "对不上" in client.post(WHO, {"second": CLERK_ID}).content.decode()
    assert not is_in(client)


def test_one_of_a_family_may_name_the_own_number_at_once(client):
    cast.zhang()
    user, _person = cast.li()
    ask(client, cast.LI_ID)
    type_in(client, newest_code())
    assert client.session["_auth_user_id"] == str(user.pk)


def test_staff_get_no_message(client):
    make_staff(id_number=CLERK_ID, phone="15400000055")
    for box in (CLERK_ID, "15400000055"):
        assert ask(client, box).status_code == 200
    assert letters() == []
    assert SmsMessage.objects.filter(state=SmsMessage.State.DECOY).count() == 2


def test_a_login_without_a_phone_gets_no_message(client):
    cast.zhang(login_phone="")
    ask(client)
    assert letters() == []


def test_the_page_says_what_helps(client):
    cast.zhang()
    page = ask(client).content.decode()
    for words in (
        "5 分钟内有效",
        "没收到？",
        "再发一次验证码",
        "我们不会向您索要验证码",
        "一次性凭条",
    ):
        assert words in page
    assert 'autocomplete="one-time-code"' in page
    assert 'inputmode="numeric"' in page
    assert page.count('name="code"') == 1


def test_the_message_has_the_code_first_and_no_link(client):
    cast.zhang()
    ask(client)
    [(_phone, body)] = letters()
    assert body[:6].isdigit()
    assert "我们不会向您索要验证码" in body
    assert "http" not in body


def test_no_number_stands_in_a_session(client):
    cast.zhang()
    ask(client, cast.ZHANG_PHONE)
    [row] = Session.objects.all()
    stored = json.dumps(row.get_decoded())
    assert cast.ZHANG_PHONE not in stored
    assert newest_code() not in stored


def test_a_switched_off_login_gets_no_code_and_an_older_one_ends(client):
    user, _person = cast.zhang()
    ask(client)
    code = newest_code()
    user.is_active = False
    user.save()
    type_in(client, code)
    assert not is_in(client)
    ask(Client())
    assert len(letters()) == 1


def test_the_limit_of_a_phone_looks_like_success(client):
    cast.zhang()
    with time_machine.travel(dt.datetime(2026, 11, 16, 2, tzinfo=dt.UTC), tick=False) as clock:
        pages = []
        for _turn in range(7):
            visitor = Client()
            pages.append(ask(visitor).status_code)
            clock.shift(61)
    assert set(pages) == {200}
    assert len(letters()) == 5
