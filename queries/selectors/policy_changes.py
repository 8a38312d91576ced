"""What the rules of an area said on one day and on a later one, where the two differ."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.text import capfirst

from insurance import areas, policy_days, policy_reading
from insurance.places import area_name
from insurance.policy_labels import LABELS, TOPIC_LABELS
from insurance.policy_names import TOPICS
from insurance.policy_values import Policy, Value
from queries.selectors.policies import (
    SourceLine,
    Statement,
    deciding,
    sources_of,
    statements,
)


@dataclass(frozen=True)
class Change:
    """What decided on the two days; empty where nothing was found for that day."""

    label: str
    before: tuple[Statement, ...]
    after: tuple[Statement, ...]


@dataclass(frozen=True)
class ChangedTopic:
    key: str
    label: str
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class Changes:
    """`topics` is empty where the two days say the same."""

    code: str
    name: str
    first: date
    last: date
    topics: tuple[ChangedTopic, ...]
    sources: tuple[SourceLine, ...]

    @property
    def count(self) -> int:
        return sum(len(topic.changes) for topic in self.topics)


def name(code: str) -> str | None:
    """One query; None for what is the code of no area."""
    return area_name(code) if areas.is_known(code) else None


def changes(code: str, *, area: str, first: date, last: date) -> Changes:
    """Two queries."""
    policy = policy_reading.values_all(code)
    before, after = policy_days.on(policy, first), policy_days.on(policy, last)
    topics, cited = [], []
    for key, names in TOPICS.items():
        found = []
        for one in names:
            then, now = _decided(before, one.name, first), _decided(after, one.name, last)
            if _readings(then, first) == _readings(now, last):
                continue
            label = capfirst(str(LABELS[one.name]))
            found.append(Change(label, statements(then, first), statements(now, last)))
            cited += [*then, *now]
        if found:
            topics.append(ChangedTopic(key, str(TOPIC_LABELS[key]), tuple(found)))
    return Changes(code, area, first, last, tuple(topics), sources_of(cited))


def _decided(policy: Policy, name: str, day: date) -> tuple[Value, ...]:
    return deciding(policy.get(name), day)


def _readings(values: Iterable[Value], day: date) -> set[str]:
    """What somebody would read: the values, and whether a paper had run out. When we looked is no change of the rule."""
    return {str((one.value, one.emptiness, one.has_run_out(day))) for one in values}
