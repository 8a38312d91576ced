"""What a payout costs, where it is handled, where the money goes, and whom to ring."""

from dataclasses import replace
from datetime import date

import pytest

from insurance.explaining import as_dict
from insurance.policy_values import Answer
from insurance.rules.withdrawal import WithdrawalFacts, decide
from tests.insurance.policy_texts import entry, read
from tests.insurance.rules.in_memory import policy_on

NOW = date(2026, 11, 21)


def asked(case, applicant="self", *, area="320100", said=()):
    """As the files say, and these made-up values instead of theirs."""
    policy = policy_on(area, NOW)
    answers = {one.name: Answer(one.name, (one,)) for one in read(*said, area=area).values}
    policy = replace(policy, answers={**policy.answers, **answers})
    return as_dict(decide(WithdrawalFacts(case, applicant), policy, NOW))


def messages(told, code):
    return [one["message"] for one in told["findings"] if one["code"] == code]


def test_what_settling_abroad_is_handled_as_says_where_the_money_goes():
    how = entry(
        name="withdrawal.pay_to.give_up", value=["CHEQUE"], unit="list", list_kind="complete"
    )
    told = asked("SETTLE_ABROAD", said=(how,))
    assert (told["verdict"], told["figures"]["pay_to"]) == ("yes", ["CHEQUE"])
    assert asked("PENSION_CLEARED", said=(how,))["figures"]["pay_to"] == ["BANK_ACCOUNT"]


def test_a_fee_is_told_with_its_amount():
    fee = entry(name="withdrawal.fee_fen", value=500, unit="fen")
    told = asked("GIVE_UP", said=(fee,))
    assert told["figures"]["fee_fen"] == 500
    assert messages(told, "fee_yes") == ["办理收费：5.00 元。"]


def test_what_only_an_article_says_is_no_figure():
    told = asked("DEATH", "heir", area="620100")
    assert told["verdict"] == "yes"
    assert (told["figures"]["pay_to"], told["figures"]["channels"]) == (None, None)
    assert [one for one in messages(told, "evidence_seed_only") if "现金、支票" in one]


@pytest.mark.parametrize(
    ("case", "area", "number"),
    [
        ("GIVE_UP", "320100", "12393"),
        ("GIVE_UP", "341600", "12393"),
        ("SERIOUS_ILLNESS", "320100", None),
    ],
)
def test_the_number_to_ring_stands_where_something_is_left_to_ask(case, area, number):
    told = asked(case, area=area)
    assert told["figures"]["hotline"] == number
    assert len(messages(told, "hotline_yes")) == (number is not None)


def test_a_number_of_the_place_is_told_with_what_it_is_worth():
    (claim,) = messages(asked("DEATH", "heir", area="330100"), "hotline_not_confirmed")
    assert "961128" in claim
    own = entry(name="hotline.local", value="961128", unit="digits")
    told = asked("DEATH", "heir", area="330100", said=(own,))
    assert [one for one in messages(told, "hotline_yes") if "961128" in one]
    assert not messages(told, "hotline_not_confirmed")
