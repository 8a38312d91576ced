"""Contribution months: each rule of counting with a case worked by hand, and what must hold for all cases."""

import ast
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from insurance import counting
from insurance.counting import Months, Period
from insurance.models.contributions import ContributionKind, ContributionStatus
from insurance.models.enrolments import Scheme
from insurance.periods import Month


def period(first, last, *, area="340100", scheme="employee", kind="actual", status="paid"):
    return Period(area, Month.parse(first), Month.parse(last), scheme, kind, status)


def count(*periods, military_is_actual=True, backpaid_counts=True):
    return counting.count(
        periods, military_is_actual=military_is_actual, backpaid_counts=backpaid_counts
    )


def lengths(counted):
    return len(counted.actual), len(counted.deemed), len(counted.total)


def runs(months):
    return [(str(first), str(last)) for first, last in months.runs()]


def test_nobody_has_contributed_nothing():
    assert lengths(count()) == (0, 0, 0)
    assert list(Months().runs()) == []
    assert len(Months().gaps()) == 0


def test_both_end_months_count_and_a_year_is_twelve():
    assert lengths(count(period("2020-01", "2020-12"))) == (12, 0, 12)
    assert lengths(count(period("2020-01", "2020-01"))) == (1, 0, 1)


def test_years_of_all_areas_add_up():
    counted = count(period("2000-01", "2004-12"), period("2005-01", "2010-06", area="310000"))
    assert len(counted.total) == 60 + 66
    assert len(counted.local_actual("340100")) == 60
    assert len(counted.local_actual("310000")) == 66
    assert len(counted.local_actual("340100", "310000")) == 126
    assert len(counted.local_actual("440300")) == 0


def test_a_month_in_two_areas_counts_once_and_is_flagged_with_the_other_area():
    counted = count(period("2020-01", "2020-08"), period("2020-06", "2020-12", area="310000"))
    assert len(counted.total) == 12
    assert runs(counted.overlap) == [("2020-06", "2020-08")]
    assert counted.other_areas(Month.of(2020, 7), "340100") == ("310000",)
    assert counted.other_areas(Month.of(2020, 1), "340100") == ()
    assert len(counted.local_actual("310000")) == 7
    assert len(counted.local_disputed("310000")) == 3
    assert len(counted.local_disputed("340100", "310000")) == 0


def test_two_records_of_one_area_count_once_and_are_no_double_insurance():
    counted = count(period("2020-01", "2020-08"), period("2020-06", "2020-12"))
    assert len(counted.total) == 12
    assert len(counted.overlap) == 0


def test_arrears_and_everything_else_that_is_not_paid_never_counts():
    unpaid = [
        period("2020-01", "2020-12", status=status)
        for status in ("unpaid", "pending", "refunded", "void")
    ]
    assert lengths(count(*unpaid)) == (0, 0, 0)
    assert lengths(count(*unpaid, period("2020-03", "2020-04"))) == (2, 0, 2)
    deemed = period("1990-01", "1990-12", kind="deemed", status="pending")
    assert lengths(count(deemed)) == (0, 0, 0)


def test_the_resident_scheme_does_not_count_for_the_employee_scheme():
    assert lengths(count(period("2020-01", "2020-12", scheme="resident"))) == (0, 0, 0)


def test_deemed_months_that_are_actual_too_are_counted_as_actual_only():
    counted = count(period("1985-07", "1992-12", kind="deemed"), period("1992-01", "1993-12"))
    # 1985-07 to 1991-12 is six months and six years.
    assert lengths(counted) == (24, 78, 102)


def test_military_service_is_actual_or_deemed_as_the_place_says():
    served = period("1988-03", "1991-02", kind="military")
    assert lengths(count(served, military_is_actual=True)) == (36, 0, 36)
    assert lengths(count(served, military_is_actual=False)) == (0, 36, 36)
    assert len(count(served, military_is_actual=False).local_actual("340100")) == 0


def test_months_paid_for_later_count_or_not_as_the_place_says():
    later = [period("2020-01", "2020-06"), period("2020-07", "2020-09", kind="backpaid")]
    assert lengths(count(*later, backpaid_counts=True)) == (9, 0, 9)
    assert lengths(count(*later, backpaid_counts=False)) == (6, 0, 6)


def test_what_the_unemployment_fund_paid_and_what_is_paid_after_retirement_counts():
    for kind in ("unemployment_fund", "post_retirement_monthly"):
        assert lengths(count(period("2020-01", "2020-03", kind=kind))) == (3, 0, 3)


def test_gaps_are_the_months_between_the_first_and_the_last():
    counted = count(
        period("2019-11", "2020-02"),
        period("2020-05", "2020-05"),
        period("2020-07", "2020-12"),
        period("2020-03", "2020-03", status="unpaid"),
    )
    assert runs(counted.total) == [
        ("2019-11", "2020-02"),
        ("2020-05", "2020-05"),
        ("2020-07", "2020-12"),
    ]
    assert runs(counted.total.gaps()) == [("2020-03", "2020-04"), ("2020-06", "2020-06")]


