"""Reading the short messages that a test caused."""

import re

from accounts.models import SmsMessage

State = SmsMessage.State


def letters(phone=None):
    """What was really sent, oldest first: (phone, body)."""
    rows = SmsMessage.objects.exclude(state=State.DECOY).order_by("id")
    return [(row.phone, row.body) for row in rows if phone in (None, row.phone)]


def newest_code(phone=None):
    """The six digits of the newest message that has any."""
    codes = [found[0] for _phone, body in letters(phone) if (found := re.match(r"\d{6}", body))]
    return codes[-1]


def wrong(code):
    return f"{(int(code) + 1) % 10**6:06d}"
