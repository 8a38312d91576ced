"""The staff's authenticator: a code is good once, for a minute or so, and its key is encrypted."""

import datetime as dt

import pytest
import time_machine
from django.db import connection

from tests.factories.accounts import authenticator_code, make_authenticator, make_staff, together

START = dt.datetime(2026, 11, 16, 10, 0, 15, tzinfo=dt.UTC)


@pytest.fixture
def clock():
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


@pytest.fixture
def device(db, clock):
    return make_authenticator(make_staff())


def test_a_code_is_good_once(device):
    code = authenticator_code(device)
    assert device.verify_token(code)
    assert not device.verify_token(code)


@pytest.mark.parametrize(
    ("seconds", "is_good"), [(-46, False), (-45, True), (-15, True), (44, True), (45, False)]
)
def test_a_clock_may_be_half_a_minute_off(device, clock, seconds, is_good):
    code = authenticator_code(device)
    # Steps of 30 seconds begin 15 seconds before and after the start.
    clock.move_to(START + dt.timedelta(seconds=seconds))
    assert device.verify_token(code) is is_good


def test_a_code_from_a_fast_clock_is_good_once_too(device, clock):
    clock.shift(dt.timedelta(seconds=30))
    ahead = authenticator_code(device)
    clock.shift(dt.timedelta(seconds=-30))
    assert device.verify_token(ahead)
    clock.shift(dt.timedelta(seconds=30))
    assert not device.verify_token(ahead)


def test_an_older_code_is_not_good_after_a_newer_one(device, clock):
    older = authenticator_code(device)
    clock.shift(dt.timedelta(seconds=30))
    assert device.verify_token(authenticator_code(device))
    assert not device.verify_token(older)


@pytest.mark.parametrize(
    "typed", ["", "abcdef", "１２３４５６", "-1", "12 34 56", "0" * 5000, "1e5", "²"]
)
def test_what_is_no_code_is_refused(device, typed):
    assert not device.verify_token(typed)


def test_wrong_codes_slow_the_next_tries_down(device, clock):
    code = authenticator_code(device)
    wrong = f"{(int(code) + 1) % 10**6:06d}"
    for _ in range(3):
        device.verify_token(wrong)
    assert not device.verify_token(code)
    clock.shift(dt.timedelta(seconds=5))
    assert device.verify_token(code)


def test_the_key_is_encrypted_at_rest(device):
    with connection.cursor() as cursor:
        cursor.execute("SELECT secret FROM accounts_totpdevice")
        assert device.secret not in cursor.fetchone()[0]


@pytest.mark.both_databases
@pytest.mark.django_db(transaction=True)
def test_the_same_code_sent_ten_times_at_once_is_good_once(clock):
    device = make_authenticator(make_staff())
    code = authenticator_code(device)

    # Each request has read the row before any of them uses the code up.
    copies = [type(device).objects.get(pk=device.pk) for _ in range(10)]
    results = together(*[lambda copy=copy: copy.verify_token(code) for copy in copies])
    assert sorted(results) == [False] * 9 + [True]
