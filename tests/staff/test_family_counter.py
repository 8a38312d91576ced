"""Family aid at the window: what people who are there do, by the verbs of the web, and can see afterwards."""

import datetime as dt

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts import uploads
from accounts.models import AuditEntry, Upload
from family import changing, orders
from family.models import Binding, BindingEvent, Grant
from family.payers import payers
from insurance.models import IdentityLink, Notice
from tests import cast
from tests.factories import agreeing, files
from tests.factories import insurance as register
from tests.factories.accounts import make_user
from tests.factories.agreeing import make_member
from tests.staff.counter import (
    GROUNDS,
    answers,
    at,
    check_card,
    check_papers,
    confirm,
    desk_of,
    errors,
    letter,
    move,
    open_desk,
    propose,
)

pytestmark = pytest.mark.usefixtures("rules")
NEXT_WEEK = dt.timedelta(days=7)


@pytest.fixture
def rules(db, fixed_day):
    agreeing.load_rules()


@pytest.fixture
def father(rules):
    """Has neither a phone nor a login."""
    found = make_member(name="张守业", born="19520304", phone="", social_security_card="D20019001")
    found.identity_links.update(ended_at=timezone.now())
    return found


@pytest.fixture
def daughter(rules):
    return make_member(name="张小丽", born="19790506", social_security_card="D20019002")


def only():
    return Binding.objects.get()


def signed_in(person):
    """By the person's own login; opened now where there was none."""
    link = person.identity_links.filter(ended_at=None).first()
    user = link.user if link else make_user(name=person.name)
    if link is None:
        IdentityLink.objects.create(user=user, person=person, channel="sms")
    return cast.sign_in(Client(), user)


def own_book(person):
    return signed_in(person).get("/accounts/looks/").content.decode()


def details():
    return {one.move: one.details for one in BindingEvent.objects.order_by("pk")}


def test_a_father_without_a_phone_agrees_to_what_his_daughter_proposed_on_the_web(
    clerk, father, daughter
):
    waiting = agreeing.propose(daughter, father, relation="parent")
    assert check_papers(clerk, father).url == desk_of(father)
    assert waiting.reference in open_desk(clerk, father)
    page = clerk.get(at(father, f"answer/{waiting.reference}/")).content.decode()
    assert "请先这样说" in page
    assert "张*丽（子女）" in page
    receipt = clerk.get(confirm(clerk, father, waiting).url).content.decode()
    assert waiting.reference.replace("-", " ") in receipt
    assert receipt.count("slip-next") == 1
    active = only()
    assert (active.state, active.beneficiary) == ("active", father)
    assert orders.current(father.pk) == (active.pk,)
    event = active.events.get(move="confirm")
    assert (event.channel, event.acted_by) == ("counter", clerk.user)
    assert event.details == {
        "presence": "identity_check",
        "document": "identity_card",
        "compared": ["name", "number", "photo"],
    }
    assert giving(father) == []
    with time_machine.travel(timezone.now() + NEXT_WEEK, tick=False):
        assert giving(father) == [active.pk]


def giving(person):
    """The bindings that would pay a bill of this person now."""
    found = payers(
        beneficiary_id=person.pk,
        use="CARE",
        day=timezone.localdate(),
        now=timezone.now(),
        designated=True,
    )
    lines = [one for one in found.lines if not one.is_own]
    return [one.binding_id for one in lines if one.payer.barred is None]


@pytest.mark.both_databases
def test_both_are_there_and_it_is_done_in_one_go(clerk, father, daughter):
    check_papers(clerk, father)
    proposed = propose(
        clerk, father, daughter, relative="child", side="beneficiary", **book(father)
    )
    assert proposed.status_code == 302
    waiting = only()
    assert (waiting.state, waiting.cap_month_fen, waiting.evidence) == (
        "waiting",
        30000,
        "household_book",
    )
    assert check_card(clerk, daughter).url == desk_of(daughter)
    assert confirm(clerk, daughter, waiting, shows_amounts="on").status_code == 302
    active = only()
    assert (active.state, active.giver, active.shows_amounts) == ("active", daughter, True)
    assert {one: told["presence"] for one, told in details().items()} == {
        "propose": "identity_check",
        "confirm": "card_and_code",
    }
    assert sorted(Upload.objects.values_list("kind", flat=True)) == [
        "household_book_beneficiary",
        "signed_letter_beneficiary",
        "signed_letter_giver",
    ]


def book(person):
    return {"proof": "household_book", "papers": files.sent(files.picture(), "book.jpg")}


