"""Nobody gets anything without a live key for it, and no cookie helps."""

import datetime as dt
import re

import pytest
from django.test import Client
from django.urls import reverse

from accounts import limits
from accounts.models import Throttle
from claims import provider_keys
from claims.api.guard import BearerKey
from claims.api.interface import api
from claims.api.urls import urlpatterns
from claims.models import Settlement
from claims.provider_keys import Scope
from tests import cast
from tests.claims.machine import Machine, bill, told
from tests.factories.accounts import make_id_number
from tests.factories.claims import insured, make_provider

pytestmark = pytest.mark.django_db
ID_NUMBER = make_id_number()
BY_CARD = {"id_number": ID_NUMBER, "card": "D20010001"}
REF = "GJ-2026-1116-0000-0000-0"
# What each operation asks of a key.
SCOPES = {
    "ask_quote": {Scope.QUOTE},
    "settle": {Scope.SETTLE},
    "reverse": {Scope.REFUND},
    "hold": {Scope.SETTLE},
    "post_hold": {Scope.SETTLE},
    "void_hold": {Scope.SETTLE},
    "see_settlement": {Scope.RECONCILE, Scope.SETTLE, Scope.REFUND},
    "see_day": {Scope.RECONCILE},
}


def operations():
    for router in api._get_bound_routers():
        for path, view in router.path_operations.items():
            for one in view.operations:
                yield path.replace("{ref}", REF).replace("{day}", "2026-11-16"), one


def names():
    return [one.view_func.__name__ for _path, one in operations()]


def asked(path, operation, **headers):
    """As a client without anything would ask."""
    return Client().generic(
        operation.methods[0], f"/api/v1/{path}", b"{}", "application/json", headers=headers
    )


@pytest.fixture
def machine(hospital):
    return Machine(hospital)


def test_every_operation_asks_for_a_key_and_nothing_is_open_but_the_description():
    assert sorted(names()) == sorted(SCOPES)
    for _path, one in operations():
        (guard,) = one.auth_callbacks
        assert isinstance(guard, BearerKey)
        assert guard.scopes == SCOPES[one.view_func.__name__]
    rest = {one.name for one in urlpatterns} - set(names())
    assert rest == {"openapi-json", "api-root", "nothing-here"}


