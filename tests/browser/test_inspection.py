"""The inspection itself finds what it is there to find, and the short way of measuring contrast misses nothing."""

import pytest

from tests.browser import inspection
from tests.browser.modes import MODES

DESKTOP = MODES[0]
PAGE = """<!doctype html><html lang="zh-CN"><head><title>试一试</title><style>
body {{ background: #fff; color: #222; }}
.pale {{ color: #bbb; }}
.dark {{ background: #222; color: #fff; }}
.dim {{ opacity: 0.3; }}
.stage {{ position: relative; height: 60px; }}
.behind {{ position: absolute; inset: 0; background: #333; }}
.place {{ position: absolute; top: 0; left: 0; }}
.dot::before {{ content: "·"; }}
</style></head><body><main><h1>试一试</h1>{body}</main></body></html>"""
FINE = '<p class="dark">可以读的字</p><p>可以读的字</p>' * 2


@pytest.fixture
def shown(visit):
    """Shows a page of this text; gives what axe finds about its contrast, node by node."""
    tab = visit(DESKTOP).new_page()

    def show(body):
        tab.goto("about:blank")
        tab.set_content(PAGE.format(body=body))
        return [one for one in inspection.accessibility(tab, DESKTOP) if "contrast" in one]

    return show


@pytest.mark.parametrize(
    "fault",
    [
        '<p class="pale">看不清的字</p>',
        '<p class="pale dot">看不清的字</p>',
        '<p><span class="pale">看不清的字</span></p>',
        '<div class="dim"><p>看不清的字</p></div>',
        '<div class="dark"><p class="pale" style="color: #333">看不清的字</p></div>',
        '<div class="stage"><div class="behind"></div><p class="place">看不清的字</p></div>',
    ],
)
def test_letters_that_cannot_be_read_are_found_among_others_that_can(shown, fault):
    assert shown(FINE) == []
    assert len(shown(FINE + fault)) == 1
    # Each time, also where one that looks the same has failed before.
    assert len(shown(FINE + fault * 2 + FINE)) == 2


def test_the_short_way_measures_each_look_once(visit):
    tab = visit(DESKTOP).new_page()
    tab.set_content(PAGE.format(body=FINE * 20))
    ratio = "axe.run({runOnly: ['color-contrast']}).then(({passes}) => passes[0].nodes.map((one) => one.any[0].data))"
    measured = tab.evaluate(ratio)
    assert len(measured) == 81
    assert sum(one is not None for one in measured) == 3
