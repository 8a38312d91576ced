"""A bill goes through a family's accounts in their order, all of it or nothing."""

import datetime as dt

import pytest
from django.db import IntegrityError, connection
from django.utils import timezone

from claims import bills, settlement, writing
from claims.charging import Charging
from claims.models import Deduction, Settlement
from claims.refusals import Refusal, Refused
from family import orders
from family.models import Binding, CapUse, Channel, DeductionOrder
from family.moves import State
from insurance.models import InsuredPerson, LedgerEntry, Notice
from insurance.models.ledger import EntryKind
from tests.factories.accounts import make_staff
from tests.factories.claims import balances, faults, insured, make_bill, make_provider, refusal
from tests.factories.family import use_cap
from tests.factories.insurance import at, make_fact, post

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture(autouse=True)
def sound():
    """Wherever a test ends, every bill is paid to the fen and the ledger agrees with itself."""
    yield
    assert not faults()
    for made in Settlement.objects.prefetch_related("deductions"):
        given = sum(one.amount_fen for one in made.deductions.all())
        assert (given, made.amount_fen) == (made.paid_fen, made.paid_fen + made.cash_fen)


def settle(hospital, me, amount_fen, **more):
    bill = {key: more.pop(key) for key in ("use", "bill_no", "occurred_at") if key in more}
    return settlement.settle(
        provider=hospital, patient=me, bill=make_bill(amount_fen, **bill), **more
    )


def told(made):
    return [(one["payer"].partition(":")[0], one["amount_fen"], one["stop"]) for one in made.told]


def change(binding, **fields):
    Binding.objects.filter(pk=binding.pk).update(**fields)


def nothing_written():
    return not Settlement.objects.exists() and not Deduction.objects.exists()


def test_the_own_account_pays_first_then_the_givers_and_the_rest_is_cash(
    hospital, me, wife, father, by_father
):
    made = settle(hospital, me, 70_000)
    assert (made.paid_fen, made.cash_fen) == (69_000, 1_000)
    assert told(made) == [
        ("own", 12_000, "balance_used"),
        ("binding", 50_000, "balance_used"),
        ("binding", 7_000, "balance_used"),
    ]
    assert [balances(one)[0] for one in (me, wife, father)] == [0, 0, 0]
    rows = Deduction.objects.filter(settlement=made).values_list("position", "amount_fen")
    assert list(rows) == [(1, 12_000), (2, 50_000), (3, 7_000)]
    assert (made.order_version, made.policies) == (2, [7])


def test_a_bill_that_is_paid_asks_nobody_further(hospital, me, wife, by_father):
    made = settle(hospital, me, 12_000)
    assert told(made) == [
        ("own", 12_000, "balance_used"),
        ("binding", 0, "bill_paid"),
        ("binding", 0, "bill_paid"),
    ]
    assert made.deductions.count() == 1
    assert not CapUse.objects.exists()


def test_the_order_that_holds_decides_and_is_kept(hospital, me, wife, father, by_wife, by_father):
    orders.reorder(
        person=me,
        binding_ids=[by_father.pk, by_wife.pk],
        expected_version=2,
        channel=Channel.COUNTER,
        by=make_staff(),
        presence="card_and_code",
    )
    made = settle(hospital, me, 20_000)
    assert [balances(one)[0] for one in (me, father, wife)] == [0, 0, 49_000]
    assert made.order_version == 3


def test_a_months_cap_counts_up_and_holds_over_bills(hospital, me, wife, by_wife):
    change(by_wife, cap_month_fen=10_000)
    use_cap(by_wife, month=(2026, 11), used_fen=4_000)
    first = settle(hospital, me, 14_000)
    second = settle(hospital, me, 9_000)
    assert told(first)[1] == ("binding", 2_000, "bill_paid")
    assert told(second)[1] == ("binding", 4_000, "month_cap")
    assert second.cash_fen == 5_000
    assert CapUse.objects.get().used_fen == 10_000


def test_the_cap_of_another_month_is_left_alone(hospital, me, by_wife):
    change(by_wife, cap_month_fen=10_000)
    use_cap(by_wife, month=(2026, 10), used_fen=10_000)
    assert settle(hospital, me, 14_000).cash_fen == 0
    assert [(str(one.month), one.used_fen) for one in CapUse.objects.order_by("month")] == [
        ("2026-10", 10_000),
        ("2026-11", 2_000),
    ]


