"""Seeing and acting for somebody: dated, ended by either, written down, and never a way to money."""

import datetime as dt

import pytest
import time_machine

from accounts.models import AuditEntry
from family import grants, orders
from family.acting import NotAllowed
from family.models import Binding, Channel, Grant, GrantKind
from family.moves import State
from insurance.models import Notice
from tests.conftest import FIXED_MOMENT
from tests.factories import family as short
from tests.factories import insurance as register
from tests.factories.accounts import PASSWORD, make_staff
from tests.factories.agreeing import (
    login_of,
    make_binding,
    make_guardianship,
    make_member,
    pressed,
)
from tests.family.visiting import page, text, visitor

pytestmark = pytest.mark.usefixtures("rules")
TODAY = FIXED_MOMENT.date()


@pytest.fixture
def father(rules):
    """With 1,000.00 in the account and two years of contributions."""
    person = make_member()
    register.make_period(person=person, first=(2024, 11), last=(2026, 10))
    return person


@pytest.fixture
def son(rules):
    return make_member(name="张小军", born="19990101")


@pytest.fixture
def binding(father, son):
    return make_binding(giver=father, beneficiary=son, relation="child")


def give(owner, helper, kind=GrantKind.SEE_BALANCE, **more):
    dates = {"from_day": TODAY, "to_day": more.pop("to_day", None)}
    return grants.grant(owner=owner, helper=helper, kind=kind, **dates, **pressed(owner), **more)


def helping(owner):
    return f"/family/helping/{owner.reference}/"


def main(html):
    return html.partition("<main")[2].partition("</main>")[0]


def acting(owner, address="/family/"):
    return f"{address}?for={owner.reference}"


@pytest.mark.both_databases
def test_a_relative_is_asked_in_on_one_page_and_both_are_told(father, son, binding):
    browser = visitor(father)
    assert "张*军 · 子女" in text(browser.get("/family/grants/add/"))
    sent = {"helper": son.reference, "kind": "see_balance", "until": "month"}
    html = text(browser.post("/family/grants/add/", sent, follow=True))
    assert "张*军现在可以帮您" in html
    assert "从 2026年11月16日 到 2026年12月16日" in html
    assert Notice.objects.of(son.pk).filter(kind="grant.given").exists()
    assert Notice.objects.of(father.pk).filter(kind="grant.given.own").exists()
    assert AuditEntry.objects.filter(action="grant.give").count() == 1


def test_only_relatives_can_be_asked(father, son):
    stranger = make_member(name="王芳")
    assert "只能请已经和您绑定的家人" in text(visitor(father).get("/family/grants/add/"))
    with pytest.raises(grants.NotRelated):
        give(father, stranger)
    make_binding(giver=father, beneficiary=son, relation="child")
    sent = {"helper": stranger.reference, "kind": "see_balance", "until": "month"}
    assert "请选一位家人" in text(visitor(father).post("/family/grants/add/", sent))
    assert not Grant.objects.exists()


@pytest.mark.both_databases
def test_asking_again_takes_the_place_of_what_there_was(father, son, binding):
    first = give(father, son, to_day=TODAY)
    second = give(father, son)
    first.refresh_from_db()
    assert first.revoked_by == grants.RENEWED
    assert grants.may(son.pk, father.pk, GrantKind.SEE_BALANCE, TODAY) == second


def test_the_helper_sees_balance_and_entries_and_not_the_years(father, son, binding):
    register.post(father.accounts.get(), "spend_drug", -3550, place="定点药店")
    give(father, son)
    html = text(visitor(son).get(helping(father)))
    for words in ("964.50 元", "药店支出", "定点药店", "−35.50", "只能看，不能花钱"):
        assert words in html, words
    assert "缴费年限" not in main(html)
    assert "张建国" not in html


def test_the_helper_sees_years_and_not_the_balance(father, son, binding):
    give(father, son, GrantKind.SEE_YEARS)
    html = text(visitor(son).get(helping(father)))
    assert "2年" in html
    assert "最近缴到 2026年10月" in html
    assert "元" not in main(html)


@pytest.mark.both_databases
def test_every_look_is_written_down_and_shown_to_the_owner(father, son, binding):
    give(father, son)
    browser = visitor(son)
    browser.get(helping(father))
    browser.get(helping(father))
    entries = AuditEntry.objects.filter(action="helper.see_balance", actor=login_of(son))
    assert [one.subject_ref for one in entries] == [str(father.reference)] * 2
    html = text(visitor(father).get("/accounts/looks/"))
    assert html.count("家人 张*军") == 2
    assert "看了您的余额和明细" in html
    assert "您请的家人" in html
    assert "张小军" not in html


