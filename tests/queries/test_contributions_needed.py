"""What is needed and missing, when one retires, and what paying on or moving would change."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from insurance import policies
from insurance.models import PoolingArea
from tests.factories import insurance as register
from tests.factories.reading import make_citizen, sign_in
from tests.factories.rules import publish_all
from tests.insurance.policy_texts import SOURCES, entry, read
from tests.queries.conftest import text

pytestmark = pytest.mark.django_db

MOST = 12  # session and login included


@pytest.fixture
def rules(fixed_day):
    publish_all()


@pytest.fixture
def visit(client, rules):
    """Opens the page as somebody who paid from `first` on in one place."""

    def page(query="", *, area="310000", first=(2015, 1), sex="male", retired=False, **person):
        place = PoolingArea.objects.filter(code=area).first() or register.make_area(
            code=area, name_zh="沈阳市", name_en="Shenyang"
        )
        somebody = register.make_person(
            sex=sex, birth_date=person.pop("birth_date", dt.date(1971, 8, 12)), **person
        )
        register.make_enrolment(
            person=somebody,
            area=place,
            person_type="retired" if retired else "in_service",
        )
        register.make_period(person=somebody, area=place, first=first, last=(2026, 11))
        sign_in(client, make_citizen(person=somebody))
        return client.get(f"/contributions/{query}")

    return page


def section(shown, name):
    """The text between the heading with that id and the end of its section."""
    return shown.split(f'<h2 id="{name}"')[1].split("</section>")[0]


def test_a_place_with_a_threshold_says_what_is_missing_and_when_it_would_be_complete(visit):
    shown = text(visit(area="210100"))
    found = section(shown, "needed")
    for words in ("还不够", "30年（360 个月）", "18年1个月（217 个月）", "2044年12月", "沈阳市"):
        assert words in found, words
    assert "依据和出处" in shown
    assert "12393" in shown


def test_a_dispute_shows_both_readings_and_no_final_figure(visit):
    shown = text(visit(area="210200", first=(2000, 1)))
    found = section(shown, "needed")
    assert "要窗口决定" in found
    assert "没有定论<br>25年（300 个月） · 只有网上文章这样说" in found
    assert "<br>30年（360 个月） · 不是文件原文" in found
    assert "算不出来" in found
    assert "交满的月份" not in found
    why = section(shown, "why-contribution-years")
    assert "25年" in why
    assert "30年" in why


def test_a_place_without_a_rule_gives_no_figure(visit):
    found = section(text(visit(area="341600")), "needed")
    assert "现在没有依据回答" in found
    assert "算不出来" in found


def test_without_a_sex_in_the_register_nothing_is_reckoned(visit):
    found = section(text(visit(sex="unknown")), "needed")
    assert "登记里没有您的性别" in found
    assert "还差" not in found


def test_the_retired_are_not_told_to_pay_on(visit):
    shown = text(visit(retired=True))
    assert "您已经按退休人员参保" in shown
    assert "算一算以后" not in shown


def test_no_lump_sum_is_estimated_without_its_base(visit):
    found = section(text(visit()), "needed")
    assert "算不出来。没有查到或者没有定论的：补足年限的基数、补足年限的费率" in found
    shown = section(text(visit("?until=2027-11", area="440100")), "plan")
    assert "那时一次补齐要多少钱" in shown
    assert "补足年限的基数是多少（每月）" in shown
    assert "figure-line" not in shown


def publish_price(*, area, fen):
    """What no place has told: the made-up base of a lump sum, beside what the province says."""
    register.make_area(code=area, name_zh="沈阳市", name_en="Shenyang")
    policies.save_sources(sources=SOURCES, by=None)
    values = [
        entry(name=f"contribution_years.shortfall_{what}", value=value, unit="choice")
        for what, value in (
            ("base", "city_average_wage_year_before_last"),
            ("rate", "employer_rate"),
        )
    ]
    values += [
        entry(
            name="contribution_years.shortfall_base_fen",
            unit="fen",
            value=one,
            valid_to="2026-12-31",
        )
        | more
        for one, more in fen
    ]
    version = policies.draft(policy=read(entry(), *values, area=area), by=None)
    policies.publish_for_demo(versions=[version])


def test_a_lump_sum_is_told_for_the_days_for_which_a_place_tells_its_base(client, visit):
    publish_price(area="210100", fen=[(700000, {})])
    shown = text(visit("?until=2026-12", area="210100"))
    # 217 months at 7,000.00 × 7%, and one month less when paying on
    assert "106,330.00 元" in section(shown, "needed")
    assert "四舍五入到分" in section(shown, "needed")
    assert "105,840.00 元" in section(shown, "plan")
    assert "一次补齐" in section(shown, "why-contribution-years")
    next_year = section(text(client.get("/contributions/?until=2027-11")), "plan")
    assert "没有查到或者没有定论的：补足年限的基数是多少（每月）" in next_year


def test_a_disputed_base_makes_a_range_for_the_counter(visit):
    disputed = {"mark": "disputed", "confidence": "secondary", "sources": [{"id": "P1"}]}
    publish_price(area="210100", fen=[(700000, disputed), (800000, disputed)])
    found = section(text(visit(area="210100")), "needed")
    assert "106,330.00 元到121,520.00 元" in found
    assert "由窗口核定" in found


def test_the_place_that_pays_after_retirement_is_told_where_a_rule_says_so(visit):
    shown = text(visit(area="440100"))
    assert "退休以后由哪里管" in section(shown, "needed")
    assert "退休以后由哪里管" not in section(text(visit()), "needed")


def test_a_rule_that_ran_out_is_for_staff(client, visit):
    shown = text(visit(area="440100"))
    assert "有效期到" in section(shown, "needed")


@pytest.mark.parametrize(
    ("kind", "month", "early"),
    [("M60", "2033年4月", "2031年8月"), ("F55", "2027年1月", "2026年8月")],
)
def test_the_month_of_retirement_depends_on_the_kind_that_was_asked(visit, kind, month, early):
    sex = "male" if kind == "M60" else "female"
    shown = section(text(visit(f"?kind={kind}", sex=sex)), "plan")
    assert month in shown
    assert early in shown


def test_the_kind_is_never_derived_from_sex(visit):
    shown = text(visit(sex="male"))
    assert "哪个月退休" not in shown


def test_without_a_birth_month_no_retirement_is_reckoned(visit):
    shown = text(visit("?kind=M60", birth_date=None))
    assert "登记里没有您的出生年月" in shown
    assert "哪个月退休" not in shown


def test_paying_on_adds_its_months(visit):
    shown = section(text(visit("?until=2027-11", area="210100")), "plan")
    assert "假如在沈阳市交到2027年11月" in shown
    assert "12年11个月（155 个月）" in shown
    assert "17年1个月（205 个月）" in shown
    assert "2044年12月" in shown


def test_paying_on_to_the_end_leaves_nothing_missing(visit):
    shown = section(text(visit("?until=2035-01")), "plan")
    assert "<dd>不差</dd>" in shown
    assert "再一直交" not in shown


def test_without_a_month_the_plan_goes_to_the_month_before_retirement(visit):
    assert "交到2033年3月" in section(text(visit("?kind=M60")), "plan")


def test_moving_asks_the_rules_of_the_other_place(visit):
    shown = section(text(visit("?area=310000&until=2031-01", area="210100")), "plan")
    assert "假如换到上海市，交到2031年1月" in shown
    assert "15年（180 个月）" in shown
    assert "16年1个月（193 个月）" in shown
    assert "<dd>不差</dd>" in shown


def test_the_months_that_nobody_settled_leave_the_end_open(visit):
    """Shanghai says "over 15 years": whether exactly 180 months are enough is nobody's to say here."""
    assert "交满的月份" not in section(text(visit()), "needed")


