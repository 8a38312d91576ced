"""Where the published rules contradict each other: every reading with its documents, and the task it opened."""

import hashlib
import json
from dataclasses import dataclass, replace
from datetime import date

from insurance import areas, policy_reading
from insurance.models import PolicyTask, PolicyVersion, PoolingArea
from insurance.policy_schema import as_raw
from insurance.policy_values import Value
from insurance.rules import evidence


@dataclass(frozen=True)
class Dispute:
    """`readings` stand against each other, nearest level first. `digest` names exactly this contradiction.

    `is_open`: no document decides it. Else an official document does, and the last readings are claims that it outdoes.
    """

    area: str
    name: str
    readings: tuple[Value, ...]
    is_open: bool
    digest: str


@dataclass(frozen=True)
class Line:
    """A dispute of the register; `task` is None until the job has opened it, and where a document decides."""

    dispute: Dispute
    area: PoolingArea | None
    task: PolicyTask | None


def in_force(day: date) -> tuple[Dispute, ...]:
    """Every dispute of that day, by area and name; one of a province is told once, not for each of its cities."""
    policy_on = policy_reading.reader()
    found: dict[tuple[str, str, str], Dispute] = {}
    published = PolicyVersion.objects.published().order_by("area__code")
    for code in published.values_list("area__code", flat=True):
        for name, answer in policy_on(code, day).answers.items():
            reading = evidence.read(answer, day)
            undecided = answer.is_disputed and not reading.is_decided
            if undecided or reading.rejected:
                dispute = _dispute(name, (*reading.values, *reading.rejected), undecided)
                found[dispute.area, name, dispute.digest] = dispute
    return tuple(found[key] for key in sorted(found))


def _dispute(name: str, readings: tuple[Value, ...], is_open: bool) -> Dispute:
    # A better wording of a note is no other dispute.
    said = [(one.area, as_raw(replace(one, note=""), one.checked_on)) for one in readings]
    text = json.dumps(sorted(said, key=str), ensure_ascii=False, sort_keys=True)
    nearest = next(
        code for code in areas.chain(_deepest(readings)) if code in {one.area for one in readings}
    )
    return Dispute(nearest, name, readings, is_open, hashlib.sha256(text.encode()).hexdigest())


def _deepest(readings: tuple[Value, ...]) -> str:
    return max((one.area for one in readings), key=lambda code: len(areas.chain(code)))


def register(day: date) -> tuple[Line, ...]:
    """The register of that day with the tasks; open disputes first."""
    disputes = in_force(day)
    rows = PoolingArea.objects.in_bulk({one.area for one in disputes}, field_name="code")
    tasks = {
        (one.area_id, one.name, one.readings): one
        for one in PolicyTask.objects.select_related("settled_by")
    }
    lines = [
        Line(one, rows.get(one.area), tasks.get((one.area, one.name, one.digest)))
        for one in disputes
    ]
    return tuple(sorted(lines, key=lambda line: not line.dispute.is_open))
