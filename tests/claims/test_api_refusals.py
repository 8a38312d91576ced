"""What is malformed, too much or not allowed is refused with its code, and leaves no trace; no answer repeats what was sent."""

import json
from io import BytesIO

import pytest
from django.apps import apps
from django.test import Client

from accounts import limits
from accounts.models import Throttle
from claims import refunds, vouchers
from claims.api import problems
from claims.api.bodies import Use
from claims.api.edge import MOST_BYTES
from claims.bills import MAX_FEN, USES
from claims.models import Provider, Settlement
from claims.refusals import Refusal
from insurance.models import PersonalAccount, RegisterFact
from insurance.models.facts import FactKind
from tests.claims.machine import Machine, bill, told
from tests.factories.accounts import make_id_number
from tests.factories.claims import insured

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
ID_NUMBER = make_id_number()
CARD = "D20010001"
BY_CARD = {"id_number": ID_NUMBER, "card": CARD}
# Counters of limits, and sessions that nobody has: what a refused request may touch.
COUNTERS = {"accounts.Throttle"}


@pytest.fixture
def me(rules):
    return insured(balance_fen=12_000, id_number=ID_NUMBER, social_security_card=CARD)


@pytest.fixture
def li(rules):
    return insured(name="李梅", social_security_card="D20010002")


@pytest.fixture
def machine(hospital):
    return Machine(hospital)


def everything():
    """How many rows of everything there are, and every balance."""
    rows = {
        model._meta.label: model.objects.count()
        for model in apps.get_models()
        if model._meta.label not in COUNTERS and hasattr(model, "objects")
    }
    return rows, list(PersonalAccount.objects.values_list("pk", "balance_fen", "held_fen"))


@pytest.fixture
def nothing_written(me, machine):
    before = everything()
    yield
    assert everything() == before


def deep(levels):
    return b"[" * levels + b"]" * levels


def text_of(**changes):
    return json.dumps(bill(BY_CARD, **changes))


