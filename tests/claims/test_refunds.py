"""Money goes back to where it came from, the cash first, then from the last payer to the first."""

import pytest
from django.db import IntegrityError

from claims import refunds, settlement, writing
from claims.models import Deduction, Refund, RefundPart, Settlement
from claims.refusals import Refusal
from family import changing
from family.models import CapUse
from insurance import ledger
from insurance.models import LedgerEntry, Notice
from tests.factories.claims import balances, faults, make_bill, make_provider, refusal
from tests.factories.family import use_cap
from tests.factories.insurance import at, make_fact

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture(autouse=True)
def sound():
    """Wherever a test ends: what went back is what the parts say, and never more than was given."""
    yield
    assert not faults()
    for made in Settlement.objects.all():
        back = RefundPart.objects.filter(refund__settlement=made)
        given = Deduction.objects.filter(settlement=made)
        cash = sum(one.cash_fen for one in Refund.objects.filter(settlement=made))
        parts = sum(one.amount_fen for one in back)
        assert made.refunded_fen == parts + cash
        assert parts == sum(one.refunded_fen for one in given)


@pytest.fixture
def made(hospital, me, wife, father, by_father):
    """12,000 own, 50,000 of the wife, 7,000 of the father, 1,000 in cash."""
    return settlement.settle(provider=hospital, patient=me, bill=make_bill(70_000))


def reverse(made, amount_fen=None, **more):
    return refunds.reverse(
        provider=made.provider, settlement_id=made.pk, amount_fen=amount_fen, **more
    )


def test_a_whole_refund_leaves_everybody_as_before(made, me, wife, father):
    back = reverse(made)
    assert (back.amount_fen, back.cash_fen) == (70_000, 1_000)
    assert [balances(one)[0] for one in (me, wife, father)] == [12_000, 50_000, 7_000]
    assert set(CapUse.objects.values_list("used_fen", flat=True)) == {0}
    made.refresh_from_db()
    assert (made.state, made.refunded_fen) == ("settled", 70_000)


def test_parts_go_back_from_the_last_to_the_first(made, me, wife, father):
    sizes = [600, 5_000, 4_000, 60_400]
    cash = [reverse(made, fen).cash_fen for fen in sizes]
    assert cash == [600, 400, 0, 0]
    assert [balances(one)[0] for one in (me, wife, father)] == [12_000, 50_000, 7_000]
    parts = RefundPart.objects.order_by("id").values_list("deduction__position", "amount_fen")
    assert list(parts) == [(3, 4_600), (3, 2_400), (2, 1_600), (2, 48_400), (1, 12_000)]


def test_no_more_goes_back_than_is_left(made):
    reverse(made, 69_999)
    for wrong in (2, 0, -1, True):
        assert refusal(lambda wrong=wrong: reverse(made, wrong)) == Refusal.REFUND_TOO_MUCH
    reverse(made, 1)
    assert refusal(lambda: reverse(made)) == Refusal.REFUND_TOO_MUCH


def test_a_clerk_gives_back_on_the_day_and_a_machine_for_a_quarter(made, clock, hospital_key):
    clock(hours=14)
    assert refusal(lambda: reverse(made, 10)) == Refusal.REFUND_TOO_LATE
    assert reverse(made, 10, by_key=hospital_key).amount_fen == 10
    clock(days=90)
    late = lambda: reverse(made, 10, by_key=hospital_key)  # noqa: E731
    assert refusal(late) == Refusal.REFUND_TOO_LATE


def test_a_machine_gives_back_up_to_the_last_moment(made, clock, hospital_key):
    clock(days=90)
    assert reverse(made, 10, by_key=hospital_key).amount_fen == 10
    clock(seconds=1)
    late = lambda: reverse(made, 10, by_key=hospital_key)  # noqa: E731
    assert refusal(late) == Refusal.REFUND_TOO_LATE


def test_another_provider_finds_no_such_settlement(made):
    def call():
        refunds.reverse(provider=make_provider(), settlement_id=made.pk)

    assert refusal(call) == Refusal.UNKNOWN_SETTLEMENT


