"""The table of evidence, row by row."""

from datetime import date

import pytest

from insurance.policy_values import Answer
from insurance.rules.evidence import findings, listed, read
from tests.insurance.policy_texts import blank, entry
from tests.insurance.policy_texts import read as file

CHECKED = date(2026, 11, 21)
NAME = "contribution_years.needed_months.male"


def years(months, **rest):
    return entry(name=NAME, value=months, unit="months", **rest)


def secondary(months, **rest):
    return years(months, confidence="secondary", evidence="press", sources=[{"id": "P1"}], **rest)


def article(months, **rest):
    return years(months, confidence="seed_only", evidence="seed", sources=[{"id": "SEED"}], **rest)


def answer(*entries, area="320100", name=NAME):
    return Answer(name, file(*entries, area=area).values)


def at_least(have):
    return lambda value: "yes" if value.emptiness or have >= value.value else "no"


def codes(reading):
    return [one.code for one in findings(reading, "years")]


def test_one_official_value_decides():
    reading = read(answer(years(300, valid_from="2020-01-01")), CHECKED, at_least(299))
    assert (reading.basis, reading.verdict, reading.settled) == ("official", "no", 300)
    assert codes(reading) == ["years_no"]


def test_the_official_one_decides_against_others_and_they_show_as_rejected():
    said = answer(years(300, valid_from="2020-01-01"), article(240))
    reading = read(said, CHECKED, at_least(250))
    assert (reading.verdict, [one.value for one in reading.rejected]) == ("no", [240])
    assert codes(reading) == ["years_no", "claim_rejected"]


def test_an_agreeing_claim_is_not_rejected():
    said = answer(years(300, valid_from="2020-01-01"), article(240))
    assert read(said, CHECKED, at_least(400)).rejected == ()


def test_secondary_values_decide_and_say_so():
    reading = read(answer(secondary(300)), CHECKED, at_least(300))
    assert (reading.basis, reading.verdict) == ("secondary", "yes")
    assert codes(reading) == ["years_yes", "evidence_secondary"]


@pytest.mark.parametrize(
    ("have", "verdict", "basis"),
    [(200, "no", "agreed"), (270, "staff_decides", "disputed"), (300, "yes", "agreed")],
)
def test_candidates_that_differ_decide_only_where_all_lead_to_the_same(have, verdict, basis):
    said = answer(secondary(300, mark="disputed"), secondary(240, mark="disputed"))
    reading = read(said, CHECKED, at_least(have))
    assert (reading.verdict, reading.basis, reading.settled) == (verdict, basis, None)
    assert len(reading.sources) == 1


def test_an_article_alone_never_decides():
    reading = read(answer(article(240)), CHECKED, at_least(999))
    assert (reading.basis, reading.verdict) == ("seed_only", "staff_decides")
    assert codes(reading) == ["evidence_seed_only"]


@pytest.mark.parametrize(
    ("day", "verdict"), [(date(2025, 6, 30), "yes"), (date(2025, 7, 1), "staff_decides")]
)
def test_a_document_that_has_run_out_goes_to_staff_from_the_next_day(day, verdict):
    said = answer(years(300, valid_from="2022-07-01", stated_validity_until="2025-06-30"))
    reading = read(said, day, at_least(300))
    assert reading.verdict == verdict
    if verdict == "staff_decides":
        (finding,) = findings(reading, "years")
        assert finding.params["until"] == date(2025, 6, 30)
        assert [one.value for one in finding.params["values"]] == [300]


def test_none_required_is_a_condition_that_is_met():
    said = answer(
        blank(
            name=NAME,
            unit="months",
            emptiness="none_required",
            confidence="official",
            evidence="read",
            sources=[{"id": "A1"}],
        )
    )
    reading = read(said, CHECKED, at_least(0))
    assert (reading.verdict, reading.asks_nothing) == ("yes", True)


def test_not_found_is_unknown_and_so_is_a_day_that_nothing_covers():
    for said in (answer(blank(name=NAME, unit="months")), Answer(NAME)):
        reading = read(said, CHECKED, at_least(999))
        assert (reading.basis, reading.verdict) == ("not_found", "unknown")


def test_an_undated_official_value_is_secondary_before_it_was_checked():
    said = answer(years(300))
    assert read(said, CHECKED).basis == "official"
    assert read(said, date(2026, 11, 20)).basis == "secondary"


def test_a_complete_list_says_no_and_an_open_one_says_nothing():
    for kind, verdict, basis in (("complete", "no", "official"), ("open", "unknown", "silent")):
        said = answer(
            entry(
                name="withdrawal.cases",
                value=["DEATH"],
                unit="list",
                list_kind=kind,
                valid_from="2022-01-01",
            ),
            name="withdrawal.cases",
        )
        reading = read(said, CHECKED, listed("GIVE_UP"))
        assert (reading.verdict, reading.basis) == (verdict, basis)
        assert read(said, CHECKED, listed("DEATH")).verdict == "yes"


def test_a_silent_place_leaves_the_word_to_the_level_above():
    city = entry(
        name="uses.care", value=["self"], unit="list", list_kind="open", valid_from="2022-01-01"
    )
    nation = city | {"value": ["self", "relative"]}
    said = Answer(
        "uses.care",
        (*file(city).values, *file(nation, area="000000").values),
    )
    assert read(said, CHECKED, listed("relative")).verdict == "yes"
