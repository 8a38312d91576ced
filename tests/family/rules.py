"""Rules of a few values in the place of the published ones, for tests that turn a single one."""

import datetime as dt

from family import payers
from insurance.policy_values import Answer as Said
from insurance.policy_values import Policy, Value, freeze

PLAIN = {
    "family_aid.relatives": ["spouse", "child", "parent"],
    "family_aid.giver_schemes": ["employee"],
    "family_aid.giver_needs_account": True,
    "family_aid.beneficiary_schemes": ["employee", "resident"],
    "family_aid.money_model.same_area": "direct_debit",
    "family_aid.money_model.same_province": "direct_debit",
    "family_aid.money_model.cross_province": "limit",
    "family_aid.limit_live_from": "2026-02-01",
    "family_aid.own_account_first": True,
    "family_aid.shared_part": "all",
    "family_aid.min_kept_fen": 0,
    "family_aid.limit.uses": ["CARE", "DRUG"],
    "uses.care": ["self", "relative"],
    "uses.drug": ["self", "relative"],
    "uses.resident_premium": ["relative"],
    "uses.cash": [],
    "uses.needs_designated_provider": True,
}


def policy(area, **changed):
    """`changed` by the last part of the name; None leaves it out."""
    values = dict(PLAIN)
    for name in PLAIN:
        short = name.rpartition(".")[2]
        if short in changed:
            values[name] = changed[short]
    return Policy(
        area=area,
        day=None,
        answers={
            name: Said(name, (_value(area, name, value),))
            for name, value in values.items()
            if value is not None
        },
        versions=(7,),
    )


def _value(area, name, value):
    return Value(
        area=area,
        level="city",
        name=name,
        value=freeze(value),
        unit="",
        confidence="official",
        evidence="read",
        checked_on=dt.date(2020, 1, 1),
        list_kind="complete",
    )


def rules_to_turn(monkeypatch):
    """Puts these rules in the place of the published ones; the answer turns values, for all places or for one.

    `rules(min_kept_fen=500)`, `rules("340100", own_account_first=None)`
    """
    changed = {"": {}}

    def turn(area="", **values):
        changed.setdefault(area, {}).update(values)

    def values_for(codes, day):
        return {code: policy(code, **(changed[""] | changed.get(code, {}))) for code in codes}

    monkeypatch.setattr(payers.policy_reading, "values_for", values_for)
    return turn
