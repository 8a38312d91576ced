"""Are all conditions on contribution years met on that day, and what is missing (domain facts §3). Pure.

Which months count is partly the place's to say. Where it has not said, both readings are tried: what they agree on is told,
the rest goes to staff.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from insurance import counting
from insurance.counting import Count, Months, Period
from insurance.periods import Month
from insurance.policy_values import NONE_REQUIRED, Policy, Value
from insurance.rules.decision import (
    NO,
    STAFF_DECIDES,
    YES,
    Decision,
    Finding,
    all_of,
)
from insurance.rules.evidence import ASK_COUNTER, Judge, Reading, findings, read
from insurance.rules.lump_sum import lump_sum

RULE = "contribution-years"
PREFIX = "contribution_years."
_PARTS = {
    PREFIX + "needed_actual_months": "actual",
    PREFIX + "needed_local_actual_months": "local",
}
# What a place says to those who are short: how to make it up, what that is reckoned from, and where the benefit is paid.
FOR_THE_SHORT = (
    "shortfall_options",
    "shortfall_base",
    "shortfall_rate",
    "shortfall_monthly_credited",
    "shortfall_monthly_benefit",
    "benefit_place_order",
)


@dataclass(frozen=True)
class YearsFacts:
    sex: str
    insured_now: bool
    periods: tuple[Period, ...]


@dataclass(frozen=True)
class Counts:
    """`shown` by the rule where it is known, and by what most places do where not. `low` and `high` are every reading."""

    shown: Count
    low: Count
    high: Count
    area: str
    flags: tuple[Reading, ...]

    def span(self, what: str) -> tuple[int, int]:
        """Fewest and most months of total, actual or local."""
        if what == "local":
            sure = self.low.local_actual(self.area) - self.low.local_disputed(self.area)
            return len(sure), len(self.high.local_actual(self.area))
        return len(getattr(self.low, what)), len(getattr(self.high, what))

    def told(self, what: str) -> int:
        """The months by the rule that was found, or by what most places do."""
        if what == "local":
            return len(self.shown.local_actual(self.area))
        return len(getattr(self.shown, what))

    def is_sure(self, what: str) -> bool:
        """The place has a rule for every kind of month there is, and no month is claimed by another place."""
        disputed = what == "local" and self.shown.local_disputed(self.area)
        return not disputed and all(one.is_decided for one in self.flags)


def decide(facts: YearsFacts, policy: Policy, on: date) -> Decision:
    counts = _counts(facts, policy, on)
    total, of_total = _total(facts, counts, policy, on)
    conditions = [total, *_parts(counts, policy, on), _insured(facts, policy, on)]
    local = next(one for one in conditions if _PARTS.get(one.name) == "local")
    found = of_total
    for one in conditions[1:]:
        found += findings(one, one.name.removeprefix(PREFIX), **_told(one, counts))
    verdict = all_of((of_total[0].verdict, *(one.verdict for one in conditions[1:])))
    missing = _missing(conditions[:-1], counts, policy)
    cost = lump_sum(
        (0, 0) if verdict == YES else _missing_span(conditions[:-1], counts, policy, on),
        policy,
        on,
    )
    found += _flags(counts) + _overlaps(counts) + _paying_on(verdict, missing, policy, on)
    found += cost.findings
    figures = {
        "total_months": counts.told("total"),
        "actual_months": counts.told("actual"),
        "deemed_months": len(counts.shown.deemed),
        "local_actual_months": counts.told("local"),
        "needed_total_months": _needed(total),
        "needed_local_actual_months": _needed(local),
        "missing_months": missing,
        "lump_sum_low_fen": cost.low_fen,
        "lump_sum_high_fen": cost.high_fen,
    }
    return Decision(RULE, policy.area, on, verdict, found, figures)


def _until(period: Period, month: Month) -> Period:
    """Months after the day of the question are none yet."""
    last = min(period.to_month, month)
    return Period(period.area, period.from_month, last, period.scheme, period.kind, period.status)


def _counts(facts: YearsFacts, policy: Policy, on: date) -> Counts:
    now = Month.containing(on)
    periods = [_until(one, now) for one in facts.periods if one.from_month <= now]
    kinds = {one.kind for one in periods}
    military = read(policy.get(PREFIX + "military_counts_as_actual"), on)
    backpaid = read(policy.get(PREFIX + "flexible_back_payment_counts"), on)
    is_actual = bool(military.is_decided and military.settled)
    # The rule that was found speaks of flexible workers; an employer's late payment may still count there.
    counts = not (backpaid.is_decided and backpaid.settled is False)

    def count(military_is_actual: bool, backpaid_counts: bool) -> Count:
        return counting.count(
            periods, military_is_actual=military_is_actual, backpaid_counts=backpaid_counts
        )

    return Counts(
        shown=count(is_actual, counts),
        low=count(is_actual, False),
        high=count(is_actual or not military.is_decided, True),
        area=policy.area,
        flags=(military,) * (counting.MILITARY in kinds)
        + (backpaid,) * (counting.BACKPAID in kinds),
    )


def _enough(low: int, high: int, *, unsettled: bool = False) -> Judge:
    """Yes or no where every reading of the months says so. `unsettled`: exactly the number may be one too few."""

    def judge(value: Value) -> str:
        if value.emptiness == NONE_REQUIRED or low >= value.value + unsettled:
            return YES
        return NO if high < value.value else STAFF_DECIDES

    return judge


def _total(
    facts: YearsFacts, counts: Counts, policy: Policy, on: date
) -> tuple[Reading, tuple[Finding, ...]]:
    low, high = counts.span("total")
    boundary = read(policy.get(PREFIX + "boundary"), on)
    unsettled = _is_unsettled(boundary)
    reading = read(
        policy.get(f"{PREFIX}needed_months.{facts.sex}"),
        on,
        _enough(low, high, unsettled=unsettled),
    )
    alternative = read(
        policy.get(PREFIX + "continuous_alternative_months"),
        on,
        _enough(_longest(counts.low.total), _longest(counts.high.total)),
    )
    found = findings(reading, "needed_months", months=len(counts.shown.total))
    if unsettled and low <= (_needed(reading) or 0) <= high:
        found += findings(boundary, "boundary", next_step=ASK_COUNTER)
    if not alternative.is_decided:
        return reading, found
    run: dict[str, Any] = {"months": _longest(counts.shown.total)}
    other = findings(alternative, "continuous", **run)
    # Either of the two is enough: the better one stands first and speaks.
    better = YES in (alternative.verdict,) or (
        reading.verdict == NO and alternative.verdict == STAFF_DECIDES
    )
    return reading, other + found if better and reading.verdict != YES else found + other


def _is_unsettled(boundary: Reading) -> bool:
    """Do the words leave open whether exactly the number is enough ("more than 15 years")?"""
    return bool(boundary.is_decided and boundary.settled == "unsettled")


def _parts(counts: Counts, policy: Policy, on: date) -> list[Reading]:
    """Actual years. Where a place names those to be paid in it, it asks for no others unless it says so."""
    local = read(
        policy.get(PREFIX + "needed_local_actual_months"), on, _enough(*counts.span("local"))
    )
    actual = read(policy.get(PREFIX + "needed_actual_months"), on, _enough(*counts.span("actual")))
    return [actual, local] if actual.values or not local.values else [local]


def _insured(facts: YearsFacts, policy: Policy, on: date) -> Reading:
    def judge(value: Value) -> str:
        return YES if facts.insured_now or not value.value else NO

    return read(policy.get(PREFIX + "must_be_insured_at_retirement"), on, judge)


def _told(reading: Reading, counts: Counts) -> dict[str, Any]:
    what = _PARTS.get(reading.name)
    return {"months": counts.told(what)} if what else {}


def _longest(months: Months) -> int:
    return max((last - first + 1 for first, last in months.runs()), default=0)


def _needed(reading: Reading) -> int | None:
    """The threshold; 0 where a document asks for none; None where it is not determined."""
    if not reading.is_decided:
        return None
    needed: int | None = 0 if reading.asks_nothing else reading.settled
    return needed


def _missing(readings: list[Reading], counts: Counts, policy: Policy) -> int | None:
    """Months to pay on in this place until every threshold is met; None where one of them is not determined."""
    if policy.get(PREFIX + "continuous_alternative_months").values:
        return None
    missing = []
    for reading in readings:
        what = _PARTS.get(reading.name, "total")
        needed, (low, high) = _needed(reading), counts.span(what)
        if needed is None or reading.verdict == STAFF_DECIDES:
            return None
        if low != high and low < needed and not counts.is_sure(what):
            return None
        missing.append(max(0, needed - counts.told(what)))
    return max(missing)


def _missing_span(
    readings: list[Reading], counts: Counts, policy: Policy, on: date
) -> tuple[int, int] | None:
    """The fewest and the most months missing by any reading of the thresholds and of what counts; None where nobody
    settled or disputes a threshold.
    """
    if policy.get(PREFIX + "continuous_alternative_months").values:
        return None
    unsettled = _is_unsettled(read(policy.get(PREFIX + "boundary"), on))
    fewest = most = 0
    for reading in readings:
        what = _PARTS.get(reading.name, "total")
        needs = [0 if one.emptiness else one.value for one in reading.alternatives]
        if not needs:
            return None
        low, high = counts.span(what)
        if counts.is_sure(what) and reading.verdict != STAFF_DECIDES:
            low = high = counts.told(what)
        fewest = max(fewest, min(needs) - high)
        most = max(most, max(needs) + (unsettled and what == "total") - low)
    return fewest, most


def _flags(counts: Counts) -> tuple[Finding, ...]:
    """Rules about kinds of months that this person has."""
    return tuple(
        finding for one in counts.flags for finding in findings(one, "rule", next_step=ASK_COUNTER)
    )


def _overlaps(counts: Counts) -> tuple[Finding, ...]:
    months = len(counts.shown.overlap)
    if not months:
        return ()
    return (Finding("duplicate_enrolment", STAFF_DECIDES, {"months": months}, ASK_COUNTER),)


def _paying_on(verdict: str, missing: int | None, policy: Policy, on: date) -> tuple[Finding, ...]:
    """When all would be complete, and the right to pay on until then."""
    found: tuple[Finding, ...] = ()
    if verdict == NO:
        right = read(policy.get(PREFIX + "may_pay_on"), on)
        found += findings(right, "may_pay_on") if right.is_decided else ()
        readings = [read(policy.get(PREFIX + name), on) for name in FOR_THE_SHORT]
        found += tuple(
            finding for one in readings if one.values for finding in findings(one, "rule")
        )
        # Where nobody knows whether the last month is one too few, no month is named.
        if missing and not _is_unsettled(read(policy.get(PREFIX + "boundary"), on)):
            done = {"missing": missing, "month": Month.containing(on) + missing}
            found += (Finding("complete_if_paying_on", NO, done, "", right.sources),)
    return found
