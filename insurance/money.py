"""Money is a whole number of fen; text becomes fen here and fen become text here.

Django's zh-hans format groups by four and prints no separator, and its decimal field takes `1e5`: hence our own.
"""

import re
import unicodedata

FEN = 100
# Twelve digits of yuan: more than any account, less than a 64-bit column.
AMOUNT = re.compile(
    r"(?P<sign>-?)(?P<yuan>[0-9]{1,12}|[0-9]{1,3}(?:,[0-9]{3}){1,3})(?:\.(?P<fen>[0-9]{1,2}))?"
)
MAX_TYPED = 40


class MoneyError(ValueError):
    """The text is no amount of yuan with at most two decimals."""


def parse(text: str, *, negative: bool = False) -> int:
    """Yuan as typed → fen. Takes 1,234.56, ¥100, 100元 and full-width digits; refuses 1e5, NaN and a third decimal.

    A minus is taken only where `negative` says so.
    """
    if len(text) > MAX_TYPED:
        raise MoneyError(text[:MAX_TYPED])
    plain = re.sub(r"[\s¥￥]|元$", "", unicodedata.normalize("NFKC", text).strip())
    match = AMOUNT.fullmatch(plain)
    if not match or (match["sign"] and not negative):
        raise MoneyError(text)
    fen = int(match["yuan"].replace(",", "")) * FEN + int((match["fen"] or "").ljust(2, "0"))
    return -fen if match["sign"] else fen


def plain(fen: int) -> str:
    """1,234.56, with a minus sign where it is one."""
    whole, rest = divmod(abs(fen), FEN)
    return f"{'-' if fen < 0 else ''}{whole:,}.{rest:02d}"


def yuan(fen: int) -> str:
    """1,234.56 元."""
    return f"{plain(fen)} 元"
