"""Who pays a bill and who gets a refund: each reason by hand, and what holds of all; `tests.proof` has the oracle."""

from collections import Counter
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from family.deduction import BARS, Payer, Plan, Stop, plan, refund

OWN = Payer("own:1", 1, 12_000)
WIFE = Payer("binding:2", 2, 50_000)


def seen(made: Plan):
    return [(one.key, one.amount_fen, str(one.stop)) for one in made.taken]


# --- by hand


def test_the_first_payer_is_emptied_before_the_second_is_asked():
    made = plan(30_000, [OWN, WIFE])
    assert seen(made) == [("own:1", 12_000, "balance_used"), ("binding:2", 18_000, "bill_paid")]
    assert (made.paid_fen, made.cash_fen) == (30_000, 0)


def test_the_order_given_decides():
    made = plan(30_000, [WIFE, OWN])
    assert seen(made) == [("binding:2", 30_000, "bill_paid"), ("own:1", 0, "bill_paid")]
    assert [one.key for one in made.deductions] == ["binding:2"]


def test_what_nobody_pays_is_cash():
    made = plan(70_001, [OWN, WIFE])
    assert (made.paid_fen, made.cash_fen) == (62_000, 8_001)
    assert plan(500, []).cash_fen == 500


@pytest.mark.parametrize(
    ("change", "amount", "stop"),
    [
        ({"usable_fen": 301}, 300, "bill_paid"),
        ({"usable_fen": 300}, 300, "balance_used"),
        ({"usable_fen": 299}, 299, "balance_used"),
        ({"usable_fen": 0}, 0, "balance_used"),
        ({"usable_fen": 299, "from_limit": True}, 299, "limit_used"),
        ({"month_left_fen": 301}, 300, "bill_paid"),
        ({"month_left_fen": 300}, 300, "month_cap"),
        ({"month_left_fen": 0}, 0, "month_cap"),
        ({"month_left_fen": -1}, 0, "month_cap"),
        ({"bill_cap_fen": 301}, 300, "bill_paid"),
        ({"bill_cap_fen": 299}, 299, "bill_cap"),
        ({"bill_cap_fen": 0}, 0, "bill_cap"),
        ({"account_id": None}, 0, "no_account"),
        ({"account_id": None, "barred": Stop.PAUSED}, 0, "paused"),
        *(({"barred": bar}, 0, str(bar)) for bar in sorted(BARS)),
    ],
)
def test_a_payer_stops_for_its_reason_and_the_next_one_comes_in(change, amount, stop):
    made = plan(300, [OWN._replace(**change), WIFE])
    first, second = made.taken
    assert (first.amount_fen, first.stop) == (amount, stop)
    assert second.amount_fen == 300 - amount


@pytest.mark.parametrize(
    ("bounds", "stop"),
    [
        ({"usable_fen": 9, "month_left_fen": 9, "bill_cap_fen": 9}, "balance_used"),
        ({"usable_fen": 9, "month_left_fen": 9, "from_limit": True}, "limit_used"),
        ({"month_left_fen": 9, "bill_cap_fen": 9}, "month_cap"),
        ({"usable_fen": 9, "month_left_fen": 8, "bill_cap_fen": 7}, "bill_cap"),
    ],
)
def test_of_several_bounds_at_once_the_lasting_one_is_named(bounds, stop):
    assert plan(10, [OWN._replace(**bounds)]).taken[0].stop == stop


def test_who_comes_after_the_bill_is_paid_says_so_only_with_money_left():
    after = [WIFE._replace(key="a"), WIFE._replace(key="b", usable_fen=0)]
    after += [WIFE._replace(key="c", barred=Stop.FROZEN)]
    assert [str(one.stop) for one in plan(1, [OWN, *after]).taken] == [
        "bill_paid",
        "bill_paid",
        "balance_used",
        "frozen",
    ]


def test_one_account_pays_once_however_often_it_stands_in_the_order():
    same = [OWN, OWN._replace(key="binding:9"), OWN._replace(key="binding:10", bill_cap_fen=5)]
    assert seen(plan(20_000, same)) == [
        ("own:1", 12_000, "balance_used"),
        ("binding:9", 0, "balance_used"),
        ("binding:10", 0, "balance_used"),
    ]


