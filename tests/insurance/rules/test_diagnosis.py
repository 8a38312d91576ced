"""Every cause of the catalogue, on facts made for it; the main one first."""

from dataclasses import replace
from datetime import date

import pytest
from django.utils import translation

from insurance import diagnosis_sentences
from insurance.periods import Month
from insurance.policy_values import Answer, Policy
from insurance.rules import diagnosis
from insurance.rules.decision import NO, UNKNOWN, YES
from insurance.rules.diagnosis import Contribution, Enrolled, Entry, MonthFacts, diagnose
from tests.insurance.rules.in_memory import policy_on

TODAY = date(2026, 11, 16)
MONTH = Month.of(2026, 9)
HERE, THERE = "310000", "340100"
IN_SERVICE = Enrolled(HERE, "employee", "in_service", True, Month.of(2010, 7))
PAID = Contribution(HERE, "actual", "paid", 800000)
CREDIT = Entry("credit_own", 16000, MONTH, date(2026, 9, 20))
SPENT = Entry("spend_care", -5000, None, date(2026, 9, 22))
WELL = MonthFacts(MONTH, IN_SERVICE, (PAID,), (CREDIT,), (CREDIT,))


def who(**fields):
    return replace(IN_SERVICE, **fields)


def told(facts, area=HERE, today=TODAY, policy=None):
    rules = policy or policy_on(area, facts.month.first_day)
    return diagnose(facts, rules, today)


def codes(facts, area=HERE, today=TODAY, policy=None):
    return [one.code for one in told(facts, area, today, policy).findings]


def with_value(name, value, area=HERE):
    """The area's rules with one name answered by that value."""
    rules = policy_on(area, MONTH.first_day)
    own = policy_on("000000", MONTH.first_day).get("account_credit.in_service_rate").values[0]
    said = replace(own, name=name, value=value, level="city", area=area)
    return Policy(area, rules.day, {**rules.answers, name: Answer(name, (said,))})


CASES = {
    "D01_SCHEME_HAS_NO_ACCOUNT": (
        replace(WELL, enrolled=who(has_account=False), credits=(), moved=()),
        {},
    ),
    "D02_NOT_ENROLLED": (MonthFacts(MONTH, None), {}),
    "D03_NOT_DECLARED": (MonthFacts(MONTH, IN_SERVICE), {}),
    "D04_UNPAID": (MonthFacts(MONTH, IN_SERVICE, (replace(PAID, status="unpaid"),)), {}),
    "D05_OR_D06_NOT_POSTED": (MonthFacts(MONTH, IN_SERVICE, (PAID,)), {}),
    "D07_BACKPAY_POSTED_ELSEWHERE": (
        replace(WELL, credits=(replace(CREDIT, posted=date(2026, 11, 3)),), moved=()),
        {},
    ),
    "D08_WRONG_BASE": (replace(WELL, credits=(replace(CREDIT, amount_fen=15000),)), {}),
    "D09_REFORM": (
        replace(
            WELL,
            enrolled=who(area="110000"),
            contributions=(replace(PAID, area="110000"),),
            share_until=Month.of(2022, 8),
        ),
        {"area": "110000"},
    ),
    "D10_RETIREE_SWITCH": (
        replace(
            WELL,
            enrolled=who(person_type="retired"),
            contributions=(),
            credits=(replace(CREDIT, kind="credit_retiree"),),
            retired_since=Month.of(2026, 3),
        ),
        {},
    ),
    "D11_YEARS_SHORT_PAYING_MONTHLY": (
        MonthFacts(MONTH, IN_SERVICE, (replace(PAID, kind="post_retirement_monthly"),)),
        {"policy": with_value("contribution_years.shortfall_monthly_credited", False)},
    ),
    "D11_NOT_KNOWN_HERE": (
        MonthFacts(MONTH, IN_SERVICE, (replace(PAID, kind="post_retirement_monthly"),)),
        {},
    ),
    "D12_ANNUAL_CREDIT": (
        MonthFacts(MONTH, IN_SERVICE, (PAID,)),
        {"policy": with_value("account_credit.posting_rule", "annual")},
    ),
    "D13_SPENT": (replace(WELL, moved=(CREDIT, replace(SPENT, amount_fen=-16000))), {}),
    "D14_AID_SPENT": (
        replace(WELL, moved=(CREDIT, replace(SPENT, by_relative=True))),
        {},
    ),
    "D15_LIMIT_RESERVED": (replace(WELL, reserved_fen=20000), {}),
    "D16_WALLET_OUT": (replace(WELL, moved=(CREDIT, replace(SPENT, kind="wallet_out"))), {}),
    "D17_AUTO_PREMIUM": (replace(WELL, moved=(CREDIT, replace(SPENT, kind="premium"))), {}),
    "D18_TRANSFER_IN_PROGRESS": (
        replace(WELL, moving_since=date(2026, 9, 5)),
        {"policy": Policy(HERE, MONTH.first_day)},
    ),
    "D18_TRANSFER_WITHIN_DAYS": (replace(WELL, moving_since=date(2026, 9, 5)), {}),
    "D19_PAID_IN_OTHER_AREA": (
        MonthFacts(MONTH, IN_SERVICE, (replace(PAID, area=THERE),)),
        {},
    ),
    "D20_FROZEN": (replace(WELL, stopped=("account_freeze",)), {}),
    "D21_DUPLICATE_PERSON": (replace(WELL, two_numbers=True), {}),
    "D22_REVERSED": (replace(WELL, credits=(CREDIT, replace(CREDIT, undone=True))), {}),
    "D23_WAITING_PERIOD": (
        replace(WELL, enrolled=who(person_type="flexible", since=Month.of(2026, 7))),
        {"policy": with_value("benefit.waiting_months.flexible", 6)},
    ),
    "D24_BASE_UNCHANGED": (replace(WELL, base_year_ago_fen=800000), {}),
}


