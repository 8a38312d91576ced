"""Large type, contrast and language: kept by one link, without JavaScript and without an open door."""

from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.display import COOKIE_NAME, local_path

ELSEWHERE = [
    "",
    "help/",
    "//evil.example",
    "///evil.example",
    "////evil.example/x",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "\t//evil.example",
    " //evil.example",
    "/\r\nSet-Cookie: x=1",
    "/\x00/evil.example",
    "https://evil.example/",
    "https:evil.example",
    "https:/evil.example",
    "http:///evil.example",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "data:text/html,x",
    "@evil.example",
    "//evil.example@testserver/",
    "//[::1",
    "http://testserver/help/",
]


@pytest.mark.parametrize("target", ELSEWHERE)
def test_a_link_never_leads_to_another_site(client, target):
    answer = client.get("/display/", {"elder": "on", "next": target})
    assert (answer.status_code, answer["Location"]) == (302, "/")


@pytest.mark.parametrize("coded", ["/%09/evil.example", "/%5Cevil.example", "%2F%2Fevil.example"])
def test_a_coded_address_is_read_as_the_browser_reads_it(client, coded):
    assert client.get(f"/display/?next={coded}")["Location"] == "/"


@given(st.text(st.sampled_from("/\\:@.#?%\t\r\n \x00ehtps09"), max_size=12))
def test_whatever_is_asked_for_stays_on_this_site(text):
    target = urlsplit(urljoin("https://here.example/page/", local_path(text)))
    assert (target.scheme, target.netloc) == ("https", "here.example")


@pytest.mark.parametrize("target", ["/", "/help/", "/policies/?q=大连&page=2", "/help/#family"])
def test_one_comes_back_to_the_page_one_was_on(client, target):
    answer = client.get("/display/", {"elder": "on", "next": target})
    assert answer["Location"].startswith(target[:7].rstrip("?"))


def test_the_choice_is_kept_for_a_year_away_from_scripts(client):
    client.get("/display/", {"elder": "on"})
    cookie = client.cookies[COOKIE_NAME]
    assert cookie.value == "elder"
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/")
    assert cookie["max-age"] == 365 * 24 * 60 * 60


def test_over_tls_the_choice_travels_safely(client, settings):
    settings.PRODUCTION = True
    client.get("/display/", {"contrast": "on", "language": "en"})
    assert client.cookies[COOKIE_NAME]["secure"]
    assert client.cookies[settings.LANGUAGE_COOKIE_NAME]["secure"]


def test_large_type_and_contrast_are_apart(client):
    client.get("/display/", {"elder": "on"})
    client.get("/display/", {"contrast": "on"})
    assert 'class="elder contrast"' in client.get("/help/").text
    client.get("/display/", {"elder": "off"})
    assert 'class="contrast"' in client.get("/help/").text


def test_the_language_is_remembered(client):
    client.get("/display/", {"language": "en"})
    assert '<html lang="en"' in client.get("/help/").text
    client.get("/display/", {"language": "zh-hans"})
    assert '<html lang="zh-CN"' in client.get("/help/").text


@pytest.mark.parametrize(
    "query", [{"elder": "yes"}, {"language": "xx"}, {"language": ""}, {"colour": "on"}]
)
def test_an_unknown_wish_changes_nothing(client, query):
    client.get("/display/", query)
    assert 'lang="zh-CN" class=""' in client.get("/help/").text


def test_a_forged_cookie_adds_no_class(client):
    client.cookies[COOKIE_NAME] = 'elder."><script>.x'
    page = client.get("/help/").text
    assert '<html lang="zh-CN" class="elder">' in page
    assert "<script>" not in page


def test_the_link_is_followed_not_sent(client):
    assert client.post("/display/", {"elder": "on"}).status_code == 405


def test_the_address_of_the_page_is_quoted_in_the_links(client):
    page = client.get("/help/?a=1&next=//evil.example").text
    assert "next=%2Fhelp%2F%3Fa%3D1%26next%3D%2F%2Fevil.example" in page
