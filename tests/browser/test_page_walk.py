"""Every page in every mode: whole, readable, big enough to hit, and quiet."""

from collections import Counter

import pytest
from django.db import connection

from config import health
from tests.browser import inspection, world
from tests.browser.modes import MODES
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


def look_at(tab, listener, page, mode):
    """The faults of one page, and its title."""
    answer = tab.goto(page.path)
    if page.after:
        answer = act(tab, page)
    tab.wait_for_load_state()
    faults = [] if answer.status == page.status else [f"status {answer.status}"]
    faults += inspection.markup(answer.text())
    faults += inspection.layout(tab, mode)
    # Heard so far: axe puts styles of its own into the page, which our policy rightly refuses.
    faults += listener.take()
    if mode.javascript:
        faults += inspection.accessibility(tab, mode)
        listener.take()
    return faults, tab.title()


@pytest.mark.parametrize("mode", MODES, ids=lambda mode: mode.name)
def test_every_page_holds(mode, visit, weather, live_server):
    people = world.people()
    # A tab for each visitor, kept: opening one costs the browser more than a page does.
    tabs = {key: visit(mode, user=user).new_page() for key, user in ({None: None} | people).items()}
    listeners = {key: inspection.Listener(tab, live_server.url) for key, tab in tabs.items()}
    faults, titles = [], Counter()
    for page in PAGES + ELSEWHERE:
        weather(page.site)
        found, title = look_at(tabs[page.visitor], listeners[page.visitor], page, mode)
        faults += [f"{page.label}: {fault}" for fault in inspection.folded(found)]
        if page in PAGES:
            titles[title] += 1
    faults += [
        f"{count} pages are called {title!r}" for title, count in titles.items() if count > 1
    ]
    assert not faults, "\n".join(faults)
