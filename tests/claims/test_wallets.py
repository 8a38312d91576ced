"""Money into a relative's wallet, in the year in which the published rules had it, and back."""

import datetime as dt

import pytest
import time_machine

from claims import settlement, wallets
from claims.models import WalletTransfer
from claims.refusals import Refusal, Refused
from family.acting import NotAllowed
from family.models import Binding, Channel, MoneyModel
from family.moves import State
from insurance import policy_reading
from insurance.models import Notice, PersonalAccount
from insurance.models.ledger import AccountPart, EntryKind
from tests.factories.claims import balances, faults, insured, make_bill, make_provider, refusal
from tests.factories.family import make_binding
from tests.factories.insurance import at, make_area, post
from tests.factories.reading import make_citizen
from tests.insurance.rules import in_memory

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture(autouse=True)
def year(db, monkeypatch):
    """The rules as the files have them; publishing them takes a second for each test."""
    monkeypatch.setattr(policy_reading, "values_on", in_memory.policy_on)
    monkeypatch.setattr(
        policy_reading,
        "values_for",
        lambda codes, day: {code: in_memory.policy_on(code, day) for code in codes},
    )
    with time_machine.travel(at(2025, 6, 2, 10), tick=False) as traveller:
        yield traveller
    assert not faults()


@pytest.fixture
def giver():
    return insured(balance_fen=900_000, area=make_area())


@pytest.fixture
def daughter():
    return insured(name="张小妹", area=make_area(code="510100", name_zh="成都市"))


@pytest.fixture
def binding(giver, daughter):
    return make_binding(
        giver=giver,
        beneficiary=daughter,
        relation="child",
        money_model=MoneyModel.WALLET_TRANSFER,
        from_day=dt.date(2025, 5, 1),
        usable_from=at(2025, 5, 2),
    )


@pytest.fixture
def send(giver, binding):
    user = make_citizen(person=giver)

    def send(amount_fen, **more):
        return wallets.transfer(
            **{
                "binding_id": binding.pk,
                "person": giver,
                "amount_fen": amount_fen,
                "by": user,
                "channel": Channel.WEB,
            }
            | more
        )

    return send


@pytest.fixture
def give_back(daughter):
    user = make_citizen(person=daughter)

    def give_back(made, amount_fen=None):
        return wallets.give_back(
            transfer_id=made.pk,
            person=daughter,
            amount_fen=amount_fen,
            by=user,
            channel=Channel.WEB,
        )

    return give_back


def wallet(person):
    return PersonalAccount.objects.get(person=person, part=AccountPart.WALLET).balance_fen


def test_a_transfer_opens_the_wallet_and_the_money_is_spent_from_there(send, giver, daughter):
    made = send(200_000)
    assert (balances(giver)[0], wallet(daughter)) == (700_000, 200_000)
    assert (made.number, made.day) == (1, dt.date(2025, 6, 2))
    assert Notice.objects.get().person == daughter
    bill = make_bill(250_000)
    paid = settlement.settle(provider=make_provider(), patient=daughter, bill=bill)
    assert [(one["payer"], one["stop"]) for one in paid.told] == [
        ("own:wallet", "balance_used"),
        (f"binding:{made.binding_id}:whole", "by_wallet"),
    ]
    assert (paid.paid_fen, wallet(daughter)) == (200_000, 0)


def test_three_a_day_and_two_thousand_each(send, year):
    assert refusal(lambda: send(200_001)) == Refusal.TRANSFER_TOO_MUCH
    assert refusal(lambda: send(0)) == Refusal.TRANSFER_TOO_MUCH
    assert [send(10).number for _ in range(3)] == [1, 2, 3]
    assert refusal(lambda: send(10)) == Refusal.TRANSFERS_USED_UP
    year.shift(dt.timedelta(days=1))
    assert send(10).number == 1


def test_what_comes_back_is_no_more_than_was_sent_or_is_left(send, give_back, giver, daughter):
    made = send(1_000)
    assert give_back(made, 300).returned_fen == 300
    assert refusal(lambda: give_back(made, 701)) == Refusal.TRANSFER_TOO_MUCH
    settlement.settle(provider=make_provider(), patient=daughter, bill=make_bill(600))
    assert refusal(lambda: give_back(made)) == Refusal.NO_MONEY
    give_back(made, 100)
    assert (balances(giver)[0], wallet(daughter)) == (900_000 - 600, 0)


def test_the_same_amount_comes_back_twice(send, give_back, giver, daughter):
    made = send(1_000)
    give_back(made, 300)
    assert give_back(made, 300).returned_fen == 600
    assert (balances(giver)[0], wallet(daughter)) == (900_000 - 400, 400)


def test_nothing_is_sent_that_is_not_there(send, giver):
    post(giver.accounts.get(), EntryKind.SPEND_CARE, -899_000)
    assert refusal(lambda: send(1_001)) == Refusal.NO_MONEY
    assert send(1_000).amount_fen == 1_000


@pytest.mark.parametrize(
    ("day", "fields"),
    [
        (at(2026, 1, 9, 10), {}),
        (at(2024, 12, 1, 10), {"from_day": dt.date(2024, 1, 1), "usable_from": None}),
        (at(2025, 6, 2, 10), {"state": State.PAUSED, "paused_by": "giver"}),
        (at(2025, 6, 2, 10), {"usable_from": at(2025, 6, 3)}),
        (at(2025, 6, 2, 10), {"money_model": MoneyModel.DIRECT_DEBIT}),
    ],
)
def test_outside_of_the_rules_days_and_of_a_binding_in_force_nothing_goes(
    send, binding, giver, year, day, fields
):
    Binding.objects.filter(pk=binding.pk).update(**fields)
    year.move_to(day)
    assert refusal(lambda: send(10)) == Refusal.TRANSFER_NOT_OPEN
    assert (balances(giver)[0], WalletTransfer.objects.count()) == (900_000, 0)


def test_only_the_giver_sends(send, daughter):
    assert refusal(lambda: send(10, person=daughter)) == Refusal.TRANSFER_NOT_OPEN
    stranger = make_citizen(person=daughter)
    with pytest.raises(NotAllowed):
        send(10, by=stranger)


def test_what_must_stay_in_the_account_is_not_sent(send, monkeypatch):
    kept = wallets.Rules(most_a_day=3, most_fen=200_000, kept_fen=899_500)
    monkeypatch.setattr(wallets, "_rules", lambda binding, day: kept)
    assert refusal(lambda: send(501)) == Refusal.NO_MONEY
    assert send(500).amount_fen == 500


def test_only_whoever_got_it_gives_it_back(send, giver, daughter):
    made, stranger = send(1_000), insured(name="王芳")
    for person in (stranger, giver):
        with pytest.raises(Refused) as caught:
            wallets.give_back(
                transfer_id=made.pk,
                person=person,
                by=make_citizen(person=insured(name="李梅")),
                channel=Channel.WEB,
            )
        assert caught.value.code == Refusal.UNKNOWN_SETTLEMENT
    assert (balances(giver)[0], wallet(daughter)) == (899_000, 1_000)
