"""One box and a password."""

import datetime as dt
from urllib.parse import urlencode

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import limits
from accounts.models import AuditEntry, SignIn
from tests import cast
from tests.factories.accounts import PASSWORD, STAFF_PASSWORD, make_staff
from tests.factories.insurance import make_id_number

pytestmark = pytest.mark.django_db

DOOR = "/accounts/sign-in/"
CLERK_ID = make_id_number(area="110000", born="19900101", sequence=5)


def attempt(client, box=cast.ZHANG_ID, password=PASSWORD, path=DOOR, **more):
    fields = {name: more.pop(name) for name in ("second",) if name in more}
    return client.post(path, {"box": box, "password": password, **fields}, **more)


def is_in(client):
    return "_auth_user_id" in client.session


@pytest.mark.both_databases
@pytest.mark.parametrize(
    "typed",
    [
        cast.ZHANG_ID,
        f" {cast.ZHANG_ID[:6]} {cast.ZHANG_ID[6:14]} {cast.ZHANG_ID[14:]} ",
        cast.ZHANG_ID.translate(str.maketrans("0123456789", "０１２３４５６７８９")),
        cast.ZHANG_ID[:6] + cast.ZHANG_ID[8:17],
        "15400000001",
        "154 0000 0001",
        "+86 154-0000-0001",
        "００８６１５４００００００01",
        "D20010001",
        "d2001 0001",
        "Ｄ２００１０００１",
    ],
)
def test_each_number_leads_in_however_it_is_typed(client, typed):
    cast.zhang()
    answer = attempt(client, box=typed)
    assert answer.status_code == 302
    assert answer.url == "/home/"
    assert is_in(client)


def test_an_id_number_may_end_in_a_small_x(client):
    number = next(
        one
        for one in (make_id_number(born="19520301", sequence=n) for n in range(100))
        if one.endswith("X")
    )
    cast.zhang(id_number=number)
    assert attempt(client, box=number.lower()).status_code == 302


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "请填身份证号、手机号或社保卡号"),
        ("   ", "请填身份证号、手机号或社保卡号"),
        ("张建国", "看不出这是哪一种号码"),
        ("1540000000", "手机号是 11 位"),
        ("154000000012", "手机号是 11 位"),
        ("D2001000", "社保卡号是 9 位"),
        ("6222021234567890123", "银行账号"),
        (cast.ZHANG_ID[:17], "身份证号是 18 位"),
        (cast.ZHANG_ID[:17] + ("1" if cast.ZHANG_ID[17] != "1" else "2"), "可能有一位输错了"),
        ("5" * 5000, "60"),
    ],
)
def test_what_can_be_no_number_is_told_so_without_a_look_at_the_database(
    client, typed, words, django_assert_num_queries
):
    with django_assert_num_queries(0):
        answer = attempt(client, box=typed)
    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert 'href="#id_box"' in answer.content.decode()


def test_a_wrong_password_keeps_the_number_and_not_the_password(client):
    cast.zhang()
    page = attempt(client, password="wrong wrong").content.decode()
    assert cast.ZHANG_ID in page
    assert "wrong wrong" not in page
    assert "号码和密码对不上" in page
    assert not is_in(client)


def test_a_password_may_have_spaces_emoji_and_128_characters(client):
    password = "  老王🙂 " * 16
    cast.zhang(password=password)
    assert attempt(client, password=password).status_code == 302


def test_the_sign_in_is_written_down(client):
    user, _person = cast.zhang()
    attempt(client, password="wrong wrong")
    attempt(client)
    actions = list(AuditEntry.objects.order_by("id").values_list("action", "subject_ref"))
    assert actions == [
        ("sign_in.fail", str(user.public_id)),
        ("sign_in.succeed", str(user.public_id)),
    ]
    assert SignIn.objects.get().method == SignIn.Method.PASSWORD


# Two people, one phone


def test_a_shared_phone_alone_leads_nowhere(client):
    cast.zhang()
    cast.li(password="another good phrase")
    answer = attempt(client, box=cast.ZHANG_PHONE)
    assert not is_in(client)
    assert 'name="second"' in answer.content.decode()


@pytest.mark.both_databases
def test_a_shared_phone_and_one_more_number_lead_in(client):
    cast.zhang()
    user, _person = cast.li(password="another good phrase")
    for second in (cast.LI_ID, "d20010002"):
        client.logout()
        attempt(client, box=cast.ZHANG_PHONE, second=second, password="another good phrase")
        assert client.session["_auth_user_id"] == str(user.pk)


