"""Every response carries its headers, and a session nobody uses ends on the server."""

import datetime as dt

import pytest
import time_machine
from django.contrib.auth.decorators import login_not_required
from django.contrib.sessions.models import Session
from django.db import connection
from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import include, path
from django.utils import timezone

from accounts import drafts, middleware, sessions
from accounts.models import SignIn
from tests.factories.accounts import CHROME, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]
START = dt.datetime(2026, 11, 16, 10, 0, tzinfo=dt.UTC)
ENDED = "/accounts/session-ended/"


def page(request, **kwargs):
    return HttpResponse(f"page of {request.user.pk}, {request.idle_left_seconds} seconds left")


@login_not_required
def open_page(request):
    return HttpResponse("open")


@login_not_required
def open_form(request):
    return HttpResponse(get_token(request))


@login_not_required
def enter(request):
    sessions.sign_in(request, USER["user"], method="password")
    return HttpResponse("in")


@login_not_required
def leave(request):
    sessions.sign_out(request)
    return HttpResponse("out")


def broken(request):
    raise RuntimeError("on purpose")


def plain_error(request, exception=None):
    return HttpResponse("error", status=404 if exception else 500)


handler400 = handler404 = handler500 = plain_error
USER = {}
doors = (
    [
        path("sign-in/", open_page, name="sign-in"),
        path("sign-out/", leave, name="sign-out"),
        path("signed-out/", open_page, name="signed-out"),
        path("session-ended/", open_page, name="session-ended"),
    ],
    "accounts",
)
urlpatterns = [
    path("page/", page),
    path("form/", page),
    path("open/", open_page),
    path("open-form/", open_form),
    path("enter/", enter),
    path("broken/", login_not_required(broken)),
    path("accounts/", include(doors)),
]


@pytest.fixture
def clock():
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


@pytest.fixture
def user():
    return make_user()


@pytest.fixture
def signed_in(clock, user):
    USER["user"] = user
    client = Client(HTTP_USER_AGENT=CHROME, raise_request_exception=False)
    client.get("/enter/")
    return client


def at(clock, **later):
    clock.move_to(START + dt.timedelta(**later))


def test_a_session_used_within_fifteen_minutes_lives_on(signed_in, clock):
    for minutes in range(14, 8 * 60, 14):
        at(clock, minutes=minutes)
        assert signed_in.get("/page/").status_code == 200


@pytest.mark.parametrize(("seconds", "status"), [(899, 200), (900, 302), (901, 302)])
def test_after_fifteen_minutes_without_a_request_it_is_over(signed_in, clock, seconds, status):
    at(clock, seconds=seconds)
    response = signed_in.get("/page/?a=1")
    assert response.status_code == status
    if status == 302:
        assert response.url == ENDED + "?next=%2Fpage%2F%3Fa%3D1"
        assert not Session.objects.exists()
        assert SignIn.objects.get().ended_by == "idle"
        at(clock, seconds=1)
        assert "sign-in" in signed_in.get("/page/").url


@pytest.mark.parametrize(("seconds", "status"), [(-1, 200), (0, 302)])
def test_after_eight_hours_it_is_over_however_busy(signed_in, clock, seconds, status):
    for minutes in range(10, 8 * 60, 10):
        at(clock, minutes=minutes)
        signed_in.get("/page/")
    at(clock, hours=8, seconds=seconds)
    assert signed_in.get("/page/").status_code == status


def test_a_clock_set_far_back_ends_the_session(signed_in, clock):
    at(clock, hours=-1)
    assert signed_in.get("/page/").status_code == 302


def test_the_clock_of_a_second_server_may_be_a_little_behind(signed_in, clock):
    at(clock, seconds=-2)
    assert b"900 seconds left" in signed_in.get("/page/").content


def test_a_login_that_came_another_way_ends_as_well(clock, user):
    client = Client()
    client.force_login(user)
    assert client.get("/page/").status_code == 200
    at(clock, seconds=900)
    assert client.get("/page/").url.startswith(ENDED)


def test_a_page_writes_the_session_at_most_once_a_minute(signed_in, clock):
    def writes():
        with CaptureQueriesContext(connection) as caught:
            signed_in.get("/page/")
        return [q["sql"] for q in caught.captured_queries if q["sql"].startswith("UPDATE")]

    at(clock, seconds=59)
    assert writes() == []
    at(clock, seconds=60)
    assert len(writes()) == 2  # the session and the list of sign-ins
    assert writes() == []


def test_a_page_costs_two_queries_for_session_and_login(signed_in, django_assert_num_queries):
    with django_assert_num_queries(2):
        signed_in.get("/page/")


def test_the_page_is_told_when_the_server_will_end_the_session(signed_in, clock):
    at(clock, seconds=45)
    assert b"855 seconds left" in signed_in.get("/page/").content
    at(clock, seconds=75)
    assert b"900 seconds left" in signed_in.get("/page/").content


def test_a_form_counts_to_the_second(signed_in, clock):
    at(clock, seconds=30)
    assert b"900 seconds left" in signed_in.post("/form/").content
    at(clock, seconds=30 + 899)
    assert signed_in.get("/page/").status_code == 200


