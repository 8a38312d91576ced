import pytest

from family.relations import NEAR_RELATIVES
from insurance import areas
from insurance.models import PoolingArea
from insurance.policy_names import RELATIVES
from queries.selectors.policies import area_rules
from tests.factories.rules import publish_all
from tests.queries.conftest import TODAY, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def rules(fixed_day):
    publish_all()


def item(code, topic, label):
    found = area_rules(code, today=TODAY)
    items = next(one.items for one in found.topics if one.key == topic)
    return next(one for one in items if one.label == label)


def test_the_rules_name_the_relatives_that_family_knows():
    assert set(RELATIVES) == NEAR_RELATIVES


def test_the_list_is_open_and_names_every_province_and_listed_area(client, rules):
    shown = text(client.get("/policies/"))
    for area in PoolingArea.objects.filter(is_listed=True):
        assert f"/policies/{area.code}/" in shown
    for digits, (name, _english) in areas.PROVINCES.items():
        assert name in shown
        assert f"/policies/{digits}0000/" in shown


def test_every_listed_area_has_a_page(client, rules):
    codes = PoolingArea.objects.filter(is_listed=True).values_list("code", flat=True)
    assert len(codes) == 17
    for code in (*codes, areas.NATION):
        assert client.get(f"/policies/{code}/").status_code == 200, code


def test_an_area_that_nobody_loaded_is_named_by_code_and_province(client, rules):
    shown = text(client.get("/policies/350200/"))
    assert "福建省（350200）" in shown
    assert "当地的规定还没有查过" in shown
    assert "没有查到" in shown
    assert "12393" in shown


@pytest.mark.parametrize("code", ["990000", "35020", "3502000", "abcdef", "３５０２００", "000001"])
def test_what_is_no_code_is_404(client, code):
    assert client.get(f"/policies/{code}/").status_code == 404


def test_a_blank_is_shown_as_a_blank_with_its_reason(rules):
    found = item("341600", "contribution_years", "男性累计要交满")
    assert found.is_blank
    assert found.blanks[0].note


def test_a_dispute_stands_side_by_side_with_its_sources(rules):
    found = item("210200", "contribution_years", "男性累计要交满")
    assert found.is_disputed
    assert {one.text for one in found.now} == {"30年（360 个月）", "25年（300 个月）"}
    assert all(one.sources for one in found.now)


def test_what_only_an_article_says_is_shown_as_unreliable(rules):
    (claim,) = item("320100", "withdrawal", "得了大病：能不能取").now
    assert (claim.text, claim.tag) == ("能取", "act")
    assert "只有网上文章这样说" in claim.confidence


def test_an_official_document_overrules_an_article_which_stays_visible(rules):
    found = item("320100", "transfer", "手工报销办理时间")
    assert {one.tag for one in found.now} == {"ok"}
    assert {one.tag for one in found.others} == {"act"}
    assert not found.is_disputed


def test_a_condition_that_is_not_required_is_an_answer(rules):
    found = item("310000", "contribution_years", "其中实际交费至少")
    assert [one.text for one in found.now] == ["没有这个要求"]


def test_what_holds_later_or_held_before_is_not_what_holds_now(rules):
    found = item("440100", "contribution_years", "男性累计要交满")
    assert found.is_blank
    assert [one.text for one in found.later] == ["30年（360 个月）"]
    assert item("000000", "family_aid", "家人可以在哪里参保").before


SAYINGS = (
    (
        "000000",
        "retirement",
        "男职工（原60岁）延迟退休的算法",
        "原来60岁退休；1965年1月和以后出生的，每4个月晚退1个月",
    ),
    ("310000", "account", "医保年度", "每年7月1日到次年6月30日"),
    ("110000", "account_credit", "退休人员每月划入", "不满70岁100.00 元；70岁起110.00 元"),
    ("210200", "account_credit", "退休人员每月划入", "80.00 元"),
    ("000000", "rates", "单位欠费的滞纳金（每天）", "0.05%"),
    ("310000", "rates", "单位交", "9%"),
    ("320000", "withdrawal", "都要带的材料", "医保码或有效身份证件或社会保障卡"),
    ("000000", "consequences", "出借凭证、骗保的，暂停联网结算", "3到12个月"),
    ("000000", "transfer", "原参保地办理时间", "10个工作日"),
    (
        "000000",
        "family_aid",
        "可以给哪些家人用",
        "配偶、子女、父母、兄弟姐妹、祖父母、外祖父母、孙子女、外孙子女（只有这些）",
    ),
    ("320000", "withdrawal", "钱付到哪里", "银行账户（可能还有别的）"),
    ("000000", "uses", "提成现金", "不可以"),
)


def test_values_are_said_in_words(rules):
    for code, topic, label, says in SAYINGS:
        assert any(says in one.text for one in item(code, topic, label).now), label


def test_every_value_of_every_area_can_be_said(rules):
    for code in PoolingArea.objects.values_list("code", flat=True):
        for topic in area_rules(code, today=TODAY).topics:
            for one in topic.items:
                for statement in one.now + one.others + one.before + one.later:
                    assert statement.text or not statement.confidence, (code, one.label)


def test_each_document_is_described_once_and_every_citation_leads_there(client, rules):
    shown = text(client.get("/policies/320100/"))
    cited = {part.split('"')[0] for part in shown.split('href="#')[1:]}
    anchors = [part.split('"')[0] for part in shown.split('id="')[1:]]
    assert cited <= set(anchors)
    assert len(anchors) == len(set(anchors))


def test_an_area_costs_the_same_few_queries_as_any_other(rules, django_assert_max_num_queries):
    for code in ("320100", "000000", "350200"):
        with django_assert_max_num_queries(4):
            area_rules(code, today=TODAY)
