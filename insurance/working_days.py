"""Chinese working days: weekends moved by public holidays, as the State Council arranges them year by year. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta

import chinese_calendar

FIRST_YEAR = min(chinese_calendar.holidays).year
LAST_YEAR = max(chinese_calendar.holidays).year
# The arrangement of the next year has moved days of December before, the 29th at the earliest (for 2007 and 2019).
LAST_SURE_DAY = date(LAST_YEAR, 12, 28)


@dataclass(frozen=True)
class Due:
    """`day` None: not all of the working days lie in published years; `counted` of them surely do.

    `unpublished` is the year whose arrangement is wanted, None where the day is known or lies before all arrangements.
    """

    day: date | None
    counted: int
    unpublished: int | None


def due(start: date, days: int) -> Due:
    """The last of so many working days, the first being the next one after `start`."""
    if start.year < FIRST_YEAR:
        return Due(None, 0, None)
    day, counted = start, 0
    while counted < days:
        day += timedelta(days=1)
        if day > LAST_SURE_DAY:
            return Due(None, counted, max(LAST_YEAR + 1, start.year))
        counted += chinese_calendar.is_workday(day)
    return Due(day, counted, None)
