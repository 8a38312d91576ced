"""Money that a provider reserves first: held, taken, let go, or free again when the time is over."""

import datetime as dt
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from accounts.models import AuditEntry
from claims import holds, reconciling, refunds, settlement, verifying, writing
from claims.models import Settlement
from claims.refusals import Refusal
from family import changing
from family.models import CapUse
from insurance import ledger
from insurance.models import LedgerEntry, Notice
from tests.factories.claims import balances, insured, make_bill, make_provider, refusal
from tests.factories.family import make_binding

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases, pytest.mark.usefixtures("sound")]


@pytest.fixture
def held(hospital, me, wife, by_wife):
    """12,000 own and 3,000 of the wife."""
    return holds.hold(provider=hospital, patient=me, bill=make_bill(15_000))


def post(held):
    return holds.post(provider=held.provider, settlement_id=held.pk)


def void(held):
    return holds.void(provider=held.provider, settlement_id=held.pk)


def test_what_is_held_stays_in_the_account_and_is_nobody_elses(held, hospital, me, wife):
    assert (balances(me), balances(wife)) == ((12_000, 0, 12_000), (50_000, 0, 3_000))
    assert CapUse.objects.get().used_fen == 3_000
    other = settlement.settle(provider=hospital, patient=me, bill=make_bill(50_000))
    assert (other.paid_fen, other.cash_fen) == (47_000, 3_000)


def test_a_hold_is_taken_whole(held, me, wife):
    made = post(held)
    assert (made.state, balances(me), balances(wife)) == ("settled", (0, 0, 0), (47_000, 0, 0))
    kinds = [one.entry.kind for one in made.deductions.order_by("position")]
    assert kinds == ["spend_care", "spend_aid"]
    assert CapUse.objects.get().used_fen == 3_000
    assert refusal(lambda: post(held)) == Refusal.WRONG_STATE
    assert refusal(lambda: void(held)) == Refusal.WRONG_STATE
    refunds.reverse(provider=made.provider, settlement_id=made.pk)
    assert (balances(me), balances(wife)) == ((12_000, 0, 0), (50_000, 0, 0))


def test_nobody_is_told_before_the_money_is_taken(held, me, wife):
    assert not Notice.objects.exists()
    post(held)
    assert set(Notice.objects.values_list("person", flat=True)) == {me.pk, wife.pk}


def test_a_hold_counts_on_the_day_on_which_it_is_taken(held, hospital, clock):
    day = timezone.localdate()
    clock(hours=15)
    post(held)
    days = [day, day + dt.timedelta(days=1)]
    totals = [reconciling.totals(provider=hospital, day=one) for one in days]
    assert [one.paid_fen for one in totals] == [0, 15_000]


def test_a_hold_that_is_given_up_leaves_no_trace_but_the_book(held, me, wife):
    assert void(held).state == "voided"
    assert (balances(me), balances(wife)) == ((12_000, 0, 0), (50_000, 0, 0))
    assert CapUse.objects.get().used_fen == 0
    assert refusal(lambda: post(held)) == Refusal.WRONG_STATE


def test_the_bill_of_a_voided_hold_can_be_settled(held, hospital, me):
    bill = make_bill(500, bill_no=held.bill_no)

    def again():
        return settlement.settle(provider=hospital, patient=me, bill=bill)

    assert refusal(again) == Refusal.BILL_ALREADY_SETTLED
    void(held)
    assert again().paid_fen == 500


def test_a_hold_ends_with_its_time(held, me, wife, clock):
    clock(hours=23, minutes=59)
    assert holds.expire_due() == 0
    clock(minutes=1)
    assert refusal(lambda: post(held)) == Refusal.HOLD_OVER
    out = StringIO()
    call_command("expire_holds", stdout=out)
    assert "1 " in out.getvalue()
    assert Settlement.objects.get(pk=held.pk).state == "expired"
    assert (balances(me), balances(wife)) == ((12_000, 0, 0), (50_000, 0, 0))
    assert refusal(lambda: post(held)) == Refusal.HOLD_OVER
    assert holds.expire_due() == 0


def test_a_hold_that_cannot_be_let_go_does_not_keep_the_others(hospital, me, clock, caplog):
    for _ in range(3):
        holds.hold(provider=hospital, patient=me, bill=make_bill(10))
    stuck = Settlement.objects.order_by("id").first()
    account = me.accounts.get()
    # Somebody has let it go behind our back.
    ledger.release_hold(
        account_id=account.pk,
        amount_fen=10,
        source_kind="settlement",
        source_ref=writing.source_ref(stuck.reference, 1, writing.FREED),
    )
    clock(days=1)
    assert holds.expire_due() == 2
    assert Settlement.objects.get(state="held") == stuck
    assert stuck.reference in caplog.text


