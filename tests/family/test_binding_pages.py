"""One binding for either side: what it says, which buttons each has, and what pressing them does."""

import datetime as dt

import pytest
import time_machine
from django.test import Client

from accounts.models import AuditEntry
from family import bindings, changing
from family.models import Binding, Channel, MoneyModel
from family.moves import Side, State
from family.reasons import REASONS, Code
from tests.conftest import FIXED_MOMENT
from tests.factories import agreeing
from tests.factories import family as short
from tests.factories import insurance as register
from tests.factories.accounts import PASSWORD, make_staff
from tests.factories.agreeing import login_of, make_binding, make_member, propose
from tests.family.visiting import page, text, visitor

pytestmark = pytest.mark.usefixtures("rules")
BUTTONS = {
    "pause": "马上暂停",
    "resume": ">恢复<",
    "change": "改限额和范围",
    "withdraw": ">撤回<",
    "end": ">结束<",
}


@pytest.fixture
def husband(rules):
    return make_member()


@pytest.fixture
def wife(rules):
    return make_member(name="李梅", born="19730405")


@pytest.fixture
def binding(husband, wife):
    return make_binding(giver=husband, beneficiary=wife, cap_month_fen=30000)


def shown(binding, person):
    return text(visitor(person).get(page(binding)))


def now(binding):
    return Binding.objects.get(pk=binding.pk)


def press(binding, person, what, **fields):
    fields = {"version": now(binding).version, **fields}
    return visitor(person).post(page(binding, f"{what}/"), fields, follow=True)


def main(html):
    return html.partition("<main")[2].partition("</main>")[0]


def buttons(html):
    return {name for name, words in BUTTONS.items() if words in html}


@pytest.mark.parametrize(
    ("state", "fields", "of_giver", "of_beneficiary"),
    [
        (State.ACTIVE, {}, {"pause", "change", "end"}, {"pause", "end"}),
        (State.PAUSED, {"paused_by": "giver"}, {"resume", "change", "end"}, {"end"}),
        (
            State.PAUSED,
            {"paused_by": "beneficiary"},
            {"pause", "change", "end"},
            {"resume", "end"},
        ),
        (State.SUSPENDED, {}, {"pause", "change", "end"}, {"pause", "end"}),
        (State.WITH_STAFF, {}, {"withdraw"}, {"withdraw"}),
        (State.ENDED, {}, set(), set()),
        (State.REFUSED, {}, set(), set()),
    ],
)
def test_each_side_has_the_buttons_of_the_table_and_no_others(
    husband, wife, state, fields, of_giver, of_beneficiary
):
    made = short.make_binding(giver=husband, beneficiary=wife, state=state, **fields)
    assert buttons(shown(made, husband)) == of_giver
    assert buttons(shown(made, wife)) == of_beneficiary


def test_terms_use_and_history_stand_on_the_page(husband, wife, binding):
    short.use_cap(binding, month=(2026, 11), used_fen=8600)
    mine, theirs = shown(binding, husband), shown(binding, wife)
    for html in (mine, theirs):
        for words in ("300.00 元", "86.00 元", "2026年11月", binding.reference, "提出", "同意"):
            assert words in html, words
    assert "我出钱给 李* 用" in mine
    assert "我用 张*国 的钱" in theirs
    assert "第 1 位（顺序的第 1 版）" in theirs
    assert "顺序的第" not in mine
    assert "张建国" not in theirs


@pytest.mark.both_databases
def test_pausing_takes_one_press_and_resuming_the_password(husband, wife, binding):
    assert "已经暂停" in text(press(binding, husband, "pause"))
    assert now(binding).state == State.PAUSED
    assert "对方暂停的" in shown(binding, wife)
    assert "密码不对" in text(press(binding, husband, "resume", password="wrong password"))
    assert now(binding).state == State.PAUSED
    assert "已经恢复" in text(press(binding, husband, "resume", password=PASSWORD))
    assert now(binding).state == State.ACTIVE


def test_nobody_resumes_what_the_other_side_has_paused(husband, wife, binding):
    press(binding, husband, "pause")
    assert "现在不能这样办" in text(press(binding, wife, "resume", password=PASSWORD))
    assert now(binding).state == State.PAUSED


def test_an_old_page_may_still_pause(husband, binding):
    assert "已经暂停" in text(press(binding, husband, "pause", version=999))


