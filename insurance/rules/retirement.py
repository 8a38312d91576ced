"""The month of retirement after the reform of 2025 (domain facts §3.6). Pure.

The kind is asked, never derived from sex: a woman's depends on her post.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from insurance.periods import Month
from insurance.policy_values import Policy
from insurance.rules.decision import UNKNOWN, Decision, Finding
from insurance.rules.evidence import ASK_12393, findings, read

RULE = "retirement"
KINDS = ("M60", "F55", "F50")


@dataclass(frozen=True)
class RetirementFacts:
    """`kind` None: not known."""

    kind: str | None
    birth_month: Month


@dataclass(frozen=True)
class Retirement:
    delay_months: int
    age_months: int
    original_month: Month
    month: Month


def by_formula(formula: Mapping[str, Any], birth: Month) -> Retirement:
    """One month later for every so many months born after the base, up to the cap."""
    after = birth - Month.parse(formula["base_birth_month"])
    delay = min(formula["cap_months"], after // formula["step_months"] + 1) if after >= 0 else 0
    original = formula["original_age_months"]
    return Retirement(delay, original + delay, birth + original, birth + original + delay)


def decide(facts: RetirementFacts, policy: Policy, on: date) -> Decision:
    nothing = dict.fromkeys(("delay_months", "age_months", "retirement_month"))
    if facts.kind is None:
        asked = Finding("kind_not_known", UNKNOWN, {}, "ask_kind")
        return Decision(RULE, policy.area, on, UNKNOWN, (asked,), nothing)
    reading = read(policy.get(f"retirement.formula.{facts.kind.lower()}"), on)
    if not reading.is_decided or reading.settled is None:
        found = findings(reading, "retirement_month")
        return Decision(RULE, policy.area, on, reading.verdict, found, nothing)
    result = by_formula(reading.settled, facts.birth_month)
    found = findings(
        reading,
        "retirement_month",
        month=result.month,
        age_months=result.age_months,
        delay_months=result.delay_months,
    )
    figures = {
        "delay_months": result.delay_months,
        "age_months": result.age_months,
        "retirement_month": result.month,
    }
    return Decision(
        RULE, policy.area, on, reading.verdict, found + _flexible(policy, on, result), figures
    )


def _flexible(policy: Policy, on: date, result: Retirement) -> tuple[Finding, ...]:
    """Earlier and later by choice, where the day has a rule for it."""
    early = read(policy.get("retirement.early_max_months"), on)
    late = read(policy.get("retirement.late_max_months"), on)
    found: tuple[Finding, ...] = ()
    if early.is_decided and early.settled is not None:
        # Never before the original age.
        first = max(result.original_month, result.month + -early.settled)
        found += findings(early, "retirement_early", next_step=ASK_12393, month=first)
    if late.is_decided and late.settled is not None:
        found += findings(late, "retirement_late", month=result.month + late.settled)
    return found
