"""Mobile numbers as people type them."""

import re
import unicodedata

MOBILE = re.compile(r"1[3-9][0-9]{9}")


def normalise(text: str) -> str | None:
    """Eleven digits, or None: +86, 0086, spaces, hyphens and full-width digits are forgiven."""
    if len(text) > 40:
        return None
    digits = re.sub(r"[\s\-()]", "", unicodedata.normalize("NFKC", text))
    digits = re.sub(r"^(?:\+|00)86", "", digits)
    if len(digits) == 13 and digits.startswith("86"):
        digits = digits[2:]
    return digits if MOBILE.fullmatch(digits) else None