@pytest.mark.parametrize("area", ["210200", "440100"])
def test_moving_to_a_place_with_a_dispute_gives_no_figure(visit, area):
    shown = section(text(visit(f"?area={area}&until=2031-01")), "plan")
    assert "算不出来" in shown
    assert "再一直交" not in shown


@pytest.mark.parametrize(
    "query",
    [
        "until=2026-11",
        "until=1999-01",
        "until=2190-01",
        "until=明年",
        "until=2030-13",
        "until=" + "9" * 99,
        "kind=M65",
        "area=999999",
        "area=000000",
    ],
)
def test_a_wrong_question_is_said_and_answers_nothing(visit, query):
    shown = text(visit(f"?{query}"))
    assert "<title>错误：" in shown
    assert 'href="#id_' in shown
    assert "假如在" not in shown
    assert "年限够不够" in shown


def test_what_was_typed_stays(visit):
    shown = text(visit("?until=2030-13&kind=F50"))
    assert "“2030-13”不是一个月份" in shown
    assert 'value="2030-13"' in shown
    assert '<option value="F50" selected>' in shown


def gaps(client, rules, *periods, area="310000", **last):
    place = PoolingArea.objects.get(code=area)
    person = register.make_person(sex="male")
    register.make_enrolment(person=person, area=place)
    for first, until, fields in periods:
        register.make_period(person=person, area=place, first=first, last=until, **fields)
    sign_in(client, make_citizen(person=person))
    return section(text(client.get("/contributions/")), "gaps")


