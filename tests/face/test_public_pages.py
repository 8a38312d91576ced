"""What anybody may read: open, without a query, cacheable, and the same in every display."""

import pytest
from django.conf import settings as project_settings

from accounts.display import COOKIE_NAME

PAGES = ("/", "/help/", "/identify/", "/accessibility/", "/styleguide/")


@pytest.mark.parametrize("path", PAGES)
def test_a_public_page_asks_the_database_nothing(client, path):
    assert client.get(path).status_code == 200


@pytest.mark.parametrize("path", PAGES)
def test_a_public_page_may_be_kept_for_those_without_a_session(client, path):
    answer = client.get(path)
    assert answer["Cache-Control"] == "public, max-age=0, s-maxage=300"
    assert {"Cookie", "Accept-Language"} <= {one.strip() for one in answer["Vary"].split(",")}
    assert not answer.cookies


@pytest.mark.django_db
@pytest.mark.parametrize("cookie", [project_settings.SESSION_COOKIE_NAME, "messages"])
def test_a_page_with_something_personal_in_its_head_is_kept_by_nobody(client, cookie):
    client.cookies[cookie] = "something"
    answer = client.get("/help/")
    assert "no-store" in answer["Cache-Control"]
    assert "public" not in answer["Cache-Control"]


@pytest.mark.parametrize("path", PAGES)
def test_every_page_offers_the_telephone_and_large_type(client, path):
    page = client.get(path).text
    assert 'href="tel:12393"' in page
    assert "大字版" in page


@pytest.mark.parametrize("path", PAGES)
def test_large_type_holds_on_every_page(client, path):
    client.cookies[COOKIE_NAME] = "elder"
    page = client.get(path).text
    assert 'class="elder"' in page
    assert "标准版" in page


def test_every_page_has_a_name_of_its_own(client):
    titles = {client.get(path).text.partition("<title>")[2].partition("<")[0] for path in PAGES}
    assert len(titles) == len(PAGES)


def test_the_start_page_leads_in_and_says_what_else_there_is(client):
    page = client.get("/").text
    for path in ("/accounts/sign-in/", "/accounts/sign-up/", "/policies/", "/help/", "/identify/"):
        assert f'href="{path}"' in page


def test_invented_people_are_announced_on_every_page_of_the_demonstration(client):
    assert "证件号码均为虚构" in client.get("/help/").text


def test_production_announces_no_demonstration(client, settings):
    settings.PRODUCTION = True
    page = client.get("/identify/").text
    assert "虚构" not in page
    assert "示范" not in page


def test_production_shows_no_parts(client, settings):
    settings.PRODUCTION = True
    assert client.get("/styleguide/").status_code == 404


def test_a_public_page_takes_no_form(client):
    assert client.post("/help/").status_code == 405
