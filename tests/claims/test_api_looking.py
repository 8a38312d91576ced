"""A machine looks up its own settlements and holds its day against its own books."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from claims import reconciling
from tests.claims.machine import Machine, bill, told
from tests.factories.accounts import make_id_number
from tests.factories.claims import insured, make_provider

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
ID_NUMBER = make_id_number()
BY_CARD = {"id_number": ID_NUMBER, "card": "D20010001"}
TODAY = "2026-11-16"


@pytest.fixture
def me(rules):
    return insured(balance_fen=12_000, id_number=ID_NUMBER, social_security_card="D20010001")


@pytest.fixture
def machine(hospital):
    return Machine(hospital)


def settled(machine, **changes):
    return machine.post("settlements", bill(BY_CARD, **changes)).json()["ref"]


def test_a_settlement_shows_what_the_provider_knows_and_what_became_of_it(machine, me):
    ref = settled(machine, personal_burden_fen=13_000, bill_no="A1")
    machine.post(f"settlements/{ref}/reversals", {"amount_fen": 3_000})
    answer = machine.get(f"settlements/{ref}")
    assert (answer.status_code, answer["Cache-Control"]) == (200, "no-store")
    assert answer.json() == {
        "ref": ref,
        "state": "settled",
        "bill_no": "A1",
        "use": "CARE",
        "personal_burden_fen": 13_000,
        "paid_fen": 12_000,
        "cash_fen": 1_000,
        "refunded_fen": 3_000,
        "occurred_at": "2026-11-16T09:30:00+08:00",
        "settled_at": "2026-11-16T10:00:00+08:00",
        "held_until": None,
    }


def test_a_hold_shows_how_long_it_lasts(machine, me):
    ref = machine.post("holds", bill(BY_CARD)).json()["ref"]
    shown = machine.get(f"settlements/{ref}").json()
    assert (shown["state"], shown["held_until"]) == ("held", "2026-11-17T10:00:00+08:00")


def test_a_day_has_totals_and_lines(machine, me, clock):
    first = settled(machine, personal_burden_fen=13_000, bill_no="A1")
    clock(minutes=5)
    back = machine.post(f"settlements/{first}/reversals", {"amount_fen": 3_000}).json()["ref"]
    second = settled(machine, personal_burden_fen=500, bill_no="A2")
    settled(Machine(make_provider()), personal_burden_fen=70)
    day = machine.get(f"days/{TODAY}").json()
    assert (day["day"], day["next"]) == (TODAY, None)
    assert day["totals"] == {
        "settlements": 2,
        "amount_fen": 13_500,
        "paid_fen": 12_500,
        "cash_fen": 1_000,
        "refunds": 1,
        "refunded_fen": 3_000,
        "back_fen": 2_000,
        "refunded_cash_fen": 1_000,
        "net_fen": 10_500,
    }
    lines = [(one["kind"], one["ref"], one["settlement"], one["bill_no"]) for one in day["lines"]]
    assert lines == [
        ("settlement", first, first, "A1"),
        ("settlement", second, second, "A2"),
        ("reversal", back, first, "A1"),
    ]
    assert day["lines"][2] | {"ref": "", "settlement": ""} == {
        "kind": "reversal",
        "ref": "",
        "settlement": "",
        "bill_no": "A1",
        "use": "CARE",
        "amount_fen": 3_000,
        "paid_fen": 2_000,
        "cash_fen": 1_000,
        "at": "2026-11-16T10:05:00+08:00",
    }


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5, 6])
def test_the_pages_of_a_day_hold_every_line_once(machine, me, monkeypatch, size):
    monkeypatch.setattr(reconciling, "PAGE", size)
    refs = [settled(machine, personal_burden_fen=100) for _ in range(3)]
    wanted = refs + [machine.post(f"settlements/{ref}/reversals").json()["ref"] for ref in refs[:2]]
    got, after = [], ""
    for _ in range(len(wanted) + 1):
        page = machine.get(f"days/{TODAY}?after={after}").json()
        got += [one["ref"] for one in page["lines"]]
        assert len(page["lines"]) <= size
        after = page["next"]
        if after is None:
            break
    assert got == wanted
    assert after is None


def test_a_day_in_which_nothing_happened_is_empty(machine, me):
    day = machine.get("days/2026-11-15").json()
    assert (day["lines"], day["next"], set(day["totals"].values())) == ([], None, {0})


@pytest.mark.parametrize(
    "day",
    [
        "2026-11-17",
        "1999-12-31",
        "0001-01-01",
        "9999-12-31",
        "2026-02-30",
        "20261116",
        "2026-W47-1",
        "1763256600",
        "today",
        "２０２６-11-16",
        "%00",
        "2026-11-16T00:00:00",
    ],
)
def test_no_day_is_no_address(machine, me, day):
    assert told(machine.get(f"days/{day}")) == (404, "NOT_FOUND")


@pytest.mark.parametrize("after", ["1", "%00", "GJ-2026-1116-0000-0000-0", "' OR 1=1", "x" * 5000])
def test_no_page_comes_after_what_is_no_line(machine, after):
    assert told(machine.get(f"days/{TODAY}?after={after}")) == (404, "NOT_FOUND")


def test_a_day_costs_the_same_however_much_there_was(machine, me):
    def queries():
        with CaptureQueriesContext(connection) as asked:
            assert machine.get(f"days/{TODAY}").status_code == 200
        return len(asked)

    settled(machine, personal_burden_fen=10)
    one = queries()
    for _ in range(3):
        settled(machine, personal_burden_fen=10)
    assert queries() == one < 12
