"""Names of people as they are typed, stored and compared.

NFC and never NFKC: the latter would turn rare characters of the compatibility blocks into others without a word.
"""

import re
import unicodedata

DOT = "·"
MAX_LETTERS = 100  # the longest names on identity cards stay well below
_HAN = r"\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff\ue000-\uf8ff"
# What keyboards and old systems write for the dot inside Uyghur, Tibetan or Yi names.
DOTS = re.compile(
    r"\s*[\u00b7\u2022\u2027\u2219\u22c5\u30fb\uff65\u16eb\u2e31\u2e33\u0387\u25cf\u2024]\s*"
)
# A full stop is such a dot only between Chinese characters: "J. Smith" keeps its own.
FULL_STOPS = re.compile(rf"(?<=[{_HAN}])\s*[.\uff0e\u3002\uff61]\s*(?=[{_HAN}])")
INVISIBLE = re.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
SPACES_BETWEEN_HAN = re.compile(rf"(?<=[{_HAN}])\s+(?=[{_HAN}])")
# They choose between two drawings of one character, and keyboards lose them.
VARIATION_SELECTORS = re.compile(r"[\u180b-\u180d\ufe00-\ufe0f\U000e0100-\U000e01ef]")
# Letters, marks, letter-like numbers (〇) and private-use characters that stand for rare ones.
ALLOWED_CATEGORIES = ("L", "M", "Nl", "Co")
ALLOWED_MARKS = frozenset(f"{DOT} -'’.,")


def normalise(text: str) -> str:
    """The form that is stored and shown: one kind of dot, no spaces inside Chinese names, single ones elsewhere."""
    text = INVISIBLE.sub("", unicodedata.normalize("NFC", text[: 4 * MAX_LETTERS]))
    text = " ".join(text.split())
    text = FULL_STOPS.sub(DOT, DOTS.sub(DOT, text))
    return SPACES_BETWEEN_HAN.sub("", text)


def fault(text: str) -> str | None:
    """What is wrong with a normalised name: empty, long, characters; None when nothing is."""
    if not text:
        return "empty"
    if len(text) > MAX_LETTERS:
        return "long"
    good = all(
        unicodedata.category(letter).startswith(ALLOWED_CATEGORIES) or letter in ALLOWED_MARKS
        for letter in text
    )
    has_letter = any(unicodedata.category(letter)[0] in "LNC" for letter in text)
    return None if good and has_letter else "characters"


def same(one: str, other: str) -> bool:
    """Do both name the same person? Dots, spaces, case and variation selectors are forgiven."""
    key = match_key(one)
    return bool(key) and key == match_key(other)


def match_key(text: str) -> str:
    plain = VARIATION_SELECTORS.sub("", normalise(text))
    return re.sub(rf"[\s{DOT}.\-'’,]", "", plain).casefold()
