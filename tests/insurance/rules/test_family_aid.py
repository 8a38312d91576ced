"""Family aid between two areas: the money model by date, and what an area would have to publish for a limit."""

from dataclasses import replace
from datetime import date

import pytest

from insurance.policy_values import Answer
from insurance.rules.family_aid import FamilyAidFacts, decide
from tests.insurance.policy_texts import entry
from tests.insurance.policy_texts import read as file
from tests.insurance.rules.in_memory import policy_on

NOW = date(2026, 11, 21)
LIVE = "family_aid.limit_live_from"


def facts(relation="spouse", *, to="510100"):
    return FamilyAidFacts(relation, "employee", True, "420100", "resident", to)


def live_from(area, day):
    """The policy of an area that has told its day."""
    value = entry(name=LIVE, value=day, unit="date", valid_from="2026-01-09")
    policy = policy_on(area, NOW)
    return replace(
        policy, answers={**policy.answers, LIVE: Answer(LIVE, file(value, area=area).values)}
    )


@pytest.mark.parametrize(
    ("giver", "beneficiary", "verdict", "model"),
    [
        ("2026-06-01", "2026-11-21", "yes", "limit"),
        ("2026-06-01", "2026-11-22", "no", None),
        ("2026-06-01", None, "staff_decides", None),
        (None, "2026-11-22", "no", None),
    ],
)
def test_a_limit_needs_the_day_of_both_areas(giver, beneficiary, verdict, model):
    policies = [
        live_from(area, day) if day else policy_on(area, NOW)
        for area, day in (("420100", giver), ("510100", beneficiary))
    ]
    told = decide(facts(), *policies, NOW)
    assert (told.verdict, told.figures["money_model"]) == (verdict, model)


@pytest.mark.parametrize(
    ("day", "verdict", "model"),
    [
        (date(2021, 4, 22), "no", None),
        (date(2024, 12, 1), "no", None),
        (date(2024, 12, 2), "unknown", None),
        (date(2025, 2, 3), "unknown", None),
        (date(2025, 2, 4), "yes", "wallet_transfer"),
        (date(2026, 1, 8), "yes", "wallet_transfer"),
        (date(2026, 1, 9), "staff_decides", None),
    ],
)
def test_the_model_across_provinces_by_date(day, verdict, model):
    told = decide(facts(), policy_on("420100", day), policy_on("510100", day), day)
    assert (told.verdict, told.figures["money_model"]) == (verdict, model)


@pytest.mark.parametrize(
    ("relation", "step"),
    [("parent_in_law", "spouse_binds_own_parents"), ("child_in_law", "child_binds_own_spouse")],
)
def test_in_laws_are_refused_with_who_may_bind_them(relation, step):
    told = decide(
        facts(relation, to="420100"), policy_on("420100", NOW), policy_on("420100", NOW), NOW
    )
    assert told.verdict == "no"
    assert step in {one.next_step for one in told.findings}


def test_whose_account_pays_first_is_told_as_practice():
    policy = policy_on("420100", NOW)
    told = decide(facts(to="420100"), policy, policy, NOW)
    (order,) = [one for one in told.findings if one.code == "own_account_first_yes"]
    assert [one.confidence for one in order.sources] == ["secondary"]
