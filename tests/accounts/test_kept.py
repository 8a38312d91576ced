"""What is kept of a page depends on what is given to it, and on nothing else."""

import re

import pytest
from django.template import Context, Template
from django.test import override_settings
from django.urls import clear_script_prefix, set_script_prefix
from django.utils import translation
from django.utils.safestring import SafeData

from accounts.templatetags import kept
from tests.house.source import name, templates

# What many visits have in common. Nothing of it is about somebody.
COMMON = {
    "display.elder",
    "display.is_demo",
    "display.section",
    "request.resolver_match.view_name",
    "user.is_authenticated",
    "user.is_staff",
    "user.role",
}
USE = re.compile(r"{% kept (.*?) %}")


class Marked(str, SafeData):
    """As templates mark what they escaped."""


@pytest.fixture
def made(monkeypatch):
    """Every time a part is made, what it was made of."""
    kept._made.cache_clear()
    calls, render = [], kept.render_to_string

    def told(template_name, given):
        calls.append(dict(given))
        return render(template_name, given)

    monkeypatch.setattr(kept, "render_to_string", told)
    yield calls
    kept._made.cache_clear()


def page(source, **context):
    return Template("{% load kept %}" + source).render(Context(context))


NAV = '{% kept "components/nav.html" role=role here=here page=page %}'


def test_a_part_is_made_once(made):
    first = page(NAV, role="citizen", here="home", page="queries:home", request="of somebody")
    second = page(NAV, role="citizen", here="home", page="queries:home", request="of another")
    assert first == second
    assert made == [{"role": "citizen", "here": "home", "page": "queries:home"}]


def test_other_values_make_another_part(made):
    home = page(NAV, role="citizen", here="home", page="queries:home")
    balance = page(NAV, role="citizen", here="balance", page="queries:balance")
    assert home != balance
    assert len(made) == 2


def test_each_language_has_its_own(made):
    with translation.override("zh-hans"):
        chinese = page('{% kept "components/official.html" %}')
    with translation.override("en"):
        english = page('{% kept "components/official.html" %}')
    assert chinese != english
    assert len(made) == 2


def test_a_part_sees_nothing_of_the_page(made):
    nobody = page('{% kept "components/footer.html" %}', role="citizen", is_demo=True)
    citizen = page('{% kept "components/footer.html" role=role %}', role="citizen")
    assert nobody != citizen
    assert made == [{}, {"role": "citizen"}]


def test_a_text_comes_out_escaped(made):
    text = page('{% kept "components/status_tag.html" text=text %}', text="<b>")
    assert "&lt;b&gt;" in text


@pytest.mark.parametrize("value", [Marked("<b>"), ["list"], object(), b"bytes"])
def test_more_than_a_word_is_refused(made, value):
    with pytest.raises(TypeError):
        page('{% kept "components/status_tag.html" text=text %}', text=value)


def test_yes_and_no_are_told_apart_from_words(made):
    page('{% kept "components/styles.html" elder=elder %}', elder=True)
    page('{% kept "components/styles.html" elder=elder %}', elder="True")
    assert len(made) == 2


@override_settings(DEBUG=True)
def test_who_works_on_a_template_sees_the_change_at_once(made):
    page('{% kept "components/official.html" %}')
    page('{% kept "components/official.html" %}')
    assert len(made) == 2


def test_no_template_gives_anything_about_a_person():
    uses = [
        (name(path), found)
        for path in templates()
        for found in USE.findall(path.read_text(encoding="utf-8"))
    ]
    assert uses
    strange = [
        (where, value)
        for where, found in uses
        for value in re.findall(r"\w+=(\S+)", found)
        if value not in COMMON
    ]
    assert not strange


def test_an_address_is_that_of_the_url_tag_under_every_prefix():
    both = '{% address "accounts:sign-out" %} {% url "accounts:sign-out" %}'
    for prefix in ("/", "/gongji/", "/"):
        set_script_prefix(prefix)
        try:
            found, wanted = page(both).split()
        finally:
            clear_script_prefix()
        assert found == wanted
        assert found.startswith(prefix)