def test_the_second_number_must_fit_the_phone(client):
    cast.zhang()
    cast.citizen(name="王芳", phone="15400000009", id_number=CLERK_ID)
    attempt(client, box=cast.ZHANG_PHONE, second=CLERK_ID)
    assert not is_in(client)


def test_the_second_number_is_not_another_phone(client):
    answer = attempt(client, box=cast.ZHANG_PHONE, second="15400000009")
    assert "这里请填身份证号或社保卡号" in answer.content.decode()


def test_whoever_typed_a_phone_is_asked_for_the_second_number_and_nobody_else(client):
    cast.zhang()
    assert 'name="second"' in attempt(client, box="15400000009").content.decode()
    assert 'name="second"' not in attempt(client, password="wrong wrong").content.decode()
    assert 'name="second"' not in client.get(DOOR).content.decode()


# The way on


@pytest.mark.parametrize(
    ("wanted", "landing"),
    [
        ("/balance/?year=2026", "/balance/?year=2026"),
        ("/admin/", "/home/"),
        ("//evil.example/", "/home/"),
        ("https://evil.example/", "/home/"),
        ("/\\evil.example", "/home/"),
        ("/\t/evil.example", "/home/"),
        ("javascript:alert(1)", "/home/"),
    ],
)
def test_the_way_on_stays_on_this_site(client, wanted, landing):
    cast.zhang()
    path = f"{DOOR}?{urlencode({'next': wanted})}"
    assert attempt(client, path=path).url == landing


def test_who_is_signed_in_is_sent_on(client):
    user, _person = cast.zhang()
    cast.sign_in(client, user)
    assert client.get(DOOR).url == "/home/"
    assert client.get(f"{DOOR}?next=/balance/").url == "/balance/"


def test_signing_in_gives_a_new_session_without_what_the_visitor_before_left(client):
    cast.zhang()
    session = client.session
    session["left"] = "behind"
    session.save()
    before = session.session_key
    attempt(client)
    assert client.session.session_key != before
    assert "left" not in client.session


def test_staff_owe_their_second_factor(client):
    make_staff(id_number=CLERK_ID)
    answer = attempt(client, box=CLERK_ID, password=STAFF_PASSWORD, path=f"{DOOR}?next=/admin/")
    assert answer.url == "/accounts/second-factor/?next=%2Fadmin%2F"


def test_an_insured_clerk_has_two_logins_and_the_way_on_tells_which(client):
    clerk = make_staff(id_number=cast.ZHANG_ID)
    citizen, _person = cast.zhang()
    attempt(client)
    assert client.session["_auth_user_id"] == str(citizen.pk)
    client.logout()
    attempt(client, password=STAFF_PASSWORD, path=f"{DOOR}?next=/admin/")
    assert client.session["_auth_user_id"] == str(clerk.pk)


# Wrong tries


def test_tries_are_counted_aloud_from_the_second_wrong_one(client):
    cast.zhang()
    assert "还可以试" not in attempt(client, password="wrong wrong").content.decode()
    assert "还可以试 3 次" in attempt(client, password="wrong wrong").content.decode()
    assert "短信验证码登录" in attempt(client, password="wrong wrong").content.decode()


def test_five_wrong_tries_close_the_door_for_this_number_and_address(client):
    cast.zhang()
    for _try in range(limits.SIGN_IN_PAIR.count):
        assert attempt(client, password="wrong wrong").status_code == 200
    answer = attempt(client)
    assert answer.status_code == 429
    assert "请过 15 分钟再试" in answer.content.decode()
    assert not is_in(client)


def test_a_fresh_cookie_or_a_forged_header_opens_no_closed_door(client):
    cast.zhang()
    for number in range(limits.SIGN_IN_PAIR.count):
        client.cookies.clear()
        attempt(client, password="wrong wrong", HTTP_X_FORWARDED_FOR=f"198.51.100.{number}")
    client.cookies.clear()
    assert attempt(client, HTTP_X_FORWARDED_FOR="203.0.113.9").status_code == 429


def test_the_door_opens_again_after_its_time(client):
    cast.zhang()
    with time_machine.travel(dt.datetime(2026, 11, 16, 2, tzinfo=dt.UTC), tick=False) as clock:
        for _try in range(limits.SIGN_IN_PAIR.count):
            attempt(client, password="wrong wrong")
        clock.shift(limits.SIGN_IN_PAIR.seconds - 1)
        assert attempt(client).status_code == 429
        clock.shift(1)
        assert attempt(client).status_code == 302


