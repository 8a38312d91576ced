"""The executable examples beside the rules: facts, a day and an area, the verdict and figures expected, and the clause.

Publishing rules asks that all of them hold; `manage.py check_policies` runs them.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from insurance import explaining, policy_reading, rule_facts

FOLDER = Path(__file__).parent / "rule_examples"
KEYS = {"name", "area", "on", "facts", "verdict", "figures", "clause"}


class ExampleError(ValueError):
    """An example file cannot be read; the text names file and example."""


@dataclass(frozen=True)
class Example:
    """`figures` are those that the example is about; others are not looked at. `clause` is where its answer comes from."""

    rule: str
    name: str
    area: str
    on: date
    facts: Any
    verdict: str
    figures: Mapping[str, Any]
    clause: str


@dataclass(frozen=True)
class Outcome:
    """`told` is what the rule said; `faults` is empty where the example holds."""

    example: Example
    told: Mapping[str, Any]
    faults: tuple[str, ...]


def read(folder: Path = FOLDER) -> tuple[Example, ...]:
    """All examples, by file and in its order. Raises ExampleError."""
    return tuple(one for path in sorted(folder.glob("*.json")) for one in _of_file(path))


def _of_file(path: Path) -> Iterator[Example]:
    rule = path.stem
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))
        if rule not in explaining.RULES:
            raise ExampleError(f"{path.name}: no rule of that name")
        for row in rows:
            if set(row) != KEYS:
                raise ExampleError(
                    f"{path.name}: {row.get('name')}: takes {', '.join(sorted(KEYS))}"
                )
            yield Example(rule=rule, **row | {"on": date.fromisoformat(row["on"])})
    except ExampleError:
        raise
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise ExampleError(f"{path.name}: {error}") from None


def run(
    examples: tuple[Example, ...], policy_on: explaining.ReadPolicy = policy_reading.values_on
) -> tuple[Outcome, ...]:
    """Every example, in order. `policy_on` may be of a draft."""
    return tuple(_run(one, policy_on) for one in examples)


def _run(example: Example, policy_on: explaining.ReadPolicy) -> Outcome:
    try:
        facts = rule_facts.read(example.rule, example.area, example.facts)
    except rule_facts.FactsError as error:
        return Outcome(example, {}, (str(error),))
    told = explaining.as_dict(
        explaining.decide(
            example.rule, area=example.area, on=example.on, facts=facts, policy_on=policy_on
        )
    )
    faults = []
    if told["verdict"] != example.verdict:
        faults.append(f"verdict: {example.verdict} expected, {told['verdict']} found")
    for key, wanted in example.figures.items():
        if told["figures"].get(key) != wanted:
            faults.append(f"{key}: {wanted} expected, {told['figures'].get(key)} found")
    return Outcome(example, told, tuple(faults))
