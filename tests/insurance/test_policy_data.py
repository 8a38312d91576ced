"""The rules in the repository say what their papers say, each once and at the level that said it."""

from datetime import date

import pytest

from insurance import policy_folder
from insurance.policy_names import CATALOGUE, LOCAL, NATIONAL, names_of_scope
from insurance.policy_schema import dump, dump_sources

LISTED = {
    "110000",
    "210000",
    "210200",
    "310000",
    "320000",
    "320100",
    "330000",
    "330100",
    "341600",
    "440000",
    "440100",
    "440300",
    "450100",
    "510100",
    "620100",
    "622900",
    "623000",
}
TODAY = date(2026, 11, 21)


@pytest.fixture(scope="module")
def folder():
    return policy_folder.read()


@pytest.fixture(scope="module")
def said(folder):
    """said(area, name, day) → the values which that area's own file has for the day."""
    files = {one.area: one.values for one in folder.files}

    def find(area, name, day=TODAY):
        assert name in CATALOGUE
        return [one for one in files[area] if one.name == name and one.covers(day)]

    return find


def test_the_seventeen_listed_areas_and_the_nation_have_a_file(folder):
    assert {one.area for one in folder.files if one.listed} == LISTED
    assert "000000" in {one.area for one in folder.files}


def test_every_file_is_written_in_the_canonical_form(folder):
    for one in folder.files:
        assert dump(one) == (policy_folder.DATA / one.file).read_text(encoding="utf-8"), one.file
    register = (policy_folder.DATA / policy_folder.SOURCES).read_text(encoding="utf-8")
    assert dump_sources(list(folder.sources.values())) == register


def test_no_city_repeats_what_its_province_or_the_nation_says_from_the_same_source(folder):
    files = {one.area: one.values for one in folder.files}
    for area, values in files.items():
        above = {f"{area[:2]}0000", "000000"} - {area}
        said_above = {
            (one.name, str(one.value), one.valid_from, cited.source.id)
            for code in above & set(files)
            for one in files[code]
            for cited in one.citations
        }
        said_here = {
            (one.name, str(one.value), one.valid_from, cited.source.id)
            for one in values
            for cited in one.citations
            if not one.emptiness
        }
        assert not said_here & said_above, area


@pytest.mark.parametrize(
    ("source", "level"),
    [
        ("S15", {"320000", "000000"}),
        ("S16", {"320000", "000000"}),
        ("S17", {"440000"}),
        ("S18", {"310000"}),
        ("S22", {"210000"}),
        ("S23", {"440100"}),
        ("S25", {"440300"}),
        ("S28", {"330100"}),
        ("S30", {"320100"}),
    ],
)
def test_a_document_speaks_at_its_own_level(folder, source, level):
    citing = {
        one.area
        for one in folder.files
        for value in one.values
        for cited in value.citations
        if cited.source.id == source
    }
    assert citing <= level
    assert citing & level


def test_every_value_says_how_it_was_checked_and_when(folder):
    for one in folder.files:
        for value in one.values:
            assert value.checked_on <= TODAY
            assert value.note or not value.emptiness
            assert value.citations or value.is_blank


def test_names_of_the_catalogue_are_used_or_asked_for(folder):
    used = {value.name for one in folder.files for value in one.values}
    by_case = {
        name for name in CATALOGUE if name.startswith("withdrawal.") and name.count(".") == 2
    }
    assert set(CATALOGUE) - used <= by_case
    assert {name.name for name in names_of_scope(NATIONAL)} <= used
    assert {name.name for name in names_of_scope(LOCAL)} <= used


def test_the_relatives_were_three_kinds_until_july_2024_and_are_eight_since(said):
    official = lambda day: [  # noqa: E731
        one for one in said("000000", "family_aid.relatives", day) if one.confidence == "official"
    ]
    (before,), (after,) = official(date(2024, 7, 31)), official(date(2024, 8, 1))
    assert set(before.value) == {"spouse", "child", "parent"}
    assert len(after.value) == 8
    assert (before.list_kind, after.list_kind) == ("complete", "complete")


@pytest.mark.parametrize(
    ("day", "scope", "money"),
    [
        (date(2021, 4, 21), [], "none"),
        (date(2024, 12, 1), ["pooling_area"], "none"),
        (date(2024, 12, 2), ["pooling_area"], "wallet_transfer"),
        (date(2024, 12, 9), ["province"], "wallet_transfer"),
        (date(2026, 1, 8), ["province"], "wallet_transfer"),
        (date(2026, 1, 9), ["nation"], "limit"),
    ],
)
def test_family_aid_grew_step_by_step_and_no_two_steps_overlap(said, day, scope, money):
    assert [one.value for one in said("000000", "family_aid.area_scope", day)] == scope
    (model,) = said("000000", "family_aid.money_model.cross_province", day)
    assert model.value == money


def test_the_wallet_was_open_in_six_whole_provinces_and_in_shanghai(said, folder):
    day = date(2025, 6, 1)
    openings = {
        one.area: value.value
        for one in folder.files
        if one.area.endswith("0000")
        for value in said(one.area, "family_aid.wallet_opening", day)
    }
    whole = {area for area, value in openings.items() if value == "whole"}
    part = {area for area, value in openings.items() if value == "part"}
    assert whole == {"130000", "340000", "410000", "420000", "510000", "540000", "310000"}
    assert part == {"150000", "320000", "370000", "440000", "500000", "520000", "620000"}
    (first,) = said("000000", "family_aid.wallet_opening", date(2025, 1, 1))
    assert first.emptiness == "gap"


