"""One page that says who may use whose money, and what waits for whom."""

import datetime as dt

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from family import changing
from family.models import Binding, GrantKind
from family.moves import Side, State
from insurance import register
from tests.conftest import FIXED_MOMENT
from tests.factories import family as short
from tests.factories.agreeing import (
    confirm,
    make_binding,
    make_guardianship,
    make_member,
    pressed,
    propose,
)
from tests.family.visiting import text, visitor

pytestmark = pytest.mark.usefixtures("rules")
HERE = "/family/"
MOST_QUERIES = 10


@pytest.fixture
def husband(rules):
    return make_member()


@pytest.fixture
def wife(rules):
    return make_member(name="李梅", born="19730405")


def shown(person, query=""):
    return text(visitor(person).get(HERE + query))


def test_somebody_alone_is_told_so_and_how_to_begin(husband):
    html = shown(husband)
    assert "现在没有人可以用您的钱" in html
    assert "现在您没有用家人的钱" in html
    assert "/family/add/" in html
    assert "马上全部暂停" not in html


def test_spending_and_helping_are_told_apart(husband):
    html = shown(husband)
    assert "能花钱" in html
    assert "不能花钱" in html
    assert "/family/grants/" in html


def test_an_invitation_waits_for_whom_it_names_and_until_when(husband, wife):
    made = propose(husband, wife)
    mine, theirs = shown(husband), shown(wife)
    assert "等对方回答" in mine
    assert "等您回答" not in mine
    assert "等您回答" in theirs
    assert "张*国 想出钱给您用" in theirs
    assert f"/family/invitations/{made.reference}/" in theirs
    until = made.invitation.expires_at.astimezone(FIXED_MOMENT.tzinfo)
    for html in (mine, theirs):
        assert f"{until.year}年{until.month}月{until.day}日" in html


def test_an_invitation_that_ran_out_waits_for_nobody(husband, wife):
    propose(husband, wife)
    with time_machine.travel(FIXED_MOMENT + dt.timedelta(days=60), tick=False):
        assert "等您回答" not in shown(wife)


def test_both_sides_see_the_binding_from_their_own_side(husband, wife):
    made = make_binding(giver=husband, beneficiary=wife, cap_month_fen=30000)
    short.use_cap(made, month=(2026, 11), used_fen=8600)
    short.use_cap(made, month=(2026, 10), used_fen=100)
    mine, theirs = shown(husband), shown(wife)
    for html in (mine, theirs):
        assert "这个月用了 86.00 元" in html
        assert "每个月最多 300.00 元" in html
    assert "李*" in mine
    assert "/balance/statement/?group=family" in mine
    assert "张*国" in theirs
    assert "第 1 位扣" in theirs
    assert "马上全部暂停" in mine
    assert "马上全部暂停" not in theirs


def test_a_new_binding_says_from_when_it_works(husband, wife):
    made = make_binding(giver=husband, beneficiary=wife)
    start = made.usable_from.astimezone(FIXED_MOMENT.tzinfo)
    assert f"{start:%H:%M}起可以用" in shown(wife)


@pytest.mark.both_databases
def test_everything_given_is_paused_with_one_press(husband, wife):
    son = make_member(name="张小军", born="19990101")
    given = [
        make_binding(giver=husband, beneficiary=wife),
        make_binding(giver=husband, beneficiary=son, relation="child"),
    ]
    used = make_binding(giver=wife, beneficiary=husband)
    answer = visitor(husband).post(f"{HERE}pause-all/", follow=True)
    assert "已经全部暂停，共 2 位" in text(answer)
    states = dict(Binding.objects.values_list("pk", "state"))
    assert [states[one.pk] for one in given] == [State.PAUSED, State.PAUSED]
    assert states[used.pk] == State.ACTIVE
    assert "马上全部暂停" not in text(answer)
    assert "您暂停的" in text(answer)


def test_opening_the_address_of_the_button_pauses_nothing(husband, wife):
    made = make_binding(giver=husband, beneficiary=wife)
    assert visitor(husband).get(f"{HERE}pause-all/").status_code == 405
    assert Binding.objects.get(pk=made.pk).state == State.ACTIVE


@pytest.mark.parametrize(
    ("state", "fields", "told"),
    [
        (State.WITH_STAFF, {}, "等医保窗口"),
        (State.SUSPENDED, {}, "登记的情况有变化"),
        (State.ENDING, {"formal_end": dt.date(2026, 12, 31)}, "2026年12月31日正式结束"),
    ],
)
def test_every_state_that_waits_says_what_for(husband, wife, state, fields, told):
    short.make_binding(giver=husband, beneficiary=wife, state=state, **fields)
    assert told in shown(husband)
    assert told in shown(wife)