def test_each_sees_later_what_was_done_and_the_own_papers_alone(clerk, father, daughter):
    check_papers(clerk, father)
    propose(clerk, father, daughter, relative="child", side="beneficiary", **book(father))
    check_card(clerk, daughter)
    confirm(clerk, daughter, only())
    for person, did in ((father, "提出"), (daughter, "同意")):
        book_page = own_book(person)
        assert "窗口核对来人" in book_page
        assert f"在窗口替您办家庭共济：{did}" in book_page
        assert GROUNDS in book_page
        detail = signed_in(person).get(f"/family/bindings/{only().reference}/").content.decode()
        assert detail.count("在医保窗口，由工作人员录入") == 2
        assert Notice.objects.of(person.pk).filter(about_ref=only().reference).exists()
    seen = {
        person.pk: [
            signed_in(person).get(f"/accounts/uploads/{one.public_id}/").status_code
            for one in Upload.objects.order_by("kind")
        ]
        for person in (father, daughter)
    }
    assert seen == {father.pk: [200, 200, 404], daughter.pk: [404, 404, 200]}
    stranger = signed_in(make_member(name="王五"))
    for one in Upload.objects.all():
        assert stranger.get(f"/accounts/uploads/{one.public_id}/").status_code == 404


def test_what_somebody_at_the_window_presses_comes_to_the_same_as_on_the_web(
    clerk, father, daughter
):
    waiting = agreeing.propose(daughter, father, relation="parent")
    check_papers(clerk, father)
    confirm(clerk, father, waiting)
    check_card(clerk, daughter)
    for what, state in (
        ("pause", "paused"),
        ("resume", "active"),
        ("end", "ended"),
        ("undo", "active"),
    ):
        page = clerk.get(at(daughter, f"move/{waiting.reference}/{what}/")).content.decode()
        assert "请先这样说" in page
        assert move(clerk, daughter, waiting, what).url.endswith(
            f"/receipt/{waiting.reference}/"
        ), what
        assert only().state == state
    changed = clerk.post(
        at(daughter, f"change/{waiting.reference}/"),
        {"version": only().version, "uses": ["CARE"], "cap_month_fen": "120.50"},
    )
    assert changed.status_code == 302
    assert (only().cap_month_fen, only().uses) == (12050, ["CARE"])
    clerk.post(at(daughter, "pause-all/"))
    assert only().state == "paused"
    own = own_book(daughter)
    for did in ("暂停", "恢复", "结束", "撤销刚才的结束", "改限额或范围"):
        assert f"在窗口替您办家庭共济：{did}" in own
    by_daughter = BindingEvent.objects.filter(side="giver").exclude(move="propose")
    assert set(by_daughter.values_list("channel", flat=True)) == {"counter"}
    assert {one["presence"] for one in by_daughter.values_list("details", flat=True)} == {
        "card_and_code"
    }


def test_a_no_and_a_withdrawal_are_written_into_the_own_record(clerk, father, daughter):
    declined = agreeing.propose(daughter, father, relation="parent")
    check_papers(clerk, father)
    sent = {"answer": "no", "version": declined.version}
    answer = clerk.post(at(father, f"answer/{declined.reference}/"), sent)
    assert clerk.get(answer.url).status_code == 200
    assert only().state == "declined"
    propose(clerk, father, daughter, relative="child", side="beneficiary")
    own = Binding.objects.latest("pk")
    move(clerk, father, own, "withdraw")
    assert Binding.objects.latest("pk").state == "withdrawn"
    page = own_book(father)
    assert "在窗口替您办家庭共济：不同意" in page
    assert "在窗口替您办家庭共济：撤回" in page


def test_the_order_and_who_may_help_are_changed_at_the_window(clerk, father, daughter):
    son = make_member(name="张小强", born="19810101")
    for child in (daughter, son):
        waiting = agreeing.propose(child, father, relation="parent")
        check_papers(clerk, father)
        confirm(clerk, father, waiting)
    before = orders.current(father.pk)
    sent = {"version": 2, "place_1": "2", "place_2": "1"}
    twice = clerk.post(at(father, "order/"), {**sent, "place_2": "2"})
    assert "不能重复" in twice.content.decode()
    assert clerk.post(at(father, "order/"), sent).url == desk_of(father)
    assert orders.current(father.pk) == before[::-1]
    old = clerk.post(at(father, "order/"), sent, follow=True).content.decode()
    assert "刚刚有了变化" in old
    assert orders.current(father.pk) == before[::-1]
    given = {"helper": str(daughter.reference), "kind": "see_balance", "until": "year"}
    clerk.post(at(father, "grant/"), given)
    made = Grant.objects.get()
    assert (made.owner, made.helper, made.channel) == (father, daughter, "counter")
    clerk.post(at(father, f"revoke/{made.pk}/"))
    assert Grant.objects.get().revoked_by == "owner"
    assert AuditEntry.objects.filter(action__startswith="grant.", reason=GROUNDS).count() == 2
    page = own_book(father)
    for did in ("改先用谁的钱", "让家人看或者代办", "取消家人看或者代办"):
        assert did in page


