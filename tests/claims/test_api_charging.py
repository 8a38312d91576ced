"""A machine charges, holds and gives back, as docs/api.md tells its makers."""

import json

import pytest
from django.utils import translation
from django.utils.functional import lazy

from accounts.models import AuditEntry
from claims import settlement, vouchers
from claims.models import KeyedRequest, Refund, Settlement
from claims.refusals import Refusal
from claims.words import REFUSALS
from tests.claims.machine import Machine, bill, told
from tests.factories.accounts import make_id_number, together
from tests.factories.claims import balances, insured, make_bill, make_provider

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases, pytest.mark.usefixtures("sound")]
ID_NUMBER = make_id_number()
CARD = "D20010001"
BY_CARD = {"id_number": ID_NUMBER, "card": CARD}


@pytest.fixture
def me(rules):
    return insured(balance_fen=12_000, id_number=ID_NUMBER, social_security_card=CARD)


@pytest.fixture
def machine(hospital):
    return Machine(hospital)


def test_a_settlement_answers_three_numbers_and_no_more(machine, me):
    answer = machine.post("settlements", bill(BY_CARD))
    made = Settlement.objects.get()
    assert answer.status_code == 201
    assert answer["Content-Type"] == "application/json"
    assert answer.json() == {"ref": made.reference, "paid_fen": 10_000, "cash_fen": 0}
    assert (made.by_key, made.provider, made.patient) == (machine.key, machine.provider, me)
    assert balances(me)[0] == 2_000


def test_what_no_account_pays_is_cash_and_nobody_is_told_whose_accounts(
    machine, me, wife, father, by_wife, by_father
):
    answer = machine.post("settlements", bill(BY_CARD, personal_burden_fen=80_000))
    assert answer.json() == {
        "ref": Settlement.objects.get().reference,
        "paid_fen": 69_000,
        "cash_fen": 11_000,
    }
    assert [balances(one)[0] for one in (me, wife, father)] == [0, 0, 0]


def test_a_voucher_is_shown_for_a_quote_and_used_up_by_a_settlement(machine, me):
    code = vouchers.show(person=me)
    asked = machine.post("quotes", bill({"voucher": code}))
    assert (asked.status_code, asked.json()) == (200, {"would_pay_fen": 10_000, "cash_fen": 0})
    assert machine.post("settlements", bill({"voucher": code})).status_code == 201
    again = machine.post("settlements", bill({"voucher": code}))
    assert told(again) == (404, "PATIENT_UNKNOWN")


def test_a_quote_takes_nothing_and_its_key_has_one_answer(machine, me):
    body = bill(BY_CARD, personal_burden_fen=13_000)
    first = machine.post("quotes", body, key="quote-0001")
    settlement.settle(provider=machine.provider, patient=me, bill=make_bill(5_000))
    second = machine.post("quotes", body, key="quote-0001")
    assert first.content == second.content
    assert first.json() == {"would_pay_fen": 12_000, "cash_fen": 1_000}
    assert machine.post("quotes", body, key="quote-0002").json()["would_pay_fen"] == 7_000


def test_the_same_key_and_body_get_the_same_bytes_and_another_body_a_conflict(machine, me):
    body = bill(BY_CARD)
    first = machine.post("settlements", body, key="visit-4711")
    reordered = dict(reversed(body.items()))
    for sent in (body, reordered):
        again = machine.post("settlements", sent, key="visit-4711")
        assert (again.status_code, again.content) == (201, first.content)
    other = machine.post("settlements", body | {"personal_burden_fen": 9_999}, key="visit-4711")
    assert told(other) == (409, "IDEMPOTENCY_KEY_REUSED")
    elsewhere = machine.post("holds", body, key="visit-4711")
    assert told(elsewhere) == (409, "IDEMPOTENCY_KEY_REUSED")
    assert (Settlement.objects.count(), balances(me)[0]) == (1, 2_000)


def test_the_answer_is_the_same_after_the_card_was_exchanged(machine, me):
    body = bill(BY_CARD)
    first = machine.post("settlements", body, key="visit-4711")
    me.identifiers.filter(kind="social_security_card").delete()
    assert machine.post("settlements", body, key="visit-4711").content == first.content


def test_a_key_is_for_one_settlement_too(machine, me):
    refs = [
        machine.post("settlements", bill(BY_CARD, personal_burden_fen=100)).json()["ref"]
        for _ in range(2)
    ]
    answers = [
        machine.post(f"settlements/{ref}/reversals", {"amount_fen": 10}, key="visit-4711")
        for ref in refs
    ]
    assert answers[0].status_code == 201
    assert told(answers[1]) == (409, "IDEMPOTENCY_KEY_REUSED")


def test_a_refusal_of_a_bill_is_kept_in_every_language(machine, me, monkeypatch):
    language = lazy(translation.get_language, str)()
    monkeypatch.setitem(REFUSALS, Refusal.USE_NOT_PAYABLE, language)
    body = bill(BY_CARD, use="RESIDENT_PREMIUM")
    first = machine.post("settlements", body, key="visit-4711", **{"Accept-Language": "en"})
    second = machine.post("settlements", body, key="visit-4711")
    assert told(first) == (422, "USE_NOT_PAYABLE")
    assert json.loads(first.content)["detail"] == "zh-hans"
    assert first.content == second.content
    assert second["Content-Type"] == "application/problem+json"


