"""One-time codes: good once, for one purpose, in one session, for five minutes and five tries."""

import datetime as dt
import re

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import codes, limits, throttling
from accounts.models import OneTimeCode, SmsMessage, Throttle
from tests.factories.accounts import make_user, together

PHONE = "13800138000"
WRONG = "not-it"
START = dt.datetime(2026, 11, 16, 10, 0, tzinfo=dt.UTC)


@pytest.fixture
def clock():
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


def issue(
    *, purpose="sign_in", nonce="session", deliverable=True, phone=PHONE, ip="192.0.2.1", **more
):
    return codes.issue(
        purpose=purpose,
        session_nonce=nonce,
        phone=phone,
        deliverable=deliverable,
        ip_address=ip,
        **more,
    )


def newest_code():
    body = SmsMessage.objects.order_by("-id").first().body
    return re.match(r"\d{6}", body)[0]


def check(typed, *, purpose="sign_in", nonce="session"):
    return codes.check(purpose=purpose, session_nonce=nonce, typed=typed)


@pytest.mark.django_db
def test_the_right_code_is_good_once():
    user = make_user()
    assert issue(user=user, subject_ref="ref")
    code = newest_code()
    used = check(code)
    assert (used.user, used.subject_ref) == (user, "ref")
    assert check(code) is None


@pytest.mark.django_db
def test_the_message_begins_with_the_code_says_what_for_and_warns():
    issue(purpose="reset")
    body = SmsMessage.objects.get().body
    assert re.match(
        r"\d{6} 是您的验证码，用于重设密码，5 分钟内有效。我们不会向您索要验证码。", body
    )
    assert "http" not in body
    assert len(body) <= 70  # one message, not two


@pytest.mark.django_db
@pytest.mark.parametrize(
    "place",
    [{"purpose": "reset"}, {"purpose": "sign_up"}, {"purpose": "change_phone"}, {"nonce": "other"}],
    ids=lambda place: next(iter(place.values())),
)
def test_a_code_fits_neither_another_purpose_nor_another_session(place):
    issue()
    code = newest_code()
    assert check(code, **place) is None
    assert check(code)


@pytest.mark.django_db
def test_a_code_lives_five_minutes(clock):
    issue()
    clock.move_to(START + codes.LIFETIME)
    assert check(newest_code()) is None
    clock.move_to(START + codes.LIFETIME - dt.timedelta(seconds=1))
    assert check(newest_code())


@pytest.mark.django_db
def test_an_older_code_stays_good_beside_a_new_one_and_success_ends_both(clock):
    issue()
    older = newest_code()
    clock.shift(dt.timedelta(seconds=60))
    assert issue()
    newer = newest_code()
    assert check(older)
    assert check(newer) is None


@pytest.mark.django_db
@pytest.mark.parametrize(("wrong", "is_good"), [(4, True), (5, False), (6, False)])
def test_a_code_takes_four_wrong_tries_and_dies_of_the_fifth(wrong, is_good):
    issue()
    code = newest_code()
    for _ in range(wrong):
        assert check(WRONG) is None
    assert codes.tries_left(purpose="sign_in", session_nonce="session") == max(0, 5 - wrong)
    assert bool(check(code)) is is_good
    assert OneTimeCode.objects.get().wrong_tries == min(wrong, 5)


@pytest.mark.django_db
def test_a_new_code_has_tries_of_its_own_but_the_number_of_messages_does_not_grow(clock):
    for minute in range(8):
        clock.move_to(START + dt.timedelta(minutes=minute))
        assert issue() is (minute < limits.SMS_PHONE_HOUR.count)
        for _ in range(6):
            check(WRONG)
    assert SmsMessage.objects.exclude(state="decoy").count() == 5


@pytest.mark.django_db
def test_for_nobody_every_row_is_the_same_and_no_code_fits():
    assert issue(deliverable=False)
    row, message = OneTimeCode.objects.get(), SmsMessage.objects.get()
    assert (row.is_decoy, row.user, message.state) == (True, None, "decoy")
    assert check(newest_code()) is None
    assert OneTimeCode.objects.get().wrong_tries == 1


@pytest.mark.django_db
def test_for_somebody_and_nobody_the_same_statements_run():
    user = make_user()
    statements = []
    for deliverable in (True, False):
        Throttle.objects.all().delete()
        with CaptureQueriesContext(connection) as caught:
            issue(user=user, deliverable=deliverable)
            check(WRONG)
        statements.append([query["sql"].split()[0] for query in caught.captured_queries])
        OneTimeCode.objects.all().delete()
    assert statements[0] == statements[1]
    assert len(statements[0]) > 20


@pytest.mark.django_db
def test_over_the_limit_the_same_rows_are_written_but_nothing_is_sent(clock):
    user = make_user()
    assert issue(user=user)
    assert not issue(user=user)
    assert list(OneTimeCode.objects.order_by("id").values_list("is_decoy", "user")) == [
        (False, user.pk),
        (True, None),
    ]
    assert check(newest_code()) is None


