"""Money into a relative's wallet, in the year in which the published rules had it, and back."""

import datetime as dt
import re
from dataclasses import replace

import pytest
import time_machine
from django.test import Client

from accounts.models import AuditEntry
from claims import settlement, wallets
from claims.models import WalletTransfer
from claims.refusals import Refusal, Refused
from family.acting import NotAllowed
from family.models import Binding, Channel, MoneyModel
from family.moves import State
from insurance import ledger, policy_reading
from insurance.models import Notice, PersonalAccount
from insurance.models.ledger import AccountPart, EntryKind
from tests import cast
from tests.factories.accounts import PASSWORD, together
from tests.factories.agreeing import make_guardianship
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


def bind(giver, beneficiary):
    return make_binding(
        giver=giver,
        beneficiary=beneficiary,
        relation="child",
        money_model=MoneyModel.WALLET_TRANSFER,
        from_day=dt.date(2025, 5, 1),
        usable_from=at(2025, 5, 2),
    )


@pytest.fixture
def binding(giver, daughter):
    return bind(giver, daughter)


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


def test_both_ways_stand_in_the_audit_and_are_told(send, give_back, giver, daughter):
    made = send(1_000)
    give_back(made, 300)
    entries = AuditEntry.objects.filter(action__startswith="wallet.").order_by("pk")
    assert [(one.action, one.subject_ref) for one in entries] == [
        ("wallet.transfer", made.reference),
        ("wallet.return", made.reference),
    ]
    told = Notice.objects.order_by("pk")
    assert [(one.kind, one.person) for one in told] == [
        ("claims.wallet_came", daughter),
        ("claims.wallet_back", giver),
    ]
    assert "3.00" in told[1].body


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


def test_an_account_that_was_closed_before_takes_no_part(send, giver):
    live, day = giver.accounts.get(), dt.date(2015, 3, 1)
    of_before = {"area": live.area, "part": live.part, "opened_on": day, "closed_on": day}
    PersonalAccount.objects.create(person=giver, **of_before)
    send(10)
    live.refresh_from_db()
    assert live.balance_fen == 899_990


@pytest.mark.parametrize("number", ["max_transfers_per_day", "max_fen_per_transfer"])
def test_without_a_published_number_nothing_goes(send, monkeypatch, number):
    def values_on(area, day):
        said = in_memory.policy_on(area, day)
        left = {name: one for name, one in said.answers.items() if not name.endswith(number)}
        return replace(said, answers=left)

    monkeypatch.setattr(policy_reading, "values_on", values_on)
    assert refusal(lambda: send(10)) == Refusal.TRANSFER_NOT_OPEN


def test_numbers_alone_move_no_money_where_the_rule_moves_it_another_way(send, year, monkeypatch):
    numbers = wallets.Rules(most_a_day=3, most_fen=200_000, kept_fen=0)
    monkeypatch.setattr(wallets, "_rules", lambda binding, day: numbers)
    year.move_to(at(2026, 1, 9, 10))
    assert refusal(lambda: send(10)) == Refusal.TRANSFER_NOT_OPEN


def test_an_offer_counts_the_day_and_ends_with_its_last_transfer(send, binding, giver):
    offered = []
    for _ in range(3):
        offered.append(wallets.offer(binding=binding, giver=giver).number)
        send(1)
    assert offered == [1, 2, 3]
    more = lambda: wallets.offer(binding=binding, giver=giver)  # noqa: E731
    assert refusal(more) == Refusal.TRANSFERS_USED_UP


def test_of_a_binding_that_is_paused_nothing_is_offered(binding, giver):
    Binding.objects.update(state=State.PAUSED, paused_by="giver")
    asked = lambda: wallets.offer(binding=binding, giver=giver)  # noqa: E731
    assert refusal(asked) == Refusal.TRANSFER_NOT_OPEN


@pytest.fixture
def to_son(giver):
    """Of another binding of the same giver."""
    return bind(giver, insured(name="张小弟", area=make_area(code="510100"))).pk


def test_the_day_counts_for_one_giver_and_all_who_get_something(send, daughter, give_back, to_son):
    mother = insured(name="李梅", area=make_area(), balance_fen=900)
    numbers = [send(10).number, send(10).number]
    his = send(10, binding_id=to_son)
    assert [*numbers, his.number] == [1, 2, 3]
    user = make_citizen(person=mother)
    hers = send(10, binding_id=bind(mother, daughter).pk, person=mother, by=user)
    assert (hers.number, wallet(daughter)) == (1, 30)
    # A number in an address is nobody's right to it.
    assert refusal(lambda: give_back(his)) == Refusal.UNKNOWN_SETTLEMENT


@pytest.mark.django_db(transaction=True)
def test_the_day_counts_at_the_same_moment_too(send, to_son):
    jobs = [lambda: send(10), lambda: send(10, binding_id=to_son)] * 3
    refused = [one for one in together(*jobs) if isinstance(one, Exception)]
    assert [getattr(one, "code", one) for one in refused] == [Refusal.TRANSFERS_USED_UP] * 3
    assert WalletTransfer.objects.count() == 3


def test_the_smallest_amount_goes_and_comes_back(send, give_back, giver, daughter):
    assert give_back(send(1), 1).returned_fen == 1
    assert (balances(giver)[0], wallet(daughter)) == (900_000, 0)


