import datetime as dt
import re
from functools import cache
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from insurance import policy_reading
from insurance.models import PoolingArea
from insurance.policy_names import CASES
from queries.selectors import withdrawal
from queries.selectors.situations import BRANCHES, DEATH, GROUPS, SITUATIONS, in_group
from queries.selectors.withdrawal import Answers, applicants
from tests.factories import insurance as register
from tests.factories.reading import make_citizen, sign_in
from tests.factories.rules import publish_all
from tests.queries.conftest import TODAY, text

pytestmark = pytest.mark.django_db
CHECK, RESULT = "/withdrawal/check/", "/withdrawal/check/result/"
JIANGSU_SELF = {"case": "GIVE_UP", "area": "320100", "applicant": "self"}


@pytest.fixture
def rules(fixed_day):
    publish_all()


@pytest.fixture
def citizen(client, rules):
    """Insured in Nanjing, signed in."""
    person = register.make_person()
    register.make_enrolment(person=person, area=PoolingArea.objects.get(code="320100"))
    return sign_in(client, make_citizen(person=person))


def shown(client, **query):
    return text(client.get(RESULT, query))


def answered(client, question, value, **before):
    """Where the answer to one question leads: the path and the answers in the address."""
    answer = client.get(CHECK, before | {question: value, "answered": question})
    assert answer.status_code == 302, answer.status_code
    to = urlsplit(answer.url)
    return to.path, {name: values[0] for name, values in parse_qs(to.query).items()}


def test_every_case_of_the_rules_can_be_asked_about():
    assert {one.case for one in SITUATIONS} == set(CASES)
    assert {one.group for one in SITUATIONS} == set(GROUPS)
    assert {one.branch for one in SITUATIONS if one.branch} == set(BRANCHES)
    assert len(in_group(DEATH)) == 1


def test_every_area_and_situation_has_an_answer_with_sources_or_somebody_to_ask(rules, monkeypatch):
    monkeypatch.setattr(policy_reading, "values_on", cache(policy_reading.values_on))
    for code in PoolingArea.objects.values_list("code", flat=True):
        for situation in SITUATIONS:
            for applicant in applicants(situation):
                answers = Answers(situation.group, situation.key, code, applicant)
                found = withdrawal.result(answers, on=TODAY)
                assert found.decision.word
                assert found.decision.findings
                assert found.decision.sources or found.decision.verdict == "unknown"
                if found.decision.verdict in {"unknown", "staff_decides"}:
                    assert found.decision.steps


VERDICTS = (
    (JIANGSU_SELF, "可以"),
    ({"case": "SERIOUS_ILLNESS", "area": "320100"}, "不可以"),
    ({"case": "EMERGENCY", "area": "622900"}, "现在没有依据回答"),
    ({"case": "GIVE_UP", "area": "341600"}, "现在没有依据回答"),
    ({"case": "MOVE_PROVINCE_NOT_ACCEPTED", "area": "440100", "applicant": "self"}, "要窗口决定"),
    ({"case": "PRE_2022_BJ", "applicant": "self"}, "可以"),
    ({"case": "WECHAT"}, "不可以"),
)


def test_the_verdict_stands_in_large_words_with_whom_to_ask(client, rules):
    for query, word in VERDICTS:
        page = shown(client, **query)
        assert f'<p class="verdict-word">{word}</p>' in page, query
        assert "12393" in page
        assert "医保窗口" in page


def test_after_a_death_only_the_place_and_the_heirs_are_asked(client, rules):
    path, query = answered(client, "about", DEATH)
    assert (path, query["case"]) == (CHECK, "DEATH")
    path, query = answered(client, "area", "320100", about=DEATH)
    assert path == CHECK
    page = text(client.get(path, query))
    assert "谁去办" in page
    assert "参保人自己" not in page
    assert answered(client, "applicant", "heir", **query)[0] == RESULT


