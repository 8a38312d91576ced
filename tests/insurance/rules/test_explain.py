"""The command, the examples and the database behind them."""

import io
import json
from datetime import date
from types import SimpleNamespace

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from insurance import explaining, policy_examples, policy_reading
from insurance.management.commands.explain import Command
from tests.factories.rules import publish_all
from tests.insurance.rules import questions
from tests.insurance.rules.in_memory import policy_on

DAY = "2026-11-21"
ILLNESS = '{"case": "SERIOUS_ILLNESS", "applicant": "self"}'
WORKER = '{"kind": "M60", "birth_month": "1971-08"}'


@pytest.fixture
def published(db):
    publish_all()


@pytest.fixture
def typed(monkeypatch):
    """What stands on standard input."""

    def put(text):
        data = text if isinstance(text, bytes) else text.encode()
        monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(data)))

    return put


def asked(*args):
    out = io.StringIO()
    call_command("explain", *args, stdout=out)
    return out.getvalue()


@pytest.mark.usefixtures("published")
def test_the_examples_of_the_contract(typed):
    typed(WORKER)
    told = json.loads(
        asked("retirement", "--area", "320100", "--on", DAY, "--facts", "-", "--json")
    )
    assert told["verdict"] == "yes"
    assert told["figures"] == {
        "delay_months": 20,
        "age_months": 740,
        "retirement_month": "2033-04",
    }
    typed(ILLNESS)
    told = json.loads(
        asked("withdrawal", "--area", "320100", "--on", DAY, "--facts", "-", "--json")
    )
    assert told["verdict"] == "no"
    assert [source["id"] for one in told["findings"] for source in one["sources"]] == [
        "S15",
        "SEED1",
    ]
    assert list(told) == ["rule", "area", "on", "verdict", "findings", "figures", "materials"]
    assert list(told["findings"][0]) == [
        "code",
        "verdict",
        "message",
        "message_en",
        "next_step",
        "sources",
    ]
    typed(ILLNESS)
    text = asked("withdrawal", "--area", "320100", "--on", DAY, "--facts", "-")
    assert "办事指南" in text
    assert "网络文章" in text


@pytest.mark.usefixtures("published")
def test_an_area_that_nobody_loaded_has_blank_rules(typed):
    typed('{"case": "GIVE_UP", "applicant": "self"}')
    told = json.loads(
        asked("withdrawal", "--area", "659001", "--on", DAY, "--facts", "-", "--json")
    )
    assert (told["verdict"], told["findings"][0]["sources"]) == ("unknown", [])


@pytest.mark.usefixtures("published")
def test_every_example_holds_on_the_published_rules():
    outcomes = policy_examples.run(policy_examples.read())
    assert [(one.example.name, one.faults) for one in outcomes if one.faults] == []
    assert {one.example.rule for one in outcomes} == set(explaining.RULES)
    call_command("check_policies", verbosity=0)


@pytest.mark.usefixtures("published")
def test_the_rules_read_the_same_from_the_database_and_from_the_files():
    for area in questions.CITIES:
        stored = policy_reading.values_on(area, date(2026, 11, 21)).answers
        filed = policy_on(area, date(2026, 11, 21)).answers
        assert {name: [one.value for one in answer] for name, answer in stored.items()} == {
            name: [one.value for one in answer] for name, answer in filed.items()
        }


@pytest.mark.usefixtures("published")
def test_a_decision_costs_two_queries(django_assert_num_queries):
    raw = {"case": "DEATH", "applicant": "heir"}
    with django_assert_num_queries(2):
        explaining.explain("withdrawal", area="320100", on=date(2026, 11, 21), raw=raw)


@pytest.mark.usefixtures("published")
@pytest.mark.parametrize("area", ["320100", "320500", "440100", None])
def test_a_relative_insured_in_another_area_costs_no_query_more(django_assert_num_queries, area):
    raw = {
        "relation": "spouse",
        "giver": {"scheme": "employee", "has_account": True},
        "beneficiary": {"scheme": "resident" if area else "none", "area": area},
    }
    with django_assert_num_queries(2):
        explaining.explain("family-aid", area="320100", on=date(2026, 11, 21), raw=raw)


@pytest.mark.django_db
def test_without_rules_nothing_is_known(typed):
    typed(WORKER)
    told = json.loads(
        asked("retirement", "--area", "320100", "--on", DAY, "--facts", "-", "--json")
    )
    assert told["verdict"] == "unknown"


@pytest.mark.parametrize(
    ("args", "facts", "field"),
    [
        ([], "{}", "RULE"),
        (["pension"], "{}", "RULE"),
        (["retirement"], "{}", "--area"),
        (["retirement", "--area", "990000", "--on", DAY], "{}", "--area"),
        (["retirement", "--area", "000000", "--on", DAY], "{}", "--area"),
        (["retirement", "--area", "320100"], "{}", "--on"),
        (["retirement", "--area", "320100", "--on", "2026-02-30"], "{}", "--on"),
        (["retirement", "--area", "320100", "--on", "20261121"], "{}", "--on"),
        (["retirement", "--area", "320100", "--on", "9999-12-31"], "{}", "--on"),
        (["retirement", "--area", "320100", "--on", DAY], "{}", "kind"),
        (["retirement", "--area", "320100", "--on", DAY, "--facts", "/no/such"], "{}", "--facts"),
        (["retirement", "--area", "320100", "--on", DAY, "--facts", "-"], b"\xff\xfe", "--facts"),
        (["retirement", "--area", "320100", "--on", DAY, "--facts", "-"], "[1", "facts"),
        (["retirement", "--area", "320100", "--on", DAY, "--facts", "-"], "{}", "kind"),
        (["retirement", "--area", "320100", "--on", DAY, "--fax", "-"], "{}", "call"),
        (["retirement", "x", "--area", "320100", "--on", DAY], "{}", "call"),
    ],
)
def test_a_call_that_is_off_ends_with_2_and_one_line(args, facts, field, typed, capsys):
    typed(facts)
    with pytest.raises(SystemExit) as exit_:
        Command().run_from_argv(["manage.py", "explain", *args, "--no-color"])
    assert exit_.value.code == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    (line,) = printed.err.splitlines()
    assert f"{field}:" in line


def test_an_example_that_fails_is_told_with_its_clause(monkeypatch, capsys):
    example = policy_examples.Example(
        rule="retirement",
        name="错的",
        area="320100",
        on=date(2026, 11, 21),
        facts=json.loads(WORKER),
        verdict="no",
        figures={"delay_months": 19},
        clause="S10",
    )
    (outcome,) = policy_examples.run((example,), policy_on)
    assert outcome.faults == (
        "verdict: no expected, yes found",
        "delay_months: 19 expected, 20 found",
    )
    monkeypatch.setattr(policy_examples, "run", lambda examples: (outcome,))
    with pytest.raises(CommandError, match="1 of 1"):
        call_command("check_policies")
    assert "(S10)" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("pension.json", "[]"),
        ("retirement.json", "[{}]"),
        ("retirement.json", "{"),
        ("retirement.json", "[1]"),
    ],
)
def test_an_example_file_that_cannot_be_read_is_named(tmp_path, file, text):
    (tmp_path / file).write_text(text, encoding="utf-8")
    with pytest.raises(policy_examples.ExampleError, match=file):
        policy_examples.read(tmp_path)
