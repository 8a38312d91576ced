"""Adding a relative: the questions, the answer before the long part, the check, the sending."""

import datetime as dt
import re

import pytest
from django.utils.html import escape

from accounts.display import COOKIE_NAME
from accounts.models import Draft
from family import letter
from family.models import Binding
from tests.factories import agreeing
from tests.family.adding import (
    ADD,
    CHECK,
    STEPS,
    USES,
    WIFE,
    add,
    answer,
    answer_until,
    at,
    begin,
    fill,
    send,
    text,
    title,
    visitor,
)

pytestmark = pytest.mark.usefixtures("rules")


@pytest.fixture
def giver():
    return agreeing.make_member()


@pytest.fixture
def client(giver):
    return visitor(giver)


def test_seven_questions_make_a_proposal(client, giver):
    binding = Binding.objects.get(reference=add(client))
    assert (binding.giver, binding.beneficiary, binding.state) == (giver, None, "waiting")
    assert (binding.relation, binding.cap_month_fen, binding.uses) == ("spouse", 30000, USES)
    assert (binding.from_day, binding.to_day) == (dt.date(2026, 11, 16), None)
    assert (binding.invitation.name, binding.invitation.id_number) == ("李梅", WIFE)
    assert (binding.invitation.said_scheme, binding.invitation.said_area) == ("resident", "340100")
    consent = binding.consents.get()
    assert (consent.side, consent.signed_name, consent.letter) == (
        "giver",
        "张建国",
        letter.CURRENT,
    )


def test_whoever_uses_the_money_answers_six_and_says_what_the_giver_is_to_them(client, giver):
    reference = add(
        client,
        side={"side": "beneficiary"},
        relation={"relative": "parent"},
        insured={"scheme": "employee"},
    )
    binding = Binding.objects.get(reference=reference)
    assert (binding.beneficiary, binding.giver, binding.relation) == (giver, None, "child")
    assert "第 6 步，共 6 步" in text(fill_page(client, "letter", side={"side": "beneficiary"}))


def fill_page(client, step, **changed):
    answer_until(client, {"letter": "terms"}[step], **changed)
    return client.get(at(step))


def test_every_page_says_where_it_is_and_no_two_have_one_title(client):
    titles = [title(client.get(ADD))]
    begin(client)
    for number, step in enumerate(STEPS, start=1):
        page = client.get(at(step))
        assert f"第 {number} 步，共 7 步" in title(page)
        titles.append(title(page))
        found = answer(client, step)
        if found.url == at("precheck"):
            titles.append(title(client.get(found.url)))
    titles.append(title(client.get(CHECK)))
    assert len(set(titles)) == len(titles) == 10


def test_no_address_holds_a_name_or_a_number(client):
    begin(client)
    for step in STEPS:
        found = answer(client, step)
        assert not re.search(r"\d{6}|[\u4e00-\u9fff]|%E", found.url), found.url


def test_the_answer_comes_before_the_long_part(client):
    found = answer_until(client, "insured")
    assert found.url == at("precheck")
    page = text(client.get(found.url))
    assert "可以" in page
    assert f'href="{at("who")}"' in page.replace("&amp;", "&")


def test_parents_in_law_are_refused_with_the_way_out(client):
    found = answer_until(client, "relation", relation={"relative": "parent_in_law"})
    assert found.url == at("precheck")
    page = text(client.get(found.url))
    assert "不可以" in page
    assert "可以由配偶给自己的父母办理" in page
    assert at("who") not in page.replace("&amp;", "&")
    # Nothing typed is lost, and no later address leads round the answer.
    assert answer(client, "letter").url != CHECK
    assert client.get(CHECK).status_code == 302
    assert not Binding.objects.exists()


def test_whoever_has_no_account_is_told_at_once_and_what_to_do(db):
    client = visitor(agreeing.make_member(scheme="resident"))
    found = answer_until(client, "relation")
    page = text(client.get(found.url))
    assert "您参加的是居民医保，没有个人账户可以给家人用" in page
    assert "请参加职工医保的家人出钱" in page
    assert "代码 G06" in page


def test_what_nobody_knows_holds_nobody_up(client):
    found = answer_until(client, "insured", insured={"scheme": "unknown", "area": ""})
    page = text(client.get(found.url))
    assert "接着填" in page
    assert add(client, insured={"scheme": "unknown", "area": ""})
    assert Binding.objects.get().invitation.said_scheme == ""


def test_another_province_asks_for_a_limit_and_staff_decide(client):
    far = {"insured": {"scheme": "employee", "area": "440100"}}
    found = answer_until(client, "insured", **far)
    assert "要窗口决定" in text(client.get(found.url))
    found = answer_until(client, "terms", **far)
    assert "要先定一笔额度" in text(found)
    page = fill(client, **far, terms={"limit_fen": "500"})
    assert "500.00 元" in text(page)
    send(client, page)
    assert Binding.objects.get().limit_fen == 50000


def test_a_limit_that_no_longer_counts_is_left_out(client):
    page = fill(
        client,
        insured={"scheme": "employee", "area": "440100"},
        terms={"limit_fen": "500"},
    )
    assert client.post(at("insured", back="check"), STEPS["insured"]).url == CHECK
    send(client, client.get(CHECK))
    assert Binding.objects.get().limit_fen is None
    assert page