def test_a_cap_leaves_the_rest_of_a_shared_account_to_the_next_binding():
    capped, open_ = OWN._replace(bill_cap_fen=5_000), OWN._replace(key="binding:9")
    assert [one.amount_fen for one in plan(20_000, [capped, open_]).taken] == [5_000, 7_000]


def test_what_must_stay_for_others_may_still_go_to_the_owner():
    others = OWN._replace(key="binding:9", usable_fen=2_000)
    assert [one.amount_fen for one in plan(20_000, [others, OWN]).taken] == [2_000, 10_000]
    assert [one.amount_fen for one in plan(20_000, [OWN, others]).taken] == [12_000, 0]


def test_limits_are_money_set_aside_and_share_nothing():
    limits = [OWN._replace(key=key, usable_fen=300, from_limit=True) for key in ("a", "b")]
    made = plan(20_000, [*limits, OWN])
    assert [one.amount_fen for one in made.taken] == [300, 300, 12_000]


@pytest.mark.parametrize("amount", [0, -1, True, 1.0, "1", None])
def test_a_bill_is_whole_fen_above_nothing(amount):
    with pytest.raises(ValueError, match=r"^amount_fen"):
        plan(amount, [OWN])
    with pytest.raises(ValueError, match=r"^amount_fen"):
        refund(amount, [], cash_fen=5)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("usable_fen", -1),
        ("usable_fen", True),
        ("usable_fen", 1.5),
        ("usable_fen", None),
        ("bill_cap_fen", -1),
        ("bill_cap_fen", False),
        ("month_left_fen", "7"),
        ("month_left_fen", True),
        ("barred", Stop.BILL_PAID),
        ("barred", Stop.BALANCE_USED),
    ],
)
def test_a_payer_that_cannot_be_names_the_field(field, value):
    with pytest.raises(ValueError, match=rf"^{field}"):
        plan(1, [WIFE, OWN._replace(**{field: value})])


def test_a_key_stands_once():
    with pytest.raises(ValueError, match=r"^key"):
        plan(1, [OWN, WIFE._replace(key=OWN.key)])


# --- what holds of every bill


fen = st.integers(0, 9)
maybe = st.none() | st.integers(-2, 9)
rows = st.lists(
    st.tuples(
        st.sampled_from((1, 1, 2, 3, None)),
        fen,
        st.booleans(),
        st.none() | fen,
        maybe,
        st.none() | st.sampled_from(sorted(BARS)),
    ),
    max_size=5,
).map(lambda found: [Payer(f"p{number}", *row) for number, row in enumerate(found)])
amounts = st.integers(1, 20)
few = settings(max_examples=300, deadline=None)


@few
@given(amounts, rows)
def test_nothing_is_lost_nobody_is_overdrawn_and_the_order_is_kept(amount, payers):
    made = plan(amount, payers)
    assert made.paid_fen + made.cash_fen == amount
    assert made.cash_fen >= 0
    assert [one.payer for one in made.taken] == payers
    free = Counter()
    for one in made.taken:
        payer = one.payer
        assert 0 <= one.amount_fen <= payer.usable_fen
        for cap in (payer.bill_cap_fen, payer.month_left_fen):
            assert cap is None or one.amount_fen <= max(cap, 0)
        free[payer.account_id] += 0 if payer.from_limit else one.amount_fen
    for account, drawn in free.items():
        assert drawn <= max(p.usable_fen for p in payers if p.account_id == account)
    paid = [number for number, one in enumerate(made.taken) if one.stop is Stop.BILL_PAID]
    if paid:
        assert made.cash_fen == 0
        assert not any(one.amount_fen for one in made.taken[paid[0] + 1 :])