def test_after_a_wallet_was_closed_the_next_transfer_opens_another(send, give_back, daughter):
    give_back(send(10))
    old = daughter.accounts.get(part=AccountPart.WALLET)
    ledger.close_account(account_id=old.pk, closed_on=dt.date(2025, 6, 2))
    send(20)
    found = daughter.accounts.filter(part=AccountPart.WALLET).order_by("pk")
    assert [(one.balance_fen, one.closed_on is None) for one in found] == [(0, False), (20, True)]


def test_a_closed_account_neither_sends_nor_gets_anything_back(send, give_back, giver, daughter):
    made, account = send(1_000), giver.accounts.get()
    post(account, EntryKind.SPEND_CARE, -899_000)
    ledger.close_account(account_id=account.pk, closed_on=dt.date(2025, 6, 2))
    assert refusal(lambda: send(1)) == Refusal.TRANSFER_NOT_OPEN
    assert refusal(lambda: give_back(made)) == Refusal.ACCOUNT_CLOSED
    assert (WalletTransfer.objects.get().returned_fen, wallet(daughter)) == (0, 1_000)


def test_only_what_the_givers_place_lends_is_sent(send, giver, monkeypatch):
    def values_on(area, day):
        """As in Zhejiang, which lends the years gone by."""
        said, name = in_memory.policy_on(area, day), "family_aid.shared_part"
        lends = {name: in_memory.policy_on("330000", day).get(name)} if area == "340100" else {}
        return replace(said, answers={**said.answers, **lends})

    monkeypatch.setattr(policy_reading, "values_on", values_on)
    assert refusal(lambda: send(10)) == Refusal.TRANSFER_NOT_OPEN
    assert balances(giver)[0] == 900_000


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


def page_of(person):
    """A browser in which this person has signed in."""
    link = person.identity_links.filter(ended_at=None).first()
    user = link.user if link else make_citizen(person=person)
    user.set_password(PASSWORD)
    user.save()
    return cast.sign_in(Client(), user)


def posted(client, address, **typed):
    """The page that the post ends on, without its markup."""
    return re.sub(r"<[^>]+>", "", client.post(address, typed, follow=True).content.decode())


def test_the_giver_checks_proves_and_sends_once(binding, giver, daughter):
    client = page_of(giver)
    address = f"/wallet/{binding.reference}/"
    assert "2,000.00 元" in client.get(address).content.decode()
    assert address in client.get(f"/family/bindings/{binding.reference}/").content.decode()
    assert "最多 2,000.00 元" in posted(client, f"{address}send/", amount="2000.01")
    check = posted(client, f"{address}send/", amount="300")
    assert "请核对" in check
    assert not WalletTransfer.objects.exists()
    sent = {"amount": "300.00", "number": "1", "password": "wrong"}
    assert "请核对" in posted(client, f"{address}send/", **sent)
    assert not WalletTransfer.objects.exists()
    sent["password"] = PASSWORD
    assert "转好了" in posted(client, f"{address}send/", **sent)
    assert "没有再办一次" in posted(client, f"{address}send/", **sent)
    assert (balances(giver)[0], wallet(daughter)) == (870_000, 30_000)


def test_whoever_got_it_sees_it_and_gives_it_back_once(send, binding, giver, daughter):
    made, client = send(1_000), page_of(daughter)
    address = f"/wallet/{binding.reference}/back/{made.pk}/"
    assert address in client.get(f"/wallet/{binding.reference}/").content.decode()
    assert "最多 10.00 元" in posted(client, address, amount="10.01")
    assert "请核对" in posted(client, address, amount="3")
    assert made.returned_fen == 0
    assert "退回去了" in posted(client, address, amount="3", returned="0")
    assert "没有再办一次" in posted(client, address, amount="3", returned="0")
    assert (balances(giver)[0], wallet(daughter)) == (900_000 - 700, 700)


def test_no_page_for_strangers_other_ways_of_money_or_the_wrong_side(send, binding, giver):
    made, address = send(1_000), f"/wallet/{binding.reference}/"
    assert page_of(insured(name="王芳")).get(address).status_code == 404
    own = page_of(giver)
    assert own.get(f"{address}back/{made.pk}/").status_code == 404
    Binding.objects.update(money_model=MoneyModel.DIRECT_DEBIT)
    assert own.get(address).status_code == 404


def test_after_the_switch_the_page_says_no_and_what_was_sent_can_come_back(
    send, binding, giver, daughter, year
):
    made = send(1_000)
    year.move_to(at(2026, 1, 9, 10))
    address = f"/wallet/{binding.reference}/"
    assert "现在不能转" in page_of(giver).get(address).content.decode()
    back = posted(page_of(daughter), f"{address}back/{made.pk}/", amount="10", returned="0")
    assert "退回去了" in back


def test_a_guardian_sends_nothing_of_the_childs_to_himself(binding, giver, daughter):
    make_guardianship(guardian=daughter, child=giver)
    address = f"/wallet/{binding.reference}/send/?for={giver.reference}"
    client = page_of(daughter)
    sent = {"amount": "3", "number": "1", "password": PASSWORD}
    assert client.post(address, sent).status_code == 404
    assert not WalletTransfer.objects.exists()
