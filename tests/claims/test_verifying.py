"""A world that only the verbs wrote passes every check; whatever is changed behind their back is named by its own check."""

import datetime as dt

import pytest
import time_machine

from accounts import sealing
from accounts.models import AuditEntry
from claims import verifying
from claims.models import RefundPart
from claims.verifying import conservation, settlements, sums
from insurance.models import LedgerEntry, PersonalAccount
from insurance.periods import Month
from tests.claims import money_world
from tests.claims.tampering import (
    CORRUPTIONS,
    LATER,
    binding,
    change_event,
    gone,
    of,
    shares,
    tampered,
)
from tests.proof import world as cast

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def world(db, monkeypatch):
    cast.turn_rules(monkeypatch)
    with time_machine.travel(cast.START, tick=False) as clock:
        yield money_world.build(clock)


def found(key):
    return [(one.code, one.subject_ref) for one in verifying.CHECKS[key].faults()]


def test_a_world_that_the_verbs_made_has_no_fault(world, monkeypatch):
    reading = verifying.Reading()
    assert [str(one) for one in verifying.faults(reading)] == []
    counted = {}
    for key, check in verifying.CHECKS.items():
        alone = verifying.Reading()
        assert not list(check.faults(alone))
        counted[key] = alone.rows
    assert all(counted[key] for key in counted if key != "seals")
    assert sum(counted.values()) == reading.rows
    monkeypatch.setattr("claims.verifying.reading.CHUNK", 2)
    assert list(verifying.faults()) == []


def test_every_corruption_is_named_by_its_own_check(world):
    missed = []
    for key, tries in CORRUPTIONS.items():
        for number, (corrupt, code) in enumerate(tries):
            with tampered():
                corrupt(world)
                if code not in {one for one, _ref in found(key)}:
                    missed.append((key, number, code, found(key)))
    assert missed == []
    assert list(verifying.faults()) == []


def test_every_check_but_the_seals_was_seen_failing():
    assert set(CORRUPTIONS) == set(verifying.CHECKS) - {"seals"}


def test_a_row_that_was_changed_after_it_was_sealed_is_named(world):
    later = LATER + dt.timedelta(days=1)
    for log in sealing.LOGS.values():
        assert sealing.seal(log, now=later)
    assert found("seals") == []
    with tampered():
        AuditEntry.objects.filter(action="settlement.void").update(action="settlement.post")
        LedgerEntry.objects.filter(source_kind="credit").update(place="x")
        logs = [ref.partition("/")[0] for _code, ref in found("seals")]
        assert sorted(logs) == ["audit", "ledger"]


def test_each_bad_row_is_named_and_hides_nothing_of_another(world):
    with tampered():
        of(world, "ann").update(refunded_fen=1)
        of(world, "cai").update(refunded_fen=2)
        PersonalAccount.objects.filter(part="wallet").update(balance_fen=1)
        assert [str(one) for one in verifying.CHECKS["sums"].faults()] == [
            f"claims.settlement {world.made['ann']}: refunded expected=1 found=0",
            f"claims.settlement {world.made['cai']}: refunded expected=2 found=0",
        ]
        assert [one.code for one in verifying.faults()] == ["account", "refunded", "refunded"]
    with tampered():
        change_event(
            world, "bob", "ann", LATER, cap_month_fen=[3_000, 1], uses=[["CARE"], ["DRUG"]]
        )
        binding(world, "bob", "ann").update(cap_month_fen=1, uses=["DRUG"])
        assert list(verifying.faults()) == []
    with tampered():
        first, last = shares(world, "refunded").order_by("position")
        gone(RefundPart.objects.filter(deduction=last))
        part = RefundPart.objects.filter(deduction=first).order_by("pk").first()
        RefundPart.objects.filter(pk=part.pk).update(amount_fen=part.amount_fen + 100)
        shares(world, "refunded").filter(pk=first.pk).update(refunded_fen=500)
        shares(world, "refunded").filter(pk=last.pk).update(refunded_fen=0)
        assert found("sums") == [("refund_order", world.made["refunded"])]


def settled(*amounts, **changes):
    """A settlement with these deductions, as no database would let it be written."""
    charge = settlements.Charge(
        *(1, "R", 1, 1, "CARE", 100, 100, 0, 0, "settled", 0, [], LATER, None)
    )._replace(**changes)
    rest = [None] * (len(settlements.Share._fields) - 8)
    rows = [
        settlements.Share(place, 1, place, 1, None, Month.of(2026, 11), fen, 0, *rest)
        for place, fen in enumerate(amounts, start=1)
    ]
    return settlements.Settled(charge, rows, LATER)


@pytest.mark.parametrize(
    ("one", "code"),
    [
        (settled(100, amount_fen=101), "bill"),
        (settled(100, amount_fen=90, cash_fen=-10), "cash"),
        (settled(100, 0), "least"),
    ],
)
def test_what_the_database_refuses_would_be_named_too(one, code):
    assert sums._wrong(one, [], []).code == code


def test_more_than_the_bill_cannot_come_back():
    assert sums._wrong_split(settled(100), 101).code == "refund_much"


def test_the_name_of_an_entry_has_a_receipt_a_place_and_a_step():
    assert conservation._pieces("GJ-1/2/hold") == ("GJ-1", 2, "hold")
    assert conservation._pieces("GJ-1/²") == ("GJ-1", 0, "")
    assert conservation._pieces("x") == ("x", 0, "")