@pytest.mark.django_db
@pytest.mark.parametrize(("seconds", "is_sent"), [(59, False), (60, True), (61, True)])
def test_between_two_messages_lie_sixty_seconds(clock, seconds, is_sent):
    issue()
    clock.shift(dt.timedelta(seconds=seconds))
    assert issue() is is_sent


@pytest.mark.django_db
def test_a_phone_gets_five_messages_an_hour_and_ten_a_day(clock):
    sent = 0
    for minute in range(0, 24 * 60, 10):
        clock.move_to(START + dt.timedelta(minutes=minute))
        # Fresh sessions, other addresses and other purposes change nothing.
        purpose = list(codes.PURPOSE_WORDS)[minute // 10 % 4]
        sent += issue(purpose=purpose, nonce=f"s{minute}", ip=f"192.0.2.{minute % 250}")
        if minute < 60:
            assert sent <= 5
    assert sent == 10
    clock.move_to(START + dt.timedelta(days=1, minutes=5))
    assert issue()


@pytest.mark.django_db
def test_one_address_gets_twenty_an_hour_whomever_it_asks_for():
    answers = [issue(phone=f"139{n:08d}", deliverable=bool(n % 2)) for n in range(21)]
    assert answers == [True] * 20 + [False]
    assert issue(phone="13700137000", ip="192.0.2.99")


@pytest.mark.django_db
def test_an_ipv6_household_counts_as_one_address():
    answers = [issue(phone=f"139{n:08d}", ip=f"2001:db8::{n:x}") for n in range(21)]
    assert answers == [True] * 20 + [False]


@pytest.mark.django_db
def test_the_breaker_stops_real_messages_and_codes_for_nobody_do_not_trip_it():
    limit = limits.SMS_ALL_HOUR
    issue(deliverable=False, phone="13900000000")
    assert throttling.left(limit, codes.ALL) == limit.count
    issue()
    assert throttling.left(limit, codes.ALL) == limit.count - 1
    Throttle.objects.filter(
        limit=limit.name, key_digest=throttling.key_digest(limit, codes.ALL)
    ).update(count=limit.count)
    assert not issue(phone="13700137000")


@pytest.mark.django_db
def test_a_stranger_who_uses_up_the_messages_does_not_silence_a_known_device(clock):
    for minute in range(6):
        clock.move_to(START + dt.timedelta(minutes=minute))
        issue(ip="203.0.113.1")
    clock.shift(dt.timedelta(minutes=1))
    assert not issue()
    assert issue(known_device=True)


@pytest.mark.django_db
def test_the_database_holds_no_code_and_no_phone():
    issue(user=make_user())
    code = newest_code()
    with connection.cursor() as cursor:
        for table in ("onetimecode", "smsmessage", "throttle"):
            cursor.execute(f"SELECT * FROM accounts_{table}")
            stored = [str(value) for row in cursor.fetchall() for value in row]
            assert not [text for text in stored if PHONE in text or f" {code}" in f" {text[:6]}"]


@pytest.mark.django_db
def test_codes_are_drawn_from_the_whole_range_with_zeros_in_front(monkeypatch):
    monkeypatch.setattr("secrets.randbelow", lambda limit: 42 if limit == 10**6 else None)
    issue()
    assert newest_code() == "000042"
    assert check("000042")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "typed", ["", "1", "0" * 1000, "é\ud800".encode("utf-8", "ignore").decode()]
)
def test_whatever_is_typed_is_a_wrong_try(typed):
    issue()
    assert check(typed) is None
    assert OneTimeCode.objects.get().wrong_tries == 1


@pytest.mark.django_db
def test_codes_are_deleted_a_day_after_their_end(clock):
    issue()
    assert codes.prune(now=START + codes.LIFETIME + codes.KEEP_AFTER_EXPIRY) == 0
    late = START + codes.LIFETIME + codes.KEEP_AFTER_EXPIRY + dt.timedelta(seconds=1)
    assert codes.prune(now=late) == 1


@pytest.mark.both_databases
@pytest.mark.django_db(transaction=True)
def test_of_twenty_wrong_guesses_at_once_five_are_counted_and_the_right_one_comes_too_late():
    issue()
    code = newest_code()
    assert together(*[lambda: check(WRONG)] * 20) == [None] * 20
    assert OneTimeCode.objects.get().wrong_tries == codes.MAX_TRIES
    assert check(code) is None


@pytest.mark.both_databases
@pytest.mark.django_db(transaction=True)
def test_of_twenty_right_guesses_at_once_one_succeeds():
    issue()
    code = newest_code()
    results = together(*[lambda: check(code)] * 20)
    assert len([one for one in results if one is not None]) == 1
    assert all(one is None or isinstance(one, OneTimeCode) for one in results)


@pytest.mark.both_databases
@pytest.mark.django_db(transaction=True)
def test_of_twenty_requests_at_once_one_message_is_sent():
    assert sorted(together(*[issue] * 20)) == [False] * 19 + [True]
    assert SmsMessage.objects.exclude(state="decoy").count() == 1
    assert timezone.now() > OneTimeCode.objects.first().created_at
