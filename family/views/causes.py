"""What stands in the way, said to the one side that may know it."""

from collections.abc import Iterable
from dataclasses import dataclass

from family.eligibility import Check, Problem
from family.moves import Side
from family.reasons import REASONS, Code
from insurance.decision_view import TAGS
from insurance.rules.decision import NO, STAFF_DECIDES, UNKNOWN

# What the giver mends in the field for the limit.
BY_FIELD = frozenset({Code.LIMIT_MISSING, Code.LIMIT_NOT_COVERED})
# Nobody has to do anything about these, and nobody asked.
UNASKED = frozenset({Code.CAP_NOT_FOUND, Code.NOT_SAID})


@dataclass(frozen=True)
class Cause:
    """`number` is what one says at the hotline; `step` is empty where there is nothing to do."""

    code: str
    number: str
    sentence: str
    step: str
    tag: str


@dataclass(frozen=True)
class Causes:
    """`stopping` stand in the way; `to_staff` send it to the counter; `hints` stop nothing.

    `hidden`: something in the other side's record stands in the way.
    """

    stopping: tuple[Cause, ...]
    to_staff: tuple[Cause, ...]
    hints: tuple[Cause, ...]
    hidden: bool

    @property
    def is_blocked(self) -> bool:
        return bool(self.stopping) or self.hidden


def causes(check: Check, side: Side, *, mended: frozenset[Code] = frozenset()) -> Causes:
    """Of a check on both records: never what lies in the other's. `mended` are left to a field of the page."""
    told = check.told_to(side)
    stopping = [one for one in told if one.verdict in (NO, UNKNOWN) and one.code not in mended]
    hints = [one for one in check.hints if one.concerns(side) and one.code not in UNASKED]
    return Causes(
        stopping=said(stopping, side),
        to_staff=said((one for one in told if one.verdict == STAFF_DECIDES), side),
        hints=said(hints, side),
        hidden=check.hides_from(side),
    )


def said(problems: Iterable[Problem], side: Side) -> tuple[Cause, ...]:
    return tuple(
        Cause(
            code=one.code,
            number=REASONS[one.code].number,
            sentence=one.sentence(side),
            step=one.next_step(side),
            tag=TAGS[one.verdict],
        )
        for one in problems
    )
