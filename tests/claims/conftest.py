"""A family that can pay, on rules of a few made-up values, on one Monday in November 2026."""

import pytest

from family import payers
from tests.factories import claims
from tests.factories.family import make_binding
from tests.family import rules as made_up


@pytest.fixture
def rules(monkeypatch, fixed_day):
    """Turns values of the rules for all places: `rules(min_kept_fen=500)`."""
    changed = {}

    def values_for(codes, day):
        return {code: made_up.policy(code, **changed) for code in codes}

    monkeypatch.setattr(payers.policy_reading, "values_for", values_for)
    return changed.update


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
def by_wife(me, wife):
    return make_binding(giver=wife, beneficiary=me)


@pytest.fixture
def by_father(me, father, by_wife):
    return make_binding(giver=father, beneficiary=me, relation="child")
