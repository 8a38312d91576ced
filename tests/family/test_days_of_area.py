"""What the pre-check says to the same two people before and after each day on which the area of aid was widened."""

import datetime as dt

import pytest
import time_machine

from tests.factories import agreeing
from tests.factories.insurance import SHANGHAI
from tests.family.adding import answer_until, visitor

pytestmark = pytest.mark.django_db
SAME, PROVINCE, FAR = "340100", "341600", "510100"
YES, NO, STAFF, UNKNOWN = "可以", "不可以", "要窗口决定", "现在没有依据回答"


@pytest.mark.parametrize(
    ("day", "area", "relative", "said"),
    [
        ("2024-07-31", SAME, "sibling", NO),
        ("2024-08-01", SAME, "sibling", YES),
        ("2024-12-08", PROVINCE, "spouse", UNKNOWN),
        ("2024-12-09", PROVINCE, "spouse", YES),
        ("2024-12-01", FAR, "spouse", NO),
        ("2025-02-04", FAR, "spouse", YES),
        ("2026-01-08", FAR, "spouse", YES),
        ("2026-01-09", FAR, "spouse", STAFF),
        ("2026-06-05", FAR, "spouse", STAFF),
    ],
)
def test_the_day_decides_what_the_page_says(day, area, relative, said):
    agreeing.load_rules()
    moment = dt.datetime.fromisoformat(day).replace(hour=10, tzinfo=SHANGHAI)
    with time_machine.travel(moment, tick=False):
        client = visitor(agreeing.make_member())
        found = answer_until(
            client,
            "insured",
            relation={"relative": relative},
            insured={"scheme": "employee", "area": area},
        )
        page = client.get(found.url).content.decode()
    assert f"先看能不能办：{said}" in page, page[page.index("<title>") :][:120]
