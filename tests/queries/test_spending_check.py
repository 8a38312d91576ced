import re
from functools import cache

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from insurance import decision_view, explaining, policy_reading
from insurance.models import PoolingArea
from insurance.rule_facts import SPENDING_USES
from insurance.rules.spending import SpendingFacts
from queries.checker_forms import USE_GROUPS
from queries.selectors import spending
from tests.factories import insurance as register
from tests.factories.reading import make_citizen, sign_in
from tests.factories.rules import publish_all
from tests.queries.conftest import TODAY, text

pytestmark = pytest.mark.django_db
CHECK = "/spending/check/"


@pytest.fixture
def rules(fixed_day):
    publish_all()


def shown(client, **query):
    return text(client.get(CHECK, {"person": "self", "area": "320100"} | query))


def test_every_use_in_every_area_has_an_answer(rules):
    policy_on = cache(policy_reading.values_on)
    for code in PoolingArea.objects.values_list("code", flat=True):
        for use in SPENDING_USES:
            for person in ("self", "relative"):
                for designated in (True, False, None):
                    facts = SpendingFacts(use, person, designated)
                    decision = explaining.decide(
                        "spending", area=code, on=TODAY, facts=facts, policy_on=policy_on
                    )
                    found = decision_view.view(decision, area=code)
                    assert found.word
                    assert found.sources or found.verdict == "unknown"


VERDICTS = (
    ({"use": "CARE", "designated": "yes"}, "可以"),
    ({"use": "CARE", "designated": "no"}, "不可以"),
    ({"use": "CARE"}, "现在没有依据回答"),
    ({"use": "RESIDENT_PREMIUM", "person": "relative"}, "可以"),
    ({"use": "CASH"}, "不可以"),
    ({"use": "PUBLIC_HEALTH"}, "不可以"),
)


def test_the_verdict_stands_in_large_words(client, rules):
    for query, word in VERDICTS:
        assert f'<p class="verdict-word">{word}</p>' in shown(client, **query), query


def test_the_law_on_misuse_stands_where_somebody_is_tempted(client, rules):
    for use in ("CASH", "HEALTH_FOOD", "BEAUTY_DENTISTRY"):
        page = shown(client, use=use)
        assert "暂停联网结算3到12个月" in page, use
        assert "国务院令第735号" in page


def test_for_a_relative_the_relative_shows_the_own_certificate(client, rules):
    page = shown(client, use="CARE", person="relative", designated="yes")
    assert "出示家人本人的凭证" in page


def test_the_page_opens_without_signing_in_and_without_errors(client, rules):
    page = text(client.get(CHECK))
    assert "错误：" not in page
    assert "想付什么" in page


def test_what_was_chosen_stays_where_something_is_missing(client, rules):
    page = text(client.get(CHECK, {"use": "DRUG", "area": "440100"}))
    assert "错误：" in page
    assert 'href="#id_person_0"' in page
    assert re.search(r'value="DRUG"[^>]*checked', page)
    assert re.search(r'<option value="440100" selected', page)


def test_the_way_back_keeps_the_answers(client, rules):
    page = shown(client, use="DRUG", designated="yes")
    assert re.search(r'href="/spending/check/\?[^"]*use=DRUG[^"]*edit=1"', page)
    page = shown(client, use="DRUG", designated="yes", edit="1")
    assert re.search(r'value="DRUG"[^>]*checked', page)


def test_the_day_can_be_changed_and_a_wrong_one_stays_in_the_field(client, rules):
    assert "按 2020年1月5日 的规定" in shown(client, use="CARE", designated="yes", on="2020-01-05")
    page = shown(client, use="CARE", designated="yes", on="40")
    assert 'value="40"' in page
    assert "不是一个日期" in page


def test_a_citizen_finds_the_own_place_chosen(client, rules):
    person = register.make_person()
    register.make_enrolment(person=person, area=PoolingArea.objects.get(code="320100"))
    sign_in(client, make_citizen(person=person))
    assert re.search(r'<option value="320100" selected', text(client.get(CHECK)))


def test_the_decision_costs_two_queries_and_the_name_of_the_place_one(rules):
    with CaptureQueriesContext(connection) as captured:
        spending.answer(SpendingFacts("CARE", "self", True), area="320100", on=TODAY)
    assert len(captured) == 3


# --- large type: four choices at a time


@pytest.fixture
def elder(client):
    client.cookies["display"] = "elder"
    return client


def radios(page, name):
    """The values of a group of choices."""
    return re.findall(rf'name="{name}" value="(\w+)"', page)


def test_every_use_stands_in_one_group_of_four_at_most():
    grouped = [use for _label, _example, uses in USE_GROUPS.values() for use in uses]
    assert sorted(grouped) == sorted(SPENDING_USES)
    assert max(len(uses) for *_words, uses in USE_GROUPS.values()) <= 4
    assert len(USE_GROUPS) <= 4


def test_large_type_asks_first_what_kind_it_is(elder, rules):
    page = text(elder.get(CHECK))
    assert "想付的是哪一类" in page
    assert radios(page, "about") == list(USE_GROUPS)
    assert "想付什么" not in page
    page = text(elder.get(CHECK, {"answered": "about", "about": "premium"}))
    assert radios(page, "use") == ["RESIDENT_PREMIUM", "LTC_PREMIUM", "SUPPLEMENT_PREMIUM"]
    assert "错误：" not in page
    answers = {"about": "premium", "use": "LTC_PREMIUM", "person": "self", "area": "320100"}
    assert "verdict-word" in text(elder.get(CHECK, answers))


def test_large_type_keeps_the_answers_on_the_way_back(elder, rules):
    page = shown(elder, use="DRUG", about="treatment", designated="yes", edit="1")
    (back,) = re.findall(r'<nav class="back"[^>]*><a href="([^"]+)"', page)
    page = text(elder.get(back.replace("&amp;", "&")))
    assert re.search(r'value="treatment"[^>]*checked', page)
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="(\w+)">', page))
    assert hidden == {
        "use": "DRUG",
        "person": "self",
        "designated": "yes",
        "area": "320100",
        "answered": "about",
    }
    page = text(elder.get(CHECK, hidden | {"about": "treatment"}))
    for value in ("DRUG", "self", "yes"):
        assert re.search(rf'value="{value}"[^>]*checked', page), value
    assert re.search(r'<option value="320100" selected', page)
    # Another kind: what does not stand in it is open again, and nobody is told off.
    page = text(elder.get(CHECK, hidden | {"about": "other"}))
    assert "错误：" not in page
    assert not re.search(r'name="use"[^>]*checked', page)
    assert re.search(r'value="self"[^>]*checked', page)


def test_no_kind_is_an_error_in_the_same_place(elder, rules):
    page = text(elder.get(CHECK, {"answered": "about"}))
    assert "错误：" in page
    assert radios(page, "about") == list(USE_GROUPS)


def test_an_old_address_is_answered_in_large_type_too(elder, rules):
    assert "verdict-word" in shown(elder, use="CASH")


def test_the_usual_page_has_all_the_uses_at_once(client, rules):
    assert radios(text(client.get(CHECK, {"about": "premium"})), "use") == list(SPENDING_USES)
