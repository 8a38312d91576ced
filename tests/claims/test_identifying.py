"""Who the patient is, and whose machine asks."""

import pytest
from django.db import transaction

from accounts.models import AuditEntry
from claims import patients, provider_keys, vouchers
from claims.models import EVoucher, ProviderKey
from claims.refusals import Refusal
from tests.factories.accounts import make_id_number, together
from tests.factories.claims import insured, make_provider, refusal

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
ID_NUMBER = make_id_number()
CARD = "D20010001"


@pytest.fixture
def me(rules):
    return insured(id_number=ID_NUMBER, social_security_card=CARD)


def test_a_code_is_good_once(me):
    code = vouchers.show(person=me)
    assert patients.shown_by_voucher(code).person == me
    assert patients.by_voucher(code).person == me
    for ask in (patients.by_voucher, patients.shown_by_voucher):
        assert refusal(lambda ask=ask: ask(code)) == Refusal.PATIENT_UNKNOWN


def test_a_code_is_good_for_sixty_seconds_and_the_next_one_does_not_end_it(me, clock):
    first = vouchers.show(person=me)
    clock(seconds=50)
    second = vouchers.show(person=me)
    clock(seconds=9)
    assert vouchers.peek(first) == me
    clock(seconds=1)
    assert (vouchers.peek(first), vouchers.peek(second)) == (None, me)
    vouchers.show(person=me)
    assert EVoucher.objects.count() == 2


def test_a_code_is_not_good_before_it_was_shown(me, clock):
    code = vouchers.show(person=me)
    clock(seconds=-1)
    assert vouchers.peek(code) is None


def test_a_code_is_not_kept(me):
    code = vouchers.show(person=me)
    assert code not in str(EVoucher.objects.values().get())
    assert len(code) == 12


def test_what_is_refused_gives_the_code_back(me):
    code = vouchers.show(person=me)
    with transaction.atomic():
        patients.by_voucher(code)
        transaction.set_rollback(True)
    assert vouchers.peek(code) == me


@pytest.mark.django_db(transaction=True)
def test_a_code_read_by_twenty_at_once_is_used_by_one(me):
    code = vouchers.show(person=me)
    got = together(*[lambda: vouchers.use(code)] * 20)
    assert [one for one in got if one] == [me]


def test_card_and_number_of_one_person_are_that_person(me):
    found = patients.by_card(
        provider=make_provider(), id_number=ID_NUMBER.lower(), card=" d20010001"
    )
    assert (found.person, found.how) == (me, "card")


@pytest.mark.parametrize(
    ("id_number", "card"),
    [
        (ID_NUMBER, "D20010002"),
        (make_id_number(sequence=4), CARD),
        ("", ""),
        (CARD, ID_NUMBER),
        ("\x00", "' OR 1=1"),
        ("1" * 10_000, CARD),
    ],
)
def test_whatever_does_not_belong_together_is_the_same_refusal(me, id_number, card):
    insured(name="李梅", social_security_card="D20010002")
    provider = make_provider()

    def ask():
        return patients.by_card(provider=provider, id_number=id_number, card=card)

    assert refusal(ask) == Refusal.PATIENT_UNKNOWN


def test_a_provider_that_searches_is_stopped(me):
    provider = make_provider()

    def ask(card, at=provider):
        return patients.by_card(provider=at, id_number=ID_NUMBER, card=card)

    for _ in range(30):
        assert refusal(lambda: ask("D20010009")) == Refusal.PATIENT_UNKNOWN
    assert refusal(lambda: ask(CARD)) == Refusal.TOO_MANY_UNKNOWN
    assert ask(CARD, make_provider()).person == me


def test_a_key_is_known_by_its_text_in_one_query(django_assert_num_queries, rules):
    provider = make_provider()
    key, text = provider_keys.issue(provider=provider, scopes=["settle"], by=None)
    with django_assert_num_queries(1):
        found = provider_keys.authenticate(text)
        assert (found, found.provider, found.scopes) == (key, provider, ["settle"])
    assert text not in str(ProviderKey.objects.values().get())
    for wrong in ("", text[:-1], text + "x", text.upper(), "gjpk_", "gjpk_" + "x" * 10_000):
        assert provider_keys.authenticate(wrong) is None


def test_a_key_ends_by_itself_or_at_once(rules, clock):
    key, text = provider_keys.issue(provider=make_provider(), by=None)
    _other, second = provider_keys.issue(provider=key.provider, by=None)
    provider_keys.revoke(key_id=key.pk, by=None, reason="丢失")
    provider_keys.revoke(key_id=key.pk, by=None, reason="丢失")
    assert provider_keys.authenticate(text) is None
    assert AuditEntry.objects.filter(action="provider_key.revoke").count() == 1
    clock(days=364)
    assert provider_keys.authenticate(second) is not None
    clock(days=1)
    assert provider_keys.authenticate(second) is None


def test_a_rotation_leaves_a_week_for_the_old_key(rules, clock):
    key, old = provider_keys.issue(provider=make_provider(), scopes=["quote"], by=None)
    made, new = provider_keys.rotate(key_id=key.pk, by=None)
    assert made.scopes == ["quote"]
    clock(days=6)
    assert all(provider_keys.authenticate(one) for one in (old, new))
    clock(days=1)
    assert [bool(provider_keys.authenticate(one)) for one in (old, new)] == [False, True]
    with pytest.raises(ProviderKey.DoesNotExist):
        provider_keys.rotate(key_id=key.pk, by=None)


@pytest.mark.parametrize("scopes", [[], ["everything"]])
def test_a_key_is_for_something_that_there_is(rules, scopes):
    with pytest.raises(provider_keys.UnknownScope):
        provider_keys.issue(provider=make_provider(), scopes=scopes, by=None)
