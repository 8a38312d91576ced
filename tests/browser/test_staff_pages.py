"""The staff site, role by role: whatever stands on the index holds, and so does the first row of each list."""

import pytest

from accounts.roles import STAFF
from tests.browser import inspection, world
from tests.browser.modes import MODES
from tests.factories import accounts

FIRST_ROW = "#result_list tbody tr:first-child th a"
CONTENT = "main a[href^='/admin/'], #content a[href^='/admin/']"


def paths(tab, selector):
    return tab.eval_on_selector_all(selector, "all => all.map((one) => one.getAttribute('href'))")


def look_at(tab, listener, path):
    """The faults of one page, and where its content leads."""
    answer = tab.goto(path)
    faults = [] if answer.status == 200 else [f"status {answer.status}"]
    faults += inspection.markup(answer.text())
    if tab.locator("h1").count() != 1:
        faults.append(f"{tab.locator('h1').count()} h1")
    faults += listener.take()
    faults += inspection.accessibility(tab, MODES[0])
    listener.take()
    links = paths(tab, CONTENT), paths(tab, FIRST_ROW)
    return [f"{path}: {fault}" for fault in inspection.folded(faults)], *links


@pytest.mark.parametrize("role", sorted(STAFF))
def test_every_page_of_the_role_holds(role, visit, live_server):
    world.people()
    tab = visit(user=accounts.make_staff(role=role)).new_page()
    listener = inspection.Listener(tab, live_server.url)
    faults, tasks, _rows = look_at(tab, listener, "/admin/")
    assert tasks, "nothing to do on the index"
    for path in tasks:
        found, _links, rows = look_at(tab, listener, path)
        faults += found
        for row in rows[:1]:
            faults += look_at(tab, listener, row)[0]
    assert not faults, "\n".join(faults)


def test_the_page_of_the_second_factor_holds(visit, live_server):
    tab = visit(user=accounts.make_staff(), second_factor=False).new_page()
    faults, _tasks, _rows = look_at(
        tab, inspection.Listener(tab, live_server.url), "/accounts/second-factor/"
    )
    assert tab.url.endswith("/accounts/second-factor/")
    assert not faults, "\n".join(faults)
