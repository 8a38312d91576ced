"""My sign-in: what I sign in with and where I am signed in."""

import pytest
from django.test import Client

from accounts.models import AuditEntry, SignIn
from tests import cast
from tests.factories.accounts import PASSWORD, make_staff

pytestmark = pytest.mark.django_db

PAGE = "/accounts/security/"
OTHERS = f"{PAGE}end-others/"
PHONE_AGENT = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Version/17.0 Safari/604.1"


@pytest.fixture
def zhang(client):
    user, _person = cast.zhang()
    cast.sign_in(client, user)
    return user


def test_names_and_numbers_are_masked(client, zhang):
    page = client.get(PAGE).content.decode()
    assert "张*国" in page
    assert "154****0001" in page
    for secret in ("张建国", cast.ZHANG_PHONE, cast.ZHANG_ID, cast.ZHANG_CARD):
        assert secret not in page


def test_the_first_time_says_so(client, zhang):
    assert "这是第一次登录" in client.get(PAGE).content.decode()


def test_the_last_sign_in_is_shown_with_device_and_a_part_of_the_address(client):
    user, _person = cast.zhang()
    before = Client()
    before.post(
        "/accounts/sign-in/",
        {"box": cast.ZHANG_ID, "password": PASSWORD},
        REMOTE_ADDR="203.0.113.77",
        HTTP_USER_AGENT=PHONE_AGENT,
    )
    cast.sign_in(client, user)
    page = client.get(PAGE).content.decode()
    assert "Safari / iPhone" in page
    assert "203.0.113.*" in page
    assert "203.0.113.77" not in page


def test_other_devices_are_signed_out_after_a_question(client, zhang):
    elsewhere = cast.sign_in(Client(), zhang)
    assert OTHERS in client.get(PAGE).content.decode()
    assert client.get(OTHERS).status_code == 200
    assert elsewhere.get(PAGE).status_code == 200
    assert client.post(OTHERS).url == PAGE
    assert elsewhere.get(PAGE).status_code == 302
    assert client.get(PAGE).status_code == 200
    assert SignIn.objects.filter(ended_by=SignIn.End.OTHER).count() == 1
    assert AuditEntry.objects.get(action="sign_in.end_others").details == {"ended": 1}


def test_without_other_devices_there_is_no_such_button(client, zhang):
    assert OTHERS not in client.get(PAGE).content.decode()


def test_nobody_sees_or_ends_somebody_elses_sessions(client, zhang):
    other, _person = cast.citizen(name="王芳", phone="15400000009")
    theirs = cast.sign_in(Client(), other)
    client.post(OTHERS)
    assert theirs.get(PAGE).status_code == 200
    assert "王" not in client.get(PAGE).content.decode()


def test_the_page_costs_the_same_with_many_sessions(client, zhang, django_assert_max_num_queries):
    for _one in range(15):
        cast.sign_in(Client(), zhang)
    with django_assert_max_num_queries(5):  # session, login, open sign-ins, the last one, the phone
        client.get(PAGE)


def test_staff_need_their_second_factor_for_it(client):
    clerk = make_staff()
    cast.sign_in(client, clerk, second_factor=False)
    assert client.get(PAGE).url.startswith("/accounts/second-factor/")
    cast.sign_in(client, clerk)
    assert client.get(PAGE).status_code == 200


def test_strangers_are_led_to_the_door(client):
    for path in (PAGE, OTHERS):
        assert client.get(path).url == f"/accounts/sign-in/?next={path}"


def test_looking_at_oneself_is_no_entry(client, zhang):
    before = AuditEntry.objects.count()
    client.get(PAGE)
    client.get("/accounts/looks/")
    assert AuditEntry.objects.count() == before


def test_the_outbox_shows_the_messages_of_development(client):
    cast.zhang()
    client.post("/accounts/sign-in/sms/", {"box": cast.ZHANG_ID})
    client.post("/accounts/sign-in/sms/", {"box": "15400000099"})
    page = client.get("/accounts/outbox/").content.decode()
    assert page.count("是您的验证码") == 1
    assert "154****0001" in page
    assert cast.ZHANG_PHONE not in page


def test_production_has_no_outbox(client, settings):
    settings.PRODUCTION = True
    assert client.get("/accounts/outbox/").status_code == 404
