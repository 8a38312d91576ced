"""The sentences of the notices, and how they are filled in."""

import re
from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from typing import NamedTuple

from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from insurance.money import yuan
from insurance.templatetags.insurance_format import day, money

# The words that are kept, and those of every short message; pages may speak another language.
KEPT_LANGUAGE = settings.LANGUAGE_CODE
ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
FEN = "_fen"
# Days nearby, kinds of places, relations, masked names: what is said now is said again soon.
WORDS_KEPT = 512


@dataclass(frozen=True)
class Text:
    """One kind of notice: lazy Chinese sentences with named parameters, as `%(giver_name)s`.

    `sms` begins with what happened, ends with 。 and holds neither a link nor more figures than are needed; the way to the
    inbox and the signature are added.
    """

    title: str | Promise
    body: str | Promise
    sms: str | Promise

    @cached_property
    def kept(self) -> tuple[str, str, str]:
        """The sentences in the language in which every notice is kept."""
        with spoken(KEPT_LANGUAGE):
            return str(self.title), str(self.body), str(self.sms)


class Told(NamedTuple):
    """The sentences filled in, in one language."""

    title: str
    body: str
    sms: str


# The floors add theirs when they are imported.
TEXTS: dict[str, Text] = {}


def spoken(language: str) -> AbstractContextManager[None]:
    """As `translation.override`, and nothing where that language is spoken already."""
    if translation.get_language() == language:
        return nullcontext()
    return translation.override(language)


def fill(text: Text, params: Mapping[str, str | int], language: str) -> Told:
    """Raise KeyError for a parameter that is not there, ValueError for a day that no calendar has."""
    with spoken(language):
        words = words_of(params, language)
        kept = language == KEPT_LANGUAGE
        return filled(
            text.kept if kept else (str(text.title), str(text.body), str(text.sms)), words
        )


def words_of(params: Mapping[str, str | int], language: str) -> dict[str, str]:
    """What stands in the sentences for each parameter, in the language, which is spoken already. Raise as `fill` does."""
    return {key: _word(key, value, language) for key, value in params.items()}


def filled(sentences: Iterable[str], words: Mapping[str, str]) -> Told:
    """Title, body and short message with these words. Raise KeyError for one that is not there."""
    return Told(*[part % words if "%" in part else part for part in sentences])


def _word(key: str, value: str | int, language: str) -> str:
    """`…_fen` is an amount and 2026-11-21 a day; a Chinese word that the catalogue knows is said in the language."""
    return _number(key, value, language) if isinstance(value, int) else _said(value, language)


def _number(key: str, value: int, language: str) -> str:
    if not key.endswith(FEN):
        return str(value)
    # What is kept is Chinese: to ask which language is spoken takes longer than to write the amount.
    return yuan(value) if language == KEPT_LANGUAGE else money(value)


@lru_cache(maxsize=WORDS_KEPT)
def _said(value: str, _language: str) -> str:
    """In the language that is spoken."""
    if ISO_DAY.fullmatch(value):
        return day(date.fromisoformat(value))
    return _(value) if value else ""
