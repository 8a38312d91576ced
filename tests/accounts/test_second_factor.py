"""The authenticator of staff."""

import datetime as dt

import pytest
import time_machine

from accounts import limits
from accounts.models import AuditEntry, SignIn
from tests import cast
from tests.accounts.outbox import wrong
from tests.factories.accounts import authenticator_code, make_authenticator, make_staff

pytestmark = pytest.mark.django_db

PAGE = "/accounts/second-factor/"
MORNING = dt.datetime(2026, 11, 16, 2, tzinfo=dt.UTC)


@pytest.fixture
def clock():
    with time_machine.travel(MORNING, tick=False) as travelled:
        yield travelled


@pytest.fixture
def clerk(client, clock):
    user = make_staff()
    cast.sign_in(client, user, second_factor=False)
    return user


def give(client, token, path=PAGE):
    return client.post(path, {"token": token})


def test_the_password_alone_opens_no_staff_page(client, clerk):
    assert client.get("/admin/").status_code == 302
    assert client.get("/accounts/security/").url.startswith(PAGE)


def test_a_token_opens_them(client, clerk):
    device = make_authenticator(clerk)
    before = client.session.session_key
    assert give(client, authenticator_code(device)).url == "/admin/"
    assert client.get("/admin/").status_code == 200
    assert client.session.session_key != before
    assert SignIn.objects.get(ended_at=None).method == SignIn.Method.TOTP
    assert SignIn.objects.get(ended_at=None).session_key == client.session.session_key


def test_the_way_on_is_kept_and_stays_here(client, clerk):
    device = make_authenticator(clerk)
    path = f"{PAGE}?next=/accounts/security/"
    assert give(client, authenticator_code(device), path).url == "/accounts/security/"


def test_a_token_leads_to_no_other_site(client, clerk):
    device = make_authenticator(clerk)
    assert give(client, authenticator_code(device), f"{PAGE}?next=//evil.example").url == "/admin/"


def test_a_wrong_token_is_told_and_written_down(client, clerk):
    device = make_authenticator(clerk)
    page = give(client, wrong(authenticator_code(device))).content.decode()
    assert "动态口令不对" in page
    assert AuditEntry.objects.filter(action="second_factor.fail", actor=clerk).count() == 1


def test_a_token_is_good_once(client, clerk, clock):
    device = make_authenticator(clerk)
    token = authenticator_code(device)
    give(client, token)
    cast.sign_in(client, clerk, second_factor=False)
    assert "动态口令不对" in give(client, token).content.decode()


def test_tokens_can_not_be_guessed(client, clerk, clock):
    device = make_authenticator(clerk)
    for _try in range(limits.SECOND_FACTOR.count):
        give(client, wrong(authenticator_code(device)))
        clock.shift(60)  # past the slowing down after each wrong one
    assert give(client, authenticator_code(device)).status_code == 200
    clock.shift(limits.SECOND_FACTOR.seconds)
    assert give(client, authenticator_code(device)).status_code == 302


def test_somebody_elses_token_does_not_fit(client, clerk):
    other = make_authenticator(make_staff(name="王五"))
    make_authenticator(clerk)
    assert give(client, authenticator_code(other)).status_code == 200


def test_without_an_authenticator_the_page_says_whom_to_ask(client, clerk):
    assert "系统管理员" in client.get(PAGE).content.decode()


def test_it_is_remembered_nowhere(client, clerk):
    device = make_authenticator(clerk)
    give(client, authenticator_code(device))
    client.post("/accounts/sign-out/")
    cast.sign_in(client, clerk, second_factor=False)
    assert client.get("/accounts/security/").url.startswith(PAGE)


def test_citizens_have_none(client):
    user, _person = cast.zhang()
    cast.sign_in(client, user)
    assert client.get(PAGE).url == "/home/"


def test_who_has_given_it_goes_on(client, clock):
    user = make_staff()
    cast.sign_in(client, user)
    assert client.get(PAGE).url == "/admin/"


@pytest.mark.parametrize("token", ["", "12345", "abcdef"])
def test_what_can_be_no_token_costs_no_try(client, clerk, token):
    make_authenticator(clerk)
    assert 'href="#id_token"' in give(client, token).content.decode()
    assert not AuditEntry.objects.filter(action="second_factor.fail").exists()
