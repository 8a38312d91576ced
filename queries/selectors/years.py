"""How many years are needed and missing, when one retires, and what paying on or moving would change.

The rules decide; here the person's own rows become their facts, and their decisions become lines of a page.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from insurance import areas, decision_view, policy_days, policy_reading, standing, what_if
from insurance.decision_view import DecisionView
from insurance.models import ContributionPeriod, InsuredPerson, PoolingArea
from insurance.models.enrolments import Scheme
from insurance.periods import Month
from insurance.policy_values import Policy
from insurance.rules import contribution_years, lump_sum, retirement
from insurance.rules.contribution_years import YearsFacts
from insurance.rules.decision import Decision
from insurance.rules.retirement import RetirementFacts
from insurance.standing import Standing
from queries.selectors import policies
from queries.selectors.contributions import Contributions, plain_periods
from queries.selectors.repairs import Repair, repairs


@dataclass(frozen=True)
class Place:
    code: str
    name: str


@dataclass(frozen=True)
class Career:
    """One person's side of the question. `facts` is None where the register does not say the sex."""

    facts: YearsFacts | None
    birth_month: Month | None
    place: Place | None
    policy: Policy | None
    found: Contributions
    today: date


@dataclass(frozen=True)
class Needed:
    """`decision` None: the sex is not in the register. `complete` None: not determined. `readings` are the thresholds that
    somebody names where none is settled, `lump_sum` what the decision says of its cost. `place_lines` say which place would
    pay after retirement.
    """

    decision: DecisionView | None
    complete: Month | None
    readings: tuple[str, ...]
    lump_sum: tuple[str, ...]
    place_lines: tuple[str, ...]
    repairs: tuple[Repair, ...]


@dataclass(frozen=True)
class Plan:
    """`kind` and `area` are empty and `until` is None where the visitor left them open."""

    kind: str = ""
    until: Month | None = None
    area: str = ""


@dataclass(frozen=True)
class Planned:
    """`retirement` None: the kind was not asked, or no birth month. `outcome` None: no month to look ahead to."""

    retirement: DecisionView | None
    retirement_month: Month | None
    outcome: DecisionView | None
    until: Month | None
    moves: bool
    complete: Month | None
    lump_sum: tuple[str, ...]


def career(
    *,
    person: InsuredPerson,
    rows: Sequence[ContributionPeriod],
    found: Contributions,
    where: Standing,
    today: date,
) -> Career:
    """Two queries: the rules of the place where the person is insured, or was last."""
    now = where.enrolment_on(today)
    insured = now is not None and now.scheme == Scheme.EMPLOYEE
    place = _place(rows, where, today)
    sex_known = person.sex != InsuredPerson.Sex.UNKNOWN
    return Career(
        facts=YearsFacts(person.sex, insured, plain_periods(rows)) if sex_known else None,
        birth_month=Month.containing(person.birth_date) if person.birth_date else None,
        place=place,
        policy=policy_reading.values_all(place.code) if place else None,
        found=found,
        today=today,
    )


def _place(rows: Sequence[ContributionPeriod], where: Standing, today: date) -> Place | None:
    """Of the employee scheme: today's, else the latest enrolment's, else the latest record's."""
    enrolled = [line for line in where.enrolments if line.scheme == Scheme.EMPLOYEE]
    current = next((line for line in enrolled if line.holds_on(today)), None)
    line = current or next(iter(enrolled), None)
    if line:
        return Place(line.area_code, line.area)
    last = max(rows, key=lambda row: row.to_month, default=None)
    return Place(last.area_id, last.area.name) if last else None


def is_retired(where: Standing, today: date) -> bool:
    """Insured as retired: the question of the years is answered."""
    now = where.enrolment_on(today)
    return now is not None and standing.is_retired(now)


def needed(own: Career) -> Needed | None:
    """No query. None where nothing says which place's rules to ask."""
    if own.place is None or own.policy is None:
        return None
    today_rules = policy_days.on(own.policy, own.today)
    shown, complete = None, None
    if own.facts:
        decision = contribution_years.decide(own.facts, today_rules, own.today)
        shown = decision_view.view(decision, area=own.place.name)
        if decision.figures["missing_months"]:
            complete = what_if.complete_month(own.facts, own.policy, today=own.today)
    return Needed(
        decision=shown,
        complete=complete,
        readings=_readings(today_rules, own),
        lump_sum=_lump_sum(shown),
        place_lines=_place_lines(today_rules, own, shown),
        repairs=repairs(own.found, own.policy),
    )


def _readings(rules: Policy, own: Career) -> tuple[str, ...]:
    """Each with its kind of source."""
    sex = own.facts.sex if own.facts else ""
    values = rules.get(f"contribution_years.needed_months.{sex}").candidates()
    return tuple(f"{one.text} · {one.confidence}" for one in policies.statements(values, own.today))


def _lump_sum(shown: DecisionView | None) -> tuple[str, ...]:
    found = shown.findings if shown else ()
    return tuple(one.text for one in found if one.code in lump_sum.CODES)


def _place_lines(rules: Policy, own: Career, shown: DecisionView | None) -> tuple[str, ...]:
    """What the decision has not said already."""
    said = {one.text for one in shown.findings} if shown else set()
    found = what_if.benefit_place(rules, own.today)
    nobody = Decision(contribution_years.RULE, rules.area, own.today, contribution_years.NO, found)
    name = own.place.name if own.place else ""
    lines = (one.text for one in decision_view.view(nobody, area=name).findings)
    return tuple(line for line in lines if line not in said)


def planned(own: Career, plan: Plan, places: Sequence[Place]) -> Planned | None:
    """Two queries more for another area. None where there is no place to ask about."""
    if own.place is None or own.policy is None:
        return None
    retiring = _retirement(own, plan.kind)
    month = retiring.figures["retirement_month"] if retiring else None
    name = own.place.name
    outcome, until = None, plan.until or _before(month, own.today)
    moved = next((one for one in places if one.code == plan.area), None)
    if until is None and moved:
        until = Month.containing(own.today)
    if until is not None and own.facts is not None:
        there = moved or own.place
        policy = policy_reading.values_all(there.code) if moved else own.policy
        outcome = what_if.outlook(own.facts, policy, today=own.today, until=until)
        name = there.name
    shown = decision_view.view(outcome.decision, area=name) if outcome else None
    return Planned(
        retirement=decision_view.view(retiring, area=own.place.name) if retiring else None,
        retirement_month=month,
        outcome=shown,
        until=until,
        moves=moved is not None,
        complete=outcome.complete if outcome else None,
        lump_sum=_lump_sum(shown),
    )


def _retirement(own: Career, kind: str) -> Decision | None:
    if not kind or own.birth_month is None or own.policy is None:
        return None
    facts = RetirementFacts(kind, own.birth_month)
    return retirement.decide(facts, policy_days.on(own.policy, own.today), own.today)


def _before(month: Month | None, today: date) -> Month | None:
    """The last month in service; None where it is not known or past."""
    if month is None or month + -1 <= Month.containing(today):
        return None
    return month + -1


def places() -> tuple[Place, ...]:
    """One query: the areas whose rules were looked for, for the choice of a place to move to."""
    rows = PoolingArea.objects.filter(is_listed=True)
    return tuple(
        Place(row.code, row.name)
        for row in rows
        if row.level == PoolingArea.Level.CITY or row.code in areas.MUNICIPALITIES
    )
