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
DIGITS = "零壹贰叁肆伍陆柒捌玖"
MYRIAD = 10_000


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


def capitals(fen: int) -> str:
    """123456 → 壹仟贰佰叁拾肆元伍角陆分, as on cheques; without 人民币 in front.

    By the rules for payment documents (支付结算办法, annex on writing them): 整 where it ends with yuan; one 零 for any run of
    zeros, and none where the run stands at the end of a group of four, which those rules leave open. Raise ValueError for an
    amount below nothing and for more than twelve digits of yuan.
    """
    whole, rest = divmod(fen, FEN)
    if fen < 0 or whole >= MYRIAD**3:
        raise ValueError(fen)
    tenths, hundredths = divmod(rest, 10)
    text = f"{_whole_in_capitals(whole)}元" if whole or not rest else ""
    if not rest:
        return f"{text}整"
    if tenths:
        text += f"{DIGITS[tenths]}角"
    elif text:
        text += DIGITS[0]
    return text + (f"{DIGITS[hundredths]}分" if hundredths else "")


def _whole_in_capitals(whole: int) -> str:
    if not whole:
        return DIGITS[0]
    text, skips = "", False
    for power, name in ((2, "亿"), (1, "万"), (0, "")):
        group = whole // MYRIAD**power % MYRIAD
        # 1 0000 0007 has one zero said for seven, 10 0700 one for the hole before the seven.
        if group and text and (skips or group < MYRIAD // 10):
            text += DIGITS[0]
        text += _group_in_capitals(group) + (name if group else "")
        skips = not group
    return text


def _group_in_capitals(group: int) -> str:
    """Up to four digits, without zeros in front and behind."""
    text, hole = "", False
    for place, name in zip(str(group).zfill(4), ("仟", "佰", "拾", ""), strict=True):
        if place == "0":
            hole = bool(text)
            continue
        text += (DIGITS[0] if hole else "") + DIGITS[int(place)] + name
        hole = False
    return text