def test_bad_answers_change_nothing_and_lose_nothing(clerk, father, daughter):
    check_papers(clerk, father)
    address = at(father, "propose/?side=beneficiary")
    said = answers(daughter, relative="child", id_number="34010419790506", cap_month_fen="很多")
    answer = clerk.post(address, {**said, "step": "questions"})
    assert len(errors(answer)) == 2
    page = answer.content.decode()
    for typed in ("张小丽", "34010419790506", "很多"):
        assert f'value="{typed}"' in page
    wrong = propose(
        clerk, father, daughter, relative="child", side="beneficiary", signed_name="张三"
    )
    assert "和登记的姓名不一样" in str(errors(wrong))
    assert 'value="张三"' in wrong.content.decode()
    assert f'value="{daughter.id_number}"' in wrong.content.decode()
    unsigned = propose(
        clerk, father, daughter, relative="child", side="beneficiary", signed_letter=""
    )
    assert errors(unsigned) == ["请选择文件。"]
    assert not Binding.objects.exists()
    assert not Upload.objects.exists()


def test_what_is_in_the_way_is_said_before_anybody_signs(clerk, father, daughter):
    check_papers(clerk, father)
    said = answers(daughter, relative="child_in_law")
    page = clerk.post(
        at(father, "propose/?side=giver"), {**said, "step": "questions"}
    ).content.decode()
    assert "现在还不能办" in page
    assert "G03" in page
    assert "签名" not in page.split("<h1>")[1].split("form")[0]
    assert not Binding.objects.exists()


def test_of_the_other_ones_record_nothing_is_read_out(clerk, father, daughter):
    waiting = agreeing.propose(daughter, father, relation="parent")
    register.make_fact(person=daughter, kind="account_freeze")
    check_papers(clerk, father)
    page = clerk.get(at(father, f"answer/{waiting.reference}/")).content.decode()
    refused = confirm(clerk, father, waiting)
    assert errors(refused)[0] == "对方那边还有一项没办好，对方登录后能看到。"
    assert "冻结" not in page + refused.content.decode()
    assert only().state == "waiting"
    assert not Upload.objects.exists()


def test_an_old_page_and_a_wrong_move_are_refused(clerk, father, daughter):
    waiting = agreeing.propose(daughter, father, relation="parent")
    check_papers(clerk, father)
    confirm(clerk, father, waiting)
    check_card(clerk, daughter)
    old = only().version
    changing.pause(binding_id=waiting.pk, person=daughter, **agreeing.pressed(daughter))
    answer = clerk.post(
        at(daughter, f"move/{waiting.reference}/end/"), {"version": old}, follow=True
    )
    assert "刚才这一步没有办" in answer.content.decode()
    assert only().state == "paused"
    assert clerk.get(at(daughter, f"move/{waiting.reference}/undo/")).status_code == 404


def test_no_more_than_six_papers_come_into_a_case(clerk, father, daughter):
    check_papers(clerk, father)
    propose(clerk, father, daughter, relative="child", side="beneficiary", **book(father))
    address = at(father, f"papers/{only().reference}/")
    pictures = [files.sent(files.picture(), f"{n}.jpg") for n in range(4)]
    clerk.post(address, {"what": "household_book", "papers": pictures})
    assert Upload.objects.count() == 6
    seventh = clerk.post(address, {"what": "certificate", "papers": [letter()]})
    assert "最多只能交 6 份" in seventh.content.decode()
    assert Upload.objects.count() == 6


@pytest.mark.both_databases
def test_a_yes_whose_papers_find_no_place_changes_nothing_and_says_what_to_do(
    clerk, father, daughter
):
    waiting = agreeing.propose(daughter, father, relation="parent")
    case = ("family.binding", waiting.reference)
    for _file in range(5):
        uploads.store(file=letter(), kind="household_book_giver", subject=case, by=clerk.user)
    check_papers(clerk, father)
    refused = confirm(clerk, father, waiting, **book(father))
    assert "只交承诺书再试一次" in str(errors(refused))
    assert 'value="张守业"' in refused.content.decode()
    assert (only().state, Upload.objects.count()) == ("waiting", 5)
    assert confirm(clerk, father, waiting).status_code == 302
    assert (only().state, Upload.objects.count()) == ("active", 6)


def test_what_is_in_the_way_is_told_to_the_initiator_although_nothing_changed(
    clerk, father, daughter
):
    waiting = agreeing.propose(daughter, father, relation="parent")
    register.make_fact(person=daughter, kind="account_freeze")
    check_papers(clerk, father)
    before = Notice.objects.of(daughter.pk).count()
    confirm(clerk, father, waiting)
    assert Notice.objects.of(daughter.pk).count() == before + 1


def test_who_says_no_hears_what_the_other_will_read(clerk, father, daughter):
    waiting = agreeing.propose(daughter, father, relation="parent")
    check_papers(clerk, father)
    page = clerk.get(at(father, f"answer/{waiting.reference}/")).content.decode()
    assert "对方会收到消息：没有得到同意" in page


def test_whatever_is_typed_is_shown_as_letters(clerk, father, daughter):
    evil = "<script>alert(1)</script>"
    check_papers(clerk, father, grounds=f"{evil}到窗口")
    said = answers(daughter, relative="child", name=evil, cap_month_fen=evil, area=evil)
    page = clerk.post(
        at(father, "propose/?side=beneficiary"), {**said, "step": "questions"}
    ).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert" not in open_desk(clerk, father) + own_book(father)
    assert AuditEntry.objects.filter(reason__contains="<script>").exists()