@pytest.mark.both_databases
@pytest.mark.parametrize("by_owner", [True, False])
def test_either_of_the_two_ends_it_at_once(father, son, binding, by_owner):
    give(father, son)
    sent = {"owner": father.reference, "helper": son.reference, "kind": "see_balance"}
    who, other = (father, son) if by_owner else (son, father)
    html = text(visitor(who).post("/family/grants/revoke/", sent, follow=True))
    assert "取消了" in html
    assert visitor(son).get(helping(father)).status_code == 404
    assert Notice.objects.of(other.pk).filter(kind="grant.revoked").exists()
    assert visitor(who).post("/family/grants/revoke/", sent).status_code == 404


def test_it_ends_with_its_last_day(father, son, binding):
    give(father, son, to_day=TODAY)
    with time_machine.travel(FIXED_MOMENT + dt.timedelta(days=1), tick=False):
        assert visitor(son).get(helping(father)).status_code == 404
        assert "看余额" not in text(visitor(father).get("/family/grants/"))


def test_a_mandate_ends_with_the_life_of_the_owner(father, son, binding):
    give(father, son)
    register.make_fact(person=father, kind="death", from_day=TODAY)
    assert visitor(son).get(helping(father)).status_code == 404


def test_nobody_else_sees_helps_or_ends(father, son, binding):
    give(father, son)
    give(father, son, GrantKind.ACT_FAMILY)
    stranger = visitor(make_member(name="王芳"))
    assert stranger.get(helping(father)).status_code == 404
    assert stranger.get(acting(father)).status_code == 404
    assert stranger.post(acting(father, "/family/pause-all/")).status_code == 404
    sent = {"owner": father.reference, "helper": son.reference, "kind": "see_balance"}
    assert stranger.post("/family/grants/revoke/", sent).status_code == 404
    assert stranger.post("/family/grants/revoke/", {"owner": "x"}).status_code == 404
    assert visitor(father).get(helping(son)).status_code == 404
    assert Grant.objects.filter(revoked_at=None).count() == 2


def test_seeing_is_not_acting_and_acting_is_not_seeing(father, son, binding):
    give(father, son)
    assert visitor(son).get(acting(father)).status_code == 404
    grants.revoke(grant_id=Grant.objects.get().pk, person=son, **pressed(son))
    give(father, son, GrantKind.ACT_FAMILY)
    assert visitor(son).get(helping(father)).status_code == 404
    assert "您正在替 张*国 办" in text(visitor(son).get(acting(father)))


@pytest.mark.both_databases
def test_whoever_acts_stops_money_and_never_lets_it_flow(father, son, binding):
    give(father, son, GrantKind.ACT_FAMILY)
    browser = visitor(son)
    text(browser.post(acting(father, page(binding, "pause/")), follow=True))
    now = Binding.objects.get(pk=binding.pk)
    assert (now.state, now.paused_by) == (State.PAUSED, "giver")
    sent = {"version": now.version, "password": PASSWORD, "uses": ["DRUG"]}
    for what in ("resume/", "change/"):
        answer = browser.post(acting(father, page(binding, what)), sent, follow=True)
        assert "现在不能这样办" in text(answer)
        assert ">恢复<" not in text(answer)
    text(browser.post(acting(father, page(binding, "end/")), sent, follow=True))
    assert Binding.objects.get(pk=binding.pk).state == State.ENDED
    assert browser.post(acting(father, page(binding, "undo/")), sent).status_code == 403
    assert Binding.objects.get(pk=binding.pk).state == State.ENDED


def test_what_is_opened_for_somebody_is_shown_to_them(father, son, binding):
    give(father, son, GrantKind.ACT_FAMILY)
    visitor(son).get(acting(father, page(binding)))
    assert "打开您的家庭共济，替您办" in text(visitor(father).get("/accounts/looks/"))


def test_a_helper_lets_nobody_else_help_and_ends_no_other_help(father, son, binding):
    give(father, son, GrantKind.ACT_FAMILY)
    with pytest.raises(NotAllowed):
        grants.grant(
            owner=father,
            helper=son,
            kind=GrantKind.SEE_BALANCE,
            from_day=TODAY,
            to_day=None,
            by=login_of(son),
            channel=Channel.WEB,
        )
    other = give(father, son, GrantKind.SEE_YEARS)
    with pytest.raises(NotAllowed):
        grants.revoke(grant_id=other.pk, person=father, by=login_of(son), channel=Channel.WEB)


