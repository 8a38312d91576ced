"""The one box that takes an ID number, a phone or a social security card number: which of them was typed.

The answer follows from the text alone, so that a page can refuse a malformed one without looking anybody up.
"""

import re
from dataclasses import dataclass
from datetime import date

from accounts import phones
from accounts.id_number import IdNumber, IdNumberError, tidy

ID_NUMBER = "id_number"
PHONE = "phone"
SOCIAL_SECURITY_CARD = "social_security_card"
# 社会保障卡卡号: a letter or digit and eight digits; not the nineteen digits of the bank.
CARD = re.compile(r"[0-9A-Z][0-9]{8}")
LONGEST_CARD_LIKE = 10


class BoxError(ValueError):
    """`code`: empty, unknown, phone, card, bank_card, or one of `IdNumberError`, named id_number_…"""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Typed:
    """A kind of identifier and its normalised value, ready for a look-up."""

    kind: str
    value: str

    @property
    def is_phone(self) -> bool:
        return self.kind == PHONE

    def __str__(self) -> str:
        """Never the number: it would reach a log or a page by accident."""
        return self.kind

    __repr__ = __str__


def read(text: str, *, today: date) -> Typed:
    """Classify what was typed; raise `BoxError` when it can be none of the three."""
    if phone := phones.normalise(text):
        return Typed(PHONE, phone)
    try:
        plain = tidy(text)
    except IdNumberError:
        raise BoxError("unknown") from None
    if not plain:
        raise BoxError("empty")
    if CARD.fullmatch(plain):
        return Typed(SOCIAL_SECURITY_CARD, plain)
    if re.fullmatch(r"[0-9]{15}|[0-9]{17}[0-9X]", plain):
        try:
            return Typed(ID_NUMBER, IdNumber.parse(plain, today=today).text)
        except IdNumberError as error:
            raise BoxError(f"id_number_{error.code}") from None
    raise BoxError(_nearest(plain))


def _nearest(plain: str) -> str:
    """What the text was probably meant to be, so that the page can say what is missing."""
    if re.fullmatch(r"[0-9]{19}|62[0-9]{14,16}", plain):
        return "bank_card"
    if re.fullmatch(r"1[0-9]{9,11}", plain):
        return "phone"
    if re.fullmatch(r"[0-9A-Z][0-9]*", plain) and len(plain) <= LONGEST_CARD_LIKE:
        return "card"
    if re.fullmatch(r"[0-9]+X?", plain):
        return "id_number_shape"
    return "unknown"
