"""What became of the money of each month; one test for each way."""

import datetime as dt

import pytest

from insurance import ledger
from insurance.models.ledger import EntryKind
from insurance.periods import Month
from insurance.standing import standing
from queries.selectors.credits import TAGS, Duty, Outcome, credit_year
from tests.factories import insurance as register
from tests.queries.conftest import TODAY, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def person():
    return register.make_person()


def line(person, month=(2026, 9)):
    """The line of one month."""
    found = credit_year(
        person_id=person.pk,
        account_ids=list(person.accounts.values_list("pk", flat=True)),
        where=standing(person.pk),
        year=month[0],
        today=TODAY,
    )
    return next(one for one in found.lines if one.month == Month.of(*month))


def credit(person, moment, month=(2026, 9), amount_fen=16469):
    account = person.accounts.first() or register.make_account(person=person)
    return register.post(
        account,
        EntryKind.CREDIT_OWN,
        amount_fen,
        posted_at=moment,
        for_month=Month.of(*month),
    )


def test_every_outcome_has_a_tag():
    assert set(TAGS) == set(Outcome)


@pytest.mark.parametrize("moment", [register.at(2026, 9, 20), register.at(2026, 10, 31, 23)])
def test_money_that_came_in_the_month_or_the_next_has_its_day_and_amount(person, moment):
    register.make_enrolment(person=person, employer="甲厂")
    credit(person, moment)
    found = line(person)
    assert (found.outcome, found.amount_fen, found.posted_at) == ("credited", 16469, moment)
    assert (found.duty, found.payer) == (Duty.EMPLOYER, "甲厂")


def test_money_that_came_later_stands_with_its_month_and_its_day(person):
    register.make_enrolment(person=person)
    credit(person, register.at(2026, 11, 1, 0))
    assert line(person).outcome == Outcome.CREDITED_LATER
    assert line(person, (2026, 11)).outcome == Outcome.EXPECTED


def test_several_credits_of_one_month_are_added(person):
    register.make_enrolment(person=person)
    credit(person, register.at(2026, 9, 20))
    credit(person, register.at(2026, 9, 21), amount_fen=1)
    assert line(person).amount_fen == 16470


def test_a_credit_that_was_mirrored_is_a_correction(person):
    register.make_enrolment(person=person)
    wrong = credit(person, register.at(2026, 9, 20))
    ledger.reverse(entry_id=wrong.pk, source_ref="m", posted_at=register.at(2026, 9, 22))
    found = line(person)
    assert (found.outcome, found.amount_fen) == (Outcome.CORRECTED, 0)
    credit(person, register.at(2026, 9, 23), amount_fen=100)
    found = line(person)
    assert (found.outcome, found.amount_fen) == (Outcome.CREDITED, 100)


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        ("paid", Outcome.PAID_WAITING),
        ("unpaid", Outcome.UNPAID),
        ("pending", Outcome.PENDING),
        ("refunded", Outcome.REFUNDED),
        ("void", Outcome.NO_RECORD),
    ],
)
def test_without_a_credit_the_state_of_the_contribution_decides(person, status, outcome):
    register.make_enrolment(person=person)
    register.make_period(person=person, first=(2026, 9), last=(2026, 9), status=status)
    assert line(person).outcome == outcome


def test_a_payment_beats_other_records_of_the_same_month(person):
    register.make_enrolment(person=person)
    day = dt.date(2026, 10, 9)
    register.make_period(person=person, first=(2026, 9), last=(2026, 9), status="unpaid")
    register.make_period(person=person, first=(2026, 9), last=(2026, 9), paid_on=day)
    assert (line(person).outcome, line(person).paid_on) == (Outcome.PAID_WAITING, day)


def test_no_record_is_a_question_only_when_the_month_is_over(person):
    register.make_enrolment(person=person)
    assert line(person, (2026, 10)).outcome == Outcome.NO_RECORD
    assert line(person, (2026, 11)).outcome == Outcome.EXPECTED


@pytest.mark.parametrize("kind", ["deemed", "military"])
def test_years_that_were_granted_bring_no_money(person, kind):
    register.make_enrolment(person=person)
    register.make_period(person=person, first=(2026, 9), last=(2026, 9), kind=kind)
    assert line(person).outcome == Outcome.NO_RECORD


@pytest.mark.parametrize(
    ("kind", "duty"),
    [("post_retirement_monthly", Duty.SELF), ("unemployment_fund", Duty.UNEMPLOYMENT_FUND)],
)
def test_payments_that_may_bring_nothing_are_not_promised(person, kind, duty):
    register.make_enrolment(person=person)
    register.make_period(person=person, first=(2026, 9), last=(2026, 9), kind=kind)
    assert (line(person).outcome, line(person).duty) == (Outcome.MAY_BRING_NOTHING, duty)


def test_retired_people_pay_nothing_and_wait_for_the_fund(person):
    register.make_enrolment(person=person, person_type="retired")
    assert (line(person).outcome, line(person).duty) == (Outcome.FUND_MISSING, Duty.FUND)
    assert line(person, (2026, 10)).outcome == Outcome.EXPECTED


def test_flexible_workers_pay_for_themselves(person):
    register.make_enrolment(person=person, person_type="flexible")
    assert line(person).duty == Duty.SELF


def test_a_scheme_or_tier_without_account_brings_nothing(person):
    register.make_enrolment(person=person, has_account=False, tier="二档")
    register.make_period(person=person, first=(2026, 9), last=(2026, 9))
    assert (line(person).outcome, line(person).duty) == (Outcome.NO_ACCOUNT, Duty.NOBODY)


def test_before_after_and_between_enrolments_nobody_is_insured(person):
    register.make_enrolment(
        person=person, starts_on=dt.date(2026, 3, 15), ends_on=dt.date(2026, 6, 1)
    )
    outcomes = {month: line(person, (2026, month)).outcome for month in (2, 3, 6, 7)}
    assert outcomes == {
        2: Outcome.NOT_INSURED,
        3: Outcome.NO_RECORD,
        6: Outcome.NO_RECORD,
        7: Outcome.NOT_INSURED,
    }


def test_after_a_death_nothing_is_expected(person):
    register.make_enrolment(person=person, person_type="retired")
    register.make_fact(person=person, kind="death", from_day=dt.date(2026, 7, 20))
    assert line(person, (2026, 8)).outcome == Outcome.NOT_INSURED
    assert line(person, (2026, 7)).outcome == Outcome.FUND_MISSING


def test_employee_insurance_decides_where_two_run_at_once(person):
    register.make_enrolment(person=person, scheme="resident", person_type="resident")
    register.make_enrolment(person=person)
    assert line(person).duty == Duty.EMPLOYER


def test_years_are_pages_and_the_future_has_none(page, reader):
    shown = text(page("/balance/credits/"))
    assert "2026年11月" in shown
    assert "2026年12月" not in shown
    assert "?year=2025" in shown
    past = text(page("/balance/credits/?year=2025"))
    assert "2025年12月" in past
    assert "?year=2026" in past
    assert "?year=2009" not in text(page("/balance/credits/?year=2010"))


@pytest.mark.parametrize("year", ["2027", "2009", "x", "99999999999", "-1"])
def test_another_year_is_explained(page, year):
    shown = text(page(f"/balance/credits/?year={year}"))
    assert "<title>错误：" in shown


def test_the_page_does_not_guess_a_posting_day(page):
    assert "没有查到规定" in text(page("/balance/credits/"))