def test_the_counter_writes_it_with_proof_of_presence_alone(father, son, binding):
    at_desk = {"by": make_staff(), "channel": Channel.COUNTER}
    what = {"owner": father, "helper": son, "kind": GrantKind.SEE_YEARS}
    with pytest.raises(NotAllowed):
        grants.grant(**what, from_day=TODAY, to_day=None, **at_desk)
    made = grants.grant(**what, from_day=TODAY, to_day=None, presence="card", **at_desk)
    assert made.channel == Channel.COUNTER


def test_a_guardian_acts_for_the_child_until_full_age(father, rules):
    child = make_member(name="张小宝", born="20100301", scheme="resident")
    binding = make_binding(giver=father, beneficiary=child, relation="child")
    mother = make_member(name="李梅", born="19730405")
    make_guardianship(guardian=mother, child=child, until=dt.date(2028, 3, 1))
    browser = visitor(mother)
    assert "登记的监护人" in text(browser.get(acting(child, page(binding))))
    text(browser.post(acting(child, page(binding, "pause/")), follow=True))
    assert "监护人在网上" in text(visitor(child).get(page(binding)))
    assert "监护人替您办" in text(visitor(child).get("/accounts/looks/"))
    with time_machine.travel(dt.datetime(2028, 3, 1, 2, tzinfo=dt.UTC), tick=False):
        assert visitor(mother).get(acting(child)).status_code == 404


def test_grants_are_read_by_one_side_as_given_and_by_the_other_as_received(father, son, binding):
    short.make_grant(owner=father, helper=son, kind=GrantKind.SEE_BALANCE)
    mine = text(visitor(father).get("/family/grants/"))
    theirs = text(visitor(son).get("/family/grants/"))
    assert mine.index("张*军") < mine.index("我帮谁")
    assert theirs.index("我帮谁") < theirs.index("张*国")
    assert helping(father) in theirs
    assert "不能花钱，一分都不能" in mine


@pytest.mark.both_databases
def test_whoever_acts_puts_payers_in_order_and_is_not_told_who_would_pay_what(father, son, binding):
    mother = make_member(name="李梅", born="19730405")
    first, second = (
        short.make_binding(giver=one, beneficiary=father, relation="spouse")
        for one in (mother, make_member(name="王芳"))
    )
    give(father, son, GrantKind.ACT_FAMILY)
    browser = visitor(son)
    moved = browser.post(acting(father, "/family/order/"), {"do": "up-2"})
    assert f"for={father.reference}" in moved.url
    html = text(browser.post(moved.url, {"do": "preview", "bill": "300", "use": "CARE"}))
    assert "您正在替 张*国 办" in html
    assert "谁来付" not in html
    assert not AuditEntry.objects.filter(action="payers.ask").exists()
    saved = text(browser.post(moved.url, {"do": "save"}, follow=True))
    assert "现在的顺序：第 3 版" in saved
    assert orders.current(father.pk) == (second.pk, first.pk)
    text(browser.post(acting(father, "/family/order/undo/"), {"version": "3"}, follow=True))
    assert orders.current(father.pk) == (first.pk, second.pk)
    assert visitor(mother).get(acting(father, "/family/order/")).status_code == 404


def test_the_guardian_hears_whom_a_youth_lets_help(father):
    mother = make_member(name="李梅")
    youth = make_member(name="张小军", born="20100301", scheme="resident")
    make_binding(giver=father, beneficiary=youth, relation="child")
    give(youth, father)
    assert not Notice.objects.filter(kind="grant.ward").exists()
    make_guardianship(guardian=mother, child=youth)
    give(youth, father)
    told = Notice.objects.of(mother.pk).get()
    assert (told.kind, told.title) == ("grant.ward", "张*军请了张*国帮忙")


def test_a_guardian_does_not_name_himself_the_helper_of_the_child(father):
    child = make_member(name="张小宝", born="20100301", scheme="resident")
    make_guardianship(guardian=father, child=child)
    with pytest.raises(NotAllowed):
        grants.grant(
            owner=child,
            helper=father,
            kind=GrantKind.ACT_FAMILY,
            from_day=TODAY,
            to_day=None,
            **pressed(father, guardian=father),
        )
    assert not Grant.objects.exists()
