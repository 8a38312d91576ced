"""Citizen identity numbers and the permits of the same form (GB 11643-1999, domain facts §8).

The area part is where the number was issued first. Codes that GB/T 2260 has dropped stay valid on people's cards, so the
number is never held against a list of areas, and never says where somebody is insured.
"""

import re
from dataclasses import dataclass
from datetime import date

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECKS = "10X98765432"
# 国办发〔2018〕81号: residence permits of Hong Kong, Macao and Taiwan residents.
PERMIT_AREAS = {"81": "hong_kong", "82": "macao", "83": "taiwan"}
# The fifteen-digit scheme marked people born before 1900 with these sequences.
CENTENARIAN_SEQUENCES = frozenset({"996", "997", "998", "999"})
OLDEST_YEAR = 1850
MAX_TYPED = 60  # whatever is longer was not typed from a card


class IdNumberError(ValueError):
    """`code` says what is wrong: empty, shape, check, date, future, area."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def check_character(first_seventeen: str) -> str:
    """ISO 7064 MOD 11-2."""
    total = sum(int(digit) * weight for digit, weight in zip(first_seventeen, WEIGHTS, strict=True))
    return CHECKS[total % 11]


# Full-width keyboards. Not NFKC, which also takes ① and ² for digits.
NARROW = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)}
# Spaces, hyphens of every length, and the invisible marks that telephones put round a copied number.
FORGIVEN = re.compile(
    r"[\s\-\u2010-\u2015\u2212\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
)


def narrow(text: str) -> str:
    """The text with plain digits and letters for full-width ones, without spaces, hyphens and invisible marks."""
    return FORGIVEN.sub("", text.translate(NARROW))


def tidy(text: str) -> str:
    """Forgive spaces, hyphens, full-width digits and a small x."""
    if len(text) > MAX_TYPED:
        raise IdNumberError("shape")
    return narrow(text).upper()


@dataclass(frozen=True)
class IdNumber:
    """Always eighteen characters; `IdNumber.parse` is the way in."""

    text: str

    @classmethod
    def parse(cls, text: str, *, today: date) -> "IdNumber":
        """Take 18 or 15 characters as typed; raise `IdNumberError`. `today` refuses births in the future."""
        plain = tidy(text)
        if not plain:
            raise IdNumberError("empty")
        if re.fullmatch(r"[0-9]{15}", plain):
            plain = upgrade(plain)
        if not re.fullmatch(r"[0-9]{17}[0-9X]", plain):
            raise IdNumberError("shape")
        if plain[0] == "0":
            raise IdNumberError("area")
        if check_character(plain[:17]) != plain[17]:
            raise IdNumberError("check")
        number = cls(plain)
        if number.born is None:
            raise IdNumberError("date")
        if number.born > today:
            raise IdNumberError("future")
        return number

    @property
    def born(self) -> date | None:
        try:
            born = date(int(self.text[6:10]), int(self.text[10:12]), int(self.text[12:14]))
        except ValueError:
            return None
        return born if born.year >= OLDEST_YEAR else None

    @property
    def is_permanent_residence_card(self) -> bool:
        """The foreigner's card since 2023-12-01: 9, place, nationality, birth, sequence, check."""
        return self.text[0] == "9"

    @property
    def permit(self) -> str | None:
        """hong_kong, macao or taiwan; None for everybody else."""
        return PERMIT_AREAS.get(self.text[:2]) if self.text[2:6] == "0000" else None

    @property
    def sex(self) -> str | None:
        """What the number says, which the register may contradict; None where it says nothing."""
        if self.is_permanent_residence_card:
            return None
        return "male" if int(self.text[16]) % 2 else "female"

    def __str__(self) -> str:
        """Never the number: it would reach a log or a page by accident."""
        return self.text[0] + "*" * 16 + self.text[17]

    __repr__ = __str__


def upgrade(fifteen: str) -> str:
    """The eighteen characters of a legacy number."""
    century = "18" if fifteen[12:] in CENTENARIAN_SEQUENCES else "19"
    seventeen = fifteen[:6] + century + fifteen[6:]
    return seventeen + check_character(seventeen)
