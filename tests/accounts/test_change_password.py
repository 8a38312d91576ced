"""Changing the password from inside."""

import pytest
from django.conf import settings
from django.test import Client

from accounts import limits
from accounts.models import AuditEntry
from tests import cast
from tests.accounts.outbox import letters
from tests.factories.accounts import PASSWORD, STAFF_PASSWORD, make_staff

pytestmark = pytest.mark.django_db

PAGE = "/accounts/security/password/"
NEW = "three blue mountains"


@pytest.fixture
def zhang(client):
    user, _person = cast.zhang()
    cast.sign_in(client, user)
    return user


def change(client, current=PASSWORD, password=NEW):
    return client.post(PAGE, {"current": current, "password": password})


def test_it_works_and_only_this_session_lives_on(client, zhang):
    elsewhere = cast.sign_in(Client(), zhang)
    before = client.cookies[settings.SESSION_COOKIE_NAME].value
    assert change(client).url == "/accounts/security/"
    zhang.refresh_from_db()
    assert zhang.check_password(NEW)
    assert zhang.password_changed_at is not None
    assert client.get("/accounts/security/").status_code == 200
    assert client.cookies[settings.SESSION_COOKIE_NAME].value != before
    assert elsewhere.get("/accounts/security/").status_code == 302
    assert AuditEntry.objects.filter(action="password.change", actor=zhang).count() == 1
    assert "密码刚刚改过" in letters(cast.ZHANG_PHONE)[-1][1]


def test_the_current_password_is_needed(client, zhang):
    page = change(client, current="not my phrase").content.decode()
    assert "现在的密码不对" in page
    zhang.refresh_from_db()
    assert zhang.check_password(PASSWORD)


def test_the_current_password_can_not_be_guessed(client, zhang):
    for _try in range(limits.CHANGE_PASSWORD_TRIES.count):
        change(client, current="not my phrase")
    assert "现在的密码不对" in change(client).content.decode()
    zhang.refresh_from_db()
    assert zhang.check_password(PASSWORD)


def test_the_same_password_is_no_new_one(client, zhang):
    assert "新密码不能和现在的一样" in change(client, password=PASSWORD).content.decode()


def test_own_numbers_are_refused(client, zhang):
    assert "自己的证件号码" in change(client, password=cast.ZHANG_ID).content.decode()


def test_staff_passwords_are_longer(client):
    clerk = make_staff()
    cast.sign_in(client, clerk)
    page = change(client, current=STAFF_PASSWORD).content.decode()
    assert "工作人员的密码至少 12" in page
    assert change(client, current=STAFF_PASSWORD, password="Three-Blue-Mountains-7").url


def test_staff_without_the_second_factor_change_nothing(client):
    clerk = make_staff()
    cast.sign_in(client, clerk, second_factor=False)
    answer = change(client, current=STAFF_PASSWORD, password="Three-Blue-Mountains-7")
    assert answer.url.startswith("/accounts/second-factor/")
    clerk.refresh_from_db()
    assert clerk.check_password(STAFF_PASSWORD)


def test_strangers_are_led_to_the_door(client):
    assert client.get(PAGE).url == f"/accounts/sign-in/?next={PAGE}"


def test_no_password_comes_back_to_the_page(client, zhang):
    page = change(client, current="not my phrase", password="another one here").content.decode()
    assert "not my phrase" not in page
    assert "another one here" not in page
    assert 'autocomplete="new-password"' in page
