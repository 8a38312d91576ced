"""Policy values as pure rules see them: frozen, with their level, days, evidence and sources.

Pure. A rule asks `policy.get(name).candidates()` and never meets a row of the database.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Any

OFFICIAL, SECONDARY, SEED_ONLY, DISPUTED = "official", "secondary", "seed_only", "disputed"
# Best evidence first.
CONFIDENCES = (OFFICIAL, SECONDARY, SEED_ONLY)
EVIDENCES = ("read", "press", "recalled", "seed")
NOT_FOUND, NONE_REQUIRED, GAP = "not_found", "none_required", "gap"
EMPTINESSES = (NOT_FOUND, NONE_REQUIRED, GAP)
COMPLETE, OPEN = "complete", "open"
LIST_KINDS = (COMPLETE, OPEN)
SOURCE_KINDS = (
    "law",
    "normative",
    "notice",
    "page",
    "press",
    "software",
    "article",
    "recollection",
)


def freeze(value: Any) -> Any:
    """JSON → the same, unchangeable: lists become tuples, objects read-only mappings."""
    if isinstance(value, list | tuple):
        return tuple(freeze(one) for one in value)
    if isinstance(value, Mapping):
        return MappingProxyType({key: freeze(one) for key, one in value.items()})
    return value


def thaw(value: Any) -> Any:
    """Back to what JSON can print; keys in order, as PostgreSQL keeps none."""
    if isinstance(value, tuple):
        return [thaw(one) for one in value]
    if isinstance(value, Mapping):
        return {key: thaw(value[key]) for key in sorted(value)}
    return value


@dataclass(frozen=True)
class Source:
    """A document. `date` is as printed on it, perhaps a month or a year; `how` says how it was checked."""

    id: str
    title: str
    kind: str
    number: str = ""
    date: str = ""
    url: str = ""
    how: str = ""


@dataclass(frozen=True)
class Citation:
    """A source and the place in it, such as 第11条; the place may be empty."""

    source: Source
    article: str = ""


@dataclass(frozen=True)
class Value:
    """What one level says, from `valid_from` to `valid_to`, both included; None is open.

    `value` None is an explicit blank and `emptiness` says which. `mark` is the papers' own verdict on the evidence, where
    that is harsher than `confidence`: "disputed" must never decide alone.
    """

    area: str
    level: str
    name: str
    value: Any
    unit: str
    confidence: str
    evidence: str
    checked_on: date
    mark: str = ""
    emptiness: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    stated_validity_until: date | None = None
    list_kind: str = ""
    note: str = ""
    citations: tuple[Citation, ...] = ()
    version: int | None = None

    @property
    def is_blank(self) -> bool:
        """Nobody knows: a document that says "none required" is an answer, no blank."""
        return self.emptiness in {NOT_FOUND, GAP}

    @property
    def is_disputed(self) -> bool:
        return self.mark == DISPUTED

    def covers(self, day: date) -> bool:
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or day <= self.valid_to
        )

    def has_run_out(self, day: date) -> bool:
        """The document itself says it ended before that day, and nothing newer is known."""
        return self.stated_validity_until is not None and self.stated_validity_until < day

    def confidence_on(self, day: date) -> str:
        """A value without a start is, before the day it was checked, secondary evidence at best."""
        if self.confidence == OFFICIAL and self.valid_from is None and day < self.checked_on:
            return SECONDARY
        return self.confidence


@dataclass(frozen=True)
class Answer:
    """All that is said under one name, nearest level first; disputes stand side by side."""

    name: str
    values: tuple[Value, ...] = ()

    def __iter__(self) -> Iterator[Value]:
        return iter(self.values)

    @property
    def is_blank(self) -> bool:
        return all(value.is_blank for value in self.values)

    def candidates(self) -> tuple[Value, ...]:
        """The values between which a rule has to choose, nearest level first, blanks left out.

        The nearest level with a document speaks last; an article on a web site (seed only) never silences the levels
        above it.
        """
        found: list[Value] = []
        for level in ("city", "province", "nation"):
            spoken = [one for one in self.values if one.level == level and not one.is_blank]
            found += spoken
            if any(one.confidence != SEED_ONLY for one in spoken):
                break
        return tuple(found)

    @property
    def is_disputed(self) -> bool:
        """Candidates differ, or the only one is marked as disputed by the papers."""
        candidates = self.candidates()
        different = any(
            (one.value, one.emptiness) != (candidates[0].value, candidates[0].emptiness)
            for one in candidates
        )
        return different or (len(candidates) == 1 and candidates[0].is_disputed)


@dataclass(frozen=True)
class Policy:
    """What holds for an area on a day; `day` None is everything ever published for it.

    `versions` are the ids of the published versions it was read from, so that a case can keep them. `concluded` is for
    whoever asks the same of the same values many times: values don't change, so what follows from them doesn't either.
    """

    area: str
    day: date | None
    answers: Mapping[str, Answer] = field(default_factory=dict)
    versions: tuple[int, ...] = ()
    concluded: dict[Any, Any] = field(default_factory=dict, compare=False, repr=False)

    def get(self, name: str) -> Answer:
        """An answer without values where nothing covers the day: unknown, never the last known row."""
        return self.answers.get(name) or Answer(name)
