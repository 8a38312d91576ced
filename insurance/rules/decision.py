"""What a rule hands back: a verdict, the findings it rests on, figures and materials. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from insurance.policy_values import Citation

YES, NO, STAFF_DECIDES, UNKNOWN = "yes", "no", "staff_decides", "unknown"
# What decides first: a condition that fails is a no whatever else is open, and what is disputed goes to staff, who can
# find out what is merely unknown on the way.
VERDICTS = (NO, STAFF_DECIDES, UNKNOWN, YES)


def all_of(verdicts: Iterable[str]) -> str:
    """The verdict of conditions that must all hold; yes where there are none."""
    found = set(verdicts)
    return next((one for one in VERDICTS if one in found), YES)


@dataclass(frozen=True)
class Cited:
    """A place in a document, and what it was worth as evidence on the day of the question."""

    citation: Citation
    confidence: str


@dataclass(frozen=True)
class Finding:
    """One sentence of the reason. `code` and `next_step` are keys of the catalogue of sentences; "" is no next step.

    `verdict` is that of the condition the finding belongs to.
    """

    code: str
    verdict: str
    params: Mapping[str, Any] = field(default_factory=dict)
    next_step: str = ""
    sources: tuple[Cited, ...] = ()


@dataclass(frozen=True)
class Material:
    """One of these papers is enough; `only_if` names the condition under which it is asked for, "" is always."""

    any_of: tuple[str, ...]
    only_if: str = ""


@dataclass(frozen=True)
class Decision:
    """Months in figures are `Month`, money is fen; None is not determined.

    `versions` are the ids of the published rules it was read from; whoever asked the rule fills them in.
    """

    rule: str
    area: str
    on: date
    verdict: str
    findings: tuple[Finding, ...]
    figures: Mapping[str, Any] = field(default_factory=dict)
    materials: tuple[Material, ...] = ()
    versions: tuple[int, ...] = ()

    @property
    def sources(self) -> tuple[Cited, ...]:
        return tuple(one for finding in self.findings for one in finding.sources)
