"""Days of the agency: those of the time zone in the settings, whatever the zone that a moment is written in."""

from datetime import date, datetime

from django.utils import timezone


def day_of(moment: datetime) -> date:
    """As `timezone.localdate`, which looks each time whether the request chose a zone of its own: none does, here.

    Raise ValueError for a moment without a time zone.
    """
    if moment.tzinfo is None:
        # Python would take it for a moment of the machine's own zone.
        raise ValueError("a moment without a time zone has no day")
    return moment.astimezone(timezone.get_default_timezone()).date()
