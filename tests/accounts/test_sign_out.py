"""Leaving, and being put out."""

import datetime as dt

import pytest
import time_machine
from django.conf import settings
from django.test import Client

from accounts.models import SignIn
from tests import cast
from tests.factories.insurance import make_fact

pytestmark = pytest.mark.django_db

SECURITY = "/accounts/security/"


@pytest.fixture
def zhang(client):
    user, _person = cast.zhang()
    cast.sign_in(client, user)
    return user


def test_signing_out_ends_the_session_on_the_server_and_clears_the_browser(client, zhang):
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    answer = client.post("/accounts/sign-out/")
    assert answer.url == "/accounts/signed-out/"
    assert '"cache"' in answer.headers["Clear-Site-Data"]
    assert "已经退出" in client.get(answer.url).content.decode()
    thief = Client()
    thief.cookies[settings.SESSION_COOKIE_NAME] = cookie
    assert thief.get(SECURITY).status_code == 302
    assert SignIn.objects.get().ended_by == SignIn.End.SIGNED_OUT


def test_a_link_signs_nobody_out(client, zhang):
    assert client.get("/accounts/sign-out/").status_code == 405
    assert client.get(SECURITY).status_code == 200


def test_signing_out_needs_the_token(zhang):
    strict = Client(enforce_csrf_checks=True)
    cast.sign_in(strict, zhang)
    assert strict.post("/accounts/sign-out/").status_code == 403


def test_signing_out_twice_ends_on_the_same_page(client):
    assert client.post("/accounts/sign-out/").url == "/accounts/signed-out/"


def test_the_button_stands_on_every_page(client, zhang):
    for path in (SECURITY, "/", "/help/", "/accounts/looks/"):
        assert 'action="/accounts/sign-out/"' in client.get(path).content.decode(), path


def test_fifteen_quiet_minutes_end_the_session_and_lead_back(client):
    user, _person = cast.zhang()
    with time_machine.travel(dt.datetime(2026, 11, 16, 2, tzinfo=dt.UTC), tick=False) as clock:
        cast.sign_in(client, user)
        clock.shift(settings.IDLE_SECONDS)
        answer = client.get(SECURITY)
        assert answer.url.startswith("/accounts/session-ended/")
        page = client.get(answer.url).content.decode()
    assert "/accounts/sign-in/?next=%2Faccounts%2Fsecurity%2F" in page


def test_what_was_typed_is_there_after_signing_in_again(client):
    """The password is not: it never leaves the form."""
    user, _person = cast.zhang()
    path = "/accounts/security/phone/"
    with time_machine.travel(dt.datetime(2026, 11, 16, 2, tzinfo=dt.UTC), tick=False) as clock:
        cast.sign_in(client, user)
        clock.shift(settings.IDLE_SECONDS)
        client.post(path, {"current": "my secret phrase", "phone": "154 0000 0088"})
        cast.sign_in(client, user)
        page = client.get(path).content.decode()
    assert "154 0000 0088" in page
    assert "my secret phrase" not in page


def test_who_is_signed_in_goes_on_from_the_ended_page(client, zhang):
    assert client.get("/accounts/session-ended/?next=/balance/").url == "/balance/"


def test_the_ended_page_leads_to_no_other_site(client):
    page = client.get("/accounts/session-ended/?next=https://evil.example/").content.decode()
    assert 'href="/accounts/sign-in/"' in page
    assert "/accounts/sign-in/?next=" not in page


def test_the_warning_can_be_answered(client, zhang):
    assert client.post("/accounts/still-here/").status_code == 204


def test_a_late_answer_to_the_warning_says_so(client):
    assert client.post("/accounts/still-here/").url == "/accounts/session-ended/"


def test_a_death_ends_the_session(client):
    user, person = cast.zhang()
    cast.sign_in(client, user)
    assert client.get(SECURITY).status_code == 200
    make_fact(person=person, kind="death")
    assert client.get(SECURITY).status_code == 302


def test_switching_a_login_off_ends_its_session(client, zhang):
    zhang.is_active = False
    zhang.save()
    assert client.get(SECURITY).status_code == 302