def test_whoever_just_wants_cash_gets_the_honest_answer_after_two_questions(client, rules):
    assert answered(client, "about", "cash")[0] == CHECK
    path, query = answered(client, "case", "BALANCE_UNUSED", about="cash")
    assert path == RESULT
    page = text(client.get(path, query))
    assert "套现" in page
    assert "暂停联网结算3到12个月" in page


def test_nobody_is_asked_who_they_are_where_the_answer_is_no_for_all(client, rules):
    before = {"about": "health", "case": "SERIOUS_ILLNESS"}
    assert answered(client, "area", "320100", **before)[0] == RESULT


def test_nobody_meets_more_than_six_questions(rules):
    for situation in SITUATIONS:
        assert len(withdrawal.path(withdrawal.answers({"case": situation.key}))) <= 6


def choices(page):
    return re.findall(r'<input type="radio"[^>]* value="(\w+)"', page)


def test_no_page_has_more_than_four_choices_and_every_situation_is_reached(client, rules):
    reached, pages = set(), [{}]
    while pages:
        before = pages.pop()
        page = text(client.get(CHECK, before))
        found = choices(page)
        assert len(found) <= 4, before
        question = re.search(r'name="answered" value="(\w+)"', page)[1]
        if question in ("area", "applicant"):
            assert question == "applicant" or not found
            continue
        assert found
        for one in found:
            path, after = answered(client, question, one, **before)
            assert len(after) <= 3
            if path == CHECK:
                pages.append(after)
            reached.add(after.get("more") or after.get("case"))
    assert {one.key for one in SITUATIONS} <= reached


def test_an_address_with_the_situation_alone_knows_the_way_to_it(client, rules):
    page = text(client.get(CHECK, {"case": "HMT_LEAVES", "area": "320100", "ask": "more"}))
    assert re.search(r'value="HMT_LEAVES"[^>]*checked', page)
    assert '<input type="hidden" name="case" value="abroad">' in page
    assert '<input type="hidden" name="about" value="away">' in page
    back = re.search(r'href="([^"]*ask=case[^"]*)"', page)[1].replace("&amp;", "&")
    assert re.search(r'value="abroad"[^>]*checked', text(client.get(back)))
    path, query = answered(client, "case", "GIVE_UP", about="away", more="HMT_LEAVES")
    assert (path, query) == (CHECK, {"about": "away", "case": "GIVE_UP"})


def test_going_back_keeps_the_answers(client, rules):
    page = text(client.get(CHECK, JIANGSU_SELF | {"ask": "case"}))
    assert re.search(r'value="GIVE_UP"[^>]*checked', page)
    assert '<input type="hidden" name="area" value="320100">' in page
    assert '<input type="hidden" name="applicant" value="self">' in page
    page = text(client.get(CHECK, JIANGSU_SELF | {"ask": "area"}))
    assert re.search(r'<option value="320100" selected', page)


def test_an_answer_that_no_longer_fits_is_asked_again(client, rules):
    path, query = answered(client, "about", "health", **JIANGSU_SELF)
    assert path == CHECK
    assert query == {"about": "health", "area": "320100"}


def test_without_a_fitting_answer_the_question_stays_and_says_so(client, rules):
    for typed in ("", "NO_SUCH_CASE", "DEATH"):
        page = text(client.get(CHECK, {"about": "cash", "answered": "case", "case": typed}))
        assert "错误：" in page
        assert 'href="#id_case_0"' in page
        assert '<input type="hidden" name="about" value="cash">' in page


def test_whatever_stands_in_the_address_leads_to_a_question_that_can_be_answered(client, rules):
    for about in ("", "cash", DEATH, "nonsense"):
        for case in ("", "WECHAT", "DEATH", "PRE_2022_BJ", "abroad", "nonsense"):
            for name in (*withdrawal.QUESTIONS, "nonsense"):
                for marker in ("answered", "ask"):
                    query = {"about": about, "case": case, marker: name}
                    page = text(client.get(CHECK, query, follow=True))
                    assert "verdict-word" in page or re.search(r'type="radio"|<option', page), query


