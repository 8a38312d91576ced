"""What the pages of editing and publishing show."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef

from accounts.models import User
from insurance import policy_checks, policy_impact
from insurance.models import PolicyVersion
from insurance.policy_impact import Count, Impact
from insurance.policy_labels import LABELS
from insurance.policy_schema import PolicyFileError
from insurance.policy_text import text_of
from insurance.policy_values import Value

# A line of a file is shown as it was typed, so far that it is found again.
LONGEST_EXCERPT = 80


@dataclass(frozen=True)
class FaultLine:
    """One fault of a typed file; `excerpt` is the line as typed."""

    line: int
    message: str
    excerpt: str


def fault_lines(error: PolicyFileError, text: str) -> list[FaultLine]:
    """In the order of the lines, each line as the writer sees it."""
    lines = text.split("\n")
    return [
        FaultLine(one.line, one.message, lines[one.line - 1].strip()[:LONGEST_EXCERPT])
        for one in error.faults
    ]


def other_drafts(version: PolicyVersion, user: User) -> list[PolicyVersion]:
    """The newest version of every other area, where it is a draft that this editor may publish."""
    newer = PolicyVersion.objects.filter(
        area=OuterRef("area"), number__gt=OuterRef("number")
    ).exclude(status=PolicyVersion.Status.WITHDRAWN)
    drafts = PolicyVersion.objects.filter(~Exists(newer), status=PolicyVersion.Status.DRAFT)
    found = drafts.exclude(area=version.area).select_related("area").order_by("area")
    return [one for one in found if one.drafted_by_id != user.pk]


def first_load(others: Sequence[PolicyVersion]) -> dict[str, Any]:
    """Where nothing is in force yet, no area's examples hold without the others."""
    if PolicyVersion.objects.published().exists():
        return {}
    return {"together": [str(one.pk) for one in others]}


def is_waiting(versions: Sequence[PolicyVersion]) -> bool:
    return all(one.status == PolicyVersion.Status.DRAFT for one in versions)


def sheet(versions: Sequence[PolicyVersion], user: User) -> dict[str, Any]:
    """The last run of the examples, what changes and for how many; whether the button stands there."""
    version = versions[0]
    impact = policy_impact.preview(version)
    return {
        "version": version,
        "state": policy_checks.state(versions),
        "changes": [_change(one) for one in impact.changes],
        "counts": [_counts(version, impact), *(_counts(one) for one in versions[1:])],
        "is_waiting": is_waiting(versions),
        "is_own": version.drafted_by_id == user.pk,
    }


def _change(change: policy_impact.Change) -> dict[str, Any]:
    return {
        "name": change.name,
        "label": LABELS.get(change.name, change.name),
        "before": [reading(one) for one in change.before],
        "after": [reading(one) for one in change.after],
    }


def _counts(
    version: PolicyVersion, impact: Impact | None = None
) -> tuple[PolicyVersion, tuple[Count, ...]]:
    return version, (impact or policy_impact.preview(version)).counts


def reading(value: Value) -> dict[str, Any]:
    """One value in words, with its days and the documents that say so."""
    return {
        "text": text_of(value),
        "from": value.valid_from,
        "to": value.valid_to,
        "citations": value.citations,
    }
