"""Money into a relative's wallet and back, on a day on which the rule had it, as a browser shows it."""

import datetime as dt

import pytest
import time_machine

from family.models import MoneyModel
from tests.browser import inspection
from tests.browser.modes import MODES
from tests.factories import agreeing, family
from tests.factories.accounts import PASSWORD
from tests.factories.insurance import at

SHOWN = [mode for mode in MODES if mode.name in ("desktop", "phone", "elder")]


@pytest.fixture
def pair(transactional_db):
    """A mother in Hefei and her daughter in Chengdu."""
    with time_machine.travel(at(2025, 6, 2, 10)):
        agreeing.load_rules()
        mother = agreeing.make_member(name="李梅", born="19730405", balance_fen=900_000)
        daughter = agreeing.make_member(name="张小妹", born="19990506", area="510100")
        binding = family.make_binding(
            giver=mother,
            beneficiary=daughter,
            relation="child",
            money_model=MoneyModel.WALLET_TRANSFER,
            from_day=dt.date(2025, 5, 1),
            usable_from=at(2025, 5, 2),
        )
        yield mother, daughter, f"/wallet/{binding.reference}/"


@pytest.mark.parametrize("mode", SHOWN, ids=lambda mode: mode.name)
def test_a_mother_sends_and_her_daughter_sends_back(mode, visit, pair, live_server):
    mother, daughter, address = pair
    faults = []

    def look(tab):
        found = [*inspection.layout(tab, mode), *inspection.accessibility(tab, mode)]
        faults.extend(f"{tab.title()}: {one}" for one in inspection.folded(found))

    def press(tab, what="main form .btn-primary"):
        with tab.expect_navigation():
            tab.locator(what).click()
        look(tab)

    hers = visit(mode, user=agreeing.login_of(mother)).new_page()
    hers.goto(address)
    look(hers)
    press(hers)
    assert "请填金额" in hers.inner_text("main")
    hers.fill("[name=amount]", "300")
    press(hers)
    hers.fill("[name=password]", PASSWORD)
    press(hers)
    assert "转好了" in hers.inner_text("body")

    theirs = visit(mode, user=agreeing.login_of(daughter)).new_page()
    theirs.goto(address)
    look(theirs)
    press(theirs, "main a[href*='/back/']")
    press(theirs)
    press(theirs)
    assert "退回去了" in theirs.inner_text("body")
    assert faults == []