UNREADABLE = {
    "empty object cut off": b"{",
    "two values": b"{}{}",
    "a key twice": text_of(bill_no="A1").replace("{", '{"bill_no": "B1", ', 1).encode(),
    "a key twice inside": text_of().replace('"card"', '"card": "D20010009", "card"').encode(),
    "NaN": text_of().replace("10000", "NaN").encode(),
    "infinity": text_of().replace("10000", "-Infinity").encode(),
    "a hundred digits": text_of().replace("10000", "1" * 100).encode(),
    "five thousand digits": text_of().replace("10000", "1" * 5000).encode(),
    "nested": deep(8_000),
    "nested objects": b'{"a":' * 2_000 + b"1" + b"}" * 2_000,
    "half a character": text_of().replace('"CARE"', '"\\ud800"').encode(),
    "half a character as a key": b'{"\\udfff": 1}',
    "NUL": text_of(bill_no="A\x00B").encode(),
    "Latin-1": '{"a": "é"}'.encode("latin-1"),
    "UTF-16": text_of().encode("utf-16"),
    "a byte order mark": b"\xef\xbb\xbf" + text_of().encode(),
    "single quotes": b"{'a': 1}",
    "a comment": b"{} // please",
    "a form": b"bill_no=A1",
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_what_is_no_strict_json_is_refused(machine, nothing_written, name):
    answer = machine.post("settlements", raw=UNREADABLE[name])
    assert told(answer) == (400, "BODY_UNREADABLE")


MISFITS = {
    "no field": ({"use": ...}, "use", "missing"),
    "a field more": ({"pin": "1"}, "", "extra_forbidden"),
    "somebody's number as a field": ({ID_NUMBER: 1}, "", "extra_forbidden"),
    "an amount as text": ({"personal_burden_fen": "300"}, "personal_burden_fen", "int_type"),
    "an amount that is true": ({"personal_burden_fen": True}, "personal_burden_fen", "int_type"),
    "yuan": ({"personal_burden_fen": 300.0}, "personal_burden_fen", "int_type"),
    "half a fen": ({"personal_burden_fen": 0.5}, "personal_burden_fen", "int_type"),
    "a list of amounts": ({"personal_burden_fen": [300]}, "personal_burden_fen", "int_type"),
    "nothing": ({"personal_burden_fen": 0}, "personal_burden_fen", "greater_than_equal"),
    "less than nothing": ({"personal_burden_fen": -1}, "personal_burden_fen", "greater_than_equal"),
    "too much": ({"personal_burden_fen": MAX_FEN + 1}, "personal_burden_fen", "less_than_equal"),
    "far too much": ({"personal_burden_fen": 10**19}, "personal_burden_fen", "less_than_equal"),
    "no use": ({"use": "care"}, "use", "literal_error"),
    "an empty bill": ({"bill_no": ""}, "bill_no", "string_pattern_mismatch"),
    "a bill in full width": ({"bill_no": "Ａ１"}, "bill_no", "string_pattern_mismatch"),
    "a bill with a line": ({"bill_no": "A1\n"}, "bill_no", "string_pattern_mismatch"),
    "a bill of 65": ({"bill_no": "A" * 65}, "bill_no", "string_pattern_mismatch"),
    "a bill of a number": ({"bill_no": 1}, "bill_no", "string_type"),
    "no zone": ({"occurred_at": "2026-11-16T09:30:00"}, "occurred_at", "value_error"),
    "a day": ({"occurred_at": "2026-11-16"}, "occurred_at", "value_error"),
    "a day that is none": ({"occurred_at": "2026-02-30T09:30:00Z"}, "occurred_at", "value_error"),
    "seconds since 1970": ({"occurred_at": 1763256600}, "occurred_at", "value_error"),
    "the same as text": ({"occurred_at": "1763256600"}, "occurred_at", "value_error"),
    "no patient": ({"patient": None}, "patient", None),
    "both ways": ({"patient": BY_CARD | {"voucher": "ABCDEFGHJKLM"}}, "patient", None),
    "half a way": ({"patient": {"card": CARD}}, "patient", None),
    "a number as a number": ({"patient": {"id_number": 1, "card": CARD}}, "patient", None),
    "a name as a patient": ({"patient": "张建国"}, "patient", None),
    "half a proxy": ({"proxy": {"name": "李梅"}}, "proxy.id_number", "missing"),
    "no proxy": ({"proxy": False}, "proxy", None),
}


@pytest.mark.parametrize("name", MISFITS)
def test_what_does_not_fit_is_refused_by_the_field(machine, nothing_written, name):
    changes, field, reason = MISFITS[name]
    for path in ("settlements", "quotes", "holds"):
        answer = machine.post(path, bill(**{"patient": BY_CARD, "bill_no": "A1"} | changes))
        assert told(answer) == (422, "BODY_INVALID")
        errors = json.loads(answer.content)["errors"]
        assert {one["field"] for one in errors} == {field}
        assert reason in {None, *(one["reason"] for one in errors)}
        for secret in (ID_NUMBER, CARD, "张建国", "李梅"):
            assert secret not in answer.content.decode()


@pytest.mark.parametrize("body", [[], "x", 1, None, True])
def test_a_body_is_an_object(machine, nothing_written, body):
    answer = machine.post("settlements", raw=json.dumps(body).encode())
    assert told(answer) == (422, "BODY_INVALID")


@pytest.mark.parametrize("amount", ["1", 0, -1, 1.5, True, MAX_FEN + 1])
def test_an_amount_to_give_back_is_as_strict(machine, me, amount):
    ref = machine.post("settlements", bill(BY_CARD)).json()["ref"]
    answer = machine.post(f"settlements/{ref}/reversals", {"amount_fen": amount})
    assert told(answer) == (422, "BODY_INVALID")
    assert told(machine.post(f"settlements/{ref}/reversals", {"x": 1})) == (422, "BODY_INVALID")
    assert told(machine.post(f"holds/{ref}/post", {"x": 1})) == (422, "BODY_INVALID")


@pytest.mark.parametrize(
    "content_type", ["", "text/plain", "application/x-www-form-urlencoded", "application/jsonp"]
)
def test_a_body_is_said_to_be_json(machine, nothing_written, content_type):
    answer = machine.post("settlements", bill(BY_CARD), content_type=content_type)
    assert told(answer) == (415, "NOT_JSON")


def test_a_charset_may_be_named(machine, me):
    answer = machine.post(
        "settlements", bill(BY_CARD), content_type="application/json; charset=utf-8"
    )
    assert answer.status_code == 201


def test_a_body_too_large_is_not_read(machine, nothing_written):
    answer = machine.post("settlements", raw=b" " * (MOST_BYTES + 1))
    assert told(answer) == (413, "BODY_TOO_LARGE")
    assert told(machine.post("settlements", raw=b" " * MOST_BYTES))[0] == 400
    assert Client().post("/api/v1/x", b" " * 10**7, "application/json").status_code == 413


def test_a_body_in_chunks_is_one_like_any_other(machine, me):
    def sent(raw):
        given = {
            "HTTP_AUTHORIZATION": f"Bearer {machine.text}",
            "HTTP_IDEMPOTENCY_KEY": "visit-4711",
            "HTTP_TRANSFER_ENCODING": "chunked",
            "CONTENT_TYPE": "application/json",
            "wsgi.input": BytesIO(raw),
            "wsgi.input_terminated": True,
        }
        return Client().generic("POST", "/api/v1/settlements", **given)

    assert told(sent(b" " * (MOST_BYTES + 1))) == (413, "BODY_TOO_LARGE")
    assert told(sent(b"{")) == (400, "BODY_UNREADABLE")
    assert sent(text_of().encode()).status_code == 201


@pytest.mark.parametrize("key", ["", "short", "x" * 65, "with space", "é" * 8, "tab\tinside"])
def test_every_post_has_a_proper_key_of_its_own(machine, nothing_written, key):
    for path in ("settlements", "quotes", "holds"):
        answer = machine.post(path, bill(BY_CARD), **{"Idempotency-Key": key})
        assert told(answer) == (400, "IDEMPOTENCY_KEY_NEEDED")


def test_a_post_without_a_key_is_refused(machine, nothing_written):
    ref = "GJ-2026-1116-0000-0000-0"
    paths = ("settlements", "quotes", "holds", f"settlements/{ref}/reversals", f"holds/{ref}/void")
    for path in paths:
        body = bill(BY_CARD) if "/" not in path else {}
        answer = machine.post(path, body, **{"Idempotency-Key": None})
        assert told(answer) == (400, "IDEMPOTENCY_KEY_NEEDED")


@pytest.mark.parametrize(
    "patient",
    [
        {"voucher": "ABCDEFGHJKLM"},
        {"voucher": "x"},
        {"id_number": ID_NUMBER, "card": "D20010002"},
        {"id_number": make_id_number(sequence=4), "card": CARD},
        {"id_number": CARD, "card": ID_NUMBER},
        {"id_number": "x", "card": "x"},
    ],
)
def test_who_is_not_known_and_who_does_not_fit_is_one_refusal(
    machine, li, nothing_written, patient
):
    answers = [machine.post(path, bill(patient)) for path in ("settlements", "quotes", "holds")]
    assert {told(one) for one in answers} == {(404, "PATIENT_UNKNOWN")}
    unknown = machine.post("settlements", bill({"id_number": "y", "card": "y"}))
    assert {one.content for one in answers} == {unknown.content}


def test_a_search_through_the_register_is_stopped_and_told_how_long(machine, me, clock):
    body = bill({"id_number": ID_NUMBER, "card": "D20010009"})
    for _ in range(limits.WRONG_PATIENTS.count):
        machine.post("quotes", body)
    clock(minutes=1)
    answer = machine.post("settlements", bill(BY_CARD), key="visit-4711")
    assert told(answer) == (429, "TOO_MANY_UNKNOWN")
    assert answer["Retry-After"] == str(59 * 60)
    clock(minutes=59)
    assert machine.post("settlements", bill(BY_CARD), key="visit-4711").status_code == 201


def test_a_balance_is_not_read_by_quotes(machine, me):
    for _ in range(limits.QUOTE_PATIENT.count):
        assert machine.post("quotes", bill(BY_CARD)).status_code == 200
    answer = machine.post("quotes", bill({"voucher": vouchers.show(person=me)}))
    assert told(answer) == (429, "TOO_MANY_QUOTES")
    assert answer["Retry-After"] == str(24 * 60 * 60)
    assert machine.post("settlements", bill(BY_CARD)).status_code == 201


@pytest.mark.parametrize(
    "moment",
    [
        "2026-11-16T10:05:01+08:00",
        "2026-08-18T01:59:59Z",
        "0001-01-01T00:00:00+23:59",
        "9999-12-31T23:59:59-23:59",
    ],
)
def test_a_bill_of_the_future_or_of_last_summer_is_none(machine, me, moment):
    answer = machine.post("settlements", bill(BY_CARD, occurred_at=moment))
    assert told(answer) == (422, "BAD_BILL")
    assert json.loads(answer.content)["errors"] == [{"field": "occurred_at", "reason": "refused"}]
    assert not Settlement.objects.exists()


def test_each_other_refusal_of_a_bill_has_its_code(machine, me, clock):
    ref = machine.post("settlements", bill(BY_CARD, bill_no="A1")).json()["ref"]
    taken = machine.post("settlements", bill(BY_CARD, bill_no="A1"))
    assert told(taken) == (409, "BILL_ALREADY_SETTLED")
    assert told(machine.post("quotes", bill(BY_CARD, bill_no="A1")))[1] == "BILL_ALREADY_SETTLED"
    assert told(machine.post(f"holds/{ref}/post")) == (409, "WRONG_STATE")
    fact = RegisterFact.objects.create(
        person=me, kind=FactKind.SETTLEMENT_SUSPENSION, from_day="2026-11-01"
    )
    assert told(machine.post("settlements", bill(BY_CARD))) == (422, "PATIENT_BLOCKED")
    RegisterFact.objects.filter(pk=fact.pk).delete()
    Provider.objects.update(designated_to="2026-11-15")
    assert told(machine.post("settlements", bill(BY_CARD))) == (422, "NOT_DESIGNATED")
    clock(days=refunds.WITHIN.days, seconds=1)
    late = machine.post(f"settlements/{ref}/reversals")
    assert told(late) == (422, "REFUND_TOO_LATE")


def test_money_for_a_closed_account_is_left_to_the_agency(machine, me):
    ref = machine.post("settlements", bill(BY_CARD, personal_burden_fen=12_000)).json()["ref"]
    PersonalAccount.objects.update(closed_on="2026-11-16")
    answer = machine.post(f"settlements/{ref}/reversals")
    assert told(answer) == (422, "ACCOUNT_CLOSED")
    assert Settlement.objects.get().refunded_fen == 0


def test_a_refusal_keeps_its_own_answer_and_nothing_else(machine, me):
    rows, balances = everything()
    machine.post("settlements", bill(BY_CARD, use="RESIDENT_PREMIUM"), key="visit-4711")
    assert everything() == (rows | {"claims.KeyedRequest": 1}, balances)


def test_every_refusal_of_a_machine_has_a_status_and_every_problem_its_words():
    for_people = {
        Refusal.DIFFERS,
        Refusal.QUOTE_TOO_OLD,
        Refusal.TRANSFER_NOT_OPEN,
        Refusal.TRANSFER_DONE,
        Refusal.TRANSFER_TOO_MUCH,
        Refusal.TRANSFERS_USED_UP,
        Refusal.NO_MONEY,
    }
    assert set(problems.REFUSED) | for_people == set(Refusal)
    assert not set(problems.REFUSED) & for_people
    assert set(problems.OURS) == set(problems.Code)
    assert set(problems.Code) & set(Refusal) == set()


def test_the_uses_are_those_that_some_provider_takes():
    assert set(Use.__args__) == frozenset().union(*USES.values())


def test_what_limits_count_is_the_only_thing_a_refusal_touches(machine, me):
    machine.post("settlements", bill({"voucher": "x"}))
    assert {one.limit for one in Throttle.objects.all()} == {limits.API_KEY_MINUTE.name}
