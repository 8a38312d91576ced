"""What the database refuses to somebody who goes round the verbs: each a second line behind a lock or a check."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.utils import timezone

from claims import refunds, settlement
from claims.models import Deduction, KeyedRequest, RefundPart, Settlement
from family.models import Binding, CapUse, Consent, OrderPlace, OrderVersion
from insurance.models import LedgerEntry
from tests.factories.claims import make_bill

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def world(hospital, me, wife, by_wife):
    """A bill that two accounts paid, half of it given back."""
    made = settlement.settle(provider=hospital, patient=me, bill=make_bill(20_000))
    refunds.reverse(provider=hospital, settlement_id=made.pk, amount_fen=10_000)
    KeyedRequest.objects.create(
        provider=hospital,
        key="key-0001",
        verb="settle",
        request_digest="",
        status=201,
        answer="",
        answered_at=timezone.now(),
    )
    return made


def free_entry():
    """A line of the ledger that no deduction and no part of a refund has."""
    return LedgerEntry.objects.filter(kind="opening").first()


# The row that is written again, with what of it may not be there twice for another reason.
TWICE = {
    "keyed_request_once": (KeyedRequest, lambda: {"verb": "hold"}),
    "settlement_once_per_bill": (Settlement, lambda: {"reference": "GJ-1"}),
    "deduction_once_per_position": (Deduction, lambda: {"entry": free_entry()}),
    "refund_part_once_per_payer": (RefundPart, lambda: {"entry": free_entry()}),
    "cap_use_once_a_month": (CapUse, lambda: {"used_fen": 1}),
    "consent_once_per_side": (Consent, dict),
    "order_version_numbered_once": (OrderVersion, dict),
    "order_position_once": (OrderPlace, lambda: {"binding": another_binding()}),
    "binding_one_live_pair_per_model": (Binding, lambda: {"reference": "GJ-2"}),
}
CANNOT_BE = {
    "settlement_pays_the_bill": (Settlement, {"cash_fen": F("cash_fen") + 1}),
    "settlement_refunds_no_more_than_the_bill": (Settlement, {"refunded_fen": 20_001}),
    "settlement_held_has_an_end": (Settlement, {"state": "held"}),
    "deduction_refunds_no_more_than_it_took": (Deduction, {"refunded_fen": F("amount_fen") + 1}),
    "cap_use_is_not_negative": (CapUse, {"used_fen": -1}),
}


def another_binding():
    bound = Binding.objects.get()
    bound.pk, bound.reference, bound.money_model = None, "GJ-3", "limit"
    bound.limit_fen = 1
    bound.save(force_insert=True)
    return bound


def says(error, name):
    """PostgreSQL names the constraint; SQLite names checks, and of what must be unique the columns."""
    return name in str(error) or (connection.vendor == "sqlite" and "UNIQUE" in str(error))


@pytest.mark.parametrize("name", TWICE)
def test_the_database_refuses_what_may_be_there_once(world, name):
    model, changes = TWICE[name]
    row = model.objects.order_by("pk").first()
    row.pk = None
    for field, value in changes().items():
        setattr(row, field, value)
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        row.save(force_insert=True)
    assert says(caught.value, name)


@pytest.mark.parametrize("name", CANNOT_BE)
def test_the_database_refuses_amounts_that_cannot_be(world, name):
    model, changes = CANNOT_BE[name]
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        model.objects.filter(pk=model.objects.order_by("pk").first().pk).update(**changes)
    assert says(caught.value, name)
