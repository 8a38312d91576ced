"""Who waits for a lock decides by what is there when the wait is over; and what is asked at once by many is done once.

`tests.claims.test_races` and `tests.family.test_races` have the other races: caps, orders, balances and pauses that change while a
bill waits, one bill by many clerks, one refund asked by many, seats and limits.
"""

import threading

import pytest
from django.db import connection, transaction

from claims import batches, holds, keyed, refunds, retrying, settlement, verifying, wallets
from claims.batches import Item
from claims.models import Refund, Settlement, WalletTransfer
from claims.refusals import Refusal, Refused
from family import changing, orders
from family.models import Binding, CapUse
from family.moves import WrongMove
from insurance import ledger, register
from insurance.ledger import NotReversible
from insurance.models.ledger import EntryKind
from tests.factories.accounts import together, waiting
from tests.factories.claims import make_bill
from tests.proof import world

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]
AT_ONCE = 8
# Ann's own, by the cast.
OWN_FEN = 20_000


@pytest.fixture
def cast(monkeypatch, request):
    world.turn_rules(monkeypatch)
    with world.travelling() as traveller:
        made = world.build()
        made.confirm(made.ties["dan", "ann"].pk, "ann")
        traveller.shift(world.LONG_ENOUGH)
        yield made
    assert not list(verifying.faults())
    assert not retrying.RETRIES


def after_waiting(change, job):
    """What `job` gives, which begins while the transaction of `change` is open and is seen waiting for it on PostgreSQL."""
    results = []
    with transaction.atomic():
        change()
        waiter = threading.Thread(target=lambda: results.extend(together(job)))
        waiter.start()
        while waiter.is_alive() and connection.vendor == "postgresql" and not waiting():
            pass
    waiter.join()
    return results[0]


def charging(cast, fen, *, verb=settlement.settle, **more):
    bill = make_bill(fen)
    asked = {"provider": cast.hospital, "patient": cast.people["ann"], "bill": bill}
    return lambda: verb(**asked, **more)


def end(cast, pair, by):
    return changing.end(binding_id=cast.ties[pair].pk, person=cast.people[by], **cast.pressed(by))


def payers_of(made):
    return [
        (one["payer"].split(":")[-1], one["amount_fen"]) for one in made.told if one["amount_fen"]
    ]


# --- who waits


@pytest.mark.parametrize("verb", [settlement.settle, holds.hold])
def test_a_bill_that_waited_for_the_end_of_a_binding_takes_nothing_from_it(cast, verb):
    made = after_waiting(
        lambda: end(cast, ("dan", "ann"), "dan"), charging(cast, OWN_FEN + 5_000, verb=verb)
    )
    assert payers_of(made) == [("whole", OWN_FEN), ("prior_years", 3_000)]
    assert made.order_version == 4


def test_a_bill_that_waited_for_a_lower_cap_keeps_to_it(cast):
    binding = cast.ties["bob", "ann"]
    terms = changing.Terms.of(binding)
    made = after_waiting(
        lambda: changing.change(
            binding_id=binding.pk,
            person=cast.people["bob"],
            terms=changing.replace(terms, cap_month_fen=100),
            **cast.pressed("bob"),
        ),
        charging(cast, OWN_FEN + 500),
    )
    assert payers_of(made) == [("whole", OWN_FEN), ("prior_years", 100), ("whole", 400)]


def test_an_end_that_waited_for_a_bill_frees_what_the_bill_left(cast):
    """The bill holds the locks; the end of the binding reads the used limit after them."""
    binding, account = cast.ties["dan", "ann"], cast.people["dan"].accounts.get()
    after_waiting(charging(cast, OWN_FEN + 3_000 + 1_500), lambda: end(cast, ("dan", "ann"), "ann"))
    binding.refresh_from_db()
    account.refresh_from_db()
    assert (binding.state, binding.limit_used_fen) == ("ended", 1_500)
    assert (account.balance_fen, account.reserved_fen) == (8_500, 3_000)


def test_a_refund_that_waited_for_an_end_gives_the_money_back_to_the_giver(cast):
    made = charging(cast, OWN_FEN + 3_000 + 1_500)()
    account = cast.people["dan"].accounts.get()
    after_waiting(
        lambda: end(cast, ("dan", "ann"), "dan"),
        lambda: refunds.reverse(provider=cast.hospital, settlement_id=made.pk),
    )
    account.refresh_from_db()
    assert (account.balance_fen, account.reserved_fen) == (10_000, 3_000)
    assert CapUse.objects.get(binding=cast.ties["dan", "ann"]).used_fen == 0


def test_a_bill_that_waited_for_an_account_hears_of_a_freeze_of_the_meantime(cast):
    """What the register says is no row that a bill locks: it is read by a statement that begins after the locks."""

    def change():
        account = cast.people["bob"].accounts.get(part="prior_years")
        ledger.post(
            account_id=account.pk,
            kind=EntryKind.INTEREST,
            amount_fen=1,
            source_kind="proof",
            source_ref="waiting",
        )
        register.record_fact(
            person=cast.people["bob"], kind="account_freeze", from_day=world.START.date()
        )

    made = after_waiting(change, charging(cast, OWN_FEN + 500))
    assert payers_of(made) == [("whole", OWN_FEN), ("whole", 500)]