def test_a_month_begins_at_midnight_in_shanghai(hospital, me, by_wife, clock):
    change(by_wife, cap_month_fen=5_000)
    use_cap(by_wife, month=(2026, 11), used_fen=5_000)

    def charged():
        bill = make_bill(13_000)
        quoted = settlement.quote(provider=hospital, patient=me, bill=bill)
        made = settlement.settle(provider=hospital, patient=me, bill=bill)
        return quoted.paid_fen, made.paid_fen

    clock(days=14, hours=13, minutes=59)
    assert charged() == (12_000, 12_000)
    clock(minutes=1)
    assert charged() == (5_000, 5_000)


def test_midnight_that_passes_while_the_accounts_are_waited_for_counts(
    hospital, me, by_wife, clock
):
    change(by_wife, cap_month_fen=5_000)
    use_cap(by_wife, month=(2026, 11), used_fen=5_000)
    clock(days=14, hours=13, minutes=59, seconds=59)

    def waits(execute, sql, *rest):
        if 'FROM "insurance_personalaccount"' in sql:
            clock(seconds=1)
        return execute(sql, *rest)

    with connection.execute_wrapper(waits):
        made = settle(hospital, me, 20_000)
    assert made.paid_fen == 17_000
    counted = CapUse.objects.order_by("month").values_list("month", "used_fen")
    assert [(str(month), fen) for month, fen in counted] == [("2026-11", 5_000), ("2026-12", 5_000)]


def test_a_limit_pays_out_of_what_was_set_aside(hospital, me, wife, by_limit):
    assert balances(wife) == (50_000, 3_000, 0)
    made = settle(hospital, me, 20_000)
    assert told(made)[1] == ("binding", 3_000, "limit_used")
    assert (balances(wife), made.cash_fen) == ((47_000, 0, 0), 5_000)
    by_limit.refresh_from_db()
    assert by_limit.limit_used_fen == 3_000


def test_a_paused_payer_is_passed_by_and_named(hospital, me, wife, father, by_wife, by_father):
    change(by_wife, state=State.PAUSED, paused_by="giver")
    made = settle(hospital, me, 15_000)
    assert told(made)[1:] == [("binding", 0, "paused"), ("binding", 3_000, "bill_paid")]
    assert balances(wife)[0] == 50_000


def test_a_frozen_own_account_leaves_the_others(hospital, me, wife, by_wife):
    make_fact(person=me, kind="account_freeze")
    made = settle(hospital, me, 1_000)
    assert told(made) == [("own", 0, "frozen"), ("binding", 1_000, "bill_paid")]


@pytest.mark.parametrize("kind", ["death", "settlement_suspension"])
def test_somebody_dead_or_suspended_is_not_settled_for_at_all(hospital, me, by_wife, kind):
    make_fact(person=me, kind=kind)
    make_fact(person=me, kind="account_freeze")
    assert refusal(lambda: settle(hospital, me, 1_000)) == Refusal.PATIENT_BLOCKED
    assert nothing_written()


def test_the_provider_counts_by_the_day_of_the_bill(me, rules):
    over = make_provider(designated_to=dt.date(2026, 11, 10))
    late = settle(over, me, 100, occurred_at=at(2026, 11, 10, 23))
    assert late.paid_fen == 100
    gone = lambda: settle(over, me, 100, occurred_at=at(2026, 11, 11, 1))  # noqa: E731
    assert refusal(gone) == Refusal.NOT_DESIGNATED


def test_a_use_that_is_not_payable_is_refused(hospital, me, by_wife, rules):
    assert refusal(lambda: settle(hospital, me, 100, use="CASH")) == Refusal.USE_NOT_PAYABLE
    rules(care=[])
    assert refusal(lambda: settle(hospital, me, 100)) == Refusal.USE_NOT_PAYABLE
    pharmacy = make_provider(kind="pharmacy")
    assert refusal(lambda: settle(pharmacy, me, 100, use="CARE")) == Refusal.USE_NOT_PAYABLE
    assert nothing_written()


