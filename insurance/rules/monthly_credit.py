"""How much should have come into the account for a month (domain facts §1.1, §5). Pure.

The rules are those of the month, which may be long before the day of the question.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from insurance.periods import Month
from insurance.policy_values import Policy, Value
from insurance.rules import decision
from insurance.rules.decision import UNKNOWN, YES, Finding
from insurance.rules.evidence import ASK_12393, Reading, findings, read

RULE = "monthly-credit"
IN_SERVICE, RETIRED = "in_service", "retired"
# S02 of 2021-04-22 gave the places about three years to switch. Between the two, a place whose day was not found may have
# credited by its old rule or by the new one.
SWITCH_FROM, SWITCHED_BY = Month.of(2021, 4), Month.of(2024, 5)


@dataclass(frozen=True)
class CreditFacts:
    """`base_fen` None: not known. `age` matters for retired people alone."""

    month: Month
    person_type: str
    age: int | None
    base_fen: int | None
    paid: bool


def decide(facts: CreditFacts, policy: Policy, on: date) -> decision.Decision:
    """`policy` is that of the first day of the month of the facts."""
    day = facts.month.first_day
    # Where nothing was paid, nothing comes by the old rule or by the new one.
    unpaid = facts.person_type == IN_SERVICE and not facts.paid
    reform = () if unpaid else _reform(facts, policy, day)
    if facts.person_type == RETIRED:
        found, expected = _retired(facts, policy, day)
    else:
        found, expected = _in_service(facts, policy, day)
    verdicts = [one.verdict for one in (*reform, *found[:1])]
    verdict = decision.all_of(verdicts)
    figures = {"expected_fen": expected if verdict == YES else None}
    return decision.Decision(RULE, policy.area, on, verdict, reform + found, figures)


def share_fen(base_fen: int, rate: str) -> int:
    """What comes in of a month's base; half a fen is a whole one."""
    return int((base_fen * Decimal(rate)).quantize(Decimal(1), ROUND_HALF_UP))


def rate_of(found: decision.Decision) -> str | None:
    """The share of the base on which a yes for people in service rests; None where there is none.

    It is the same for every base that is known: so whoever asks for many people asks once, and `share_fen` for each.
    """
    rates: Iterator[str] = (one.params["rate"] for one in found.findings if "rate" in one.params)
    return next(rates, None) if found.verdict == YES else None


def _reform(facts: CreditFacts, policy: Policy, day: date) -> tuple[Finding, ...]:
    """A finding where the month may still stand under the rule before the reform; its figures are not known."""
    reading = read(policy.get("account_credit.reform_from"), day)
    known = reading.settled if reading.is_decided else None
    if known is None:
        if SWITCH_FROM <= facts.month < SWITCHED_BY:
            return (Finding("reform_day_not_found", UNKNOWN, {}, ASK_12393, reading.sources),)
        return ()
    if day >= date.fromisoformat(known):
        return ()
    told = {"day": date.fromisoformat(known)}
    return (Finding("before_reform", UNKNOWN, told, ASK_12393, reading.sources),)


def _in_service(
    facts: CreditFacts, policy: Policy, day: date
) -> tuple[tuple[Finding, ...], int | None]:
    reading = read(policy.get("account_credit.in_service_rate"), day)
    rate = reading.settled if reading.is_decided else None
    if rate is None:
        return findings(reading, "credit_in_service"), None
    if not facts.paid:
        # The person's own contribution is what is credited: where none came, none goes in.
        return findings(reading, "credit_unpaid", next_step="ask_employer"), 0
    if facts.base_fen is None:
        asked = Finding("base_not_known", UNKNOWN, {"rate": rate}, "ask_base", reading.sources)
        return (asked,), None
    fen = share_fen(facts.base_fen, rate)
    found = findings(
        reading, "credit_in_service", rate=rate, base_fen=facts.base_fen, expected_fen=fen
    )
    return found + _without_account(policy, day), fen


def _without_account(policy: Policy, day: date) -> tuple[Finding, ...]:
    """Groups of this place that have no account, so that nobody in one waits for money."""
    reading = read(policy.get("account.categories_without"), day)
    return findings(reading, "no_account_groups") if reading.is_decided else ()


def _retired(
    facts: CreditFacts, policy: Policy, day: date
) -> tuple[tuple[Finding, ...], int | None]:
    reading = read(policy.get("account_credit.retiree_fen"), day)
    if not reading.is_decided or reading.settled is None:
        return findings(reading, "credit_retired") + _basis(policy, day), None
    band = _band(reading.values[0], facts.age)
    if band is None:
        asked = Finding("age_not_known", UNKNOWN, {}, ASK_12393, reading.sources)
        return (asked, *_basis(policy, day)), None
    found = findings(reading, "credit_retired", expected_fen=band["fen"], age=facts.age)
    return found + _basis(policy, day), band["fen"]


def _band(value: Value, age: int | None) -> Mapping[str, Any] | None:
    """The band of an age; None where none holds it."""
    for band in value.value or ():
        below = band["age_below"]
        if age is not None and band["age_from"] <= age and (below is None or age < below):
            found: Mapping[str, Any] = band
            return found
    return None


def _basis(policy: Policy, day: date) -> tuple[Finding, ...]:
    """A fixed amount: the articles that speak of a share of the pension or of the wage are rejected here."""
    reading: Reading = read(policy.get("account_credit.retiree_basis"), day)
    return findings(reading, "retiree_basis") if reading.is_decided else ()
