"""Reference numbers that people read out and type in: the day, eight random digits, a check digit.

A number names a case and opens nothing: whoever asks with it must still be the owner. It is kept as GJ-2026-1121-0042-1234-7,
hyphens included: seventeen digits in a row pass for an ID number or a card in logs, audit and masks.
"""

import re
from datetime import date
from random import Random

from accounts.id_number import narrow

PREFIX = "GJ"
# A day of a hundred thousand cases has some fifty doubles: whoever stores a number draws again where it is taken.
RANDOM_DIGITS = 8
MAX_TYPED = 60  # whatever is longer was not typed from a receipt
TYPED = re.compile(rf"(?:{PREFIX})?([0-9]{{8}})([0-9]{{{RANDOM_DIGITS}}})([0-9])")


def make(day: date, *, random: Random) -> str:
    """A number of that day, as it is kept. `random` is `secrets.SystemRandom()` everywhere but in tests.

    It may be taken: a unique constraint decides.
    """
    digits = f"{day:%Y%m%d}{random.randrange(10**RANDOM_DIGITS):0{RANDOM_DIGITS}d}"  # nosec B311
    return "-".join([PREFIX, *_groups(digits + check_digit(digits))])


def normalise(text: str) -> str | None:
    """The number as it is kept, or None. Forgives spaces, hyphens, full-width characters, small or missing letters."""
    if len(text) > MAX_TYPED:
        return None
    found = TYPED.fullmatch(narrow(text).upper())
    if not found:
        return None
    day, number, check = found.groups()
    try:
        date.fromisoformat(day)
    except ValueError:
        return None
    if check_digit(day + number) != check:
        return None
    return "-".join([PREFIX, *_groups(day + number + check)])


def is_valid(text: str) -> bool:
    """Whether this could be one of our numbers; not whether there is such a case."""
    return normalise(text) is not None


def grouped(text: str) -> str:
    """For reading out: GJ 2026 1121 0042 1234 7. Raises ValueError for what is no number of ours."""
    kept = normalise(text)
    if kept is None:
        raise ValueError("no reference number")
    return kept.replace("-", " ")


def check_digit(digits: str) -> str:
    """ISO 7064 MOD 11,10: finds every wrong digit, and nearly every pair of neighbours that changed places."""
    check = 10
    for digit in digits:
        check = ((int(digit) + check) % 10 or 10) * 2 % 11
    return str((11 - check) % 10)


def _groups(digits: str) -> list[str]:
    """By four, as they are spoken; the check digit stands alone."""
    return [digits[start : start + 4] for start in range(0, len(digits), 4)]
