"""Answering an invitation: everything one needs to decide, every cause by its name, and nothing of the other's record."""

import datetime as dt

import pytest
import time_machine

from family.models import Binding, Consent, GrantKind
from family.moves import Side, State
from family.reasons import REASONS, Code
from insurance.models import Enrolment, InsuredPerson, Notice
from tests.conftest import FIXED_MOMENT
from tests.factories import agreeing
from tests.factories import family as short
from tests.factories import insurance as register
from tests.factories.agreeing import (
    make_binding,
    make_guardianship,
    make_member,
    propose,
)
from tests.family.visiting import PAGES, asked, page, text, visitor

pytestmark = pytest.mark.usefixtures("rules")
HIDDEN = "对方那边还有一项没办好，对方登录后能看到"
BLOCKED = "现在还不能同意"
LONG_AGO = dt.date(2026, 1, 1)
# Seven provinces opened late; nobody knows when this one did.
NANJING = "320100"


@pytest.fixture
def husband(rules):
    return make_member()


@pytest.fixture
def wife(rules):
    return make_member(name="李梅", born="19730405")


def shown(binding, person, query=""):
    return text(visitor(person).get(asked(binding) + query))


def answer(binding, person, *, query="", browser=None, **fields):
    sent = {
        "version": binding.version,
        "signed_name": person.name,
        "letter": agreeing.bindings.joining.letter.CURRENT,
        **fields,
    }
    return (browser or visitor(person)).post(asked(binding) + query, sent)


def state(binding):
    return Binding.objects.get(pk=binding.pk).state


def test_everything_one_needs_to_decide_stands_on_the_page(husband, wife):
    made = propose(husband, wife, cap_month_fen=30000)
    html = shown(made, wife)
    for words in (
        "张*国 想出钱给您用，您同意吗？",
        "配偶",
        "在定点医疗机构看病",
        "300.00 元",
        "叁佰元整",
        "不限",
        "一直有效",
        "双方能看到什么",
        "看不到药名",
        "家庭共济个人承诺书",
        "以后再说",
        "不同意",
    ):
        assert words in html, words
    assert "张建国" not in html
    assert husband.id_number not in html


def test_the_giver_is_asked_what_relatives_may_see(husband, wife):
    made = propose(husband, wife, side=Side.BENEFICIARY)
    html = shown(made, husband)
    assert "李* 想用您的钱" in html
    assert "可以看到从我账户出多少" in html
    assert "划出多少钱" not in html


@pytest.mark.both_databases
def test_a_signature_makes_it_hold_and_the_receipt_says_from_when(husband, wife):
    made = propose(husband, wife)
    browser = visitor(wife)
    sent = answer(made, wife, browser=browser)
    assert (sent.status_code, sent.url) == (302, page(made, "receipt/"))
    html = text(browser.get(sent.url))
    assert "办好了" in html
    start = Binding.objects.get(pk=made.pk).usable_from.astimezone(FIXED_MOMENT.tzinfo)
    assert f"从 {start.year}年{start.month}月{start.day}日 {start:%H:%M} 起" in html
    assert made.reference.replace("-", " ") in html
    assert "试算一次" in html
    assert "/family/who-pays/" in html
    assert Consent.objects.get(binding=made, side=Side.BENEFICIARY).signed_name == "李梅"


def test_pressing_twice_leads_to_what_the_first_press_made(husband, wife):
    made = propose(husband, wife)
    browser = visitor(wife)
    answer(made, wife, browser=browser)
    for again in (answer(made, wife, browser=browser), browser.get(asked(made))):
        assert (again.status_code, again.url) == (302, page(made))


@pytest.mark.parametrize("typed", ["", "张建国", "李"])
def test_another_name_is_no_signature(husband, wife, typed):
    made = propose(husband, wife)
    html = text(answer(made, wife, signed_name=typed))
    assert "error-summary" in html
    assert state(made) == State.WAITING


def test_a_page_that_has_grown_old_keeps_what_was_typed(husband, wife):
    made = propose(husband, wife)
    sent = answer(made, wife, version=made.version + 7)
    assert sent.status_code == 409
    html = sent.content.decode()
    assert "情况有了变化" in html
    assert 'value="李梅"' in html
    assert f'name="version" value="{made.version}"' in html
    assert state(made) == State.WAITING


def test_a_letter_of_another_wording_is_read_again(husband, wife):
    made = propose(husband, wife)
    assert "承诺书换了新的一版" in text(answer(made, wife, letter="2020-01"))
    assert state(made) == State.WAITING