@pytest.mark.both_databases
def test_the_giver_changes_the_terms_and_both_read_what_was_and_is(husband, wife, binding):
    terms = {"cap_month_fen": "100", "cap_bill_fen": "", "uses": ["DRUG"], "to_day": "2027-01"}
    terms |= {"state": "ended", "giver": wife.pk, "money_model": "limit", "limit_fen": "7"}
    assert "改好了" in text(press(binding, husband, "change", **terms))
    found = now(binding)
    assert (found.cap_month_fen, found.uses) == (10000, ["DRUG"])
    assert (found.state, found.giver) == (State.ACTIVE, husband)
    assert (found.money_model, found.limit_fen) == (MoneyModel.DIRECT_DEBIT, None)
    assert found.to_day == dt.date(2027, 1, 31)
    assert "每个月最多：300.00 元 → 100.00 元" in shown(binding, wife)


def test_the_form_of_terms_shows_them_as_they_are_and_refuses_nonsense(husband, binding):
    html = text(visitor(husband).get(page(binding, "change/")))
    assert 'value="300.00"' in html
    wrong = {"cap_month_fen": "100", "cap_bill_fen": "200", "uses": ["DRUG"], "to_day": "2020"}
    html = text(press(binding, husband, "change", **wrong))
    assert "不能比每个月的上限还高" in html
    assert "已经过了" in html
    assert now(binding).version == binding.version


def test_only_the_giver_changes_terms(wife, binding):
    assert "现在不能这样办" in text(press(binding, wife, "change", uses=["DRUG"]))
    assert now(binding).version == binding.version


@pytest.mark.parametrize("what", ["change", "end"])
def test_what_was_decided_on_an_old_page_is_not_done(husband, binding, what):
    sent = press(binding, husband, what, version=1, cap_month_fen="77", uses=["DRUG"])
    assert sent.status_code == 409
    html = sent.content.decode()
    assert "情况有了变化" in html
    assert f'name="version" value="{binding.version}"' in html
    if what == "change":
        assert 'value="77"' in html
    assert now(binding).version == binding.version


@pytest.mark.parametrize("version", ["", "x", "-1", "9" * 40])
def test_a_form_without_its_version_does_nothing(husband, binding, version):
    assert press(binding, husband, "end", version=version).status_code == 409
    assert now(binding).state == State.ACTIVE


@pytest.mark.both_databases
def test_ending_asks_first_and_holds_at_once_for_either_side(wife, binding):
    html = text(visitor(wife).get(page(binding, "end/")))
    assert "马上生效" in html
    assert "10 分钟内可以撤销" in html
    assert now(binding).state == State.ACTIVE
    assert "已经结束" in text(press(binding, wife, "end"))
    assert now(binding).state == State.ENDED


def test_before_ending_one_learns_what_comes_back_and_what_stays(husband, wife):
    agreeing.publish(rebinding_wait_days=90)
    made = short.make_binding(
        giver=husband,
        beneficiary=wife,
        money_model=MoneyModel.LIMIT,
        limit_fen=50000,
        limit_used_fen=12000,
    )
    short.make_grant(owner=husband, helper=wife, kind="see_balance")
    html = text(visitor(husband).get(page(made, "end/")))
    assert "380.00 元" in html
    assert "90 天才能重新绑定" in html
    assert "查看和代办是另一回事" in html


@pytest.mark.both_databases
@pytest.mark.parametrize(("seconds", "state"), [(599, State.ACTIVE), (601, State.ENDED)])
def test_an_end_can_be_taken_back_for_ten_minutes(husband, wife, binding, seconds, state):
    press(binding, husband, "end")
    assert "撤销刚才的结束" in shown(binding, husband)
    assert "还有 10 分钟" in shown(binding, husband)
    assert "撤销刚才的结束" not in shown(binding, wife)
    with time_machine.travel(FIXED_MOMENT + dt.timedelta(seconds=seconds), tick=False):
        html = text(press(binding, husband, "undo"))
        assert ("撤销好了" in html) == (state == State.ACTIVE)
        assert ("不能撤销了" in html) == (state == State.ENDED)
    assert now(binding).state == state


def test_the_other_side_takes_no_end_back(husband, wife, binding):
    press(binding, husband, "end")
    assert "不能撤销了" in text(press(binding, wife, "undo"))
    assert now(binding).state == State.ENDED


@pytest.mark.both_databases
def test_a_proposal_is_taken_back_as_often_as_one_likes(husband, wife):
    made = propose(husband, wife)
    assert buttons(shown(made, husband)) == {"withdraw"}
    assert "撤回不受罚" in text(visitor(husband).get(page(made, "withdraw/")))
    assert "撤回了" in text(press(made, husband, "withdraw"))
    assert now(made).state == State.WITHDRAWN
    assert "现在不能这样办" in text(press(made, husband, "withdraw"))