def test_what_is_missing_is_the_largest_of_the_three_gaps():
    # 20 years, 15 of them actual, 4 years and 2 months of those here.
    counted = count(
        period("1988-01", "1992-12", kind="deemed"),
        period("1993-01", "2003-10", area="310000"),
        period("2003-11", "2007-12"),
    )
    needs = {"need_total": 300, "need_actual": 180, "need_local": 120}
    short = counting.shortfall(counted, area="340100", **needs)
    assert (short.total, short.actual, short.local) == (60, 0, 70)
    assert short.missing == 70
    assert counting.shortfall(counted, area="340100", need_total=300).missing == 60
    assert counting.shortfall(counted, area="340100").missing == 0


def test_twenty_five_years_are_three_hundred_months_and_one_less_is_short_by_one():
    complete = count(period("1996-01", "2020-12"))
    almost = count(period("1996-01", "2020-11"))
    for counted, missing in ((complete, 0), (almost, 1)):
        short = counting.shortfall(counted, area="340100", need_total=300)
        assert short.missing == missing


def test_months_know_what_they_hold():
    months = count(period("2020-01", "2020-03")).total
    assert Month.of(2020, 3) in months
    assert Month.of(2020, 4) not in months
    assert Month.of(1900, 1) not in months
    assert Month(0) not in months
    assert runs(count(period("1900-01", "1900-02")).total) == [("1900-01", "1900-02")]


def test_the_keys_are_those_of_the_register():
    kinds = {
        counting.ACTUAL,
        counting.BACKPAID,
        counting.DEEMED,
        counting.MILITARY,
        counting.UNEMPLOYMENT_FUND,
        counting.POST_RETIREMENT_MONTHLY,
    }
    assert kinds == set(ContributionKind.values)
    assert counting.PAID == ContributionStatus.PAID
    assert counting.EMPLOYEE == Scheme.EMPLOYEE


def test_counting_knows_nothing_of_django():
    tree = ast.parse(Path(counting.__file__).read_text(encoding="utf-8"))
    imported = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert imported == {"collections.abc", "dataclasses", "insurance.periods"}


FIRST = Month.of(1980, 1)
PERIODS = st.builds(
    lambda area, start, length, scheme, kind, status: Period(
        area, FIRST + start, FIRST + start + length, scheme, kind, status
    ),
    st.sampled_from(["340100", "310000", "440300"]),
    st.integers(0, 200),
    st.integers(0, 40),
    st.sampled_from(Scheme.values),
    st.sampled_from(ContributionKind.values),
    st.sampled_from(["paid", "paid", "paid", "unpaid", "void"]),
)
CAREERS = st.lists(PERIODS, max_size=10)
FLAGS = st.fixed_dictionaries(
    {"military_is_actual": st.booleans(), "backpaid_counts": st.booleans()}
)
steady = settings(max_examples=150, deadline=None, derandomize=True, database=None)


def split(one, at):
    """The same months as two records."""
    middle = one.from_month + at % (one.to_month - one.from_month + 1)
    if middle == one.to_month:
        return [one]
    rest = (one.scheme, one.kind, one.status)
    return [
        Period(one.area, one.from_month, middle, *rest),
        Period(one.area, middle + 1, one.to_month, *rest),
    ]


@given(career=CAREERS, flags=FLAGS, data=st.data())
@steady
def test_order_splitting_and_repeating_of_records_change_nothing(career, flags, data):
    expected = counting.count(career, **flags)
    shuffled = data.draw(st.permutations(career))
    assert counting.count(shuffled, **flags) == expected
    cut = data.draw(st.integers(0, 100))
    pieces = [piece for one in career for piece in split(one, cut)]
    assert counting.count([*pieces, *career], **flags) == expected


@given(career=CAREERS, flags=FLAGS, more=PERIODS)
@steady
def test_another_record_never_takes_a_month_away(career, flags, more):
    before, after = counting.count(career, **flags), counting.count([*career, more], **flags)
    assert not len(before.total - after.total)
    assert not len(before.actual - after.actual)
    for area, months in before.by_area.items():
        assert not len(months - after.by_area[area])


@given(career=CAREERS, flags=FLAGS)
@steady
def test_counting_agrees_with_counting_month_by_month(career, flags):
    actual_kinds = {"actual", "unemployment_fund", "post_retirement_monthly"}
    actual_kinds |= {"military"} if flags["military_is_actual"] else set()
    actual_kinds |= {"backpaid"} if flags["backpaid_counts"] else set()
    deemed_kinds = {"deemed", "military"} - actual_kinds

    def of(kinds):
        return {
            (month, one.area)
            for one in career
            if one.kind in kinds and one.status == "paid" and one.scheme == "employee"
            for month in range(one.from_month.index, one.to_month.index + 1)
        }

    actual, deemed = of(actual_kinds), of(deemed_kinds)
    months = [month for month, _area in actual]
    counted = counting.count(career, **flags)
    assert len(counted.actual) == len(set(months))
    assert len(counted.deemed) == len({month for month, _area in deemed} - set(months))
    assert len(counted.overlap) == len({one for one in months if months.count(one) > 1})
    listed = [
        month.index
        for first, last in counted.total.runs()
        for month in map(Month, range(first.index, last.index + 1))
    ]
    assert listed == sorted(set(months) | {month for month, _area in deemed})
