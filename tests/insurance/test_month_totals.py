"""Many people counted in one statement, held against the count of each."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from insurance import counting, month_totals, policy_impact
from insurance.counting import Period
from insurance.models import ContributionPeriod, InsuredPerson
from insurance.models.contributions import ContributionKind, ContributionStatus
from insurance.periods import Month
from tests.factories.insurance import make_area, make_enrolment, make_period, make_person

FIRST = Month.of(1990, 1)


def one_by_one(person):
    periods = [
        Period(one.area_id, one.from_month, one.to_month, one.scheme, one.kind, one.status)
        for one in ContributionPeriod.objects.filter(person=person)
    ]
    return len(counting.count(periods, military_is_actual=True, backpaid_counts=True).total)


@pytest.mark.both_databases
@pytest.mark.django_db
def test_overlaps_count_once_and_arrears_never():
    person, other, nobody = make_person(), make_person(), make_person()
    make_period(person=person, first=(2020, 1), last=(2020, 12))
    make_period(person=person, first=(2020, 6), last=(2021, 3))
    make_period(person=person, first=(2020, 2), last=(2020, 3))
    make_period(person=person, first=(2022, 1), last=(2022, 6), status="unpaid")
    make_period(person=other, first=(2019, 1), last=(2019, 1), kind="deemed")
    people = InsuredPerson.objects.values("pk")
    assert month_totals.totals(people) == {person.pk: 15, other.pk: 1}
    assert month_totals.totals(people.filter(pk=nobody.pk)) == {}
    assert month_totals.reached(people, [1, 15, 16]) == (2, 1, 0)


@pytest.mark.both_databases
@pytest.mark.django_db
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    runs=st.lists(
        st.tuples(
            st.integers(0, 60),
            st.integers(0, 30),
            st.sampled_from(ContributionKind.values),
            st.sampled_from(ContributionStatus.values),
            st.sampled_from(["employee", "resident"]),
        ),
        max_size=8,
    )
)
def test_the_statement_says_what_the_count_of_one_person_says(runs):
    person, area = make_person(), make_area()
    ContributionPeriod.objects.bulk_create(
        ContributionPeriod(
            person=person,
            area=area,
            scheme=scheme,
            kind=kind,
            status=status,
            from_month=FIRST + start,
            to_month=FIRST + (start + length),
            source_ref=str(number),
        )
        for number, (start, length, kind, status, scheme) in enumerate(runs)
    )
    expected = one_by_one(person)
    people = InsuredPerson.objects.filter(pk=person.pk).values("pk")
    assert month_totals.totals(people) == ({person.pk: expected} if expected else {})


@pytest.mark.django_db
def test_a_change_of_the_needed_years_tells_how_many_have_reached_them():
    area = make_area()
    person = make_person()
    make_enrolment(person=person, area=area)
    make_period(person=person, area=area, first=(2000, 1), last=(2015, 12))
    retired = make_person()
    make_enrolment(person=retired, area=area, person_type="retired")
    make_period(person=retired, area=area, first=(1980, 1), last=(2015, 12))
    found = policy_impact.count_by_years(
        area.code, frozenset({"contribution_years.needed_months.male"})
    )
    assert [count for _label, count in found] == [1, 1, 0, 0, 0]
    assert policy_impact.count_by_years(area.code, frozenset({"rates.employer"})) == []