def test_a_reversal_says_what_goes_back_where(machine, me):
    ref = machine.post("settlements", bill(BY_CARD, personal_burden_fen=13_000)).json()["ref"]
    answer = machine.post(f"settlements/{ref}/reversals", {"amount_fen": 3_000})
    assert answer.status_code == 201
    assert answer.json() == {
        "ref": Refund.objects.get().reference,
        "amount_fen": 3_000,
        "paid_fen": 2_000,
        "cash_fen": 1_000,
    }
    rest = machine.post(f"settlements/{ref}/reversals")
    assert (rest.json()["amount_fen"], rest.json()["cash_fen"]) == (10_000, 0)
    assert told(machine.post(f"settlements/{ref}/reversals")) == (422, "REFUND_TOO_MUCH")
    assert balances(me)[0] == 12_000


def test_a_hold_is_posted_under_its_own_reference(machine, me):
    held = machine.post("holds", bill(BY_CARD))
    ref = held.json()["ref"]
    assert held.status_code == 201
    assert held.json() == {
        "ref": ref,
        "paid_fen": 10_000,
        "cash_fen": 0,
        "held_until": "2026-11-17T10:00:00+08:00",
    }
    assert balances(me) == (12_000, 0, 10_000)
    for _ in range(2):
        posted = machine.post(f"holds/{ref}/post", {}, key="post-0001")
        assert (posted.status_code, posted.json()["ref"]) == (200, ref)
    assert balances(me) == (2_000, 0, 0)
    assert told(machine.post(f"holds/{ref}/void")) == (409, "WRONG_STATE")


def test_a_hold_is_voided_and_the_bill_is_free_again(machine, me):
    body = bill(BY_CARD)
    ref = machine.post("holds", body).json()["ref"]
    assert told(machine.post("settlements", body)) == (409, "BILL_ALREADY_SETTLED")
    assert machine.post(f"holds/{ref}/void").json() == {"ref": ref, "state": "voided"}
    assert machine.post("settlements", body).status_code == 201


def test_a_hold_that_is_over_is_not_posted(machine, me, clock):
    ref = machine.post("holds", bill(BY_CARD)).json()["ref"]
    clock(hours=25)
    assert told(machine.post(f"holds/{ref}/post")) == (409, "HOLD_OVER")


def test_who_bought_for_the_patient_is_kept_and_found_nowhere_else(machine, me):
    number = make_id_number(sequence=7)
    proxy = {"name": " 李 梅 ", "id_number": number.lower()}
    answer = machine.post("settlements", bill(BY_CARD, proxy=proxy), key="visit-4711")
    made = Settlement.objects.get()
    assert (made.proxy_name, made.proxy_id_number) == ("李梅", number)
    assert number not in answer.content.decode()
    assert number not in str(KeyedRequest.objects.values().get())


@pytest.mark.parametrize(
    ("proxy", "field"),
    [
        ({"name": "<b>", "id_number": "H01234567"}, "proxy.name"),
        ({"name": "李梅", "id_number": "340104194901010010"}, "proxy.id_number"),
    ],
)
def test_a_proxy_who_is_nobody_is_refused(machine, me, proxy, field):
    answer = machine.post("settlements", bill(BY_CARD, proxy=proxy))
    assert told(answer) == (422, "BAD_BILL")
    assert json.loads(answer.content)["errors"] == [{"field": field, "reason": "refused"}]
    assert not Settlement.objects.exists()


def test_a_proxy_with_a_permit_of_another_kind_is_let_through(machine, me):
    proxy = {"name": "Ann O'Neil", "id_number": "H01234567"}
    assert machine.post("settlements", bill(BY_CARD, proxy=proxy)).status_code == 201


def test_each_deed_of_a_machine_stands_in_the_audit_with_its_key(machine, me):
    ref = machine.post("settlements", bill(BY_CARD, personal_burden_fen=100)).json()["ref"]
    machine.post(f"settlements/{ref}/reversals")
    held = [machine.post("holds", bill(BY_CARD)).json()["ref"] for _ in range(1)]
    machine.post(f"holds/{held[0]}/void")
    wanted = ["settlement.settle", "settlement.refund", "settlement.hold", "settlement.void"]
    entries = AuditEntry.objects.filter(action__startswith="settlement.").order_by("pk")
    assert [one.action for one in entries] == wanted
    assert {str(one.details["key"]) for one in entries} == {str(machine.key.public_id)}


@pytest.mark.django_db(transaction=True)
def test_twenty_at_once_under_one_key_settle_once(machine, me):
    body = bill(BY_CARD)
    answers = together(*[lambda: machine.post("settlements", body, key="visit-4711")] * 20)
    assert {(one.status_code, one.content) for one in answers} == {(201, answers[0].content)}
    assert (Settlement.objects.count(), balances(me)[0]) == (1, 2_000)


def test_a_key_of_one_provider_is_another_at_the_next(machine, me):
    other = Machine(make_provider())
    for one in (machine, other):
        assert (
            one.post(
                "settlements", bill(BY_CARD, personal_burden_fen=10), key="visit-4711"
            ).status_code
            == 201
        )
