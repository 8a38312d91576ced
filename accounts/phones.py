"""Mobile numbers as people type them."""

import re

from accounts.id_number import narrow

MAX_TYPED = 40  # whatever is longer is no number
MOBILE = re.compile(r"1[3-9][0-9]{9}")


def normalise(text: str) -> str | None:
    """Eleven digits, or None: +86, 0086, spaces, hyphens and full-width digits are forgiven."""
    if MOBILE.fullmatch(text):
        return text
    if len(text) > MAX_TYPED:
        return None
    digits = re.sub(r"[()]", "", narrow(text))
    digits = re.sub(r"^(?:\+|00)86", "", digits)
    if len(digits) == 13 and digits.startswith("86"):
        digits = digits[2:]
    return digits if MOBILE.fullmatch(digits) else None