def test_a_hold_that_was_taken_meanwhile_is_left_alone(held, me, wife, clock, monkeypatch):
    clock(days=1)
    lock = writing.lock_settlement

    def too_late(*arguments):
        monkeypatch.setattr(writing, "lock_settlement", lock)
        holds.post(provider=held.provider, settlement_id=held.pk, now=held.settled_at)
        return lock(*arguments)

    monkeypatch.setattr(writing, "lock_settlement", too_late)
    assert holds.expire_due() == 0
    assert Settlement.objects.get().state == "settled"
    assert (balances(me), balances(wife)) == ((0, 0, 0), (47_000, 0, 0))
    assert CapUse.objects.get().used_fen == 3_000


def test_each_step_of_a_hold_stands_in_the_audit(held, hospital, me, clock):
    post(held)
    void(holds.hold(provider=hospital, patient=me, bill=make_bill(10)))
    over = holds.hold(provider=hospital, patient=me, bill=make_bill(10))
    clock(days=1)
    holds.expire_due()
    told = AuditEntry.objects.filter(action__startswith="settlement.").order_by("pk")
    steps = ["hold", "post", "hold", "void", "hold", "expire"]
    assert [one.action for one in told] == [f"settlement.{step}" for step in steps]
    assert told.last().subject_ref == over.reference


def test_a_shorter_hold_is_shorter_and_a_longer_one_is_not(hospital, me, clock):
    def until(hours):
        made = holds.hold(
            provider=hospital, patient=me, bill=make_bill(10), hold_for=dt.timedelta(hours=hours)
        )
        return (made.held_until - made.settled_at) / dt.timedelta(hours=1)

    assert [until(2), until(48)] == [2, 24]


@pytest.mark.parametrize(
    ("verb", "after"), [(void, (50_000, 3_000, 0)), (post, (49_000, 2_000, 0))]
)
def test_a_hold_of_a_limit_goes_back_into_it_or_is_spent(hospital, me, wife, by_limit, verb, after):
    held = holds.hold(provider=hospital, patient=me, bill=make_bill(13_000))
    assert balances(wife) == (50_000, 2_000, 1_000)
    verb(held)
    assert balances(wife) == after
    by_limit.refresh_from_db()
    assert by_limit.limit_fen - by_limit.limit_used_fen == after[1]


@pytest.mark.parametrize(("verb", "after"), [(void, (50_000, 0, 0)), (post, (49_000, 0, 0))])
def test_the_end_of_a_binding_leaves_what_is_held(hospital, me, wife, by_limit, verb, after):
    held = holds.hold(provider=hospital, patient=me, bill=make_bill(13_000))
    changing.close(binding_id=by_limit.pk, reason="test")
    assert balances(wife) == (50_000, 0, 1_000)
    verb(held)
    assert balances(wife) == after


def test_only_the_provider_that_holds_can_take_or_let_go(held):
    other = make_provider()
    for verb in (holds.post, holds.void):
        call = lambda verb=verb: verb(provider=other, settlement_id=held.pk)  # noqa: E731
        assert refusal(call) == Refusal.UNKNOWN_SETTLEMENT


def test_the_lines_of_a_hold_lead_to_the_receipt(held):
    void(held)
    refs = LedgerEntry.objects.filter(source_kind="settlement").values_list("source_ref", flat=True)
    assert {one.partition("/")[0] for one in refs} == {held.reference}
    assert len(refs) == 4


def test_the_lines_of_a_hold_name_the_patient_to_the_giver_alone(held, me, wife):
    void(held)
    lines = LedgerEntry.objects.filter(source_kind="settlement")
    assert {(one.account.person, one.used_by) for one in lines} == {(me, None), (wife, me)}


def test_a_hold_of_cash_alone_is_posted_in_the_order_of_its_day(hospital, clock):
    """No entry of the ledger says when it was held, and the check of the orders doesn't guess."""
    patient, wife, father = (insured(balance_fen=0) for _one in range(3))
    make_binding(giver=wife, beneficiary=patient)
    clock(minutes=1)
    held = holds.hold(provider=hospital, patient=patient, bill=make_bill(5_000))
    clock(minutes=5)
    make_binding(giver=father, beneficiary=patient, relation="child")
    clock(minutes=5)
    holds.post(provider=hospital, settlement_id=held.pk)
    assert not list(verifying.CHECKS["order"].faults())
