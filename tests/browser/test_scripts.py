"""What the scripts add where there is JavaScript. Nothing here is needed to use the site."""

import pytest

from accounts.roles import Role
from tests.browser.modes import MODES
from tests.factories.accounts import make_user

DESKTOP = MODES[0]
# What the Tab key stops at, in the order of the page; of a group of choices, the first.
STOPS = """[...document.querySelectorAll("a[href], button, input, select, summary")].filter((one) =>
  one.checkVisibility() && one.type !== "hidden" && !one.id.endsWith("_1"))"""
HELD = """(() => {
  const one = document.activeElement, style = getComputedStyle(one);
  return [one.outerHTML, style.outlineStyle, style.outlineWidth];
})()"""


@pytest.fixture
def signed_in(visit):
    """A page of somebody who has signed in, with the clock in our hands."""
    tab = visit(DESKTOP, user=make_user(role=Role.CITIZEN)).new_page()
    tab.clock.install()
    tab.goto("/help/")
    return tab


def test_two_and_a_half_minutes_before_the_end_the_page_says_so(signed_in):
    warning = signed_in.locator(".idle")
    signed_in.clock.run_for("12:20")
    assert warning.is_hidden()
    signed_in.clock.run_for("00:20")
    assert "大约 3 分钟" in warning.inner_text()
    assert signed_in.title().startswith("快要退出了")


def test_one_press_keeps_the_session_and_takes_the_warning_away(signed_in):
    signed_in.clock.run_for("13:00")
    with signed_in.expect_response("**/accounts/still-here/") as asked:
        signed_in.get_by_role("button", name="我还在，继续").click()
    assert asked.value.status == 204
    signed_in.clock.run_for("00:02")
    assert signed_in.locator(".idle").is_hidden()
    assert not signed_in.title().startswith("快要退出了")


def test_work_in_another_tab_keeps_this_one(signed_in):
    signed_in.clock.run_for("10:00")
    other = signed_in.context.new_page()
    other.clock.install(time=signed_in.evaluate("Date.now()"))
    other.goto("/help/")
    signed_in.clock.run_for("04:00")
    assert signed_in.locator(".idle").is_hidden()


def test_at_the_end_one_is_led_out_with_the_way_back(signed_in):
    with signed_in.expect_request("**/accounts/session-ended/**") as led:
        signed_in.clock.run_for("15:10")
    assert led.value.url.endswith("?next=%2Fhelp%2F")


def test_focus_starts_at_the_errors_and_goes_on_to_the_field(visit):
    tab = visit(DESKTOP).new_page()
    tab.goto("/styleguide/?errors=1")
    focused = "document.activeElement"
    assert tab.evaluate(f"{focused}.className") == "error-summary"
    tab.keyboard.press("Tab")
    tab.keyboard.press("Enter")
    assert tab.evaluate(f"{focused}.id") == "id_name"


def test_a_password_can_be_looked_at_and_is_sent_as_one(visit):
    tab = visit(DESKTOP).new_page()
    tab.goto("/styleguide/")
    field = tab.locator("#id_password")
    tab.get_by_role("button", name="显示密码").click()
    assert field.get_attribute("type") == "text"
    tab.get_by_role("button", name="隐藏密码").click()
    assert field.get_attribute("type") == "password"


def test_a_second_press_sends_nothing(visit):
    tab = visit(DESKTOP).new_page()
    tab.goto("/styleguide/")
    sent = tab.evaluate("""() => {
        const form = document.querySelector("main form");
        form.method = "post";
        let count = 0;
        form.addEventListener("submit", (event) => { count += 1; event.preventDefault(); });
        form.requestSubmit();
        form.requestSubmit();
        return count;
    }""")
    assert sent == 1


def test_without_scripts_nothing_shows_that_needs_them(visit):
    without = next(mode for mode in MODES if not mode.javascript)
    tab = visit(without).new_page()
    tab.goto("/styleguide/")
    assert tab.locator("[data-print]").is_hidden()
    assert tab.locator(".show-password").count() == 0


@pytest.mark.parametrize("path", ["/help/", "/styleguide/?errors=1"])
def test_the_keyboard_reaches_everything_in_order_and_is_seen(visit, path):
    without = next(mode for mode in MODES if not mode.javascript)
    tab = visit(without).new_page()
    tab.goto(path)
    expected = tab.evaluate(f"{STOPS}.map((one) => one.outerHTML)")
    reached = []
    for _ in expected:
        tab.keyboard.press("Tab")
        html, style, width = tab.evaluate(HELD)
        assert (style, width) == ("solid", "3px"), html
        reached.append(html)
    assert reached == expected
