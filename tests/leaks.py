"""Finds personal data in text: what the log of a whole test run must not hold."""

import re
from collections.abc import Iterator

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_DIGITS = "10X98765432"
LONG_ID = re.compile(r"(?<![0-9A-Za-z])\d{17}[\dXx](?![0-9A-Za-z])")
LEGACY_ID = re.compile(
    r"(?<![0-9A-Za-z])[1-8]\d{5}\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}(?![0-9A-Za-z])"
)
PHONE = re.compile(r"(?<![0-9A-Za-z.])(?:\+?86)?1[3-9]\d{9}(?![0-9A-Za-z])")
# A backslash before it makes it the escape of a character.
CARD = re.compile(r"(?<![0-9A-Za-z\\])[A-Z]\d{8}(?![0-9A-Za-z])")


def leaks(text: str) -> Iterator[str]:
    """What personal number stands on which line of the text.

    A social security card is a letter or a digit and eight digits; only those with a letter are looked for,
    because nine digits in a row are too often something harmless. The cards of the tests begin with a letter.
    """
    for number, line in enumerate(text.splitlines(), start=1):
        if any(checked(found.group()) for found in LONG_ID.finditer(line)):
            yield f"line {number} holds an ID number"
        if LEGACY_ID.search(line):
            yield f"line {number} holds a 15-digit ID number"
        if PHONE.search(line):
            yield f"line {number} holds a mobile phone number"
        if CARD.search(line):
            yield f"line {number} holds a social security card number"


def checked(number: str) -> bool:
    total = sum(int(digit) * weight for digit, weight in zip(number[:17], WEIGHTS, strict=True))
    return CHECK_DIGITS[total % 11] == number[17].upper()