def test_a_premium_for_a_relative_comes_from_the_giver_alone(me, wife, by_wife):
    made = settle(make_provider(kind="collector"), me, 400, use="RESIDENT_PREMIUM")
    assert told(made) == [("own", 0, "use_not_payable"), ("binding", 400, "bill_paid")]
    entry = made.deductions.get().entry
    assert (entry.kind, entry.used_by, entry.place) == (EntryKind.PREMIUM, me, "保费征收单位")


def test_each_line_of_the_ledger_leads_to_the_receipt_and_tells_a_giver_the_kind_of_place(
    me, wife, by_wife
):
    made = settle(make_provider(kind="pharmacy"), me, 12_500, use="DRUG")
    own, given = LedgerEntry.objects.filter(source_kind="settlement").order_by("id")
    assert (own.kind, own.used_by, own.amount_fen) == (EntryKind.SPEND_DRUG, None, -12_000)
    assert (given.kind, given.used_by, given.amount_fen) == (EntryKind.SPEND_AID, me, -500)
    assert given.place == "定点零售药店"
    assert {writing.reference_of(one.source_ref) for one in (own, given)} == {made.reference}


def test_everybody_who_paid_is_told_and_nobody_else(hospital, me, wife, father, by_father):
    settle(hospital, me, 13_000)
    rows = {(one.person_id, one.kind, one.sms): one.body for one in Notice.objects.all()}
    assert set(rows) == {(me.pk, "claims.settled", "none"), (wife.pk, "claims.used", "queued")}
    body = rows[wife.pk, "claims.used", "queued"]
    assert "2026年11月16日" in body
    assert "10.00" in body
    assert hospital.name not in body
    assert me.name not in body


def test_a_bill_is_settled_once(hospital, me, wife, by_wife):
    settle(hospital, me, 100, bill_no="B-1")
    other = lambda: settle(hospital, wife, 100, bill_no="B-1")  # noqa: E731
    assert refusal(other) == Refusal.BILL_ALREADY_SETTLED
    assert settle(make_provider(), me, 100, bill_no="B-1").paid_fen == 100


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("amount_fen", 0),
        ("amount_fen", -1),
        ("amount_fen", True),
        ("amount_fen", 100_000_001),
        ("bill_no", ""),
        ("bill_no", "B" * 65),
        ("bill_no", "B\u200b1"),
        ("bill_no", "B\x001"),
        ("occurred_at", at(2026, 11, 16, 11)),
        ("occurred_at", at(2026, 8, 17)),
        ("occurred_at", dt.datetime(2026, 11, 16, 10)),  # noqa: DTZ001
    ],
)
def test_what_can_be_no_bill_is_refused_by_its_field(hospital, me, field, wrong):
    bill = make_bill(**{"amount_fen": 100, field: wrong})
    for verb in (settlement.settle, settlement.quote):
        with pytest.raises(Refused) as caught:
            verb(provider=hospital, patient=me, bill=bill)
        assert (caught.value.code, caught.value.field) == (Refusal.BAD_BILL, field)
    assert nothing_written()


def test_the_edges_of_what_can_be_a_bill(hospital, me):
    now = timezone.now()
    edges = [
        {"amount_fen": 1},
        {"amount_fen": bills.MAX_FEN},
        {"occurred_at": now - bills.OLDEST},
        {"occurred_at": now + bills.AHEAD},
    ]
    made = [settle(hospital, me, **{"amount_fen": 5} | one) for one in edges]
    assert [one.amount_fen for one in made] == [1, bills.MAX_FEN, 5, 5]


def test_a_reference_number_that_is_taken_is_drawn_again(hospital, me, monkeypatch):
    drawn = iter(["GJ-1", "GJ-1", "GJ-2"])
    monkeypatch.setattr(writing, "draw", lambda now: next(drawn))
    assert [settle(hospital, me, 100).reference for _ in range(2)] == ["GJ-1", "GJ-2"]


def test_another_broken_rule_of_the_database_is_no_refusal(hospital, me, monkeypatch):
    def broken(*_arguments, **_more):
        raise IntegrityError

    monkeypatch.setattr(Charging, "_write_use", broken)
    with pytest.raises(IntegrityError):
        settle(hospital, me, 100)
    assert nothing_written()


