"""A couple in two provinces on both sides of each day on which the area of family aid was widened, on a telephone."""

import datetime as dt

import pytest
import time_machine

from tests.browser.modes import MODES
from tests.browser.test_family_journeys import answer, text
from tests.factories import agreeing
from tests.factories.insurance import SHANGHAI

PHONE = next(mode for mode in MODES if not mode.javascript)
SAME_CITY, SAME_PROVINCE, OTHER_PROVINCE = "340100", "341600", "510100"
YES, NO, STAFF, UNKNOWN = "可以", "不可以", "要窗口决定", "现在没有依据回答"
# In the order of the timeline: the first document, the widening to near relatives, the wallet's first areas, the whole province, the list of
# February 2025, the notice for the whole country, the operating rules.
DAYS = (
    ("2021-04-21", SAME_CITY, "spouse", UNKNOWN),
    ("2021-04-22", SAME_CITY, "spouse", YES),
    ("2021-04-21", OTHER_PROVINCE, "spouse", NO),
    ("2021-04-22", OTHER_PROVINCE, "spouse", NO),
    ("2024-07-31", SAME_CITY, "sibling", NO),
    ("2024-08-01", SAME_CITY, "sibling", YES),
    ("2024-12-01", OTHER_PROVINCE, "spouse", NO),
    ("2024-12-02", OTHER_PROVINCE, "spouse", UNKNOWN),
    ("2024-12-08", SAME_PROVINCE, "spouse", UNKNOWN),
    ("2024-12-09", SAME_PROVINCE, "spouse", YES),
    ("2025-02-03", OTHER_PROVINCE, "spouse", UNKNOWN),
    ("2025-02-04", OTHER_PROVINCE, "spouse", YES),
    ("2026-01-08", OTHER_PROVINCE, "spouse", YES),
    ("2026-01-09", OTHER_PROVINCE, "spouse", STAFF),
    ("2026-06-04", OTHER_PROVINCE, "spouse", STAFF),
    ("2026-06-05", OTHER_PROVINCE, "spouse", STAFF),
)


@pytest.fixture
def giver(transactional_db):
    agreeing.load_rules()
    return agreeing.make_member()


@pytest.mark.parametrize(("day", "area", "relative", "said"), DAYS)
def test_the_day_decides_what_the_pre_check_says(giver, visit, day, area, relative, said):
    insured = {"scheme": "employee", "area": area}
    moment = dt.datetime.fromisoformat(day).replace(hour=10, tzinfo=SHANGHAI)
    with time_machine.travel(moment, tick=True):
        tab = visit(PHONE, user=agreeing.login_of(giver)).new_page()
        tab.goto("/family/add/")
        tab.locator("main .btn-primary").first.click()
        for asked in ({"side": "giver"}, {"relative": relative}, insured):
            # A relative who is no near one is refused before anything else is asked.
            if "先看能不能办" not in tab.title():
                answer(tab, asked)
        assert f"先看能不能办：{said}" in tab.title()
        assert "依据" in text(tab)