def test_only_looking_leads_to_the_other_kind_of_permission(client):
    begin(client)
    assert "不能花一分钱" in text(client.get(at("side")))
    found = answer(client, "side", side="look")
    assert found.url.startswith("/family/grants")
    assert client.get(CHECK).url == at("side")


def test_the_picture_says_in_words_what_it_shows(client):
    begin(client)
    page = text(client.get(at("side")))
    assert page.count('class="choice-picture"') == page.count('alt="图：') == 3


def test_large_type_shows_four_choices_at_most(client):
    client.cookies[COOKIE_NAME] = "elder"
    begin(client)
    counts = {}
    for step in STEPS:
        counts[step] = text(client.get(at(step))).count('type="radio"')
        answer(client, step)
    for group in ("other", "grandparent", "grandchild", "in_law"):
        counts[group] = text(client.get(at("relation", among=group))).count('type="radio"')
    assert max(counts.values()) == 4
    assert counts["relation"] == counts["other"] == 4


def test_a_group_of_relatives_is_no_answer_yet(client):
    client.cookies[COOKIE_NAME] = "elder"
    begin(client)
    answer(client, "side")
    found = answer(client, "relation", relative="other")
    assert found.url == at("relation", among="other")
    found = client.post(found.url, {"relative": "grandparent"})
    assert client.get(at("insured")).url == at("relation")
    found = client.post(found.url, {"relative": "maternal_grandparent"})
    assert found.url == at("insured")
    assert re.search(r'value="other"[^>]*checked', text(client.get(at("relation"))))


BAD = (
    ("side", {"side": "both"}, "请选一项"),
    ("relation", {"relative": "cousin"}, "请选一项"),
    ("insured", {"scheme": ""}, "请选一项"),
    ("insured", {"area": "999999"}, "请选参保的地方"),
    ("who", {"name": ""}, "请填姓名"),
    ("who", {"name": "<b>"}, "不能用的符号"),
    ("who", {"id_number": "340104197304050000"}, "对不上"),
    ("who", {"id_number": "12345"}, "18 位"),
    ("sees", {"sees": "all"}, "请选一项"),
    ("terms", {"cap_month_fen": "1e5"}, "不是一个金额"),
    ("terms", {"cap_month_fen": "-1"}, "不是一个金额"),
    ("terms", {"cap_bill_fen": "300.01"}, "不能比每个月的上限还高"),
    ("terms", {"uses": []}, "至少选一种"),
    ("terms", {"uses": ["CASH"]}, "请选一项"),
    ("terms", {"from_day": "2026-11-15"}, "这一天已经过了"),
    ("terms", {"to_day": "2026-11-15"}, "结束的日子要在今天以后"),
    ("letter", {"signed_name": ""}, "请写下您自己的姓名"),
    ("letter", {"signed_name": "李梅"}, "和登记的姓名不一样"),
)
TYPED_IN = ("who", "terms", "letter")


def test_bad_input_is_told_and_kept_and_changes_nothing(client):
    begin(client)
    for step in STEPS:
        kept = Draft.objects.get().data
        for where, typed, said in BAD:
            if where == step:
                page = text(answer(client, step, **typed))
                assert said in page, said
                assert "<title>错误：" in page
                if step in TYPED_IN:
                    assert all(
                        escape(one) in page for one in typed.values() if isinstance(one, str)
                    )
        assert Draft.objects.get().data == kept
        answer(client, step)
    assert not Binding.objects.exists()


def test_ones_own_number_is_a_slip(client, giver):
    answer_until(client, "insured")
    assert "这是您自己的身份证号" in text(answer(client, "who", id_number=giver.id_number))


@pytest.mark.parametrize(
    "typed",
    [
        WIFE[:6] + " " + WIFE[6:14] + "-" + WIFE[14:].lower(),
        "".join(chr(ord(one) + 0xFEE0) for one in WIFE),
        WIFE[:6] + WIFE[8:17],
    ],
)
def test_a_number_is_read_however_it_is_typed(client, typed):
    add(client, who={"id_number": typed})
    assert Binding.objects.get().invitation.id_number == WIFE


def test_changing_an_answer_leads_back_to_the_check(client):
    page = text(fill(client)).replace("&amp;", "&")
    for step in STEPS:
        assert at(step, back="check") in page
    assert client.post(at("terms", back="check"), {"cap_month_fen": "88", "uses": USES}).url == CHECK  # fmt: skip
    page = text(client.get(CHECK))
    assert "88.00 元" in page
    assert "李梅" in page


def test_whoever_changes_sides_signs_the_other_promises(client):
    fill(client)
    assert "用掉的钱从我的个人账户里出" in text(client.get(at("letter")))
    found = client.post(at("side", back="check"), {"side": "beneficiary"})
    # A resident gives nothing: the answer comes first.
    assert found.url == at("precheck")
    client.post(at("insured", back="check"), {"scheme": "employee", "area": agreeing.HEFEI})
    assert client.get(CHECK).url == at("letter")
    assert "我只用来付我自己看病" in text(client.get(at("letter")))


def test_an_amount_is_said_in_words_too_before_somebody_signs_for_it(husband):
    """Large type alone shows them, by its style; whoever reads English is shown digits."""
    page = fill(visitor(husband)).content.decode()
    assert '300.00 元<br class="elder-only"><span class="elder-only">叁佰元整</span>' in page
    client = visitor(husband)
    client.cookies["django_language"] = "en"
    assert "叁佰元整" not in client.get(CHECK).content.decode()
