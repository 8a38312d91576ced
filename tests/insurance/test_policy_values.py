"""Which values a rule has to choose between."""

from datetime import date

import pytest

from insurance.policy_values import Answer, Value, freeze, thaw
from tests.insurance.policy_texts import blank, entry, read

SEED = {"confidence": "seed_only", "evidence": "seed", "sources": [{"id": "SEED"}]}
PRESS = {"confidence": "secondary", "evidence": "press", "sources": [{"id": "P1"}]}
DAY = date(2026, 11, 21)


def answer(*, city=(), province=(), nation=()):
    name = "rates.own"
    values = [
        value
        for area, raws in (("320100", city), ("320000", province), ("000000", nation))
        for value in read(*(raw | {"name": name} for raw in raws), area=area).values
    ]
    return Answer(name, tuple(values))


def values_of(answer):
    return [one.value for one in answer.candidates()]


def test_the_nearest_level_with_a_document_decides():
    found = answer(city=[entry(value="0.01")], province=[entry(value="0.02")])
    assert values_of(found) == ["0.01"]
    assert not found.is_disputed


def test_what_an_article_says_of_a_city_does_not_silence_the_province():
    found = answer(
        city=[entry(value="0.01", **SEED)],
        province=[entry(value="0.02", **PRESS)],
        nation=[entry(value="0.03")],
    )
    assert values_of(found) == ["0.01", "0.02"]
    assert found.is_disputed


def test_a_blank_is_no_candidate_and_hides_nothing():
    found = answer(city=[blank()], nation=[entry(value="0.03")])
    assert values_of(found) == ["0.03"]
    assert not found.is_blank
    assert answer(city=[blank()]).is_blank
    assert Answer("rates.own").is_blank


def test_none_required_is_an_answer():
    found = answer(
        city=[
            blank(
                emptiness="none_required",
                confidence="official",
                evidence="read",
                sources=[{"id": "A1"}],
            )
        ],
        nation=[entry(value="0.03")],
    )
    assert [one.emptiness for one in found.candidates()] == ["none_required"]
    assert not found.is_blank


def test_agreeing_candidates_are_no_dispute():
    same = answer(city=[entry(value="0.02", **SEED)], province=[entry(value="0.02", **PRESS)])
    assert len(same.candidates()) == 2
    assert not same.is_disputed


def test_a_single_value_that_the_papers_call_disputed_stays_disputed():
    assert answer(city=[entry(mark="disputed", **PRESS)]).is_disputed


@pytest.mark.parametrize(
    ("start", "day", "confidence"),
    [
        (None, date(2026, 11, 20), "secondary"),
        (None, date(2026, 11, 21), "official"),
        ("2020-01-01", date(2026, 11, 20), "official"),
    ],
)
def test_a_value_without_a_start_is_secondary_before_the_day_it_was_checked(start, day, confidence):
    (value,) = read(entry(valid_from=start)).values
    assert value.covers(day)
    assert value.confidence_on(day) == confidence


def test_an_article_is_an_article_on_every_day():
    (value,) = read(entry(**SEED)).values
    assert value.confidence_on(date(2020, 1, 1)) == "seed_only"


def test_both_ends_of_an_interval_belong_to_it():
    (value,) = read(entry(valid_from="2024-03-01", valid_to="2025-12-31")).values
    days = [date(2024, 2, 29), date(2024, 3, 1), date(2025, 12, 31), date(2026, 1, 1)]
    assert [value.covers(day) for day in days] == [False, True, True, False]


def test_values_cannot_be_changed():
    frozen = freeze({"a": [1, {"b": 2}]})
    with pytest.raises(TypeError):
        frozen["a"] = 1
    with pytest.raises(TypeError):
        frozen["a"][1]["b"] = 1
    assert thaw(frozen) == {"a": [1, {"b": 2}]}
    assert isinstance(answer(city=[entry()]).values[0], Value)
