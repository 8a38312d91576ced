"""How a form looks once it was filled in wrongly, shown by the sample form of the style guide."""

import re

import html5lib
import pytest

from tests.house.source import name, templates

CRISPY = re.compile(r"\{%\s*crispy\b|\|\s*crispy\b")
HTML = "{http://www.w3.org/1999/xhtml}"


@pytest.fixture
def page(client):
    """The page after a form with a bad phone was sent: text and tree."""
    text = client.get("/styleguide/?errors=1").text
    return text, html5lib.parse(text)


def identifiers(tree):
    return [one.get("id") for one in tree.iter() if one.get("id")]


def summary(tree):
    return next(one for one in tree.iter() if "data-error-summary" in one.attrib)


def test_the_summary_counts_and_stands_before_the_heading(page):
    text, _ = page
    assert "请改正下面 4 处" in text
    assert text.index("data-error-summary") < text.index("<h1")


def test_each_line_of_the_summary_leads_to_a_field(page):
    _, tree = page
    targets = [link.get("href") for link in summary(tree).iter(f"{HTML}a")]
    assert len(targets) == 4
    assert {target.removeprefix("#") for target in targets} <= set(identifiers(tree))


def test_a_group_of_choices_is_reached_at_its_first_choice(page):
    _, tree = page
    assert "#id_kind_0" in [link.get("href") for link in summary(tree).iter(f"{HTML}a")]


def test_a_screen_reader_is_told_at_once(page):
    _, tree = page
    assert summary(tree).get("role") == "alert"
    assert summary(tree).get("tabindex") == "-1"


def test_the_title_says_so_first(page):
    text, _ = page
    assert "<title>错误：" in text


def test_hint_and_error_belong_to_their_field(page):
    _, tree = page
    known = set(identifiers(tree))
    described = [one.get("aria-describedby") for one in tree.iter() if one.get("aria-describedby")]
    assert len(described) >= 4
    assert {word for value in described for word in value.split()} <= known


def test_no_identifier_stands_twice(page):
    _, tree = page
    found = identifiers(tree)
    assert sorted(found) == sorted(set(found))


def test_what_was_typed_stays_and_a_password_does_not(page):
    text, _ = page
    assert 'value="138"' in text
    assert 'type="password" name="password"' in text
    assert "1380" not in text


def test_optional_fields_are_marked_and_others_are_not(page):
    text, _ = page
    assert text.count("（选填）") == 1
    assert "asteriskField" not in text


def test_a_form_in_order_has_no_summary(client):
    text = client.get("/styleguide/").text
    assert "data-error-summary" not in text
    assert "<title>错误" not in text


def test_nothing_can_be_switched_off(page):
    text, _ = page
    assert not re.search(r"<(button|input)[^>]*\sdisabled", text)


def test_every_page_with_a_form_says_its_errors_at_the_head():
    texts = {name(path): path.read_text(encoding="utf-8") for path in templates()}
    forms = {one for one, text in texts.items() if CRISPY.search(text)}
    # A part of a page leaves the head to the pages that include it.
    parts = {one for one in forms if one.rpartition("/")[2].startswith("_")}
    pages = forms - parts
    for part in parts:
        users = {one for one, text in texts.items() if part.removeprefix("templates/") in text}
        assert users, part
        pages |= users
    assert not [one for one in pages if "components/error_summary.html" not in texts[one]]
