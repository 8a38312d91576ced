"""Running the examples against drafts, and keeping what came out."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from accounts.models import User
from insurance import policy_examples, policy_reading
from insurance.models import PolicyCheck, PolicyVersion


@dataclass(frozen=True)
class CheckState:
    """The last run for exactly these versions. `is_current`: nothing it depended on has changed since."""

    check: PolicyCheck
    is_current: bool

    @property
    def allows_publishing(self) -> bool:
        return self.is_current and self.check.failed == 0


@transaction.atomic
def run(*, versions: Sequence[PolicyVersion], by: User) -> PolicyCheck:
    """Run every example as if these drafts were in force, and keep the result with the first of them.

    Five queries, however many examples there are. Raises policy_examples.ExampleError.
    """
    examples = policy_examples.read()
    outcomes = policy_examples.run(examples, policy_reading.reader(versions))
    failed = [one for one in outcomes if one.faults]
    first, together = versions[0], _together(versions)
    return PolicyCheck.objects.create(
        version=first,
        together=together,
        world=_world(examples),
        total=len(outcomes),
        failed=len(failed),
        failures=[
            {
                "rule": one.example.rule,
                "name": one.example.name,
                "clause": one.example.clause,
                "faults": list(one.faults),
            }
            for one in failed
        ],
        ran_by=by,
    )


def state(versions: Sequence[PolicyVersion]) -> CheckState | None:
    """None where the examples were never run for exactly these versions together."""
    runs = PolicyCheck.objects.filter(version=versions[0])
    found = next((one for one in runs if one.together == _together(versions)), None)
    return CheckState(found, found.world == _world(policy_examples.read())) if found else None


def _together(versions: Sequence[PolicyVersion]) -> list[int]:
    return sorted(one.pk for one in versions[1:])


def _world(examples: Sequence[policy_examples.Example]) -> str:
    published = PolicyVersion.objects.published().order_by("pk").values_list("pk", flat=True)
    return hashlib.sha256(f"{list(published)} {examples}".encode()).hexdigest()