@pytest.mark.both_databases
def test_declining_asks_once_and_changes_nothing_else(husband, wife):
    made = propose(husband, wife)
    browser = visitor(wife)
    assert "不用说理由" in text(browser.get(asked(made, "decline/")))
    assert state(made) == State.WAITING
    sent = browser.post(asked(made, "decline/"), {"version": made.version}, follow=True)
    assert "已经回复不同意" in text(sent)
    assert state(made) == State.DECLINED
    assert "这个邀请已经没有了" in text(browser.get(asked(made)))


def test_an_invitation_that_ran_out_says_so_and_can_not_be_answered(husband, wife):
    made = propose(husband, wife)
    with time_machine.travel(FIXED_MOMENT + dt.timedelta(days=60), tick=False):
        browser = visitor(wife)
        assert "已经过了" in text(browser.get(asked(made)))
        assert "已经过了" in text(answer(made, wife, browser=browser))
        assert browser.post(asked(made, "decline/")).url == asked(made)
    assert state(made) == State.WAITING


def uninsured(person):
    Enrolment.objects.filter(person=person).update(ends_on=LONG_AGO)


def fact(kind):
    return lambda person: register.make_fact(person=person, kind=kind, from_day=LONG_AGO)


def bound(person):
    """To whom the other invitation comes from: found by its name."""
    short.make_binding(giver=InsuredPerson.objects.get(pk=person.pk - 1), beneficiary=person)


def ended_lately(person):
    agreeing.publish(rebinding_wait_days=90)
    giver = InsuredPerson.objects.get(pk=person.pk - 1)
    short.make_binding(giver=giver, beneficiary=person, state=State.ENDED, listed=False)
    Binding.objects.filter(state=State.ENDED).update(state_since=FIXED_MOMENT)


def child(person):
    InsuredPerson.objects.filter(pk=person.pk).update(birth_date=dt.date(2018, 3, 1))


def renamed(person):
    InsuredPerson.objects.filter(pk=person.pk).update(name="李美")


# What happened to the invited beneficiary, and how it is called.
OF_BENEFICIARY = (
    (uninsured, Code.BENEFICIARY_NOT_INSURED),
    (fact("settlement_suspension"), Code.SETTLEMENT_SUSPENDED),
    (bound, Code.ALREADY_BOUND),
    (ended_lately, Code.COOL_DOWN),
    (child, Code.MINOR),
)


@pytest.mark.parametrize(
    ("happen", "code"), OF_BENEFICIARY, ids=[str(one[1]) for one in OF_BENEFICIARY]
)
def test_every_cause_in_ones_own_record_has_its_name_its_number_and_a_way_out(
    husband, wife, happen, code
):
    made = propose(husband, wife)
    happen(wife)
    html = shown(made, InsuredPerson.objects.get(pk=wife.pk))
    assert BLOCKED in html
    assert f"说编号 {REASONS[code].number}" in html
    assert "我同意" not in html
    assert HIDDEN not in html


def full(person):
    agreeing.publish(max_members=1)
    make_binding(giver=person, beneficiary=make_member(name="张小军"), relation="child")


def no_account(person):
    Enrolment.objects.filter(person=person).update(has_account=False)


def resident(person):
    Enrolment.objects.filter(person=person).update(scheme="resident", has_account=False)


OF_GIVER = (
    (uninsured, Code.GIVER_NOT_INSURED),
    (resident, Code.GIVER_SCHEME),
    (no_account, Code.GIVER_NO_ACCOUNT),
    (fact("account_freeze"), Code.FROZEN),
    (fact("settlement_suspension"), Code.SETTLEMENT_SUSPENDED),
    (full, Code.MEMBER_CAP),
)


@pytest.mark.parametrize(("happen", "code"), OF_GIVER, ids=[str(one[1]) for one in OF_GIVER])
def test_the_givers_causes_are_told_to_the_giver_and_to_nobody_else(husband, wife, happen, code):
    to_giver = propose(husband, wife, side=Side.BENEFICIARY)
    to_beneficiary = propose(husband, wife)
    happen(husband)
    number = f"说编号 {REASONS[code].number}"
    assert number in shown(to_giver, husband)
    other = shown(to_beneficiary, wife)
    assert number not in other
    assert HIDDEN in other
    assert "我同意" not in other


def test_the_dead_are_never_named_to_the_living(husband, wife):
    made = propose(husband, wife)
    register.make_fact(person=husband, kind="death", from_day=LONG_AGO)
    html = shown(made, wife)
    assert HIDDEN in html
    assert "去世" not in html


def test_all_causes_are_told_at_once(husband, wife):
    made = propose(husband, wife)
    uninsured(wife)
    fact("settlement_suspension")(wife)
    html = shown(made, wife)
    assert f"说编号 {REASONS[Code.BENEFICIARY_NOT_INSURED].number}" in html
    assert f"说编号 {REASONS[Code.SETTLEMENT_SUSPENDED].number}" in html


