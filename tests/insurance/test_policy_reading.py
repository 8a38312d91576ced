"""What the database says for an area and a day."""

from datetime import UTC, date, datetime

import pytest
from django.core.management import call_command
from django.db import transaction

from insurance import policy_reading
from insurance.models import PolicyVersion
from tests.factories.rules import publish_all

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 21)


@pytest.fixture
def published():
    publish_all()


def spoken(policy, name):
    return [(one.level, one.area, one.value) for one in policy.get(name)]


@pytest.mark.usefixtures("published")
def test_each_level_speaks_in_its_own_name_the_nearest_first():
    policy = policy_reading.values_on("320100", DAY)
    levels = [area for _, area, _ in spoken(policy, "withdrawal.case.death")]
    assert levels == ["320100", "000000"]
    assert spoken(policy, "rates.employer") == [("city", "320100", "0.07")]
    assert spoken(policy, "withdrawal.working_days") == [("province", "320000", 10)]


@pytest.mark.usefixtures("published")
def test_a_day_gives_the_value_of_that_day():
    for day, rate in ((date(2025, 12, 31), "0.045"), (date(2026, 1, 1), "0.06")):
        (value,) = policy_reading.values_on("440100", day).get("rates.employer")
        assert value.value == rate
    assert policy_reading.values_on("440100", date(2022, 11, 30)).get("rates.employer").is_blank


@pytest.mark.usefixtures("published")
def test_disputes_come_side_by_side_with_their_sources():
    answer = policy_reading.values_on("320100", DAY).get("contribution_years.needed_months.male")
    assert answer.is_disputed
    assert [one.value for one in answer.candidates()] == [360, 300]
    assert [one.citations[0].source.kind for one in answer.candidates()] == [
        "press",
        "recollection",
    ]


@pytest.mark.usefixtures("published")
def test_dalian_has_a_claim_and_its_province():
    answer = policy_reading.values_on("210200", DAY).get("contribution_years.needed_months.male")
    assert [(one.value, one.confidence) for one in answer.candidates()] == [
        (300, "seed_only"),
        (360, "secondary"),
    ]


@pytest.mark.usefixtures("published")
def test_blanks_are_shown_with_their_reason():
    answer = policy_reading.values_all("341600").get("withdrawal.cases")
    assert answer.is_blank
    assert answer.values[0].note


@pytest.mark.usefixtures("published")
def test_an_area_outside_the_list_has_what_its_province_and_the_nation_say():
    policy = policy_reading.values_on("430100", DAY)
    assert {one.area for answer in policy.answers.values() for one in answer} == {"000000"}
    assert policy.get("contribution_years.needed_months.male").values == ()


@pytest.mark.usefixtures("published")
@pytest.mark.parametrize("code", ["990100", "", "32010", "x"])
def test_a_code_of_no_province_has_no_answers(code):
    assert policy_reading.values_on(code, DAY).answers == {}


@pytest.mark.usefixtures("published")
@pytest.mark.parametrize("code", ["000000", "320100", "430100"])
def test_reading_takes_two_queries(django_assert_max_num_queries, code):
    with django_assert_max_num_queries(2):
        policy_reading.values_on(code, DAY)
    with django_assert_max_num_queries(2):
        policy_reading.values_all(code)


@pytest.mark.usefixtures("published")
def test_several_areas_are_read_in_two_queries_and_each_as_if_alone(django_assert_num_queries):
    codes = ("320100", "440100", "430100", "990100")
    with django_assert_num_queries(2):
        together = policy_reading.values_for(codes, DAY)
    assert together == {code: policy_reading.values_on(code, DAY) for code in codes}


@pytest.mark.usefixtures("published")
def test_all_values_stand_with_the_older_before_the_newer():
    answer = policy_reading.values_all("440100").get("rates.employer")
    assert [one.value for one in answer] == ["0.06", "0.045", "0.06"]


@pytest.mark.usefixtures("published")
def test_the_versions_that_were_read_can_be_kept():
    policy = policy_reading.values_on("320100", DAY)
    assert len(policy.versions) == 3


def test_nothing_unpublished_is_read():
    call_command("load_areas", verbosity=0)
    call_command("load_policies", verbosity=0)
    assert policy_reading.values_all("320100").answers == {}


def rate(day=DAY):
    return policy_reading.kept_for(["320100"], day)["320100"].get("rates.employer")


@pytest.mark.both_databases
@pytest.mark.usefixtures("published")
def test_what_is_kept_is_what_is_read_and_costs_one_query(django_assert_num_queries):
    read = policy_reading.values_for(["320100", "440100"], DAY)
    assert policy_reading.kept_for(["320100", "440100"], DAY) == read
    with django_assert_num_queries(1):
        assert policy_reading.kept_for(["440100", "320100"], DAY) == read
    with django_assert_num_queries(3):
        rate(date(2026, 11, 20))


@pytest.mark.both_databases
@pytest.mark.usefixtures("published")
@pytest.mark.parametrize(
    "change",
    [
        {"file_digest": "0" * 64},
        {"published_at": datetime(2026, 11, 20, 1, 2, 3, 4, tzinfo=UTC)},
        {"published_at": datetime(2026, 11, 20, 1, 2, 3, 5, tzinfo=UTC)},
        {"status": "withdrawn", "withdrawn_at": datetime(2026, 11, 20, tzinfo=UTC)},
    ],
)
def test_whatever_changes_in_what_is_in_force_is_read_anew(change, django_assert_num_queries):
    # Another row of one microsecond earlier is known already.
    of_area = PolicyVersion.objects.filter(area="320100")
    of_area.update(published_at=datetime(2026, 11, 20, 1, 2, 3, 6, tzinfo=UTC))
    before = rate()
    with django_assert_num_queries(1):
        rate()
    of_area.update(**change)
    with django_assert_num_queries(3):
        after = rate()
    assert (after == before) is ("status" not in change)


@pytest.mark.both_databases
@pytest.mark.usefixtures("published")
def test_what_is_undone_is_in_force_as_it_was_and_what_comes_next_is_not_mistaken_for_it():
    before = rate()
    for number in range(2 * policy_reading.MOST_STAMPS):
        sid = transaction.savepoint()
        PolicyVersion.objects.filter(area="320100").update(
            status="withdrawn", withdrawn_at=datetime(2026, 11, 20, number, tzinfo=UTC)
        )
        PolicyVersion.objects.filter(area="320000").update(file_digest=f"{number:064}")
        assert rate() != before
        transaction.savepoint_rollback(sid)
        assert rate() == before
