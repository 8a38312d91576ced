"""Asking who would pay is no way to read somebody's balance."""

import random
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.limits import ASK_WHO_PAYS
from family import payer_words
from family.deduction import BARS, Payer, Stop
from family.payers import Line, PayerList
from family.selectors.telling import (
    MAX_BILL_FEN,
    NARROWEST_FEN,
    RUNGS_FEN,
    Answer,
    alone,
    outcome,
    rung,
)

OWN = Line(Payer("own:whole", 1, 120_00), part="whole")


def giver(usable_fen, *, number=2, shows=False, part="whole", **payer):
    return Line(
        Payer(f"binding:{number}:{part}", number * 10 + len(part), usable_fen, **payer),
        part=part,
        binding_id=number,
        reference=f"GJ-{number}",
        name="李*梅",
        relation="spouse",
        shows_amounts=shows,
    )


def asked(*lines, own_first=True):
    return PayerList(
        order_version=1,
        lines=lines,
        own_first=own_first,
        own_first_said=True,
        kept_unknown=False,
        policies=(),
    )


def answers(made):
    return [(one.answer, one.amount_fen, one.at_most) for one in made.told]


def test_who_agreed_to_amounts_is_shown_with_them():
    made = outcome(asked(OWN, giver(1_000_00, shows=True)), 300_00)
    assert answers(made) == [(Answer.SHORT, 120_00, False), (Answer.ENOUGH, 180_00, False)]
    assert (made.cash_fen, made.cash_at_most) == (0, False)
    assert made.told[0].why == payer_words.OF_OWN[Stop.BALANCE_USED]


def test_who_did_not_agree_is_enough_or_perhaps_not():
    found = asked(OWN, giver(299_99))
    assert answers(outcome(found, 220_00))[1] == (Answer.ENOUGH, None, False)
    made = outcome(found, 220_01)
    assert answers(made)[1] == (Answer.PERHAPS, None, False)
    assert (made.cash_fen, made.cash_at_most) == (1, True)
    assert not made.told[1].why


def test_what_comes_after_a_perhaps_is_the_most_it_can_be():
    made = outcome(asked(giver(150_00), giver(80_00, number=3, shows=True), OWN), 290_00)
    assert answers(made) == [
        (Answer.PERHAPS, None, False),
        (Answer.SHORT, 80_00, True),
        (Answer.ENOUGH, 110_00, True),
    ]


def test_caps_are_known_to_both_and_told():
    made = outcome(asked(giver(5_000_00, month_left_fen=70_00)), 100_00)
    assert answers(made) == [(Answer.SHORT, None, False)]
    assert made.told[0].why == payer_words.OF_RELATIVE[Stop.MONTH_CAP]
    assert (made.cash_fen, made.cash_at_most) == (30_00, False)


def test_who_is_not_needed_and_who_cannot_pay():
    found = asked(giver(0, barred=Stop.FROZEN), OWN, giver(1, number=3))
    made = outcome(found, 100_00)
    assert [one.answer for one in made.told] == [Answer.NOTHING, Answer.ENOUGH, Answer.NOT_NEEDED]


def test_the_register_of_a_relative_is_not_told():
    private = (Stop.DEAD, Stop.FROZEN, Stop.SETTLEMENT_SUSPENDED, Stop.AREA)
    said = {str(outcome(asked(giver(0, barred=one)), 100_00).told[0].why) for one in private}
    no_account = giver(0)._replace(payer=Payer("x", None, 0))
    said.add(str(outcome(asked(no_account), 100_00).told[0].why))
    assert len(said) == 1


@pytest.mark.parametrize("words", [payer_words.OF_RELATIVE, payer_words.TO_GIVER])
def test_every_reason_has_its_words(words):
    assert set(words) == set(Stop) - {Stop.BILL_PAID}
    told = "".join(map(str, payer_words.OF_RELATIVE.values()))
    assert "冻结" not in told
    assert "去世" not in told


def test_every_reason_of_the_own_account_has_its_words():
    possible = {Stop.DEAD, Stop.FROZEN, Stop.SETTLEMENT_SUSPENDED, Stop.NO_ACCOUNT}
    possible |= {Stop.USE_NOT_PAYABLE, Stop.RULE_UNKNOWN, Stop.BALANCE_USED}
    assert set(payer_words.OF_OWN) == possible