def test_the_invited_person_is_no_side_before_the_answer(husband, wife):
    made = propose(husband, wife)
    assert visitor(wife).get(page(made)).status_code == 404


def test_the_initiator_reads_what_in_the_own_record_stands_in_the_way(husband, wife):
    made = propose(husband, wife)
    assert "您这边还差一步" not in shown(made, husband)
    register.make_fact(person=husband, kind="account_freeze", from_day=dt.date(2026, 11, 1))
    html = shown(made, husband)
    assert "您这边还差一步" in html
    assert f"说编号 {REASONS[Code.FROZEN].number}" in html


def test_why_it_is_suspended_is_told_to_whom_it_concerns(husband, wife, binding):
    changing.suspend(binding_id=binding.pk, reason="account_freeze", whose=Side.GIVER)
    assert "您的账户冻结了" in shown(binding, husband)
    html = shown(binding, wife)
    assert "冻结" not in html
    assert "对方的登记情况有变化" in html


def test_why_it_ended_stands_at_the_top(husband, wife, binding):
    changing.close(binding_id=binding.pk, reason="insurance_ended", whose=Side.BENEFICIARY)
    assert "您的参保关系已经结束" in shown(binding, wife)
    assert "参保关系" not in main(shown(binding, husband))


def test_the_formal_end_has_its_day(husband, wife, binding):
    assert "没有查到当地规定，所以马上就算结束" in text(visitor(husband).get(page(binding, "end/")))
    agreeing.publish(bound_at_least_days=45)
    html = text(visitor(husband).get(page(binding, "end/")))
    assert "绑定满 45 天才能正式结束，所以要等到 2026年12月31日" in html
    assert "没有查到当地规定" not in html
    assert "从现在起不付钱，2026年12月31日正式结束" in text(press(binding, husband, "end"))
    html = shown(binding, wife)
    assert "2026年12月31日正式结束" in html
    assert "现在不付钱" in html
    assert "当地规定绑定要满一定天数" in html


@pytest.mark.both_databases
def test_still_right_is_one_press_of_the_giver_and_is_asked_again_in_a_year(husband, wife, binding):
    Binding.objects.filter(pk=binding.pk).update(created_at=FIXED_MOMENT - dt.timedelta(days=400))
    assert "现在还对吗" not in shown(binding, wife)
    assert visitor(wife).post(page(binding, "still-right/")).status_code == 403
    short.make_grant(owner=husband, helper=wife, kind="act_family")
    for_him = f"?for={husband.reference}"
    assert "现在还对吗" not in text(visitor(wife).get(page(binding) + for_him))
    assert visitor(wife).post(page(binding, "still-right/") + for_him).status_code == 403
    assert now(binding).reviewed_on is None
    assert "现在还对吗" in shown(binding, husband)
    html = text(press(binding, husband, "still-right"))
    assert "现在还对吗" not in html
    assert now(binding).reviewed_on == FIXED_MOMENT.date()
    written = AuditEntry.objects.get(action="binding.review")
    assert (written.subject_ref, written.actor) == (binding.reference, login_of(husband))


def test_what_has_ended_is_not_right_still(husband, binding):
    Binding.objects.filter(pk=binding.pk).update(state=State.ENDED)
    assert "现在不能这样办" in text(press(binding, husband, "still-right"))
    assert now(binding).reviewed_on is None


def test_what_was_done_at_the_counter_says_so(husband, wife):
    clerk = make_staff()
    made = propose(husband, wife)
    bindings.confirm(
        binding_id=made.pk,
        person=wife,
        signed_name=wife.name,
        by=clerk,
        channel=Channel.COUNTER,
        presence="card",
    )
    html = shown(made, wife)
    assert "在医保窗口，由工作人员录入" in html
    assert "没有同意过" in html
    assert "没有同意过" not in shown(make_binding(), Binding.objects.last().giver)


def test_what_a_helper_did_says_so(husband, wife, binding):
    short.make_grant(owner=husband, helper=wife, kind="act_family")
    visitor(wife).post(page(binding, "pause/") + f"?for={husband.reference}")
    html = shown(binding, husband)
    assert "请来帮忙的家人在网上" in html
    assert now(binding).paused_by == Side.GIVER


def test_a_form_from_elsewhere_changes_nothing(husband, binding):
    own = visitor(husband)
    browser = Client(enforce_csrf_checks=True)
    browser.cookies = own.cookies
    addresses = [page(binding, f"{one}/") for one in ("pause", "undo", "end", "change", "resume")]
    for address in (*addresses, page(binding, "still-right/"), "/family/pause-all/"):
        assert browser.post(address, {"version": binding.version}).status_code == 403, address
    assert now(binding).version == binding.version