def test_a_quote_writes_nothing_and_says_what_the_settlement_takes(hospital, me, wife, by_wife):
    bill, entries = make_bill(15_000), LedgerEntry.objects.count()
    quoted = settlement.quote(provider=hospital, patient=me, bill=bill)
    assert (quoted.paid_fen, quoted.cash_fen) == (15_000, 0)
    assert nothing_written()
    assert not CapUse.objects.exists()
    assert not Notice.objects.exists()
    assert (LedgerEntry.objects.count(), balances(wife)) == (entries, (50_000, 0, 0))
    made = settlement.settle(
        provider=hospital, patient=me, bill=bill, expected=settlement.opened(quoted.sealed())
    )
    assert made.paid_fen == 15_000
    again = lambda: settlement.quote(provider=hospital, patient=me, bill=bill)  # noqa: E731
    assert refusal(again) == Refusal.BILL_ALREADY_SETTLED


def test_a_settlement_that_differs_from_its_quote_is_refused_with_the_new_one(
    hospital, me, wife, by_wife, by_father
):
    bill = make_bill(15_000)
    quoted = settlement.quote(provider=hospital, patient=me, bill=bill)
    # The same amount, from somebody else.
    change(by_wife, state=State.PAUSED, paused_by="giver")
    with pytest.raises(Refused) as caught:
        settlement.settle(provider=hospital, patient=me, bill=bill, expected=quoted)
    assert caught.value.code == Refusal.DIFFERS
    assert nothing_written()
    made = settlement.settle(provider=hospital, patient=me, bill=bill, expected=caught.value.quote)
    assert made.paid_fen == 15_000


def test_the_same_payers_with_other_shares_differ_from_the_quote(hospital, me, by_wife):
    bill = make_bill(15_000)
    quoted = settlement.quote(provider=hospital, patient=me, bill=bill)
    post(me.accounts.get(), EntryKind.SPEND_DRUG, -1_000)
    with pytest.raises(Refused) as caught:
        settlement.settle(provider=hospital, patient=me, bill=bill, expected=quoted)
    assert (caught.value.code, caught.value.quote.paid_fen) == (Refusal.DIFFERS, quoted.paid_fen)


def test_a_quote_of_another_bill_is_no_quote_of_this_one(hospital, me, wife, by_wife):
    quoted = settlement.quote(provider=hospital, patient=me, bill=make_bill(500, bill_no="B-1"))
    other = make_bill(500, bill_no="B-2")
    with pytest.raises(Refused):
        settlement.settle(provider=hospital, patient=me, bill=other, expected=quoted)


def test_a_sealed_quote_is_nobody_elses_and_grows_old(hospital, me, clock):
    sealed = settlement.quote(provider=hospital, patient=me, bill=make_bill(500)).sealed()
    forged = lambda: settlement.opened(sealed.replace(sealed[5], "x"))  # noqa: E731
    assert refusal(forged) == Refusal.QUOTE_TOO_OLD
    clock(minutes=11)
    assert refusal(lambda: settlement.opened(sealed)) == Refusal.QUOTE_TOO_OLD


def test_quotes_of_one_patient_are_counted(hospital, me):
    for _ in range(20):
        settlement.quote(provider=hospital, patient=me, bill=make_bill(500))
    more = lambda: settlement.quote(provider=hospital, patient=me, bill=make_bill(5))  # noqa: E731
    assert refusal(more) == Refusal.TOO_MANY_QUOTES


def test_somebody_without_account_and_family_pays_in_cash(hospital, rules):
    nobody = insured()
    made = settle(hospital, nobody, 500)
    assert (made.paid_fen, made.cash_fen, made.order_version) == (0, 500, 0)
    assert told(made) == [("own", 0, "no_account")]


def test_the_first_bill_makes_the_order_that_the_next_one_waits_for(hospital, me):
    settle(hospital, me, 500)
    assert DeductionOrder.objects.get().person == me


def test_somebody_who_is_not_in_the_register_gets_no_quote(hospital, rules):
    nobody, bill = InsuredPerson(pk=0), make_bill(500)
    asked = lambda: settlement.quote(provider=hospital, patient=nobody, bill=bill)  # noqa: E731
    assert refusal(asked) == Refusal.PATIENT_UNKNOWN
