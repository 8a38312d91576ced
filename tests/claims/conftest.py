"""A family that can pay, on rules of a few made-up values, on one Monday in November 2026."""

import datetime as dt

import pytest
import time_machine

from claims import provider_keys
from family import payers
from family.models import MoneyModel
from insurance import ledger
from tests.factories import claims
from tests.factories.family import make_binding
from tests.factories.insurance import at, make_area
from tests.family import rules as made_up


@pytest.fixture
def clock():
    """Ten o'clock on 16 November 2026; `clock(minutes=5)` goes on by so much."""
    with time_machine.travel(at(2026, 11, 16, 10), tick=False) as traveller:
        yield lambda **more: traveller.shift(dt.timedelta(**more))


@pytest.fixture
def rules(monkeypatch, clock):
    """Turns values of the rules for all places: `rules(min_kept_fen=500)`."""
    changed = {}

    def values_for(codes, day):
        return {code: made_up.policy(code, **changed) for code in codes}

    monkeypatch.setattr(payers.policy_reading, "values_for", values_for)
    return changed.update


@pytest.fixture
def sound():
    """Wherever a test ends, the ledger agrees with itself."""
    yield
    assert not claims.faults()


@pytest.fixture
def me(rules):
    return claims.insured(balance_fen=12_000)


@pytest.fixture
def wife(rules):
    return claims.insured(name="李梅", balance_fen=50_000, phone="15400000002")


@pytest.fixture
def father(rules):
    return claims.insured(name="张老爷子", balance_fen=7_000)


@pytest.fixture
def hospital(db):
    return claims.make_provider()


@pytest.fixture
def desk(hospital, rules):
    return claims.at_desk(hospital)


@pytest.fixture
def by_wife(me, wife):
    return make_binding(giver=wife, beneficiary=me)


@pytest.fixture
def by_father(me, father, by_wife):
    return make_binding(giver=father, beneficiary=me, relation="child")


@pytest.fixture
def by_limit(me, wife):
    """Another province: 30 yuan of the wife's account are set aside."""
    far = make_area(code="210200", name_zh="大连市")
    wife.enrolments.update(area=far)
    account = wife.accounts.get()
    ledger.reserve(account_id=account.pk, amount_fen=3_000, source_kind="test", source_ref="limit")
    return make_binding(
        giver=wife,
        beneficiary=me,
        money_model=MoneyModel.LIMIT,
        limit_fen=3_000,
        limit_account=account,
    )


@pytest.fixture
def hospital_key(hospital):
    return provider_keys.issue(provider=hospital, by=None)[0]
