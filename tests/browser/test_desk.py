"""A bill at the desk as a browser goes through it, on a narrow screen and without a script."""

import pytest

from claims import vouchers
from claims.models import Settlement
from tests.browser import inspection, world
from tests.browser.modes import MODES


def look_at(tab, listener, mode):
    faults = [*inspection.markup(tab.content()), *inspection.layout(tab, mode), *listener.take()]
    if mode.javascript:
        faults += inspection.accessibility(tab, mode)
        listener.take()
    return [f"{tab.title()}: {fault}" for fault in inspection.folded(faults)]


def press(tab, text):
    with tab.expect_navigation():
        tab.get_by_role("button", name=text, exact=True).click()


@pytest.mark.parametrize("mode", [MODES[1], MODES[3]], ids=lambda mode: mode.name)
def test_from_the_code_to_the_receipt(mode, visit, live_server):
    people = world.people()
    patient = people["citizen"].identity_links.get().person
    tab = visit(mode, user=people["cashier"]).new_page()
    listener, faults = inspection.Listener(tab, live_server.url), []
    tab.goto("/desk/")
    # A scanner types the code and the key "enter".
    assert tab.evaluate("document.activeElement.name") == "voucher_code"
    tab.keyboard.type(vouchers.show(person=patient))
    with tab.expect_navigation():
        tab.keyboard.press("Enter")
    faults += look_at(tab, listener, mode)
    press(tab, "试算")
    faults += look_at(tab, listener, mode)
    assert tab.title().startswith("错误：")
    tab.get_by_label("治疗牙病").check()
    tab.get_by_label("病人要自己负担多少").fill("86.50")
    tab.get_by_label("单据号").fill("MZ-2026-1")
    press(tab, "试算")
    faults += look_at(tab, listener, mode)
    press(tab, "结算")
    faults += look_at(tab, listener, mode)
    assert "结算收据" in tab.locator("h1").inner_text()
    assert Settlement.objects.get(bill_no="MZ-2026-1").amount_fen == 86_50
    assert not faults, "\n".join(faults)


def test_a_code_says_when_it_is_over(visit, live_server):
    user = world.people()["citizen"]
    tab = visit(user=user).new_page()
    tab.clock.install()
    tab.goto("/voucher/")
    assert "秒" in tab.locator("[data-voucher-left]").inner_text()
    tab.clock.run_for(61_000)
    assert not tab.locator(".voucher-code").is_visible()
    assert "换一个新的" in tab.locator("[data-voucher-over]").inner_text()
