"""Which evidence decides: the one place where values of different worth are weighed against each other. Pure.

A rule asks `read(answer, day, judge)`, where `judge` says what one value means for the question: a verdict, or None where the
value is silent on it (an open list that does not name the case). Without a judge the value itself is wanted.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from insurance.policy_values import COMPLETE, NONE_REQUIRED, OFFICIAL, SEED_ONLY, Answer, Value
from insurance.rules.decision import NO, STAFF_DECIDES, UNKNOWN, YES, Cited, Finding

Judge = Callable[[Value], str | None]

# On what a reading rests. AGREED: the candidates differ, but lead to the same verdict.
BY_DOCUMENT, SECONDARY_ALONE, AGREED = "official", "secondary", "agreed"
DISPUTED, SEED_ALONE, RUN_OUT = "disputed", "seed_only", "run_out"
# SILENT: there is an open list, and it says nothing about the case. NOT_FOUND: nothing covers the day.
SILENT, NOT_FOUND = "silent", "not_found"
_DECIDED = {BY_DOCUMENT, SECONDARY_ALONE, AGREED}

ASK_12393, ASK_COUNTER = "ask_12393", "ask_counter"


@dataclass(frozen=True)
class Reading:
    """`values` are those that decide, or between which nobody has decided; `rejected` are outdone by an official one.

    `meanings` are the verdicts to which the values lead, each by itself.
    """

    name: str
    day: date
    basis: str
    verdict: str
    values: tuple[Value, ...] = ()
    rejected: tuple[Value, ...] = ()
    meanings: frozenset[str] = frozenset()

    @property
    def is_decided(self) -> bool:
        return self.basis in _DECIDED

    @property
    def asks_nothing(self) -> bool:
        """A document lists the conditions and this is not among them."""
        return self.is_decided and all(one.emptiness == NONE_REQUIRED for one in self.values)

    @property
    def settled(self) -> Any:
        """The value, where it is one; None where nothing is settled, and where nothing is required."""
        first = self.values[0].value if self.is_decided else None
        return first if all(one.value == first for one in self.values) else None

    @property
    def alternatives(self) -> tuple[Value, ...]:
        """All that it may turn out to be: what decides, or the several sides of a dispute. Empty where that is open."""
        sides = (
            {(one.value, one.emptiness) for one in self.values} if self.basis == DISPUTED else ()
        )
        return self.values if self.is_decided or len(sides) > 1 else ()

    @property
    def sources(self) -> tuple[Cited, ...]:
        return sources_of(self.values, self.day)


def sources_of(values: Iterable[Value], day: date) -> tuple[Cited, ...]:
    """Every document behind the values, each once."""
    found = {
        (one.source.id, one.article): Cited(one, value.confidence_on(day))
        for value in values
        for one in value.citations
    }
    return tuple(found.values())


def read(answer: Answer, day: date, judge: Judge | None = None) -> Reading:
    """The table of evidence, applied to what is said under one name on that day."""
    means = judge or (lambda value: YES)
    spoken = tuple(one for one in answer if not one.is_blank)
    candidates = Answer(
        answer.name, tuple(one for one in spoken if means(one) is not None)
    ).candidates()
    if not candidates:
        return Reading(answer.name, day, SILENT if spoken else NOT_FOUND, UNKNOWN, spoken)

    def differs(one: Value, other: Value) -> bool:
        if judge is None:
            return (one.value, one.emptiness) != (other.value, other.emptiness)
        return means(one) != means(other)

    def reading(
        basis: str, values: Iterable[Value], verdict: str = "", rejected: Iterable[Value] = ()
    ) -> Reading:
        values = tuple(values)
        meanings = frozenset(means(one) or UNKNOWN for one in values)
        return Reading(
            answer.name, day, basis, verdict or min(meanings), values, tuple(rejected), meanings
        )

    deciding = [one for one in candidates if _decides(one, day)]
    if deciding and not any(differs(one, deciding[0]) for one in deciding):
        others = [one for one in candidates if differs(one, deciding[0])]
        return reading(BY_DOCUMENT, deciding, rejected=others)
    undecided = _undecided(candidates, day, any(differs(one, candidates[0]) for one in candidates))
    if undecided:
        return reading(undecided, candidates, STAFF_DECIDES)
    same = all(one.value == candidates[0].value for one in candidates)
    return reading(SECONDARY_ALONE if same else AGREED, candidates)


def _decides(value: Value, day: date) -> bool:
    return (
        value.confidence_on(day) == OFFICIAL
        and not value.has_run_out(day)
        and not value.is_disputed
    )


def _undecided(candidates: tuple[Value, ...], day: date, differ: bool) -> str:
    """Why staff have to decide where no official value in force does; "" where the candidates do."""
    if any(one.has_run_out(day) for one in candidates):
        return RUN_OUT
    if all(one.confidence == SEED_ONLY for one in candidates):
        return SEED_ALONE
    # A value that its own paper calls disputed never decides alone.
    return DISPUTED if differ or (len(candidates) == 1 and candidates[0].is_disputed) else ""


def listed(*wanted: str) -> Judge:
    """A judge for lists: yes where one of these is in it, no where the list is complete without, else silent."""

    def judge(value: Value) -> str | None:
        if set(wanted) & set(value.value or ()):
            return YES
        return NO if value.list_kind == COMPLETE else None

    return judge


def findings(
    reading: Reading, code: str, *, next_step: str = "", **params: Any
) -> tuple[Finding, ...]:
    """The findings of one condition: what was decided or why nothing was, then what the evidence is worth.

    Where something was decided the first has the code `<code>_<verdict>`, and its params.
    """
    if not reading.is_decided:
        return (_undecided_finding(reading, params), *_rejected(reading))
    main = Finding(
        f"{code}_{reading.verdict}",
        reading.verdict,
        {"name": reading.name, "values": reading.values} | params,
        next_step,
        reading.sources,
    )
    notes = []
    if reading.basis != BY_DOCUMENT:
        notes.append(_note(f"evidence_{reading.basis}", reading, reading.values, ASK_12393))
    return (main, *notes, *_rejected(reading))


def _undecided_finding(reading: Reading, params: Mapping[str, Any]) -> Finding:
    told: dict[str, Any] = {"name": reading.name, "values": reading.values} | dict(params)
    if reading.basis == RUN_OUT:
        days = [one.stated_validity_until for one in reading.values if one.has_run_out(reading.day)]
        told["until"] = max(day for day in days if day)
    step = ASK_12393 if reading.verdict == UNKNOWN else ASK_COUNTER
    return Finding(f"evidence_{reading.basis}", reading.verdict, told, step, reading.sources)


def _note(code: str, reading: Reading, values: tuple[Value, ...], step: str) -> Finding:
    told = {"name": reading.name, "values": values}
    return Finding(code, reading.verdict, told, step, sources_of(values, reading.day))


def _rejected(reading: Reading) -> tuple[Finding, ...]:
    if not reading.rejected:
        return ()
    return (_note("claim_rejected", reading, reading.rejected, ""),)