@few
@given(amounts, rows, st.integers(1, 10**10))
def test_neither_names_nor_the_size_of_the_coin_matter(amount, payers, coin):
    def larger(value):
        return value and value * coin

    renamed = [
        Payer(
            f"x{-number}",
            payer.account_id and 1000 - payer.account_id,
            larger(payer.usable_fen),
            payer.from_limit,
            larger(payer.bill_cap_fen),
            larger(payer.month_left_fen),
            payer.barred,
        )
        for number, payer in enumerate(payers)
    ]
    made, large = plan(amount, payers), plan(amount * coin, renamed)
    assert [(one.amount_fen * coin, one.stop) for one in made.taken] == [
        (one.amount_fen, one.stop) for one in large.taken
    ]


@few
@given(amounts, rows)
def test_a_fen_more_on_the_bill_is_a_fen_more_of_one_payer_or_of_the_cash(amount, payers):
    less, more = plan(amount, payers), plan(amount + 1, payers)
    steps = [b.amount_fen - a.amount_fen for a, b in zip(less.taken, more.taken, strict=True)]
    steps.append(more.cash_fen - less.cash_fen)
    assert sorted(steps) == [0] * len(payers) + [1]


# --- refunds


@dataclass(frozen=True)
class Row:
    """A stored deduction."""

    key: str
    amount_fen: int


ROWS = [Row("own:1", 120), Row("binding:2", 180)]


@pytest.mark.parametrize(
    ("amount", "cash", "back"),
    [
        (1, 1, ()),
        (50, 50, ()),
        (51, 50, (("binding:2", 1),)),
        (230, 50, (("binding:2", 180),)),
        (231, 50, (("binding:2", 180), ("own:1", 1))),
        (350, 50, (("binding:2", 180), ("own:1", 120))),
    ],
)
def test_a_refund_gives_back_the_cash_and_then_the_payers_from_the_last(amount, cash, back):
    given_back = refund(amount, ROWS, cash_fen=50)
    assert (given_back.cash_fen, given_back.back) == (cash, back)


def test_a_second_refund_begins_where_the_first_ended():
    second = refund(200, ROWS, cash_fen=50, already={"binding:2": 70}, already_cash_fen=50)
    assert (second.cash_fen, second.back) == (0, (("binding:2", 110), ("own:1", 90)))


@pytest.mark.parametrize(
    ("amount", "more", "field"),
    [
        (351, {}, "amount_fen"),
        (350, {"already_cash_fen": 1}, "amount_fen"),
        (350, {"already": {"own:1": 1}}, "amount_fen"),
        (1, {"already": {"own:1": 121}}, "already"),
        (1, {"already": {"own:1": -1}}, "already"),
        (1, {"already": {"own:3": 1}}, "already"),
        (1, {"already_cash_fen": 51}, "cash_fen"),
        (1, {"cash_fen": -1}, "cash_fen"),
        (1, {"cash_fen": True}, "cash_fen"),
        (1, {"given": [*ROWS, Row("own:1", 5)]}, "key"),
        (1, {"given": [Row("own:1", -5)]}, "already"),
    ],
)
def test_more_than_is_left_is_refused(amount, more, field):
    with pytest.raises(ValueError, match=rf"^{field}"):
        refund(amount, **{"given": ROWS, "cash_fen": 50} | more)


@few
@given(amounts, rows, st.lists(st.integers(1, 8), max_size=6))
def test_after_every_part_of_a_refund_stays_what_the_smaller_bill_takes(amount, payers, parts):
    made = plan(amount, payers)
    back, cash, left = Counter(), 0, amount
    for part in [*parts, amount]:
        part = min(part, left)
        if not part:
            break
        one = refund(part, made.taken, cash_fen=made.cash_fen, already=back, already_cash_fen=cash)
        assert all(fen > 0 for _key, fen in one.back)
        assert one.cash_fen + sum(fen for _key, fen in one.back) == part
        back.update(dict(one.back))
        cash += one.cash_fen
        left -= part
        smaller = plan(left, payers) if left else None
        stays = [taken.amount_fen - back[taken.key] for taken in made.taken]
        assert stays == (
            [taken.amount_fen for taken in smaller.taken] if smaller else [0] * len(stays)
        )
        assert made.cash_fen - cash == (smaller.cash_fen if smaller else 0)
    assert left == 0
