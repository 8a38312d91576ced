"""Signing in starts from nothing; signing out, others and age end a session on the server."""

import datetime as dt

import pytest
import time_machine
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.utils import timezone

from accounts import sessions
from accounts.models import KnownDevice, SignIn
from tests.factories.accounts import make_request, make_signed_in, make_user

pytestmark = pytest.mark.django_db


def is_alive(key):
    return Session.objects.filter(session_key=key).exists()


def device_cookie(request):
    return {sessions.DEVICE_COOKIE: ".".join(request.device_tokens)}


def test_nothing_of_the_session_before_survives_signing_in():
    request = make_request()
    request.session["step_reset"] = {"sealed": "of whoever sat here before"}
    request.session.save()
    before = request.session.session_key
    sessions.sign_in(request, make_user(), method="password")
    assert "step_reset" not in request.session
    assert request.session.session_key != before
    assert not is_alive(before)


def test_signing_in_as_somebody_else_ends_the_first_login():
    first, second = make_user(), make_user(name="李四")
    request = make_signed_in(first)
    request.session["reasons"] = {"x": "of the first"}
    sessions.sign_in(request, second, method="sms")
    assert request.session[SESSION_KEY] == str(second.pk)
    assert "reasons" not in request.session
    assert SignIn.objects.get(user=first).ended_by == "signed_out"
    assert list(SignIn.objects.open().values_list("user", flat=True)) == [second.pk]


def test_a_sign_in_says_when_how_from_where_and_with_what():
    user = make_user()
    row = sessions.sign_in(make_request(ip="203.0.113.7"), user, method="sms")
    row.refresh_from_db()
    assert (row.user, row.method, row.ip_address) == (user, "sms", "203.0.113.7")
    assert row.device == "Chrome / Windows"
    assert is_alive(row.session_key)


def test_the_sign_in_before_this_one_is_shown():
    user = make_user()
    assert sessions.previous_sign_in(make_signed_in(user)) is None
    make_signed_in(make_user(name="李四"))
    first = SignIn.objects.filter(user=user).get()
    assert sessions.previous_sign_in(make_signed_in(user)) == first


def test_an_old_cookie_opens_nothing_after_signing_out():
    request = make_signed_in(make_user())
    key = request.session.session_key
    sessions.sign_out(request)
    assert not is_alive(key)
    assert not request.user.is_authenticated
    assert request.has_signed_out
    row = SignIn.objects.get()
    assert (row.ended_by, row.ended_at is not None) == ("signed_out", True)


def test_ending_the_others_leaves_this_one_and_other_people():
    user = make_user()
    others = [make_signed_in(user) for _ in range(3)]
    stranger = make_signed_in(make_user(name="李四"))
    request = make_signed_in(user)
    assert sessions.end_others(request) == 3
    assert not any(is_alive(other.session.session_key) for other in others)
    assert is_alive(request.session.session_key)
    assert is_alive(stranger.session.session_key)
    assert sessions.end_others(request) == 0
    assert SignIn.objects.filter(user=user).open().count() == 1


def test_ending_all_leaves_none():
    user = make_user()
    request = make_signed_in(user)
    assert sessions.end_all(user, ended_by=SignIn.End.PASSWORD) == 1
    assert not is_alive(request.session.session_key)


def test_a_browser_is_known_after_signing_in_and_only_to_that_login():
    user, other = make_user(), make_user(name="李四")
    request = make_signed_in(user)
    again = make_request(cookies=device_cookie(request))
    assert sessions.is_known_device(again, user)
    assert not sessions.is_known_device(again, other)
    assert not sessions.is_known_device(make_request(), user)


def test_a_household_shares_a_browser():
    users = [make_user(name=name) for name in ("张三", "李四", "王五")]
    cookies = {}
    for user in users:
        cookies = device_cookie(make_signed_in(user, cookies=cookies))
    assert all(sessions.is_known_device(make_request(cookies=cookies), user) for user in users)


def test_signing_in_again_from_a_known_browser_adds_nothing():
    user = make_user()
    cookies = device_cookie(make_signed_in(user))
    again = make_signed_in(user, cookies=cookies)
    assert device_cookie(again) == cookies
    assert KnownDevice.objects.count() == 1


def test_a_planted_cookie_never_becomes_known():
    user = make_user()
    planted = {sessions.DEVICE_COOKIE: "A" * 43}
    make_signed_in(user, cookies=planted)
    assert not sessions.is_known_device(make_request(cookies=planted), user)


@pytest.mark.parametrize("value", ["", ".", "x", "A" * 44, "ü" * 43, ".".join(["B" * 43] * 1000)])
def test_a_broken_device_cookie_is_nobodys(value):
    user = make_user()
    assert not sessions.is_known_device(make_request(cookies={sessions.DEVICE_COOKIE: value}), user)


def test_the_database_holds_no_device_token():
    request = make_signed_in(make_user())
    assert KnownDevice.objects.get().token_digest not in request.device_tokens
    assert len(KnownDevice.objects.get().token_digest) == 64


def test_renewing_keeps_the_session_under_a_new_key_and_drops_the_others():
    user = make_user()
    request = make_signed_in(user)
    before = request.session.session_key
    user.set_password("another password")
    user.save()
    sessions.renew(request, user)
    after = request.session.session_key
    assert before != after
    assert not is_alive(before)
    assert SignIn.objects.get().session_key == after


def test_pruning_takes_what_is_over_and_nothing_else():
    now = timezone.now()
    user = make_user()
    with time_machine.travel(now - dt.timedelta(days=400), tick=False):
        make_signed_in(user)
    with time_machine.travel(now - dt.timedelta(days=100), tick=False):
        closed = make_signed_in(user)
    fresh = make_signed_in(user)
    assert sessions.prune(now=now) == 4  # two sessions, one sign-in, one device
    assert list(SignIn.objects.values_list("session_key", "ended_by")) == [
        (fresh.session.session_key, ""),
        (closed.session.session_key, "idle"),
    ]
    assert KnownDevice.objects.count() == 2
    assert is_alive(fresh.session.session_key)
