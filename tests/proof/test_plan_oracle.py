"""Who pays a bill and who gets it back, held against an oracle that hands over single fen: 20,000 bills, each given back in parts."""

from collections import Counter

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from family.deduction import BARS, Payer, Stop, plan, refund
from tests.proof.seeds import SEED

EXAMPLES = 20_000
ACCOUNTS = (1, 1, 1, 2, 2, 3, 3, None)
REASONS = sorted(BARS)
# A byte for each field of a payer, and one for the bill: one draw for a whole case, which shrinks to a short one of small numbers.
FIELDS, MOST_PAYERS = 6, 5
cases = st.binary(min_size=1, max_size=1 + FIELDS * MOST_PAYERS + 4)


def case_of(drawn):
    """A small bill, up to five payers on three accounts, close enough together that bounds meet, and the parts of a refund."""
    amount, rest = 1 + drawn[0] % 14, drawn[1:]
    count = min(len(rest) // FIELDS, MOST_PAYERS)
    payers = [_payer(number, *rest[number * FIELDS :][:FIELDS]) for number in range(count)]
    return amount, payers, [1 + one % 7 for one in rest[count * FIELDS :]]


def _payer(number, account, usable, limit, bill_cap, month_left, bar):
    return Payer(
        f"p{number}",
        ACCOUNTS[account % len(ACCOUNTS)],
        usable % 9,
        from_limit=limit % 5 == 4,
        bill_cap_fen=bill_cap % 9 if bill_cap >= 128 else None,
        month_left_fen=month_left % 10 - 1 if month_left >= 128 else None,
        barred=REASONS[bar % len(REASONS)] if bar >= 224 else None,
    )


def oracle(amount, payers):
    """Each fen goes along the row until somebody takes it. Whoever lets one pass is asked why; at the end, everybody is."""
    gave, free, reasons = Counter(), Counter(), {}

    def refusal(payer):
        if payer.barred or payer.account_id is None:
            return payer.barred or "no_account"
        used = gave[payer.key] if payer.from_limit else free[payer.account_id]
        if used + 1 > payer.usable_fen:
            return "limit_used" if payer.from_limit else "balance_used"
        for name, cap in (("month_cap", payer.month_left_fen), ("bill_cap", payer.bill_cap_fen)):
            if cap is not None and gave[payer.key] + 1 > cap:
                return name
        return None

    for _fen in range(amount):
        for payer in payers:
            if payer.key in reasons:
                continue
            if reason := refusal(payer):
                reasons[payer.key] = reason
                continue
            gave[payer.key] += 1
            free[payer.account_id] += not payer.from_limit
            break
    return [
        (one.key, gave[one.key], reasons.get(one.key) or refusal(one) or "bill_paid")
        for one in payers
    ]


def refund_oracle(amount, kept, keys):
    """Each fen comes out of the cash while there is some, then from the last who still gives one. `kept` is what is left so."""
    back = Counter()
    for _fen in range(amount):
        giver = next(key for key in ("cash", *reversed(keys)) if kept[key])
        kept[giver] -= 1
        back[giver] += 1
    return back


def test_twenty_thousand_bills_are_paid_and_given_back_as_by_single_fen():
    stops, most, parts_made = Counter(), 0, Counter()

    @seed(SEED)
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        print_blob=True,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate, Phase.shrink],
    )
    @given(cases)
    def check(drawn):
        nonlocal most
        amount, payers, parts = case_of(drawn)
        made = plan(amount, payers)
        seen = [(one.key, one.amount_fen, one.stop) for one in made.taken]
        assert seen == oracle(amount, payers)
        assert made.cash_fen == amount - sum(fen for _key, fen, _stop in seen)
        stops.update(one.stop for one in made.taken)
        most = max(most, len(made.deductions))
        parts_made[give_back(made, parts)] += 1

    check()
    assert set(stops) == set(Stop)
    assert most > 3, "the cases are too easy"
    assert max(parts_made) > 2, "no bill was given back in several parts"


def give_back(made, parts):
    """In these parts and then the rest, each held against the oracle; how many parts there were."""
    keys = [one.key for one in made.taken]
    kept = Counter({one.key: one.amount_fen for one in made.taken}, cash=made.cash_fen)
    back, cash, left, count = Counter(), 0, made.amount_fen, 0
    for part in [*parts, made.amount_fen]:
        fen = min(part, left)
        if not fen:
            break
        one = refund(fen, made.taken, cash_fen=made.cash_fen, already=back, already_cash_fen=cash)
        assert Counter(dict(one.back), cash=one.cash_fen) == refund_oracle(fen, kept, keys)
        back.update(dict(one.back))
        cash, left, count = cash + one.cash_fen, left - fen, count + 1
        # What stays is what a bill that much smaller takes.
        smaller = (
            {one.key: one.amount_fen for one in plan(left, [t.payer for t in made.taken]).taken}
            if left
            else {}
        )
        assert {key: fen for key, fen in kept.items() if key != "cash" and fen} == {
            key: fen for key, fen in smaller.items() if fen
        }
    assert left == 0
    return count