def test_every_cause_has_a_case_a_sentence_and_none_holds_for_a_month_that_went_well():
    assert set(CASES) == set(diagnosis_sentences.SENTENCES)
    assert codes(WELL) == []
    assert told(WELL).main is None


@pytest.mark.parametrize("code", CASES)
def test_a_cause_holds_on_its_facts_alone(code):
    facts, asked = CASES[code]
    assert codes(facts, **asked) == (
        ["D05_OR_D06_NOT_POSTED", code]
        if code in {"D11_NOT_KNOWN_HERE", "D12_ANNUAL_CREDIT"}
        else [code]
    )


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("code", CASES)
def test_every_cause_can_be_said_with_what_to_do(code, language):
    facts, asked = CASES[code]
    with translation.override(language):
        for finding in told(facts, **asked).findings:
            assert "%" not in diagnosis_sentences.message(finding).replace("2%", "")
            assert not finding.next_step or diagnosis_sentences.next_step(finding)


def test_all_that_hold_are_told_in_the_order_of_the_catalogue():
    found = told(
        replace(
            WELL,
            contributions=(replace(PAID, area=THERE),),
            credits=(replace(CREDIT, undone=True),),
            moved=(CREDIT, replace(SPENT, amount_fen=-20000, by_relative=True)),
            reserved_fen=1,
            two_numbers=True,
        )
    )
    assert [one.code[:3] for one in found.findings] == ["D13", "D14", "D15", "D19", "D21", "D22"]
    assert found.main.code == "D13_SPENT"
    assert len(found.others) == 5


def test_the_posting_day_is_known_for_no_area_and_never_guessed():
    for area in ("110000", "310000", "210200", "440100", "341600"):
        facts = MonthFacts(MONTH, who(area=area), (replace(PAID, area=area),))
        (found,) = told(facts, area).findings
        assert (found.code, found.verdict) == ("D05_OR_D06_NOT_POSTED", UNKNOWN)


def test_the_retired_wait_for_the_fund_and_owe_no_declaration():
    facts = MonthFacts(MONTH, who(person_type="retired"))
    assert codes(facts) == ["D05_OR_D06_NOT_POSTED"]


def test_a_month_that_is_running_may_still_be_declared():
    assert codes(MonthFacts(Month.of(2026, 11), IN_SERVICE)) == []
    assert codes(MonthFacts(Month.of(2026, 10), IN_SERVICE)) == ["D03_NOT_DECLARED"]


@pytest.mark.parametrize(("sum_", "differs"), [(15999, False), (16001, False), (15998, True)])
def test_a_fen_of_rounding_is_no_wrong_base(sum_, differs):
    found = told(replace(WELL, credits=(replace(CREDIT, amount_fen=sum_),)))
    assert ([one.code for one in found.findings] == ["D08_WRONG_BASE"]) is differs


def test_a_wrong_base_shows_rate_base_and_both_sums_with_the_document():
    (found,) = told(replace(WELL, credits=(replace(CREDIT, amount_fen=15000),))).findings
    assert found.params == {"rate": "0.02", "base": 800000, "expected": 16000, "sum": 15000}
    assert found.sources
    assert found.verdict == YES


def test_without_a_base_or_a_rate_no_base_is_called_wrong():
    wrong = replace(WELL, credits=(replace(CREDIT, amount_fen=1),))
    unsaid = replace(wrong, contributions=(replace(PAID, base_fen=None),))
    assert codes(unsaid) == []
    assert codes(replace(wrong, contributions=(PAID, PAID))) == []
    assert codes(wrong, policy=Policy(HERE, MONTH.first_day)) == []


def test_before_the_reform_and_without_its_day_the_reform_is_no_cause():
    facts = replace(WELL, enrolled=who(area="110000"), share_until=Month.of(2022, 7))
    early = replace(
        facts, month=Month.of(2022, 8), credits=(), contributions=(), enrolled=who(area="110000")
    )
    assert "D09_REFORM" not in codes(early, "110000")
    assert "D09_REFORM" not in codes(replace(facts, enrolled=IN_SERVICE), HERE)


def test_retiring_is_news_for_a_year():
    facts, asked = CASES["D10_RETIREE_SWITCH"]
    assert codes(replace(facts, retired_since=MONTH + -12), **asked) == []


def test_a_waiting_period_is_explained_but_never_the_cause():
    facts, asked = CASES["D23_WAITING_PERIOD"]
    found = told(facts, **asked)
    assert found.main is None
    assert [one.verdict for one in found.findings] == [NO]


def test_months_that_were_granted_bring_no_money_and_are_not_awaited():
    assert codes(MonthFacts(MONTH, IN_SERVICE, (replace(PAID, kind="deemed"),))) == []


def test_the_catalogue_has_one_function_for_each_code():
    assert len(diagnosis.CATALOGUE) == 23
