"""Pages for when something went wrong: they say what it means, even when nothing else works."""

import logging
import re

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from accounts.display import COOKIE_NAME
from config import errors, maintenance

REFERENCE = re.compile(r"\b\d{4}-\d{4}\b")
STANDALONE = [
    ("400.html", 400, "网站看不懂这个请求"),
    ("500.html", 500, "网站出了问题"),
    ("errors/maintenance.html", 503, "网站正在维护"),
]


@pytest.mark.parametrize(("template", "status", "words"), STANDALONE)
def test_a_page_alone_needs_no_database(rf, template, status, words):
    answer = errors.standalone(rf.get("/"), template, status=status)
    assert answer.status_code == status
    assert words in answer.text
    assert "12393" in answer.text
    assert REFERENCE.search(answer.text)
    assert "no-store" in answer["Cache-Control"]


def test_a_fault_of_ours_is_answered_without_user_or_session(rf):
    request = rf.get("/")
    assert not hasattr(request, "user")
    assert errors.server_error(request).status_code == 500


def test_a_page_alone_keeps_large_type_and_language(rf, settings):
    request = rf.get("/")
    request.COOKIES[COOKIE_NAME] = "elder.contrast"
    request.COOKIES[settings.LANGUAGE_COOKIE_NAME] = "en"
    page = errors.server_error(request).text
    assert '<html lang="en" class="elder contrast">' in page


def test_when_even_the_page_cannot_be_made_there_are_words(rf, monkeypatch):
    def fall_over(*args):
        raise RuntimeError("on purpose")

    monkeypatch.setattr(errors, "render_to_string", fall_over)
    answer = errors.server_error(rf.get("/"))
    assert answer.status_code == 500
    assert "12393" in answer.text


def test_a_page_that_is_not_there_leads_back(client):
    answer = client.get("/nowhere/")
    assert answer.status_code == 404
    assert "没有找到这一页" in answer.text
    assert 'href="/policies/"' in answer.text
    assert REFERENCE.search(answer.text)


def test_an_address_is_never_printed_as_markup(client):
    page = client.get("/<script>alert(1)</script>/?<b>").text
    assert "<script>alert" not in page
    assert "<b>" not in page.replace("<b>共济</b>", "").replace("<b>需要帮助？</b>", "")


def test_a_form_left_open_too_long_says_how_to_go_on():
    answer = Client(enforce_csrf_checks=True).post("/accounts/sign-in/", {})
    assert answer.status_code == 403
    assert "页面放久了，请返回重试" in answer.text


def test_who_may_not_see_a_page_is_told_whom_to_ask(client):
    request = client.get("/help/").wsgi_request
    answer = errors.permission_denied(request, PermissionDenied())
    assert answer.status_code == 403
    assert "系统管理员" in answer.text


def test_the_reference_stands_in_the_log(rf, caplog):
    logging.getLogger("config.errors").addHandler(caplog.handler)
    page = errors.server_error(rf.get("/balance/")).text
    logging.getLogger("config.errors").removeHandler(caplog.handler)
    assert REFERENCE.search(page)[0] in caplog.text
    assert "/balance/" in caplog.text


@pytest.mark.parametrize("path", ["/", "/help/", "/accounts/sign-in/", "/admin/", "/nowhere/"])
def test_a_closed_site_says_when_to_come_back(client, settings, path):
    settings.MAINTENANCE = True
    answer = client.get(path)
    assert answer.status_code == 503
    assert answer["Retry-After"] == str(maintenance.RETRY_AFTER_SECONDS)


def test_a_closed_site_takes_nothing(client, settings):
    settings.MAINTENANCE = True
    assert client.post("/accounts/sign-in/", {"password": "x"}).status_code == 503


@pytest.mark.django_db
def test_the_load_balancer_sees_through_a_closed_door(client, settings):
    settings.MAINTENANCE = True
    assert client.get("/healthz").status_code == 200
