"""A bill goes through a family's accounts in their order, all of it or nothing."""

import pytest

from claims import settlement
from claims.models import Deduction, Settlement
from claims.refusals import Refusal, Refused
from insurance.models import LedgerEntry
from tests.factories.claims import balances, faults, make_bill

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def refusal(call):
    with pytest.raises(Refused) as caught:
        call()
    return caught.value.code


def told(made):
    return [(one["payer"].partition(":")[0], one["amount_fen"], one["stop"]) for one in made.told]


def test_the_own_account_pays_first_then_the_givers_and_the_rest_is_cash(
    hospital, me, wife, father, by_father
):
    made = settlement.settle(provider=hospital, patient=me, bill=make_bill(70_000))
    assert (made.paid_fen, made.cash_fen) == (69_000, 1_000)
    assert told(made) == [
        ("own", 12_000, "balance_used"),
        ("binding", 50_000, "balance_used"),
        ("binding", 7_000, "balance_used"),
    ]
    assert [balances(one)[0] for one in (me, wife, father)] == [0, 0, 0]
    rows = Deduction.objects.filter(settlement=made).values_list("position", "amount_fen")
    assert list(rows) == [(1, 12_000), (2, 50_000), (3, 7_000)]
    assert made.order_version == 2
    assert not faults()