def test_after_a_year_one_is_asked_whether_it_is_still_right(husband, wife):
    made = short.make_binding(giver=husband, beneficiary=wife)
    assert "现在还对吗" not in shown(husband)
    Binding.objects.filter(pk=made.pk).update(created_at=FIXED_MOMENT - dt.timedelta(days=365))
    assert "现在还对吗" in shown(husband)
    assert "现在还对吗" not in shown(wife)
    Binding.objects.filter(pk=made.pk).update(reviewed_on=FIXED_MOMENT.date())
    assert "现在还对吗" not in shown(husband)


def test_who_just_ended_it_sees_that_it_can_be_taken_back_and_the_other_does_not(husband, wife):
    made = make_binding(giver=husband, beneficiary=wife)
    changing.end(binding_id=made.pk, person=husband, **pressed(husband))
    assert "刚刚结束" in shown(husband)
    assert "刚刚结束" not in shown(wife)
    with time_machine.travel(FIXED_MOMENT + dt.timedelta(minutes=11), tick=False):
        assert "刚刚结束" not in shown(husband)


def test_a_guardian_sees_what_waits_for_the_child(husband, wife):
    child = make_member(name="张小宝", born="20180301", scheme="resident")
    make_guardianship(guardian=wife, child=child)
    made = propose(husband, child, relation="child")
    html = shown(wife)
    assert "有 1 个邀请在等 张*宝 回答" in html
    assert made.reference not in html
    assert "张*国" not in html
    assert f"/family/?for={child.reference}" in html
    assert "您是监护人" in html
    html = shown(wife, f"?for={child.reference}")
    assert made.reference in html
    assert "张*国 想出钱给 张*宝 用" in html
    assert "给您用" not in html


def test_nobody_helps_the_dead(husband, wife):
    short.make_grant(owner=husband, helper=wife, kind=GrantKind.ACT_FAMILY)
    propose(make_member(name="王芳"), husband, relation="sibling")
    register.record_fact(person=husband, kind="death", from_day=FIXED_MOMENT.date())
    assert "张*国" not in shown(wife)


def test_a_helper_acts_on_the_owners_overview_and_sees_nothing_of_other_helpers(husband, wife):
    make_binding(giver=wife, beneficiary=husband)
    short.make_grant(owner=husband, helper=wife, kind=GrantKind.ACT_FAMILY)
    html = shown(wife, f"?for={husband.reference}")
    assert "您正在替 张*国 办" in html
    assert f"?for={husband.reference}" in html
    assert "花钱和帮忙" not in html
    assert f'href="/family/add/?for={husband.reference}"' in html
    assert "让本人出钱，要本人自己来办" in html


def test_a_guardian_may_add_for_the_child(husband):
    child = make_member(name="张小宝", born="20180301", scheme="resident")
    make_guardianship(guardian=husband, child=child)
    html = shown(husband, f"?for={child.reference}")
    assert f'href="/family/add/?for={child.reference}"' in html
    assert "给 张*宝 再加一位家人" in html


def test_what_a_helper_may_not_answer_is_not_listed_for_the_helper(husband, wife):
    made = short.make_binding(giver=husband, beneficiary=wife)
    Binding.objects.filter(pk=made.pk).update(created_at=FIXED_MOMENT - dt.timedelta(days=365))
    son = make_member(name="张小军", born="19990101")
    short.make_grant(owner=husband, helper=son, kind=GrantKind.ACT_FAMILY)
    assert "等您看一看" in shown(husband)
    assert "等您看一看" not in shown(son, f"?for={husband.reference}")


@pytest.mark.both_databases
@pytest.mark.parametrize("count", [1, 50])
def test_the_page_costs_ten_queries_at_most_whatever_the_number_of_bindings(husband, count):
    for number in range(count):
        other = short.make_insured(name=f"王{number}")
        short.make_binding(giver=husband, beneficiary=other, relation="sibling")
        short.make_binding(giver=other, beneficiary=husband, relation="sibling")
    browser = visitor(husband)
    browser.get(HERE)
    with CaptureQueriesContext(connection) as asked:
        html = text(browser.get(HERE))
    assert html.count("兄弟姐妹") == 2 * count
    assert len(asked) <= MOST_QUERIES, [one["sql"][:120] for one in asked]


def test_each_side_counts_only_its_own(husband, wife):
    confirm(propose(husband, wife, side=Side.BENEFICIARY), husband)
    html = shown(husband)
    assert html.index("谁可以用我的钱") < html.index("李*") < html.index("我可以用谁的钱")
