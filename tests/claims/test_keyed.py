"""One key, one answer: asked again, asked by twenty at once, asked with another body."""

import pytest

from claims import bills, keyed, patients, settlement, vouchers, writing
from claims.charging import Charging
from claims.models import KeyedRequest, Settlement
from claims.refusals import Refusal, Refused
from tests.factories.accounts import together
from tests.factories.claims import balances, make_bill, make_provider

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases, pytest.mark.usefixtures("sound")]
WRITERS = 20


def asks(hospital, me, bill, key="key-0001", body="{}"):
    """As the API does it: a refusal is an answer too."""

    def do():
        made = settlement.settle(provider=hospital, patient=me, bill=bill, guarded=True)
        return keyed.Done(201, f'{{"ref": "{made.reference}"}}', made)

    return lambda: keyed.once(
        provider=hospital,
        key=key,
        verb="settle",
        body=body,
        do=do,
        refused=lambda error: keyed.Done(422, str(error.code)),
    )


def test_the_same_request_gets_the_same_bytes(hospital, me):
    ask = asks(hospital, me, make_bill(500))
    first, second = ask(), ask()
    assert (first.again, second.again) == (False, True)
    assert (first.status, first.text, first.settlement_id) == (
        second.status,
        second.text,
        second.settlement_id,
    )
    assert balances(me)[0] == 11_500


@pytest.mark.django_db(transaction=True)
def test_twenty_at_once_settle_once_and_hear_the_same(hospital, me, monkeypatch):
    tried, decide = [], Charging.decide
    monkeypatch.setattr(Charging, "decide", lambda *a, **b: tried.append(1) or decide(*a, **b))
    answers = together(*[asks(hospital, me, make_bill(500))] * WRITERS)
    assert not [one for one in answers if isinstance(one, Exception)]
    assert {(one.status, one.text) for one in answers} == {(201, answers[0].text)}
    assert [one.again for one in answers].count(False) == 1
    # Who waits for the turn finds the answer, and decides nothing.
    assert len(tried) == 1
    assert (balances(me)[0], Settlement.objects.count()) == (11_500, 1)


def test_another_body_or_verb_under_a_key_is_a_conflict(hospital, me):
    def never():
        Settlement.objects.exists()  # it may come to its first statement, and no further
        pytest.fail("there is an answer")

    bill = make_bill(500)
    asks(hospital, me, bill)()
    with pytest.raises(keyed.Conflict):
        asks(hospital, me, bill, body="{ }")()
    with pytest.raises(keyed.Conflict):
        keyed.once(provider=hospital, key="key-0001", verb="refund", body="{}", do=never)
    assert Settlement.objects.count() == 1


def test_a_number_that_is_taken_is_drawn_again_under_the_same_key(hospital, me, monkeypatch):
    drawn = iter(["GJ-1", "GJ-1", "GJ-2"])
    monkeypatch.setattr(writing, "draw", lambda now: next(drawn))
    keys = ("key-0001", "key-0002")
    answers = [asks(hospital, me, make_bill(500), key)() for key in keys]
    assert [one.text for one in answers] == ['{"ref": "GJ-1"}', '{"ref": "GJ-2"}']
    assert (balances(me)[0], KeyedRequest.objects.count()) == (11_000, 2)


def test_what_was_answered_is_answered_though_it_would_be_refused_by_now(hospital, me):
    """As a quote that is too old, which nobody has to ask the database about."""

    def too_late():
        raise Refused(Refusal.QUOTE_TOO_OLD)

    first = asks(hospital, me, make_bill(500))()
    late = {"provider": hospital, "key": "key-0001", "verb": "settle", "do": too_late}
    again = keyed.once(**late, body="{}")
    assert (again.text, again.again) == (first.text, True)
    with pytest.raises(keyed.Conflict):
        keyed.once(**late, body="{ }")
    with pytest.raises(Refused):
        keyed.once(**late | {"key": "key-0002"}, body="{}")
    assert (balances(me)[0], KeyedRequest.objects.count()) == (11_500, 1)


def test_two_bodies_that_say_the_same_have_one_text():
    one, other = {"a": 1, "b": {"c": "药", "d": None}}, {"b": {"d": None, "c": "药"}, "a": 1}
    assert bills.canonical(one) == bills.canonical(other)
    assert bills.canonical(one) != bills.canonical(one | {"a": 2})


def test_the_key_of_another_provider_is_another_key(hospital, me):
    other = make_provider()
    for provider in (hospital, other):
        assert asks(provider, me, make_bill(500))().again is False
    assert Settlement.objects.count() == 2


def test_a_refusal_is_kept_and_nothing_else_is(hospital, me):
    ask = asks(hospital, me, make_bill(0))
    assert [(one.status, one.text) for one in (ask(), ask())] == [(422, "BAD_BILL")] * 2
    assert KeyedRequest.objects.get().settlement is None
    assert not Settlement.objects.exists()


def test_what_breaks_keeps_nothing_and_the_key_settles_later(hospital, me):
    bill = make_bill(500)

    def breaks():
        settlement.settle(provider=hospital, patient=me, bill=bill)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        keyed.once(provider=hospital, key="key-0001", verb="settle", body="{}", do=breaks)
    assert not KeyedRequest.objects.exists()
    assert balances(me)[0] == 12_000
    assert asks(hospital, me, bill)().status == 201


def test_the_request_itself_is_not_kept(hospital, me):
    body = '{"id_number": "340104194901010012"}'
    asks(hospital, me, make_bill(500), body=body)()
    row = KeyedRequest.objects.values().get()
    assert "340104194901010012" not in str(row)


def test_a_rotated_index_key_makes_no_conflict(hospital, me, settings):
    ask = asks(hospital, me, make_bill(500))
    first = ask()
    settings.INDEX_KEYS = "9:" + "QUFB" * 10 + "QUE=," + settings.INDEX_KEYS
    assert ask().text == first.text


def test_a_voucher_is_good_again_after_a_refusal(hospital, me):
    code = vouchers.show(person=me)

    def do(bill):
        patient = patients.by_voucher(code).person
        return keyed.Done(201, "", settlement.settle(provider=hospital, patient=patient, bill=bill))

    def ask(key, amount_fen):
        return keyed.once(
            provider=hospital,
            key=key,
            verb="settle",
            body="{}",
            do=lambda: do(make_bill(amount_fen)),
            refused=lambda error: keyed.Done(422, str(error.code)),
        ).status

    assert (ask("key-0001", 0), ask("key-0002", 100)) == (422, 201)
    assert vouchers.peek(code) is None
