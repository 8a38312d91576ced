"""Every day from 1990 to 2060 gets an answer for every rule and area, and nothing is claimed without a source."""

from datetime import date, timedelta
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from insurance import areas, explaining, rule_facts
from insurance.rule_sentences import NEXT_STEPS, SENTENCES
from insurance.rules.decision import VERDICTS
from tests.insurance.rules import questions
from tests.insurance.rules.in_memory import by_area, policy_on

FIRST, LAST = date(1990, 1, 1), date(2060, 12, 31)
remembered = cache(policy_on)


def turning_days(area):
    """The days on which anything that a rule sees of an area may change: between two of them only the day differs."""
    days = {FIRST, LAST}
    for code in areas.chain(area):
        for value in by_area().get(code, ()):
            days |= {value.valid_from, value.checked_on}
            days |= {
                one + timedelta(1) for one in (value.valid_to, value.stated_validity_until) if one
            }
    return sorted(day for day in days if day and FIRST <= day <= LAST)


def decide(rule, area, day, raw):
    facts = rule_facts.read(rule, area, raw)
    return explaining.decide(rule, area=area, on=day, facts=facts, policy_on=remembered)


def is_honest(decision):
    assert decision.verdict in VERDICTS
    assert decision.verdict == "unknown" or decision.sources
    for finding in decision.findings:
        assert finding.code in SENTENCES
        assert finding.next_step in ("", *NEXT_STEPS)
        assert finding.verdict in VERDICTS
    return True


@pytest.mark.parametrize("rule", explaining.RULES)
def test_every_turn_of_the_rules_is_answered_on_both_sides(rule):
    asked = 0
    for area in questions.CITIES:
        for turn in turning_days(area):
            for day in (turn - timedelta(1), turn):
                for raw in questions.of(rule):
                    assert is_honest(decide(rule, area, day, raw))
                    asked += 1
    assert asked > 1000


@settings(max_examples=150, deadline=None)
@given(
    day=st.dates(FIRST, LAST),
    area=st.sampled_from(questions.CITIES),
    rule=st.sampled_from(explaining.RULES),
    data=st.data(),
)
def test_any_day_is_answered_in_words(day, area, rule, data):
    raw = data.draw(st.sampled_from(questions.of(rule)))
    told = explaining.as_dict(decide(rule, area, day, raw))
    for finding in told["findings"]:
        assert finding["message"]
        assert "%(" not in finding["message"] + finding["message_en"]
    for material in told["materials"]:
        assert material["message"]