def test_a_right_password_forgets_the_wrong_ones(client):
    cast.zhang()
    for _round in range(3):
        for _try in range(limits.SIGN_IN_PAIR.count - 1):
            attempt(client, password="wrong wrong")
        assert attempt(client).status_code == 302
        client.logout()


def wrong_tries_from_everywhere(client):
    for number in range(limits.SIGN_IN_ACCOUNT.count):
        client.cookies.clear()
        attempt(client, password="wrong wrong", REMOTE_ADDR=f"198.51.100.{number + 1}")
    client.cookies.clear()


def test_many_addresses_together_close_a_login(client):
    cast.zhang()
    wrong_tries_from_everywhere(client)
    assert attempt(client, REMOTE_ADDR="203.0.113.9").status_code == 429


def test_the_owner_signs_in_from_a_known_device_during_an_attack(client):
    cast.zhang()
    attempt(client)
    known = client.cookies["device"].value
    wrong_tries_from_everywhere(client)
    client.cookies["device"] = known
    assert attempt(client, REMOTE_ADDR="203.0.113.9").status_code == 302


def test_an_attack_from_the_same_address_leaves_the_known_device_alone(client):
    cast.zhang()
    attempt(client)
    client.post("/accounts/sign-out/")
    stranger = Client()
    for _ in range(limits.SIGN_IN_IP.count + 1):
        attempt(stranger, password="wrong-" + PASSWORD)
    assert not is_in(stranger)
    attempt(client)
    assert is_in(client)


def test_a_known_device_is_no_free_pass_for_guessing(client):
    cast.zhang()
    attempt(client)
    client.post("/accounts/sign-out/")
    for _ in range(limits.SIGN_IN_PAIR.count):
        attempt(client, password="wrong-" + PASSWORD)
    attempt(client)
    assert not is_in(client)


def test_a_device_of_somebody_else_is_not_known(client):
    cast.zhang()
    cast.citizen(name="王芳", phone="15400000009", password="another good phrase")
    attempt(client, box="15400000009", password="another good phrase")
    other = client.cookies["device"].value
    wrong_tries_from_everywhere(client)
    client.cookies["device"] = other
    assert attempt(client, REMOTE_ADDR="203.0.113.9").status_code == 429


def test_one_address_may_not_try_many_numbers(client):
    for number in range(limits.SIGN_IN_IP.count):
        attempt(client, box=f"154{number:08d}", password="wrong wrong")
    cast.zhang()
    assert attempt(client).status_code == 429
    assert attempt(client, REMOTE_ADDR="203.0.113.9").status_code == 302


def test_a_service_hall_full_of_people_signs_in_from_one_address(client):
    cast.zhang()
    for _person in range(limits.SIGN_IN_IP.count + 5):
        assert attempt(client).status_code == 302
        client.logout()


# The form


def test_the_form_is_for_password_managers_and_not_for_caches(client):
    answer = client.get(DOOR)
    page = answer.content.decode()
    assert 'autocomplete="username"' in page
    assert 'autocomplete="current-password"' in page
    assert "no-store" in answer.headers["Cache-Control"]


def test_the_form_needs_its_token():
    cast.zhang()
    strict = Client(enforce_csrf_checks=True)
    assert attempt(strict).status_code == 403


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_only_reading_and_sending_are_answered(client, method):
    assert getattr(client, method)(DOOR).status_code == 405


def test_the_session_needs_one_query_for_its_login(client, django_assert_num_queries):
    user, _person = cast.zhang()
    cast.sign_in(client, user)
    with django_assert_num_queries(2):  # the session and the login
        client.get(reverse("accounts:still-here"))


def test_a_card_that_was_replaced_leads_nowhere(client):
    _user, person = cast.zhang()
    person.identifiers.filter(kind="social_security_card").update(ended_at=timezone.now())
    attempt(client, box=cast.ZHANG_CARD)
    assert not is_in(client)


def test_the_phone_of_the_register_alone_leads_nowhere(client):
    """It may be somebody else's by now; the login's own phone was proven."""
    cast.zhang(login_phone="15400000077")
    attempt(client, box=cast.ZHANG_PHONE)
    assert not is_in(client)
    attempt(client, box="15400000077")
    assert is_in(client)


def test_an_ended_link_ends_the_sign_in_by_the_register(client):
    user, _person = cast.zhang()
    user.identity_links.update(ended_at=timezone.now())
    attempt(client)
    assert not is_in(client)
