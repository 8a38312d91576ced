"""Contribution years as they would stand after paying on, here or in another place. Pure.

The rules are those that are known today for that later day; where they leave the answer open, it stays open.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from insurance import counting, policy_days
from insurance.counting import Period
from insurance.periods import Month
from insurance.policy_values import Policy
from insurance.rules import contribution_years
from insurance.rules.contribution_years import YearsFacts
from insurance.rules.decision import Decision, Finding
from insurance.rules.evidence import findings, read

PLACE_ORDER = "contribution_years.benefit_place_order"
# A threshold may rise while somebody pays on, so the end is looked for again; ladders have fewer rungs than this.
MAX_STEPS = 30


@dataclass(frozen=True)
class Outlook:
    """Where somebody stands at the end of `until`. `complete` is the month in which nothing would be missing any more when
    paying on; None where that is not determined, and where nothing is missing by then.
    """

    until: Month
    decision: Decision
    complete: Month | None


def outlook(facts: YearsFacts, policy: Policy, *, today: date, until: Month) -> Outlook:
    """`policy` holds every day of the place in which is paid; payments begin next month and leave no month out."""
    decision = _decide(facts, policy, today, until)
    complete = None
    if decision.figures["missing_months"]:
        complete = _complete(facts, policy, today, until)
    return Outlook(until, decision, complete)


def complete_month(facts: YearsFacts, policy: Policy, *, today: date) -> Month | None:
    """When all would be complete if paying on from next month; None where not determined, this month where it is already."""
    return _complete(facts, policy, today, Month.containing(today))


def _complete(facts: YearsFacts, policy: Policy, today: date, month: Month) -> Month | None:
    for _step in range(MAX_STEPS):
        missing = _decide(facts, policy, today, month).figures["missing_months"]
        if missing is None:
            return None
        if not missing:
            return month
        month += missing
    return None


def _decide(facts: YearsFacts, policy: Policy, today: date, until: Month) -> Decision:
    now = Month.containing(today)
    day = (until + 1).first_day - timedelta(days=1) if until > now else today
    paid = pay_on(facts, area=policy.area, first=now + 1, last=until)
    return contribution_years.decide(paid, policy_days.on(policy, day), day)


def pay_on(facts: YearsFacts, *, area: str, first: Month, last: Month) -> YearsFacts:
    """The same person with every month from the first to the last paid in that place."""
    if last < first:
        return facts
    paid = Period(area, first, last, counting.EMPLOYEE, kind=counting.ACTUAL, status=counting.PAID)
    return replace(facts, insured_now=True, periods=(*facts.periods, paid))


def benefit_place(policy: Policy, on: date) -> tuple[Finding, ...]:
    """Which place would pay after retirement; nothing where no rule of the place speaks of it. `policy` is that of the day."""
    reading = read(policy.get(PLACE_ORDER), on)
    return findings(reading, "rule") if reading.values else ()