@pytest.mark.parametrize(("path", "operation"), list(operations()), ids=names())
@pytest.mark.parametrize(
    "authorization",
    [None, "", "Bearer", "Bearer ", "Bearer gjpk_" + "x" * 43, "Basic Z2pwa186", "gjpk_x", "é"],
)
def test_without_a_key_there_is_nothing(rules, path, operation, authorization):
    headers = {} if authorization is None else {"Authorization": authorization}
    answer = asked(path, operation, **headers)
    assert told(answer) == (401, "KEY_NOT_ACCEPTED")
    assert answer["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize(("path", "operation"), list(operations()), ids=names())
def test_a_key_for_something_else_gets_nothing(hospital, path, operation):
    others = [one for one in Scope if one not in SCOPES[operation.view_func.__name__]]
    key = Machine(hospital, scopes=others).text
    assert told(asked(path, operation, Authorization=f"Bearer {key}")) == (403, "NOT_IN_SCOPE")


def test_a_key_that_is_over_gets_nothing(hospital, clock):
    machine = Machine(hospital, lifetime=dt.timedelta(hours=1))
    assert machine.get("days/2026-11-16").status_code == 200
    clock(hours=1)
    assert told(machine.get("days/2026-11-16")) == (401, "KEY_NOT_ACCEPTED")


def test_a_key_that_was_stopped_or_rotated_out_gets_nothing(machine, clock):
    provider_keys.rotate(key_id=machine.key.pk, by=None)
    assert machine.get("days/2026-11-16").status_code == 200
    clock(days=8)
    assert told(machine.get("days/2026-11-16")) == (401, "KEY_NOT_ACCEPTED")
    other = Machine(machine.provider)
    provider_keys.revoke(key_id=other.key.pk, by=None, reason="丢失")
    assert told(other.get("days/2026-11-16")) == (401, "KEY_NOT_ACCEPTED")


def test_another_providers_settlement_is_not_there(machine, rules):
    insured(balance_fen=100, id_number=ID_NUMBER, social_security_card="D20010001")
    ref = machine.post("settlements", bill(BY_CARD)).json()["ref"]
    stranger = Machine(make_provider())
    paths = (f"settlements/{ref}/reversals", f"holds/{ref}/post", f"holds/{ref}/void")
    answers = [stranger.get(f"settlements/{ref}"), *(stranger.post(path) for path in paths)]
    assert [told(one) for one in answers] == [(404, "UNKNOWN_SETTLEMENT")] * 4
    none = stranger.get(f"settlements/{REF}")
    assert none.content == answers[0].content
    assert stranger.get(f"days/2026-11-16?after={ref}").status_code == 404
    assert Settlement.objects.get().refunded_fen == 0


@pytest.mark.parametrize(
    "ref", ["1", "%00", "GJ-2026-1116-0000-0000-0%00", "é", "' OR 1=1", "GJ", "x" * 3000]
)
def test_whatever_is_no_reference_is_not_there_either(machine, ref):
    assert told(machine.get(f"settlements/{ref}")) == (404, "UNKNOWN_SETTLEMENT")


def test_a_key_that_asks_too_often_is_told_when_to_come_again(machine, clock):
    assert machine.get("days/2026-11-16").status_code == 200
    Throttle.objects.filter(limit=limits.API_KEY_MINUTE.name).update(
        count=limits.API_KEY_MINUTE.count
    )
    clock(seconds=18)
    answer = machine.get("days/2026-11-16")
    assert told(answer) == (429, "TOO_MANY_REQUESTS")
    assert answer["Retry-After"] == "42"
    assert Machine(machine.provider).get("days/2026-11-16").status_code == 200
    clock(seconds=42)
    assert machine.get("days/2026-11-16").status_code == 200


def test_a_session_opens_nothing_and_gets_no_cookie(machine, rules, django_assert_num_queries):
    client = Client()
    cast.sign_in(client, cast.zhang()[0])
    session = client.cookies["sessionid"].value
    with django_assert_num_queries(0):
        answer = client.get("/api/v1/days/2026-11-16")
    assert told(answer) == (401, "KEY_NOT_ACCEPTED")
    assert not answer.cookies
    # Nor does a key become a session.
    answer = client.get(
        "/api/v1/days/2026-11-16", headers={"Authorization": f"Bearer {machine.text}"}
    )
    assert (answer.status_code, len(answer.cookies)) == (200, 0)
    assert client.cookies["sessionid"].value == session


def test_a_forged_form_is_asked_for_a_key_and_not_for_a_token():
    client = Client(enforce_csrf_checks=True)
    assert told(client.post("/api/v1/settlements", {"a": "1"})) == (401, "KEY_NOT_ACCEPTED")


@pytest.mark.parametrize("path", ["", "nothing", "settlements/", "admin/login", "docs", "quotes/x"])
def test_what_is_not_there_is_said_in_json(path):
    assert told(Client().get(f"/api/v1/{path}")) == (404, "NOT_FOUND")


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD", "TRACE"])
def test_other_methods_are_refused_with_those_there_are(method):
    answer = Client().generic(method, "/api/v1/settlements")
    assert answer.status_code == 405
    assert answer["Allow"] == "POST"
    if method != "HEAD":
        assert told(answer) == (405, "METHOD_NOT_ALLOWED")


def test_the_wrong_host_maintenance_and_a_fault_speak_json_too(monkeypatch, settings, machine):
    path = "/api/v1/days/2026-11-16"
    assert told(Client().get(path, headers={"host": "evil.example"})) == (400, "BAD_REQUEST")
    monkeypatch.setattr("claims.api.looking.reconciling", None)
    broken = Client(raise_request_exception=False).get(
        path, headers={"Authorization": f"Bearer {machine.text}"}
    )
    assert told(broken) == (500, "INTERNAL")
    settings.MAINTENANCE = True
    closed = Client().get(path)
    assert told(closed) == (503, "UNAVAILABLE")
    assert int(closed["Retry-After"]) > 0
    assert int(closed["Content-Length"]) == len(closed.content)


def test_the_description_is_for_everybody_and_the_rest_of_the_site_stays_as_it_is(client):
    answer = client.get(reverse("api:openapi-json"))
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store"
    assert set(answer.json()["paths"]) == {
        "/api/v1/" + re.sub(r"<[^>]*?(\w+)>", r"{\1}", str(one.pattern))
        for one in urlpatterns
        if one.name in names()
    }
    assert client.post("/api/v1/openapi.json").status_code == 405
    assert "csrf" in client.get("/accounts/sign-in/").content.decode()
