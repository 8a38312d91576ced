"""A little of every way in which money moves, made by the real verbs: what the checks of the stored money are tried on."""

import datetime as dt
import json

from claims import holds, keyed, provider_keys, refunds, settlement, wallets
from claims.models import Settlement
from family import orders
from insurance import credit_rows, ledger
from insurance.models import PersonalAccount
from insurance.models.ledger import EntryKind
from insurance.periods import Month
from tests.factories.claims import make_bill
from tests.proof import world as cast


def build(clock):
    """The world of the proofs, three hours on, with receipts of each kind; by name.

    Ann's own account and Bob, up to his cap, don't pay all of Ann's bill; for Cai, Dan's limit comes last.
    """
    world = cast.build()
    clock.shift(dt.timedelta(hours=3))
    _put_dan_last(world)
    made = {}
    made["ann"] = _keyed(world, "ann", 25_000)
    made["cai"] = settle(world, "cai", 3_000)
    made["refunded"] = settle(world, "cai", 800)
    refund(world, made["refunded"], 300)
    refund(world, made["refunded"], 200)
    made["held"] = hold(world, "cai", 500)
    made["posted"] = hold(world, "cai", 600)
    made["voided"] = hold(world, "cai", 400)
    clock.shift(dt.timedelta(minutes=5))
    holds.post(provider=world.hospital, settlement_id=made["posted"].pk)
    holds.void(provider=world.hospital, settlement_id=made["voided"].pk)
    made["transfer"] = wallets.transfer(
        binding_id=world.ties["eve", "ann"].pk,
        person=world.people["eve"],
        amount_fen=900,
        **world.pressed("eve"),
    )
    wallets.give_back(
        transfer_id=made["transfer"].pk,
        person=world.people["ann"],
        amount_fen=200,
        **world.pressed("ann"),
    )
    _credit(world, "dan")
    _credit(world, "eve")
    world.made = {name: one.reference for name, one in made.items()}
    return world


def _put_dan_last(world):
    cai = world.people["cai"]
    given = [world.ties[name, "cai"].pk for name in ("ann", "bob", "dan")]
    orders.reorder(
        person=cai,
        binding_ids=given,
        expected_version=cai.deduction_order.version,
        **world.pressed("cai"),
    )


def settle(world, name, fen):
    return settlement.settle(
        provider=world.hospital, patient=world.people[name], bill=make_bill(fen)
    )


def hold(world, name, fen):
    return holds.hold(provider=world.hospital, patient=world.people[name], bill=make_bill(fen))


def refund(world, one, fen):
    return refunds.reverse(provider=world.hospital, settlement_id=one.pk, amount_fen=fen)


def _keyed(world, name, fen):
    key, _text = provider_keys.issue(provider=world.hospital, by=None)

    def do():
        made = settlement.settle(
            provider=world.hospital,
            patient=world.people[name],
            bill=make_bill(fen),
            by_key=key,
            guarded=True,
        )
        return keyed.Done(201, json.dumps({"ref": made.reference}), made)

    answer = keyed.once(
        provider=world.hospital, key="key-of-the-world", verb="settle", body="{}", do=do
    )
    return Settlement.objects.get(pk=answer.settlement_id)


def _credit(world, name):
    person = world.people[name]
    month = Month.of(2026, 10)
    ledger.post(
        account_id=PersonalAccount.objects.get(person=person, part="whole").pk,
        kind=EntryKind.CREDIT_OWN,
        amount_fen=5_000,
        for_month=month,
        source_kind=credit_rows.SOURCE_KIND,
        source_ref=f"{month}/{person.pk}",
    )