@pytest.mark.both_databases
def test_what_comes_up_between_looking_and_pressing_is_told_and_nothing_is_lost(husband, wife):
    made = propose(husband, wife)
    fact("account_freeze")(husband)
    html = text(answer(made, wife))
    assert HIDDEN in html
    assert state(made) == State.WAITING
    assert Notice.objects.of(husband.pk).filter(kind="binding.blocked").exists()


def test_a_name_that_differs_goes_to_the_counter_and_the_receipt_says_so(husband, wife):
    made = propose(husband, wife)
    renamed(wife)
    now = InsuredPerson.objects.get(pk=wife.pk)
    html = shown(made, now)
    assert "要由医保窗口核对" in html
    assert f"说编号 {REASONS[Code.NAME_DIFFERS].number}" in html
    browser = visitor(now)
    receipt = text(browser.get(answer(made, now, browser=browser).url))
    assert "等医保窗口核对" in receipt
    assert "姓名" in receipt
    assert state(made) == State.WITH_STAFF
    assert "姓名和您登记的" not in text(visitor(husband).get(page(made)))


def test_an_empty_account_is_a_hint_and_no_obstacle(wife):
    poor = make_member(balance_fen=0)
    html = shown(propose(poor, wife, side=Side.BENEFICIARY), poor)
    assert "可以先绑定，钱到账后就能用" in html
    assert "我同意" in html


def test_across_provinces_the_giver_names_a_limit_and_is_told_when_it_is_too_much(husband):
    far = make_member(name="李梅", born="19730405", area=NANJING)
    made = propose(husband, far, side=Side.BENEFICIARY)
    assert "划出多少钱作为额度" in shown(made, husband)
    assert "error-summary" in text(answer(made, husband))
    html = text(answer(made, husband, limit_fen="5000"))
    assert "能用的钱不够划出5,000.00 元" in html
    assert 'value="5000"' in html
    assert answer(made, husband, limit_fen="300").status_code == 302
    assert Binding.objects.get(pk=made.pk).limit_fen == 30000


@pytest.mark.both_databases
def test_a_guardian_answers_for_the_child_with_the_own_name(husband, wife):
    child = make_member(name="张小宝", born="20180301", scheme="resident")
    make_guardianship(guardian=wife, child=child)
    made = propose(husband, child, relation="child")
    query = f"?for={child.reference}"
    html = shown(made, wife, query)
    assert "您正在替 张*宝 办" in html
    assert "登记的监护人" in html
    browser = visitor(wife)
    assert "error-summary" in text(answer(made, child, query=query, browser=browser))
    sent = answer(made, wife, query=query, browser=browser)
    assert sent.url == page(made, "receipt/") + query
    assert Consent.objects.get(binding=made, person=child).by_guardian == wife


def test_a_helper_says_yes_to_receiving_and_never_to_giving(husband, wife):
    make_binding(giver=wife, beneficiary=husband)
    short.make_grant(owner=husband, helper=wife, kind=GrantKind.ACT_FAMILY)
    son = make_member(name="张小军", born="19990101")
    query = f"?for={husband.reference}"
    wanted = propose(husband, son, side=Side.BENEFICIARY, relation="child")
    html = shown(wanted, wife, query)
    assert "出钱要本人答应" in html
    assert "我同意" not in html
    answer(wanted, wife, query=query, signed_name="张建国")
    assert state(wanted) == State.WAITING
    offered = propose(son, husband, relation="parent")
    assert answer(offered, husband, query=query, browser=visitor(wife)).status_code == 302
    assert state(offered) == State.ACTIVE


def test_an_invitation_is_there_for_whom_it_names_alone(husband, wife):
    made = propose(husband, wife)
    stranger = make_member(name="王芳")
    for person in (stranger, husband):
        for tail in ("", "decline/"):
            assert visitor(person).get(asked(made, tail)).status_code == 404
            assert visitor(person).post(asked(made, tail)).status_code == 404
    foreign = f"?for={wife.reference}"
    assert visitor(stranger).get(asked(made) + foreign).status_code == 404
    assert visitor(stranger).get(asked(made) + "?for=x").status_code == 404
    assert state(made) == State.WAITING


@pytest.mark.both_databases
def test_a_stranger_finds_no_page_of_a_binding_and_changes_nothing(husband, wife):
    made = make_binding(giver=husband, beneficiary=wife)
    browser = visitor(make_member(name="王芳"))
    for one in PAGES:
        for address in (one.format(made.reference), one.format(made.reference) + "?for=x"):
            assert browser.get(address).status_code in (404, 405), address
            sent = browser.post(address, {"version": made.version})
            assert sent.status_code in (404, 405), address
    assert state(made) == State.ACTIVE