def test_a_form_sent_too_late_becomes_a_draft_and_leads_back_to_its_page(signed_in, clock, user):
    at(clock, hours=1)
    response = signed_in.post(
        "/form/?step=2",
        {"note": "写了很久的一段话", "password": "hush", "csrfmiddlewaretoken": "x"},
        HTTP_REFERER="http://testserver/page/?step=1",
    )
    assert response.url == ENDED + "?next=%2Fpage%2F%3Fstep%3D1"
    assert drafts.take(user=user, form_key="/form/") == {"note": ["写了很久的一段话"]}


def test_a_form_without_a_referrer_leads_to_its_own_address(signed_in, clock):
    at(clock, hours=1)
    assert signed_in.post("/form/", {"note": "x"}).url == ENDED + "?next=%2Fform%2F"


@pytest.mark.parametrize(
    "referrer",
    ["https://evil.example/page/", "http://testserver.evil.example/", "//evil.example", "nonsense"],
)
def test_another_site_is_never_what_one_goes_back_to(signed_in, clock, referrer):
    at(clock, hours=1)
    response = signed_in.post("/form/", {"note": "x"}, HTTP_REFERER=referrer)
    assert response.url == ENDED + "?next=%2Fform%2F"


def test_another_site_cannot_write_a_draft(signed_in, clock, user):
    signed_in.handler.enforce_csrf_checks = True
    at(clock, hours=1)
    assert signed_in.post("/form/", {"note": "forged"}).url.startswith(ENDED)
    assert drafts.take(user=user, form_key="/form/") == {}


def test_a_draft_needs_the_token_of_the_form(signed_in, clock, user):
    signed_in.handler.enforce_csrf_checks = True
    token = signed_in.get("/open-form/").content.decode()
    at(clock, hours=1)
    signed_in.post("/form/", {"note": "mine", "csrfmiddlewaretoken": token})
    assert drafts.take(user=user, form_key="/form/") == {"note": ["mine"]}


@pytest.mark.parametrize("name", ["sign-in", "signed-out", "session-ended"])
def test_the_pages_at_the_door_open_late_too_and_end_the_session(signed_in, clock, name):
    at(clock, hours=1)
    response = signed_in.get(f"/accounts/{name}/")
    assert response.status_code == 200
    assert not Session.objects.exists()
    assert SignIn.objects.get().ended_by == "idle"


def test_who_signs_out_late_is_signed_out_and_the_browser_cleared(signed_in, clock):
    at(clock, hours=1)
    response = signed_in.post("/accounts/sign-out/")
    assert response.content == b"out"
    assert response["Clear-Site-Data"] == middleware.CLEARED_AT_SIGN_OUT


def test_only_signing_out_clears_the_browser(signed_in, clock):
    assert "Clear-Site-Data" not in signed_in.get("/page/")
    response = signed_in.post("/accounts/sign-out/")
    assert response["Clear-Site-Data"] == '"cache", "storage"'
    assert response.cookies["sessionid"]["max-age"] == 0
    assert sessions.DEVICE_COOKIE not in response.cookies
    assert "Clear-Site-Data" not in signed_in.get("/open/")
    signed_in.get("/enter/")
    at(clock, hours=1)
    assert "Clear-Site-Data" not in signed_in.get("/page/")


def test_signing_in_leaves_a_device_cookie_that_scripts_cannot_read(signed_in, user):
    cookie = signed_in.cookies[sessions.DEVICE_COOKIE]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["path"] == "/"
    assert not cookie["domain"]
    assert cookie["max-age"] == sessions.DEVICE_SECONDS
    assert user.known_devices.count() == 1


def test_nothing_a_signed_in_person_sees_is_stored(signed_in, clock):
    for address in ("/page/", "/open/", "/broken/", "/missing/"):
        assert "no-store" in signed_in.get(address)["Cache-Control"], address
    at(clock, hours=1)
    assert "no-store" in signed_in.get("/page/")["Cache-Control"]


def test_before_signing_in_pages_with_a_form_are_not_stored_and_others_may_be():
    client = Client()
    assert "no-store" in client.get("/open-form/")["Cache-Control"]
    assert "Cache-Control" not in client.get("/open/")


def test_a_visitor_costs_no_query(django_assert_num_queries):
    with django_assert_num_queries(0):
        Client().get("/open/")


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/open/", 200),
        ("/page/", 302),
        ("/missing/", 404),
        ("/broken/", 500),
        ("/static/css/base.css", 200),
    ],
)
def test_every_response_carries_the_headers(address, status):
    response = Client(raise_request_exception=False).get(address)
    assert response.status_code == status
    for name in middleware.HEADERS:
        assert response[name] == middleware.HEADERS[name]
    assert "camera=()" in response["Permissions-Policy"]


def test_a_refused_host_carries_the_headers_too(settings):
    settings.SECURE_SSL_REDIRECT = True
    response = Client(raise_request_exception=False).get("/open/", HTTP_HOST="evil.example")
    assert response.content == b"error"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["X-Frame-Options"] == "DENY"


def test_over_tls_browsers_are_told_to_stay_there(settings):
    settings.SECURE_HSTS_SECONDS = 31536000
    client = Client()
    assert "max-age=31536000" in client.get("/open/", secure=True)["Strict-Transport-Security"]
    assert "Strict-Transport-Security" not in client.get("/open/")


def test_a_deactivated_login_is_out_with_the_next_request(signed_in, user):
    user.is_active = False
    user.save()
    assert "sign-in" in signed_in.get("/page/").url
    assert timezone.now() == START