def test_a_short_gap_may_be_paid_back_and_a_long_one_is_the_place_s_to_say(client, rules):
    found = gaps(
        client,
        rules,
        ((2020, 1), (2022, 1), {}),
        ((2022, 5), (2023, 1), {}),
        ((2023, 6), (2026, 11), {}),
    )
    assert "断了3个月，不超过3个月" in found
    assert "断了4个月，超过3个月" in found
    assert "最多等6个月" in found
    assert "《" in found


def test_a_gap_before_the_rule_is_not_judged_by_it(client, rules):
    found = gaps(client, rules, ((2010, 1), (2010, 6), {}), ((2010, 8), (2026, 11), {}))
    assert "断了1个月。续上那时能不能补缴，没有查到规定" in found


def test_arrears_name_who_has_to_pay_and_count_with_their_interruption(client, rules):
    found = gaps(
        client,
        rules,
        ((2022, 1), (2022, 6), {}),
        ((2022, 7), (2022, 8), {"status": "unpaid", "payer": "甲厂"}),
        ((2022, 11), (2026, 11), {}),
    )
    assert "谁来办：甲厂" in found
    assert "断了4个月" in found


@pytest.mark.parametrize(
    "query", ["", "?kind=M60", "?until=2031-01", "?area=440100&until=2031-01&kind=M60"]
)
def test_the_page_stays_within_its_queries(client, visit, query):
    visit()
    with CaptureQueriesContext(connection) as made:
        text(client.get(f"/contributions/{query}"))
    assert len(made) <= MOST, [one["sql"][:120] for one in made]


def test_every_listed_area_answers_or_says_that_it_cannot(client, rules):
    words = ("够了", "还不够", "要窗口决定", "现在没有依据回答")
    for place in PoolingArea.objects.filter(is_listed=True):
        person = register.make_person(sex="female", birth_date=dt.date(1975, 3, 1))
        register.make_enrolment(person=person, area=place)
        register.make_period(person=person, area=place, first=(2005, 1), last=(2026, 11))
        sign_in(client, make_citizen(person=person))
        shown = text(client.get("/contributions/?kind=F50&until=2035-06&area=310000"))
        assert any(word in section(shown, "needed") for word in words), place
        assert "2025年5月" in section(shown, "plan"), place
        assert "12393" in shown, place
