"""Where somebody is insured and what the register says happened."""

from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.db.models import QuerySet

from accounts.statements import Query
from insurance.models import Enrolment, RegisterFact
from insurance.models.areas import name_of
from insurance.models.enrolments import PersonType, Scheme
from insurance.models.facts import FactKind
from insurance.periods import Month


@dataclass(frozen=True)
class EnrolmentLine:
    """`ends_on` is the last day, None while it lasts."""

    area_code: str
    area: str
    scheme: str
    scheme_label: str
    person_type: str
    person_type_label: str
    tier: str
    has_account: bool
    starts_on: date
    ends_on: date | None
    employer: str

    def holds_on(self, day: date) -> bool:
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)

    def touches(self, month: Month) -> bool:
        return self.starts_on < (month + 1).first_day and (
            self.ends_on is None or self.ends_on >= month.first_day
        )


@dataclass(frozen=True)
class FactLine:
    """`to_day` is the last day, None while it lasts; `other_area` is empty where the fact names none."""

    kind: str
    from_day: date
    to_day: date | None
    other_area: str

    def holds_on(self, day: date) -> bool:
        return self.from_day <= day and (self.to_day is None or day <= self.to_day)


@dataclass(frozen=True)
class Standing:
    """Both newest first."""

    enrolments: tuple[EnrolmentLine, ...]
    facts: tuple[FactLine, ...]

    def enrolment_in(self, month: Month) -> EnrolmentLine | None:
        """The one that decides about the account in that month: employee before resident, newest first."""
        found = [line for line in self.enrolments if line.touches(month)]
        return min(found, key=lambda line: line.scheme != Scheme.EMPLOYEE, default=None)

    def enrolment_on(self, day: date) -> EnrolmentLine | None:
        found = [line for line in self.enrolments if line.holds_on(day)]
        return min(found, key=lambda line: line.scheme != Scheme.EMPLOYEE, default=None)

    def fact(self, kind: FactKind, day: date) -> FactLine | None:
        """The newest of that kind that holds on the day."""
        return next((one for one in self.facts if one.kind == kind and one.holds_on(day)), None)

    def latest_fact(self, kind: FactKind, day: date) -> FactLine | None:
        """The newest of that kind that has begun, over or not."""
        return next((one for one in self.facts if one.kind == kind and one.from_day <= day), None)


def standing(person_id: int) -> Standing:
    """Two queries."""
    return Standing(
        enrolments=tuple(_enrolment(_Enrolled._make(row)) for row in _ENROLMENTS.rows(person_id)),
        facts=tuple(_fact(_Happened._make(row)) for row in _FACTS.rows(person_id)),
    )


def pays_alone(line: EnrolmentLine) -> bool:
    return line.person_type == PersonType.FLEXIBLE


def is_retired(line: EnrolmentLine) -> bool:
    return line.person_type == PersonType.RETIRED


class _Enrolled(NamedTuple):
    """By the names of the columns."""

    area_id: str
    area__name_zh: str
    area__name_en: str
    scheme: str
    person_type: str
    tier: str
    has_account: bool
    starts_on: date
    ends_on: date | None
    employer: str


class _Happened(NamedTuple):
    """By the names of the columns; the other area is None where the fact names none."""

    kind: str
    from_day: date
    to_day: date | None
    other_area__name_zh: str | None
    other_area__name_en: str | None


def _enrolments_of(person_id: int) -> QuerySet[Any, tuple[Any, ...]]:
    return Enrolment.objects.filter(person=person_id).values_list(*_Enrolled._fields)


def _facts_of(person_id: int) -> QuerySet[Any, tuple[Any, ...]]:
    found = RegisterFact.objects.filter(person=person_id, withdrawn_at=None)
    return found.values_list(*_Happened._fields)


_ENROLMENTS, _FACTS = Query(_enrolments_of), Query(_facts_of)


def _enrolment(row: _Enrolled) -> EnrolmentLine:
    return EnrolmentLine(
        area_code=row.area_id,
        area=name_of(row.area__name_zh, row.area__name_en),
        scheme=row.scheme,
        scheme_label=str(Scheme(row.scheme).label),
        person_type=row.person_type,
        person_type_label=str(PersonType(row.person_type).label),
        tier=row.tier,
        has_account=row.has_account,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        employer=row.employer,
    )


def _fact(row: _Happened) -> FactLine:
    return FactLine(
        kind=row.kind,
        from_day=row.from_day,
        to_day=row.to_day,
        other_area=name_of(row.other_area__name_zh or "", row.other_area__name_en or ""),
    )
