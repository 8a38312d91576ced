"""The rules of an area as of a day, and what changed between two days."""

import datetime as dt

import pytest

from insurance.models import PoolingArea
from queries.selectors.policies import area_rules
from queries.selectors.policy_changes import changes
from tests.factories.rules import publish_all
from tests.queries.conftest import text

pytestmark = pytest.mark.django_db

WRONG = ["昨天", "2026-02-30", "202613", "9" * 60, "0000-01-01", "2026-1-1x"]


@pytest.fixture
def rules(fixed_day):
    publish_all()


def item(day, topic, label, code="440100"):
    found = area_rules(code, today=day)
    items = next(one.items for one in found.topics if one.key == topic)
    return next(one for one in items if one.label == label)


def test_a_later_day_shows_what_holds_then(client, rules):
    label = "男性累计要交满"
    assert item(dt.date(2026, 11, 16), "contribution_years", label).is_blank
    then = item(dt.date(2030, 1, 1), "contribution_years", label)
    assert [one.text for one in then.now] == ["30年（360 个月）"]
    shown = text(client.get("/policies/440100/?on=2030-01-01"))
    assert "这是 2030年1月1日 的规定，不是今天的" in shown
    assert 'value="2030-01-01"' in shown


def test_a_day_that_nothing_covers_is_blank_and_borrows_nothing(rules):
    label = "男职工（原60岁）延迟退休的算法"
    assert item(dt.date(2025, 1, 1), "retirement", label, "000000").now
    early = item(dt.date(2020, 1, 1), "retirement", label, "000000")
    assert early.is_blank
    assert early.later


def test_an_undated_document_is_no_official_word_on_an_early_day(rules):
    label = "男性累计要交满"
    (now,) = item(dt.date(2026, 12, 1), "contribution_years", label, "310000").now
    (early,) = item(dt.date(2001, 1, 1), "contribution_years", label, "310000").now
    assert (now.tag, early.tag) == ("ok", "wait")


def test_today_says_nothing_about_other_days(client, rules):
    for query in ("", "?on=", "?on=2026-11-16", "?on=２０２６年１１月１６日"):
        assert "不是今天的" not in text(client.get(f"/policies/440100/{query}"))


def test_a_year_alone_is_its_first_day(client, rules):
    assert "这是 2022年1月1日 的规定" in text(client.get("/policies/440100/?on=2022"))


@pytest.mark.parametrize("typed", WRONG)
def test_a_wrong_day_is_said_kept_and_shows_no_rules(client, rules, typed):
    shown = text(client.get("/policies/440100/", {"on": typed}))
    assert "<title>错误：" in shown
    assert 'href="#id_on"' in shown
    assert f'value="{typed}"' in shown
    assert 'class="rule"' not in shown


def test_the_page_of_a_past_day_leads_to_the_changes(client, rules):
    shown = text(client.get("/policies/440100/?on=2022-01-01"))
    link = "/policies/440100/changes/?from=2022-01-01&amp;to=2026-11-16"
    assert link in shown
    assert client.get(link.replace("&amp;", "&")).status_code == 200


def test_what_changed_stands_before_and_after_with_its_documents(client, rules):
    shown = text(client.get("/policies/000000/changes/?from=2024-01-01&to=2025-06-01"))
    assert "男职工（原60岁）延迟退休的算法" in shown
    before, after = shown.split("男职工（原60岁）延迟退休的算法")[1].split('class="when"')[1:3]
    assert "没有查到" in before
    assert "原来60岁退休" in after
    cited = {part.split('"')[0] for part in shown.split('href="#')[1:]}
    anchors = {part.split('"')[0] for part in shown.split('id="')[1:]}
    assert cited <= anchors


def test_two_days_that_say_the_same_say_so(client, rules):
    shown = text(client.get("/policies/310000/changes/?from=2026-11-01&to=2026-11-02"))
    assert "这两天查到的规定一样" in shown


def test_a_document_that_ran_out_in_between_is_a_change(rules):
    days = {"first": dt.date(2025, 6, 1), "last": dt.date(2025, 8, 1)}
    found = changes("440100", area="广州市", **days)
    labels = {one.label for topic in found.topics for one in topic.changes}
    assert any("补" in label or "领" in label or "待遇" in label for label in labels), labels


def test_the_day_on_which_we_looked_is_no_change(rules):
    found = changes("310000", area="上海市", first=dt.date(2001, 1, 1), last=dt.date(2001, 1, 2))
    assert found.count == 0


def test_the_form_stands_alone_before_days_are_chosen(client, rules):
    shown = text(client.get("/policies/310000/changes/"))
    assert 'name="from"' in shown
    assert 'role="alert"' not in shown.split("<main")[1]


@pytest.mark.parametrize("typed", WRONG)
@pytest.mark.parametrize("field", ["from", "to"])
def test_a_wrong_day_of_two_is_said_and_both_are_kept(client, rules, field, typed):
    days = {"from": "2020-01-01", "to": "2026-01-01", field: typed}
    shown = text(client.get("/policies/310000/changes/", days))
    assert "<title>错误：" in shown
    assert f'href="#id_{field}"' in shown
    for kept in days.values():
        assert f'value="{kept}"' in shown
    assert 'id="changes"' not in shown


def test_one_day_alone_or_the_wrong_order_is_explained(client, rules):
    assert 'href="#id_to"' in text(client.get("/policies/310000/changes/?from=2020"))
    shown = text(client.get("/policies/310000/changes/?from=2026&to=2020-01-01"))
    assert "第二个日子要比第一个晚" in shown


@pytest.mark.parametrize("code", ["990000", "35020", "abcdef", "000001"])
def test_changes_of_what_is_no_code_are_404(client, rules, code):
    assert client.get(f"/policies/{code}/changes/").status_code == 404


def test_an_area_that_nobody_loaded_has_a_page_of_changes(client, rules):
    assert "福建省（350200）" in text(client.get("/policies/350200/changes/?from=2020&to=2026"))


def test_changes_cost_few_queries(client, rules, django_assert_max_num_queries):
    with django_assert_max_num_queries(3):
        client.get("/policies/440100/changes/?from=2020&to=2026")


@pytest.mark.parametrize("year", [1900, 1990, 2021, 2060, 2199])
def test_every_area_can_be_asked_about_any_year(client, rules, year):
    for area in PoolingArea.objects.filter(is_listed=True):
        assert area_rules(area.code, today=dt.date(year, 7, 1)).topics, area
        changes(area.code, area=area.name, first=dt.date(1900, 1, 1), last=dt.date(year, 7, 1))
