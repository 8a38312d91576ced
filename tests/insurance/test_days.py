"""The day of a moment, as the agency counts days."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from django.utils.timezone import localdate

from insurance.days import day_of


def test_a_day_begins_at_midnight_in_shanghai():
    midnight = datetime(2026, 11, 21, 16, 0, tzinfo=UTC)
    assert day_of(midnight) == date(2026, 11, 22)
    assert day_of(midnight - timedelta(microseconds=1)) == date(2026, 11, 21)


@pytest.mark.parametrize("hours", [-12, 0, 8, 14])
def test_the_zone_of_the_moment_does_not_matter(hours):
    moment = datetime(2026, 11, 22, 0, 30, tzinfo=timezone(timedelta(hours=hours)))
    assert day_of(moment) == day_of(moment.astimezone(UTC)) == localdate(moment)


def test_a_moment_without_a_zone_has_no_day():
    with pytest.raises(ValueError, match="time zone"):
        day_of(datetime(2026, 11, 22, tzinfo=UTC).replace(tzinfo=None))
