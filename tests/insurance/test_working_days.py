import datetime as dt

import pytest

from insurance import working_days
from insurance.working_days import Due, due


@pytest.mark.parametrize(
    ("start", "days", "last"),
    [
        # An ordinary fortnight
        ("2026-11-23", 10, "2026-12-07"),
        # The week of the national day, with the Saturday after it worked
        ("2026-09-30", 1, "2026-10-08"),
        ("2026-10-09", 1, "2026-10-10"),
        # Handed in on a weekend
        ("2026-11-21", 1, "2026-11-23"),
        # Across a new year whose arrangement is known
        ("2025-12-31", 1, "2026-01-04"),
        ("2026-11-21", 0, "2026-11-21"),
    ],
)
def test_holidays_and_worked_weekends_are_counted(start, days, last):
    found = due(dt.date.fromisoformat(start), days)
    assert found == Due(dt.date.fromisoformat(last), days, None)


def test_behind_the_published_years_no_day_is_named():
    year = working_days.LAST_YEAR
    found = due(dt.date(year, 12, 20), 10)
    assert found.day is None
    assert found.unpublished == year + 1
    assert 0 < found.counted < 10
    assert due(dt.date(year + 5, 3, 1), 3) == Due(None, 0, year + 5)


def test_before_the_first_arrangement_no_day_is_named():
    assert due(dt.date(1995, 5, 1), 10) == Due(None, 0, None)


def test_one_more_working_day_is_always_later():
    start = dt.date(2026, 1, 15)
    days = [due(start, count).day for count in range(1, 150)]
    assert days == sorted(set(days))
