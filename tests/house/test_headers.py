"""Every answer, whatever became of the request, carries the security headers."""

import pytest
from django.test import Client

from config import health

EXPECTED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
}
TELLING = ("Server", "X-Powered-By")

pytestmark = pytest.mark.django_db


def check(answer, status):
    assert answer.status_code == status
    for header, value in EXPECTED.items():
        assert answer.headers.get(header) == value, header
    policy = dict(
        one.strip().partition(" ")[::2]
        for one in answer.headers["Content-Security-Policy"].split(";")
    )
    for directive, value in POLICY.items():
        assert policy.get(directive) == value, directive
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert "Permissions-Policy" in answer.headers
    assert not [header for header in TELLING if header in answer.headers]


def test_on_a_page(client):
    check(client.get("/"), 200)


def test_on_a_redirect_to_the_door(client):
    check(client.get("/home/"), 302)


def test_on_a_redirect_to_the_proper_address(client):
    check(client.get("/policies"), 301)


def test_on_a_page_that_is_not_there(client):
    check(client.get("/no-such-page/"), 404)


def test_on_a_request_for_a_wrong_host(client):
    check(client.get("/", headers={"host": "evil.example"}), 400)


def test_on_a_form_without_its_token():
    check(Client(enforce_csrf_checks=True).post("/accounts/sign-in/", {}), 403)


def test_on_a_method_that_is_not_allowed(client):
    check(client.post("/healthz"), 405)


def test_on_a_fault_of_ours(monkeypatch):
    monkeypatch.setattr(health, "connection", None)
    check(Client(raise_request_exception=False).get("/healthz"), 500)


def test_on_a_static_file(client):
    check(client.get("/static/bootstrap/css/bootstrap.min.css"), 200)


def test_on_a_static_file_that_is_not_there(client):
    check(client.get("/static/nothing.css"), 404)


def test_while_the_site_is_closed(client, settings):
    settings.MAINTENANCE = True
    check(client.get("/"), 503)


def test_over_tls_the_browser_is_told_to_stay_there(client, settings):
    settings.SECURE_HSTS_SECONDS = 31536000
    for path in ("/", "/no-such-page/", "/home/", "/static/nothing.css"):
        answer = Client().get(path, secure=True)
        assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000"), path