def test_a_batch_that_waited_sees_what_it_waited_for(cast):
    bills = [make_bill(OWN_FEN), make_bill(500)]
    made = after_waiting(
        lambda: end(cast, ("bob", "ann"), "bob"),
        lambda: batches.settle_many(
            provider=cast.hospital, items=[Item(cast.people["ann"], one) for one in bills]
        ),
    )
    assert payers_of(made[1].settlement) == [("whole", 500)]


# --- many at once


def outcomes(results):
    return sorted(str(getattr(one, "code", type(one).__name__)) for one in results)


def test_a_key_a_bill_and_a_batch_that_name_one_bill_settle_it_once(cast):
    bill, ann = make_bill(1_000), cast.people["ann"]
    asked = {"provider": cast.hospital, "patient": ann, "bill": bill}

    def by_key():
        answer = keyed.once(
            provider=cast.hospital,
            key="key-0001",
            verb="settle",
            body="{}",
            do=lambda: keyed.Done(201, "", settlement.settle(**asked, guarded=True)),
            refused=lambda error: keyed.Done(422, str(error.code)),
        )
        return answer.status

    def by_batch():
        return batches.settle_many(provider=cast.hospital, items=[Item(ann, bill)])[0].refused

    jobs = [by_key, lambda: settlement.settle(**asked), by_batch]
    results = together(*jobs * 3)
    assert {type(one) for one in results} <= {int, Settlement, Refused, type(None)}
    assert Settlement.objects.count() == 1
    # The same answer under one key, whichever it was.
    assert len({one for one in results if isinstance(one, int)}) == 1


def test_an_end_and_an_expiry_and_a_taking_of_one_hold_are_one(cast):
    held = charging(cast, OWN_FEN + 4_000, verb=holds.hold)()
    asked = {"provider": cast.hospital, "settlement_id": held.pk}
    later = held.held_until
    jobs = [
        lambda: holds.post(**asked).state,
        lambda: holds.void(**asked).state,
        lambda: holds.expire_due(now=later),
    ]
    results = together(*jobs * 3)
    held.refresh_from_db()
    done = [one for one in results if one in ("settled", "voided", 1)]
    assert len(done) == 1
    assert {str(one.code) for one in results if isinstance(one, Refused)} <= {
        Refusal.WRONG_STATE,
        Refusal.HOLD_OVER,
    }


def test_a_correction_of_one_entry_is_posted_once(cast):
    account = cast.people["eve"].accounts.get()
    wrong = ledger.post(
        account_id=account.pk,
        kind=EntryKind.INTEREST,
        amount_fen=70,
        source_kind="proof",
        source_ref="wrong",
    )
    fixes = [
        lambda number=number: ledger.reverse(entry_id=wrong.pk, source_ref=f"fix-{number}")
        for number in range(AT_ONCE)
    ]
    refused = [one for one in together(*fixes) if isinstance(one, Exception)]
    assert [type(one) for one in refused] == [NotReversible] * (AT_ONCE - 1)


def test_transfers_and_returns_at_once_never_move_what_is_not_there(cast):
    pk, eve, ann = cast.ties["eve", "ann"].pk, cast.people["eve"], cast.people["ann"]

    def send(fen):
        return wallets.transfer(binding_id=pk, person=eve, amount_fen=fen, **cast.pressed("eve"))

    # Of 90 yuan, one of which stays, three times 28 go.
    results = together(*[lambda: send(2_800)] * 5)
    assert outcomes(results) == ["NO_MONEY"] * 2 + ["WalletTransfer"] * 3
    first = WalletTransfer.objects.order_by("pk").first()
    back = [
        lambda: wallets.give_back(transfer_id=first.pk, person=ann, **cast.pressed("ann"))
    ] * AT_ONCE
    assert outcomes(together(*back)) == ["TRANSFER_TOO_MUCH"] * (AT_ONCE - 1) + ["WalletTransfer"]


def test_a_bill_and_its_refund_and_the_end_of_its_binding_cross_in_any_way(cast):
    first = charging(cast, OWN_FEN + 3_000 + 1_000)()
    jobs = [
        lambda: refunds.reverse(provider=cast.hospital, settlement_id=first.pk),
        lambda: end(cast, ("dan", "ann"), "dan"),
        charging(cast, 2_000),
        lambda: end(cast, ("dan", "ann"), "ann"),
    ]
    results = together(*jobs)
    assert [type(one) for one in results if isinstance(one, Exception)] == [WrongMove]
    assert Refund.objects.count() == 1
    dan = cast.people["dan"].accounts.get()
    assert (dan.balance_fen, dan.reserved_fen) in {(10_000, 3_000), (8_000, 3_000), (9_000, 3_000)}
    assert Binding.objects.get(pk=cast.ties["dan", "ann"].pk).state == "ended"
    assert orders.current(cast.people["ann"].pk) == tuple(
        cast.ties[one, "ann"].pk for one in ("bob", "eve")
    )