def test_a_day_that_is_no_day_stays_in_the_field(client, rules):
    page = shown(client, on="2026-13-40", **JIANGSU_SELF)
    assert 'value="2026-13-40"' in page
    assert "不是一个日期" in page
    assert "按 2026年11月16日 的规定" in page


def test_the_day_can_be_changed_and_says_when_the_money_comes(client, rules):
    page = shown(client, on="2026-09-29", **JIANGSU_SELF)
    assert "按 2026年9月29日 的规定" in page
    # Seven free days and a worked Saturday in between
    assert "最晚 2026年10月19日办完" in page


def test_behind_the_published_holidays_only_the_number_of_days_is_told(client, rules):
    page = shown(client, on="2026-12-24", **JIANGSU_SELF)
    assert "至少 10 个工作日。2027年放假安排还没公布" in page


def test_a_payout_comes_with_a_checklist_and_what_becomes_of_the_account(client, rules):
    page = shown(client, **JIANGSU_SELF)
    assert "放弃医保关系的书面声明" in page
    assert "取了以后，账户怎么样" in page
    assert "账户注销" in page
    # Two articles differ about the account: that makes the answer itself no less sure.
    assert "由工作人员决定" not in page
    assert "依据都是官方文件" in page
    assert page.count("材料见清单") == 1


def handling(page):
    return page.split('<h2 id="handling"')[1].split("</section>")[0]


def test_a_payout_says_where_to_go_what_it_costs_and_where_the_money_goes(client, rules):
    found = handling(shown(client, **JIANGSU_SELF))
    for words in ("办理不收费。", "可以在这里办：窗口、网上。", "钱付到：银行账户。"):
        assert words in found
    assert "没有查到" not in found


def test_what_is_told_of_one_case_is_not_told_of_another(client, rules):
    found = handling(shown(client, case="PRE_2022_BJ", applicant="self"))
    assert "可以在这里办：银行。" in found
    assert "钱付到哪里，没有查到" in found
    assert "要不要交费，没有查到" in found
    found = handling(shown(client, case="DEATH", area="110000", applicant="heir"))
    assert "银行" not in found
    assert "到哪里办，没有查到" in found


def test_a_number_that_only_an_article_names_is_shown_as_such(client, rules):
    page = shown(client, case="DEATH", area="330100", applicant="heir")
    assert "本地咨询电话没有核实，先打12393。" in page
    assert "961128" in page
    assert "依据都是官方文件" in page
    assert "961128" not in shown(client, case="DEATH", area="330200", applicant="heir")


def test_sources_are_shown_with_kind_and_date_and_every_citation_leads_to_one(client, rules):
    page = shown(client, case="SERIOUS_ILLNESS", area="320100")
    assert "规范性文件" in page
    assert "2022-04-27" in page
    assert "只有网上文章这样说" in page
    cited = set(re.findall(r'href="#(withdrawal-[^"]+)"', page))
    anchors = re.findall(r'id="([^"]+)"', page)
    assert cited
    assert cited <= set(anchors)
    assert len(anchors) == len(set(anchors))


SAYINGS = (
    ("SERIOUS_ILLNESS", "74种大病"),
    ("EMERGENCY", "手工报销"),
    ("WECHAT", "银行存款"),
    ("BALANCE_UNUSED", "骗保"),
    ("PENSION_ACCOUNT", "社会保险经办机构"),
    ("REMOTE_RESIDENCE", "异地就医备案，这个网站不办"),
    ("MOVE_IN_PROVINCE", "这个网站不办"),
)


def test_what_goes_round_and_what_is_not_done_here_is_answered(client, rules):
    for case, says in SAYINGS:
        assert says in shown(client, case=case, area="320100", applicant="self"), case


def test_a_claim_that_documents_overrule_stands_apart_from_the_reason(rules):
    answers = Answers("health", "SERIOUS_ILLNESS", "320100")
    decision = withdrawal.result(answers, on=TODAY).decision
    assert [one.code for one in decision.findings] == ["case_no"]
    assert [one.code for one in decision.rejected] == ["claim_rejected"]


