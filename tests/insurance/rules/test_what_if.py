"""Paying on and moving, and all days of an area seen on one."""

from collections import defaultdict
from datetime import date

import pytest

from insurance import areas, policy_days, what_if
from insurance.counting import Period
from insurance.periods import Month
from insurance.policy_values import Answer, Policy
from insurance.rules.contribution_years import YearsFacts, decide
from tests.insurance.rules.in_memory import by_area, policy_on
from tests.insurance.rules.questions import CITIES

TODAY = date(2026, 11, 16)
DAYS = (date(1995, 1, 1), date(2021, 12, 31), TODAY, date(2030, 1, 1))


def every_day(area):
    found = defaultdict(list)
    for code in areas.chain(area):
        for value in by_area().get(code, ()):
            found[value.name].append(value)
    return Policy(area, None, {name: Answer(name, tuple(values)) for name, values in found.items()})


def worker(area, first=(2015, 1), last=(2026, 11)):
    paid = Period(area, Month.of(*first), Month.of(*last), "employee", "actual", "paid")
    return YearsFacts("male", True, (paid,))


@pytest.mark.parametrize("area", CITIES)
@pytest.mark.parametrize("day", DAYS)
def test_all_days_seen_on_one_decide_as_that_day_does(area, day):
    facts = worker("440100", (2000, 1), (2020, 12))
    seen = decide(facts, policy_days.on(every_day(area), day), day)
    alone = decide(facts, policy_on(area, day), day)
    assert (seen.verdict, seen.figures) == (alone.verdict, alone.figures)


def test_paying_on_ends_when_nothing_is_missing():
    found = what_if.outlook(
        worker("210100"), every_day("210100"), today=TODAY, until=Month.of(2030, 1)
    )
    assert found.decision.figures["total_months"] == 143 + 38
    assert found.decision.figures["missing_months"] == 360 - 181
    assert found.complete == Month.of(2044, 12)
    assert (
        what_if.complete_month(worker("210100"), every_day("210100"), today=TODAY) == found.complete
    )


def test_a_rising_threshold_is_looked_at_again_on_the_later_day():
    name = "contribution_years.needed_months.male"
    rules = every_day("210100")
    (first,) = rules.get(name)
    rung = {"valid_from": date(2040, 1, 1), "valid_to": None, "value": 372}
    later = type(first)(**{**_fields(first), **rung})
    earlier = type(first)(**{**_fields(first), "valid_to": date(2039, 12, 31)})
    ladder = Policy("210100", None, {**rules.answers, name: Answer(name, (earlier, later))})
    assert what_if.complete_month(worker("210100"), ladder, today=TODAY) == Month.of(2045, 12)


def _fields(value):
    return {name: getattr(value, name) for name in value.__dataclass_fields__}


@pytest.mark.parametrize("area", ["341600", "210200", "440100"])
def test_nothing_is_complete_where_the_rule_is_open(area):
    assert what_if.complete_month(worker(area), every_day(area), today=TODAY) is None


def test_months_paid_elsewhere_are_not_local_there():
    there = what_if.outlook(
        worker("310000"), every_day("210100"), today=TODAY, until=Month.of(2030, 1)
    )
    assert there.decision.figures["local_actual_months"] == 38
    assert there.decision.figures["total_months"] == 181


def test_this_month_adds_nothing():
    found = what_if.outlook(
        worker("310000"), every_day("310000"), today=TODAY, until=Month.containing(TODAY)
    )
    assert found.decision.figures["total_months"] == 143
    assert found.decision.on == TODAY


def test_the_place_that_pays_is_told_by_staff_where_its_paper_ran_out():
    (found,) = what_if.benefit_place(policy_on("440100", TODAY), TODAY)
    assert found.code == "evidence_run_out"
    assert what_if.benefit_place(policy_on("310000", TODAY), TODAY) == ()