def test_jiangsu_names_three_cases_and_no_others(said):
    (cases,) = said("320000", "withdrawal.cases")
    assert (set(cases.value), cases.list_kind) == (
        {"DEATH", "GIVE_UP", "PENSION_CLEARED"},
        "complete",
    )
    (claim,) = said("320100", "withdrawal.case.serious_illness")
    assert (claim.value, claim.confidence) == (True, "seed_only")


def test_guangdong_speaks_from_a_document_that_has_run_out(said):
    (local,) = said("440000", "contribution_years.needed_local_actual_months")
    assert (local.value, local.stated_validity_until) == (120, date(2025, 6, 30))
    assert local.has_run_out(TODAY)
    assert not local.has_run_out(date(2025, 6, 30))
    (figure,) = said("440000", "contribution_years.needed_months.male", date(2029, 12, 31))
    assert figure.emptiness == "not_found"
    (figure,) = said("440000", "contribution_years.needed_months.male", date(2030, 1, 1))
    assert figure.value == 360


@pytest.mark.parametrize(
    ("day", "employer", "flexible"),
    [
        (date(2022, 11, 30), [], []),
        (date(2024, 2, 29), ["0.06"], [None]),
        (date(2024, 3, 1), ["0.045"], ["0.065"]),
        (date(2025, 12, 31), ["0.045"], ["0.065"]),
        (date(2026, 1, 1), ["0.06"], ["0.08"]),
    ],
)
def test_guangzhou_lowered_its_rates_for_a_while(said, day, employer, flexible):
    assert [one.value for one in said("440100", "rates.employer", day)] == employer
    assert [one.value for one in said("440100", "rates.flexible", day)] == flexible


def test_a_figure_of_one_year_does_not_live_on(said):
    (old,) = said("110000", "rates.base_floor_fen", date(2026, 6, 30))
    (new,) = said("110000", "rates.base_floor_fen", date(2026, 7, 1))
    assert (old.value, new.emptiness) == (716200, "not_found")
    assert said("440300", "rates.base_floor_fen", date(2027, 1, 1)) == []


def test_disputes_are_values_side_by_side(said):
    nanjing = said("320100", "contribution_years.needed_months.male")
    assert [(one.value, one.mark) for one in nanjing] == [(360, "disputed"), (300, "disputed")]
    zhejiang = said("330000", "contribution_years.needed_months.male")
    assert {one.value for one in zhejiang} == {240, 300}
    (city,) = said("210200", "contribution_years.needed_months.male")
    (province,) = said("210000", "contribution_years.needed_months.male")
    assert (city.value, city.confidence) == (300, "seed_only")
    assert (province.value, province.confidence) == (360, "secondary")


def test_shanghai_lists_its_conditions_and_leaves_the_boundary_open(said):
    for name in ("needed_actual_months", "needed_local_actual_months"):
        (value,) = said("310000", f"contribution_years.{name}")
        assert value.emptiness == "none_required"
    (boundary,) = said("310000", "contribution_years.boundary")
    assert boundary.value == "unsettled"


def test_the_retirement_formula_reaches_its_cap_where_the_law_says(said):
    for kind, last_birth in (("m60", "1976-09"), ("f55", "1981-09"), ("f50", "1984-11")):
        (formula,) = said("000000", f"retirement.formula.{kind}")
        record = formula.value
        year, month = map(int, record["base_birth_month"].split("-"))
        last_year, last_month = map(int, last_birth.split("-"))
        steps = ((last_year - year) * 12 + last_month - month) // record["step_months"] + 1
        assert steps == record["cap_months"]


@pytest.mark.parametrize(
    ("day", "months"), [("2029-12-31", 180), ("2030-01-01", 186), ("2039-01-01", 240)]
)
def test_the_pension_minimum_rises_half_a_year_each_year(said, day, months):
    (value,) = said("000000", "retirement.pension_min_months", date.fromisoformat(day))
    assert value.value == months


def test_the_site_s_own_rules_of_family_aid_say_that_they_are_its_own(said):
    own = {"invitation_days": 14, "reminder_days": 3, "cool_down_hours": 24}
    for name, expected in own.items():
        (value,) = said("000000", f"family_aid.{name}")
        assert value.value == expected
        assert [one.source.title for one in value.citations] == ["本站家庭共济服务规则"]
        assert "本站的规则" in value.note


def test_the_ages_of_consent_come_from_their_laws(said):
    for name, age, since in (
        ("guardian_below_age", 14, date(2021, 11, 1)),
        ("adult_age", 18, date(2021, 1, 1)),
    ):
        (value,) = said("000000", f"family_aid.{name}", since)
        assert (value.value, value.confidence, value.evidence) == (age, "official", "recalled")
        assert [one.source.kind for one in value.citations] == ["law"]
        assert said("000000", f"family_aid.{name}", since.replace(year=2020)) == []


@pytest.mark.parametrize("name", ["rebinding_wait_days", "bound_at_least_days"])
def test_no_place_is_said_to_have_a_wait_before_an_end_or_a_new_link(folder, name):
    waits = [
        value for one in folder.files for value in one.values if value.name == f"family_aid.{name}"
    ]
    assert {value.emptiness for value in waits} == {"not_found"}