def test_a_document_that_has_run_out_is_marked_in_the_list_of_sources(rules):
    answers = Answers("away", "MOVE_PROVINCE_NOT_ACCEPTED", "440100", "self")
    source, _hotline = withdrawal.result(answers, on=TODAY).decision.sources
    assert "有效期已过" in source.confidence
    source, _hotline = withdrawal.result(answers, on=dt.date(2024, 1, 1)).decision.sources
    assert source.confidence == "官方文件"


def test_a_place_that_nobody_loaded_is_answered_by_its_code(client, rules):
    page = shown(client, case="GIVE_UP", area="350200")
    assert "福建省（350200）" in page
    assert "现在没有依据回答" in page


def test_a_result_without_its_answers_leads_back_to_the_question(client, rules):
    for area in ("990000", "abc", "000000", "３２０１００", ""):
        answer = client.get(RESULT, {"case": "GIVE_UP", "area": area})
        assert answer.status_code == 302, area
        assert answer.url.startswith(CHECK)
        assert "在哪里参保" in text(client.get(answer.url))


def test_every_day_ends_in_a_page_and_not_in_a_circle(client, rules):
    for on in ("1995-03-01", "2019-06-30", "2022-01-01", "2026-11-16", "2060-12-31"):
        for query in (JIANGSU_SELF, {"case": "GIVE_UP", "area": "320100"}):
            answer = client.get(RESULT, query | {"on": on}, follow=True)
            assert answer.status_code == 200


def test_the_own_place_is_not_asked_again_but_can_be_changed(citizen):
    path, query = answered(citizen, "case", "SERIOUS_ILLNESS", about="health")
    assert path == RESULT
    assert query["area"] == "320100"
    page = text(citizen.get(path, query))
    assert "南京市" in page
    page = text(citizen.get(CHECK, query | {"ask": "area"}))
    assert re.search(r'<option value="320100" selected', page)
    assert answered(citizen, "area", "440100", about="health", case="SERIOUS_ILLNESS")[1][
        "area"
    ] == ("440100")


def test_addresses_hold_nothing_personal(citizen):
    allowed = {"about", "case", "more", "area", "applicant", "on"}
    _path, query = answered(citizen, "case", "GIVE_UP", about="away")
    assert set(query) <= allowed
    fields = re.findall(r'<(?:input|select)[^>]* name="(\w+)"', text(citizen.get(CHECK, query)))
    assert set(fields) - {"csrfmiddlewaretoken"} <= allowed | {"answered"}


def queries_of(call):
    with CaptureQueriesContext(
        connection,
    ) as captured:
        call()
    return len(captured)


def test_the_decision_costs_two_queries_and_the_name_of_the_place_one(rules):
    answers = Answers("away", "GIVE_UP", "320100", "self")
    assert queries_of(lambda: withdrawal.result(answers, on=TODAY)) == 3
    tempting = Answers("cash", "WECHAT", "320100")
    assert queries_of(lambda: withdrawal.result(tempting, on=TODAY)) == 3


def test_being_signed_in_costs_one_query_for_the_own_place(citizen):
    user = register.InsuredPerson.objects.get().identity_links.get().user
    assert queries_of(lambda: withdrawal.own_area(user, today=TODAY)) == 1


def test_an_enrolment_that_has_ended_is_no_own_place(rules):
    person = register.make_person()
    user = make_citizen(person=person)
    area = PoolingArea.objects.get(code="320100")
    register.make_enrolment(
        person=person, area=area, starts_on=dt.date(2015, 1, 1), ends_on=dt.date(2020, 1, 1)
    )
    assert withdrawal.own_area(user, today=TODAY) == ""


def test_whoever_is_no_longer_linked_has_no_own_place(citizen):
    link = register.InsuredPerson.objects.get().identity_links.get()
    link.ended_at = timezone.now()
    link.save()
    assert withdrawal.own_area(link.user, today=TODAY) == ""
