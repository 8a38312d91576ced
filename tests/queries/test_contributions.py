import pytest

from queries.selectors.contributions import LEGEND, Mark, contributions
from tests.factories import insurance as register
from tests.factories.reading import make_citizen, sign_in
from tests.queries.conftest import text

pytestmark = pytest.mark.django_db


@pytest.fixture
def person():
    return register.make_person()


@pytest.fixture
def chengdu():
    return register.make_area(code="510100", name_zh="成都市", name_en="Chengdu")


def marks(found, year):
    row = next(row for row in found.years if row.year == year)
    return "".join(str(cell.mark.label) or "." for cell in row.cells)


def read(person):
    return contributions(person_id=person.pk)


def test_every_mark_but_the_empty_one_is_explained():
    assert set(LEGEND) == set(Mark) - {Mark.NONE}


def test_a_year_is_twelve_letters(person):
    register.make_period(person=person, first=(2020, 3), last=(2020, 5))
    register.make_period(person=person, first=(2020, 8), last=(2020, 8), status="unpaid")
    register.make_period(person=person, first=(2020, 9), last=(2020, 10), kind="backpaid")
    assert marks(read(person), 2020) == "..缴缴缴断断欠补补.."


@pytest.mark.parametrize(
    ("fields", "letter", "counts"),
    [
        ({"kind": "deemed"}, "视", 1),
        ({"kind": "military"}, "军", 1),
        ({"kind": "unemployment_fund"}, "失", 1),
        ({"kind": "post_retirement_monthly"}, "续", 1),
        ({"status": "pending"}, "办", 0),
        ({"status": "refunded"}, "退", 0),
        ({"scheme": "resident"}, "居", 0),
        ({"scheme": "resident", "status": "unpaid"}, "居", 0),
    ],
)
def test_each_kind_has_its_letter_and_its_worth(person, fields, letter, counts):
    register.make_period(person=person, first=(2020, 1), last=(2020, 1), **fields)
    found = read(person)
    assert marks(found, 2020) == letter + "." * 11
    assert (found.counted.total, found.years[0].counted) == (counts, counts)


def test_a_void_record_leaves_no_trace_on_the_line(person):
    register.make_period(person=person, status="void")
    assert not read(person).years


def test_total_actual_and_deemed_are_whole_months(person):
    register.make_period(person=person, first=(2000, 1), last=(2002, 2), kind="deemed")
    register.make_period(person=person, first=(2002, 2), last=(2018, 3))
    found = read(person).counted
    assert (found.total, found.actual, found.deemed) == (219, 194, 25)


def test_a_gap_has_its_length_its_reason_and_the_places_around_it(person, chengdu):
    register.make_period(person=person, first=(2019, 1), last=(2019, 6), area=chengdu)
    register.make_period(person=person, first=(2019, 9), last=(2019, 9), status="unpaid")
    register.make_period(person=person, first=(2019, 10), last=(2019, 12))
    unpaid, empty = read(person).gaps
    assert (unpaid.count, unpaid.mark, unpaid.places) == (1, Mark.UNPAID, ("合肥市",))
    assert (empty.count, empty.mark, empty.places) == (2, Mark.GAP, ())
    assert (empty.before, empty.after) == (("成都市",), ("合肥市",))


def test_months_before_the_first_and_after_the_last_are_no_gap(person):
    register.make_period(person=person, first=(2019, 4), last=(2019, 6))
    register.make_period(person=person, first=(2019, 8), last=(2019, 9), status="unpaid")
    assert not read(person).gaps


def test_months_that_two_places_recorded_count_once_and_are_shown(person, chengdu):
    register.make_period(person=person, first=(2019, 1), last=(2019, 6), area=chengdu)
    register.make_period(person=person, first=(2019, 5), last=(2019, 12))
    found = read(person)
    (overlap,) = found.overlaps
    assert found.counted.total == 12
    assert (overlap.count, overlap.places) == (2, ("成都市", "合肥市"))
    assert [cell.month for cell in found.years[0].cells if cell.doubled] == [5, 6]
    assert [(share.label, share.months) for share in found.places] == [
        ("合肥市", 8),
        ("成都市", 6),
    ]


def test_the_kinds_add_up_to_the_total(person):
    register.make_period(person=person, first=(2000, 1), last=(2000, 12), kind="deemed")
    register.make_period(person=person, first=(2000, 6), last=(2002, 12))
    register.make_period(person=person, first=(2003, 2), last=(2003, 4), kind="backpaid")
    found = read(person)
    assert sum(share.months for share in found.kinds) == found.counted.total == 39
    assert sum(row.counted for row in found.years) == 39


def test_one_query_reads_a_career(person, django_assert_num_queries):
    for year in range(1986, 2026):
        register.make_period(person=person, first=(year, 1), last=(year, 12))
    with django_assert_num_queries(1):
        assert read(person).counted.total == 480


def test_the_page_prints_years_and_months_and_links_the_rules(page):
    shown = text(page("/contributions/"))
    assert "16年4个月" in shown
    assert "196 个月" in shown
    assert "/policies/340100/" in shown
    assert "看登记里的原始记录" in shown


def test_what_counts_by_place_only_is_said(client, person):
    register.make_period(person=person, kind="backpaid")
    shown = text(sign_in(client, make_citizen(person=person)).get("/contributions/"))
    assert "有的地方不算" in shown


def test_without_a_record_the_page_says_so(client, person):
    shown = text(sign_in(client, make_citizen(person=person)).get("/contributions/"))
    assert "登记里没有您的职工医保缴费记录" in shown
