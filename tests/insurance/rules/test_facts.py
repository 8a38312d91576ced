"""Facts that are off: the field is named as it stands in the JSON, and what it takes is said."""

import copy

import pytest

from insurance import rule_facts
from insurance.rule_facts import FactsError
from tests.insurance.rules import questions

PERIOD = questions.PERIODS[0]
GOOD = {rule: copy.deepcopy(questions.of(rule)[0]) for rule in rule_facts.READERS}


def changed(rule, path, value):
    """The good facts with one field changed; a value of ... takes it away."""
    raw = copy.deepcopy(GOOD[rule])
    place = raw
    for key in path[:-1]:
        place = place[key]
    if value is ...:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return raw


OFF = [
        ("retirement", ["kind"], "M65", "kind"),
        ("retirement", ["kind"], ["M60"], "kind"),
        ("retirement", ["kind"], ..., "kind"),
        ("retirement", ["birth_month"], "197108", "birth_month"),
        ("retirement", ["birth_month"], "1971-13", "birth_month"),
        ("retirement", ["birth_month"], "1971-8", "birth_month"),
        ("retirement", ["birth_month"], 197108, "birth_month"),
        ("retirement", ["birth_month"], ..., "birth_month"),
        ("retirement", ["sex"], "male", "sex"),
        ("contribution-years", ["sex"], "m", "sex"),
        ("contribution-years", ["insured_now"], 1, "insured_now"),
        ("contribution-years", ["insured_now"], None, "insured_now"),
        ("contribution-years", ["periods"], {}, "periods"),
        ("contribution-years", ["periods"], ..., "periods"),
        ("contribution-years", ["periods", 2], "2020-01", "periods[2]"),
        ("contribution-years", ["periods", 1, "area"], "990000", "periods[1].area"),
        ("contribution-years", ["periods", 1, "area"], "000000", "periods[1].area"),
        ("contribution-years", ["periods", 1, "to"], "1995-12", "periods[1].to"),
        ("contribution-years", ["periods", 0, "from"], "0001-01", "periods[0].from"),
        ("contribution-years", ["periods", 0, "kind"], "post_retirement_monthly", "periods[0].kind"),
        ("contribution-years", ["periods", 0, "scheme"], "none", "periods[0].scheme"),
        ("contribution-years", ["periods", 0, "status"], "PAID", "periods[0].status"),
        ("contribution-years", ["periods", 0, "month"], "2020-01", "periods[0].month"),
        ("withdrawal", ["case"], "death", "case"),
        ("withdrawal", ["applicant"], "spouse", "applicant"),
        ("family-aid", ["relation"], "friend", "relation"),
        ("family-aid", ["giver"], "employee", "giver"),
        ("family-aid", ["giver"], ..., "giver"),
        ("family-aid", ["giver", "has_account"], "yes", "giver.has_account"),
        ("family-aid", ["giver", "area"], "440100", "giver.area"),
        ("family-aid", ["beneficiary", "scheme"], None, "beneficiary.scheme"),
        ("family-aid", ["beneficiary", "area"], "12", "beneficiary.area"),
        ("family-aid", ["beneficiary", "name"], "x", "beneficiary.name"),
        ("spending", ["use"], "YEARS_BACKPAY", "use"),
        ("spending", ["for"], "spouse", "for"),
        ("spending", ["provider_designated"], "no", "provider_designated"),
        ("spending", ["provider_designated"], ..., "provider_designated"),
        ("monthly-credit", ["month"], "2026-10-01", "month"),
        ("monthly-credit", ["person_type"], "student", "person_type"),
        ("monthly-credit", ["age"], -1, "age"),
        ("monthly-credit", ["age"], 72.0, "age"),
        ("monthly-credit", ["base_fen"], "800000", "base_fen"),
        ("monthly-credit", ["base_fen"], True, "base_fen"),
        ("monthly-credit", ["base_fen"], 10**15, "base_fen"),
        ("monthly-credit", ["paid"], "true", "paid"),
    ]  # fmt: skip


@pytest.mark.parametrize(("rule", "path", "value", "field"), OFF)
def test_the_field_is_named(rule, path, value, field):
    with pytest.raises(FactsError) as error:
        rule_facts.read(rule, "320100", changed(rule, path, value))
    assert error.value.field == field
    assert error.value.takes


@pytest.mark.parametrize("rule", rule_facts.READERS)
def test_the_good_ones_are_taken(rule):
    for raw in questions.of(rule):
        rule_facts.read(rule, "320100", raw)


@pytest.mark.parametrize("rule", rule_facts.READERS)
@pytest.mark.parametrize("raw", [None, [], "x", 1, True])
def test_facts_are_an_object(rule, raw):
    with pytest.raises(FactsError) as error:
        rule_facts.read(rule, "320100", raw)
    assert error.value.field == "facts"


@pytest.mark.parametrize("text", ["", "{", "[" * 100_000, '{"a": ' + "9" * 5000 + "}"])
def test_what_is_no_json_is_told_as_such(text):
    with pytest.raises(FactsError) as error:
        rule_facts.parse(text)
    assert error.value.field == "facts"


def test_a_field_that_stands_there_twice_is_named():
    with pytest.raises(FactsError) as error:
        rule_facts.parse('{"kind": "M60", "kind": "F50"}')
    assert error.value.field == "kind"


def test_a_giver_may_be_told_with_the_area_that_was_asked_about():
    raw = changed("family-aid", ["giver", "area"], "320100")
    assert rule_facts.read("family-aid", "320100", raw).giver_area == "320100"


def test_an_age_may_be_unknown_only_where_it_does_not_matter():
    assert rule_facts.read("monthly-credit", "320100", changed("monthly-credit", ["age"], None))
    raw = changed("monthly-credit", ["age"], None) | {"person_type": "retired"}
    with pytest.raises(FactsError, match="age"):
        rule_facts.read("monthly-credit", "320100", raw)