def test_a_larger_bill_is_not_asked_about():
    with pytest.raises(ValueError, match="not asked"):
        outcome(asked(OWN), MAX_BILL_FEN + 1)


def test_a_giver_learns_nothing_of_the_others_from_what_is_seen_of_them():
    mine = giver(500_00, number=3)
    rich = alone(asked(OWN._replace(payer=Payer("o", 1, 9_000_00)), giver(9_000_00), mine), 3, 1)
    poor = alone(asked(OWN._replace(payer=Payer("o", 1, 0)), giver(0), mine), 3, 1)
    assert rich == poor
    assert (rich.place, rich.answer) == (3, Answer.ENOUGH)
    assert alone(asked(OWN), 3, 1) is None


# --- the ladder


def test_the_rungs_are_as_far_apart_as_is_said():
    ladder = (0, *RUNGS_FEN)
    assert min(high - low for low, high in zip(ladder, RUNGS_FEN, strict=False)) == NARROWEST_FEN
    assert [rung(one) for one in (0, 99_99, 100_00, 299_99, 5_000_00, 10**9)] == [
        *(0, 0, 100_00, 100_00, 5_000_00, 5_000_00)
    ]


def band(fen):
    """The balances that nobody may tell from this one: first and last, in fen."""
    low = rung(fen)
    return low, min((one for one in RUNGS_FEN if one > fen), default=MAX_BILL_FEN * 4) - 1


amounts = st.integers(0, MAX_BILL_FEN + 100_00)
caps = st.none() | st.integers(0, 2_000_00)


@settings(max_examples=400, deadline=None)
@given(
    secret=amounts,
    other=st.integers(0, 10**6),
    split=st.booleans(),
    own=amounts,
    open_handed=amounts,
    bill=st.integers(1, MAX_BILL_FEN),
    cap=caps,
    month=caps,
    order=st.sampled_from(list(permutations(range(3)))),
)
def test_balances_between_two_rungs_give_the_same_answer_to_every_question(
    secret, other, split, own, open_handed, bill, cap, month, order
):
    low, high = band(secret)
    twin = low + other % (high - low + 1)

    def page(balance):
        hidden = [giver(balance, bill_cap_fen=cap, month_left_fen=month)]
        if split:
            first = balance // 3
            left = None if cap is None else max(cap - first, 0)
            hidden = [
                giver(first, bill_cap_fen=cap, part="prior_years"),
                giver(balance - first, bill_cap_fen=left, part="current_year"),
            ]
        parts = [
            hidden,
            [giver(open_handed, number=3, shows=True)],
            [giver(own, number=4, shows=True)],
        ]
        return outcome(asked(*(line for place in order for line in parts[place])), bill)

    assert page(secret) == page(twin)


def learnt(secret, questions, ask):
    """What an attacker knows who halves the interval with every question: the balances that fit all answers."""
    low, high = 0, MAX_BILL_FEN
    for _ in range(questions):
        if low >= high:
            break
        bill = min((low + high) // 2 + 1, MAX_BILL_FEN)
        if ask(secret, bill).told[0].answer is Answer.ENOUGH:
            low = bill
        else:
            high = bill - 1
    return low, high


def ask_hidden(balance, bill):
    return outcome(asked(giver(balance)), bill)


def ask_open(balance, bill):
    return outcome(asked(giver(balance, shows=True)), bill)


def test_a_day_of_halving_finds_rungs_and_no_balance():
    dice = random.Random(4)
    for secret in [dice.randint(0, MAX_BILL_FEN - 1) for _ in range(200)]:
        low, high = learnt(secret, ASK_WHO_PAYS.count, ask_hidden)
        # The attacker ends at a rung: the balances that give these very answers are all of the band.
        assert low == high == rung(secret)
        first, last = band(secret)
        assert last - first + 1 >= NARROWEST_FEN
        for twin in (first, last):
            assert learnt(twin, ASK_WHO_PAYS.count, ask_hidden) == (low, high)


def test_the_same_attacker_would_find_a_balance_that_is_not_rounded():
    assert learnt(1_234_56, ASK_WHO_PAYS.count, ask_open) == (1_234_56, 1_234_56)


def test_bars_do_not_hang_on_the_balance():
    for bar in sorted(BARS):
        poor, rich = (outcome(asked(giver(one, barred=bar)), 100_00) for one in (0, 9_000_00))
        assert poor == rich