def test_the_cap_of_the_month_of_the_bill_goes_down(made, by_wife, clock, hospital_key):
    clock(days=20)
    use_cap(by_wife, month=(2026, 12), used_fen=30_000)
    reverse(made, 18_000, by_key=hospital_key)
    rows = CapUse.objects.filter(binding=by_wife).order_by("month")
    assert [(str(one.month), one.used_fen) for one in rows] == [
        ("2026-11", 40_000),
        ("2026-12", 30_000),
    ]


def test_a_limit_gets_its_money_back_while_the_binding_is_in_force(hospital, me, wife, by_limit):
    made = settlement.settle(provider=hospital, patient=me, bill=make_bill(15_000))
    assert balances(wife) == (47_000, 0, 0)
    reverse(made, 1_000)
    assert balances(wife) == (48_000, 1_000, 0)
    by_limit.refresh_from_db()
    assert by_limit.limit_used_fen == 2_000


def test_after_the_end_of_a_binding_a_limits_money_is_the_givers_own(hospital, me, wife, by_limit):
    made = settlement.settle(provider=hospital, patient=me, bill=make_bill(13_000))
    changing.close(binding_id=by_limit.pk, reason="test")
    assert balances(wife) == (49_000, 0, 0)
    reverse(made)
    assert balances(wife) == (50_000, 0, 0)


def test_the_account_of_somebody_dead_or_frozen_gets_its_money(made, wife):
    make_fact(person=wife, kind="death", from_day=at(2026, 11, 16).date())
    make_fact(person=wife, kind="account_freeze")
    assert reverse(made).amount_fen == 70_000


def test_a_closed_account_is_a_case_for_staff_and_nothing_goes_back(made, me, father):
    account = father.accounts.get()
    ledger.close_account(account_id=account.pk, closed_on=at(2026, 11, 16).date())
    before = LedgerEntry.objects.count()
    assert refusal(lambda: reverse(made)) == Refusal.ACCOUNT_CLOSED
    assert (LedgerEntry.objects.count(), Refund.objects.count()) == (before, 0)
    # The cash alone needs no account.
    assert reverse(made, 1_000).cash_fen == 1_000


def test_whoever_gets_money_back_is_told(made, me, wife, father):
    before = Notice.objects.count()
    reverse(made, 8_500)
    told = Notice.objects.order_by("id")[before:]
    assert [(one.person_id, one.kind) for one in told] == [
        (me.pk, "claims.refunded"),
        (father.pk, "claims.given_back"),
        (wife.pk, "claims.given_back"),
    ]
    assert "5.00" in told[2].body


def test_entries_of_a_refund_are_of_one_kind_and_lead_to_it(made, me, wife, father):
    back = reverse(made)
    entries = LedgerEntry.objects.filter(source_kind="refund")
    # Whose account it is knows whose bill it was, as with the line that took the money.
    assert {one.account.person: one.used_by for one in entries} == {me: None, wife: me, father: me}
    assert {one.kind for one in entries} == {"refund"}
    assert {one.source_ref.partition("/")[0] for one in entries} == {back.reference}


def test_what_is_only_held_is_not_given_back(made):
    Settlement.objects.filter(pk=made.pk).update(state="voided")
    assert refusal(lambda: reverse(made)) == Refusal.WRONG_STATE


def test_a_refund_whose_number_is_taken_draws_another_and_goes_back_once(made, monkeypatch):
    drawn = iter(["GJ-1", "GJ-1", "GJ-2"])
    monkeypatch.setattr(writing, "draw", lambda now: next(drawn))
    assert [reverse(made, 2_000).reference for _ in range(2)] == ["GJ-1", "GJ-2"]
    made.refresh_from_db()
    assert made.refunded_fen == 4_000


def test_a_refund_for_which_no_number_is_free_gives_nothing_back(made, father, monkeypatch):
    monkeypatch.setattr(writing, "draw", lambda now: "GJ-1")
    reverse(made, 1_000)
    with pytest.raises(RuntimeError, match="number"):
        reverse(made, 1_000)
    assert (Refund.objects.count(), balances(father)[0]) == (1, 0)


def test_another_broken_rule_of_the_database_is_no_number_that_is_taken(made, father, monkeypatch):
    def broken(*_arguments, **_more):
        raise IntegrityError

    reverse(made, 1_000)
    monkeypatch.setattr(refunds.notes, "refunded", broken)
    with pytest.raises(IntegrityError):
        reverse(made, 1_000)
    assert (Refund.objects.count(), balances(father)[0]) == (1, 0)
