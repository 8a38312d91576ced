"""Where somebody is insured and what the register says happened."""

from dataclasses import dataclass
from datetime import date

from insurance.models import Enrolment, RegisterFact
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
        enrolments=tuple(
            _enrolment(row)
            for row in Enrolment.objects.filter(person=person_id).select_related("area")
        ),
        facts=tuple(
            FactLine(
                kind=row.kind,
                from_day=row.from_day,
                to_day=row.to_day,
                other_area=row.other_area.name if row.other_area else "",
            )
            for row in RegisterFact.objects.filter(
                person=person_id, withdrawn_at=None
            ).select_related("other_area")
        ),
    )


def pays_alone(line: EnrolmentLine) -> bool:
    return line.person_type == PersonType.FLEXIBLE


def is_retired(line: EnrolmentLine) -> bool:
    return line.person_type == PersonType.RETIRED


def _enrolment(row: Enrolment) -> EnrolmentLine:
    return EnrolmentLine(
        area_code=row.area_id,
        area=row.area.name,
        scheme=row.scheme,
        scheme_label=str(row.get_scheme_display()),
        person_type=row.person_type,
        person_type_label=str(row.get_person_type_display()),
        tier=row.tier,
        has_account=row.has_account,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        employer=row.employer,
    )
