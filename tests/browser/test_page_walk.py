"""Every page in every mode: whole, readable, big enough to hit, and quiet."""

from collections import Counter

import pytest
from django.db import connection

from config import health
from tests.browser import inspection, world
from tests.browser.modes import SITTINGS
from tests.browser.pages import ELSEWHERE, PAGES


@pytest.fixture
def weather(settings, monkeypatch):
    """Puts the site into the state a page is looked at in."""

    def set_to(site):
        settings.MAINTENANCE = site == "closed"
        # Without a connection to ask, the page that asks for one falls over.
        monkeypatch.setattr(health, "connection", None if site == "broken" else connection)

    return set_to


def act(tab, page):
    """Do what the page wants done before it is looked at; gives the answer that is then on the screen."""
    forms = tab.locator("main form[method=post]")
    for name, _value in page.fill:
        forms = forms.filter(has=tab.locator(f"[name={name}]"))
    form = forms.first
    for name, value in page.fill:
        form.locator(f"[name={name}]").fill(value)
    if page.after == "without_token":
        form.evaluate("one => one.querySelector('[name=csrfmiddlewaretoken]').remove()")
    with tab.expect_navigation() as navigation:
        form.evaluate("one => one.submit()")
    return navigation.value


def look_at(tab, listener, page, modes):
    """The faults of one page in modes that share one answer of the server, and its title."""
    resize(tab, modes[0])
    answer = tab.goto(page.path)
    if page.after:
        answer = act(tab, page)
    tab.wait_for_load_state()
    faults = [] if answer.status == page.status else [f"status {answer.status}"]
    faults += inspection.markup(answer.text())
    for mode in modes:
        resize(tab, mode)
        found = [*inspection.layout(tab, mode)]
        # Heard so far: axe puts styles of its own into the page, which our policy rightly refuses.
        found += listener.take()
        if mode.javascript:
            found += inspection.accessibility(tab, mode)
            listener.take()
        faults += [f"{mode.name}: {fault}" for fault in inspection.folded(found)]
    return faults, tab.title()


def resize(tab, mode):
    size = {"width": mode.width, "height": mode.height}
    if tab.viewport_size != size:
        tab.set_viewport_size(size)


@pytest.mark.parametrize("modes", SITTINGS, ids=lambda modes: "+".join(one.name for one in modes))
def test_every_page_holds(modes, visit, become, weather, live_server):
    people = world.people()
    # One tab for all visitors: opening one costs the browser more than a page does.
    window = visit(modes[0])
    tab = window.new_page()
    listener = inspection.Listener(tab, live_server.url)
    visitor, faults, titles = None, [], Counter()
    for page in PAGES + ELSEWHERE:
        weather(page.site)
        if page.visitor != visitor:
            visitor = page.visitor
            become(window, people.get(visitor))
        found, title = look_at(tab, listener, page, modes)
        faults += [f"{page.label}: {fault}" for fault in found]
        if page in PAGES:
            titles[title] += 1
    faults += [
        f"{count} pages are called {title!r}" for title, count in titles.items() if count > 1
    ]
    assert not faults, "\n".join(faults)
