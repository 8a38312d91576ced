"""What counting may never do, whatever the career."""

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from insurance.counting import Period
from insurance.periods import Month
from insurance.rule_facts import PERIOD_KINDS, SCHEMES, STATUSES
from insurance.rules.contribution_years import YearsFacts, decide
from tests.insurance.rules.in_memory import policy_on

DAY = date(2026, 11, 21)
AREAS = ("310000", "440100", "210200")
COUNTS = ("total_months", "actual_months", "deemed_months", "local_actual_months")
POLICIES = {(area, day): policy_on(area, day) for area in AREAS for day in (DAY, date(2024, 6, 1))}


@st.composite
def periods(draw):
    start = draw(st.integers(1985 * 12, 2026 * 12))
    length = draw(st.integers(0, 60))
    return Period(
        draw(st.sampled_from(AREAS)),
        Month(start),
        Month(start + length),
        draw(st.sampled_from(SCHEMES)),
        draw(st.sampled_from(PERIOD_KINDS)),
        draw(st.sampled_from(STATUSES)),
    )


careers = st.lists(periods(), max_size=8)
places = st.sampled_from(sorted(POLICIES))


def figures(career, place):
    area, day = place
    return decide(YearsFacts("male", True, tuple(career)), POLICIES[area, day], day).figures


@settings(max_examples=150, deadline=None)
@given(careers, places, st.integers(1985 * 12, 2026 * 12), st.sampled_from(AREAS))
def test_a_paid_month_more_never_lowers_a_count(career, place, index, area):
    month = Month(index)
    more = Period(area, month, month, "employee", "actual", "paid")
    before, after = figures(career, place), figures([*career, more], place)
    # A deemed month that is now paid has become an actual one.
    for key in ("total_months", "actual_months", "local_actual_months"):
        assert after[key] >= before[key]
    if before["missing_months"] is not None and after["missing_months"] is not None:
        assert after["missing_months"] <= before["missing_months"]


@settings(max_examples=100, deadline=None)
@given(careers, places, st.randoms(use_true_random=False))
def test_order_and_splitting_change_nothing(career, place, dice):
    pieces = []
    for one in career:
        cut = Month(dice.randint(one.from_month.index, one.to_month.index))
        pieces.append(Period(one.area, one.from_month, cut, one.scheme, one.kind, one.status))
        if cut < one.to_month:
            pieces.append(Period(one.area, cut + 1, one.to_month, one.scheme, one.kind, one.status))
    dice.shuffle(pieces)
    assert figures(pieces, place) == figures(career, place)


@settings(max_examples=100, deadline=None)
@given(careers, places)
def test_the_total_is_actual_and_deemed_months(career, place):
    told = figures(career, place)
    assert told["total_months"] == told["actual_months"] + told["deemed_months"]
    assert told["local_actual_months"] <= told["actual_months"]
    assert all(told[key] >= 0 for key in COUNTS)


def test_months_after_the_day_of_the_question_are_none_yet():
    ahead = Period(
        "310000", Month.parse("2026-10"), Month.parse("2027-12"), "employee", "actual", "paid"
    )
    assert figures([ahead], ("310000", DAY))["total_months"] == 2
