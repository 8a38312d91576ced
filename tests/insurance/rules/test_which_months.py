"""Which months count is partly the place's to say; where it has not said, every reading is tried."""

from datetime import date

from insurance.counting import Period
from insurance.explaining import as_dict
from insurance.periods import Month
from insurance.rules.contribution_years import YearsFacts, decide
from tests.insurance.rules.in_memory import policy_on

NOW = date(2026, 11, 21)


def paid(area, first, last, kind="actual", status="paid", scheme="employee"):
    return Period(area, Month.parse(first), Month.parse(last), scheme, kind, status)


def asked(area, *periods, day=NOW):
    return decide(YearsFacts("male", True, periods), policy_on(area, day), day)


def test_back_paid_months_count_except_where_the_place_says_no():
    bought = paid("110000", "2010-01", "2010-12", "backpaid")
    assert asked("110000", bought).figures["total_months"] == 12
    bought = paid("310000", "2010-01", "2010-12", "backpaid")
    assert asked("310000", bought).figures["total_months"] == 0


def test_shanghai_asks_staff_where_an_employers_late_payment_would_decide():
    worked = paid("310000", "2000-01", "2014-06")
    bought = paid("310000", "2014-07", "2015-06", "backpaid")
    told = asked("310000", worked, bought)
    assert (told.verdict, told.figures["total_months"]) == ("staff_decides", 174)
    short = asked("310000", paid("310000", "2000-01", "2005-12"), bought)
    assert (short.verdict, short.figures["missing_months"]) == ("no", 108)


def test_service_counts_as_actual_where_the_place_says_so_and_is_deemed_elsewhere():
    service = paid("440100", "2000-01", "2001-12", "military")
    there = asked("440100", service, day=date(2024, 6, 1)).figures
    assert (there["actual_months"], there["deemed_months"]) == (24, 0)
    elsewhere = asked("310000", service).figures
    assert (elsewhere["actual_months"], elsewhere["deemed_months"]) == (0, 24)


def test_what_is_not_paid_does_not_count_nor_does_the_resident_scheme():
    told = asked(
        "310000",
        *(paid("310000", "2001-01", "2001-12", status=one) for one in ("unpaid", "pending")),
        *(paid("310000", "2002-01", "2002-12", status=one) for one in ("refunded", "void")),
        paid("310000", "2003-01", "2003-12", scheme="resident"),
    )
    assert told.figures["total_months"] == 0


def test_months_in_two_places_count_once_and_are_flagged():
    told = asked(
        "310000", paid("310000", "2001-01", "2001-12"), paid("320100", "2001-07", "2002-06")
    )
    assert told.figures["total_months"] == 18
    (flag,) = [one for one in told.findings if one.code == "duplicate_enrolment"]
    assert flag.params["months"] == 6


def test_paying_on_says_when_it_would_be_complete():
    told = asked("210100", paid("210100", "2001-01", "2014-10"))
    (done,) = [one for one in told.findings if one.code == "complete_if_paying_on"]
    assert (done.params["missing"], str(done.params["month"])) == (194, "2043-01")


def test_a_disputed_threshold_shows_both_sides_with_their_sources():
    told = asked("210200", paid("210200", "1996-01", "2022-08"))
    assert told.findings[0].code == "evidence_disputed"
    assert [one.citation.source.id for one in told.findings[0].sources] == ["SEED4", "S22"]


def test_guangdong_tells_the_short_how_to_make_it_up():
    told = asked("440100", paid("440100", "2020-01", "2020-12"), day=date(2024, 6, 1))
    names = {one.params.get("name") for one in told.findings if one.code == "rule_yes"}
    assert told.verdict == "no"
    assert "contribution_years.shortfall_options" in names
    assert "contribution_years.benefit_place_order" in names


def test_no_month_is_named_where_the_last_one_may_be_one_too_few():
    """上海 asks for "more than 15 years": 180 months are staff's to decide (domain facts §3.3)."""
    told = asked("310000", paid("310000", "2014-01", "2026-10"))
    assert told.verdict == "no"
    assert "complete_if_paying_on" not in {one.code for one in told.findings}


def test_readings_that_lead_to_the_same_verdict_are_all_named():
    told = asked("210200", paid("210200", "2008-08", "2026-10"))
    message = as_dict(told)["findings"][0]["message"]
    assert told.verdict == "no"
    assert "要25年或者30年" in message
