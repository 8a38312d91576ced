"""Whole journeys of a family, without JavaScript, as two people walk them on two telephones."""

import datetime as dt

import pytest
from django.utils import timezone

from family.models import Binding
from insurance import register
from insurance.models import PoolingArea
from tests import cast
from tests.browser.modes import MODES
from tests.browser.world import DALIAN
from tests.factories import agreeing, family, insurance
from tests.factories.accounts import PASSWORD

PHONE = next(mode for mode in MODES if not mode.javascript)
# Pages from the first question to the receipt; more would be a loop.
LONGEST = 12


@pytest.fixture
def couple(transactional_db):
    agreeing.load_rules()
    area = PoolingArea.objects.get(code=DALIAN)
    people = cast.zhang(sex="male", birth_date=dt.date(1971, 8, 12)), cast.li()
    for (_user, person), balance in zip(people, (120_00, 80_00), strict=True):
        insurance.make_enrolment(person=person, area=area)
        insurance.make_account(person=person, area=area, balance_fen=balance)
    return people


def answer(tab, said):
    """Fill in whatever this page asks and we have an answer to, and go on."""
    for box in tab.locator("main input:not([type=hidden]), main select").all():
        name, kind = box.get_attribute("name"), box.get_attribute("type")
        if name not in said:
            continue
        if kind == "radio":
            if box.get_attribute("value") == said[name]:
                box.check()
        elif kind is None:
            box.select_option(said[name])
        else:
            box.fill(said[name])
    tab.locator("main .btn-primary").first.click()


def propose(tab, **said):
    tab.goto("/family/add/")
    tab.locator("main .btn-primary").first.click()
    for _page in range(LONGEST):
        if "/receipt/" in tab.url or "/add/refused" in tab.url:
            return tab.inner_text("h1")
        answer(tab, said)
    raise AssertionError(tab.url)


def text(tab):
    return tab.inner_text("main")


def test_a_couple_binds_orders_tries_pauses_and_ends(couple, visit):
    (zhang, _zhang_person), (li, li_person) = couple
    his, hers = (visit(PHONE, user=user).new_page() for user in (zhang, li))
    done = propose(
        his,
        side="giver",
        relative="spouse",
        scheme="employee",
        area=DALIAN,
        name="李梅",
        id_number=cast.LI_ID,
        sees="amounts",
        signed_name="张建国",
    )
    assert done == "已经提出，等家人确认"

    hers.goto("/family/")
    hers.locator("main a[href*='/invitations/']").click()
    hers.fill("[name=signed_name]", "李梅")
    hers.get_by_role("button", name="我同意").click()
    assert "办好了" in text(hers)
    binding = Binding.objects.get()
    Binding.objects.update(usable_from=timezone.now() - dt.timedelta(minutes=1))

    order_and_try(hers, li_person)
    pause_resume_end(his, hers, binding.reference)


def order_and_try(hers, li_person):
    son = family.make_insured(name="张小军", area=DALIAN, balance_fen=500_00)
    family.make_binding(giver=son, beneficiary=li_person, relation="parent", shows_amounts=True)
    hers.goto("/family/order/")
    hers.get_by_role("button", name="下移").first.click()
    assert "还没有保存" in text(hers)
    hers.fill("[name=bill]", "300")
    hers.get_by_role("button", name="看看会怎么付").click()
    assert "张*军" in text(hers)
    assert "220.00 元" in text(hers)
    hers.go_back()
    hers.get_by_role("button", name="保存这个顺序").click()
    assert li_person.deduction_order.version == 3


def pause_resume_end(his, hers, reference):
    his.goto(f"/family/bindings/{reference}/")
    his.get_by_role("button", name="马上暂停").click()
    hers.goto("/family/who-pays/")
    hers.fill("[name=bill]", "600.00")
    hers.locator("main form .btn-primary").click()
    assert "暂停" in text(hers)

    his.goto(f"/family/bindings/{reference}/")
    his.get_by_role("link", name="恢复").click()
    his.fill("[name=password]", PASSWORD)
    his.get_by_role("button", name="恢复").click()
    assert "可以使用" in text(his)
    hers.goto(f"/family/bindings/{reference}/end/")
    hers.get_by_role("button", name="确定结束").click()
    assert "已结束" in text(hers)
    his.goto("/notices/")
    assert "结束了" in text(his)


def test_a_parent_in_law_is_refused_with_the_way_through_the_spouse(couple, visit):
    (zhang, _person), _wife = couple
    tab = visit(PHONE, user=zhang).new_page()
    tab.goto("/family/add/")
    tab.locator("main .btn-primary").first.click()
    answer(tab, {"side": "giver"})
    answer(tab, {"relative": "parent_in_law"})
    assert "不可以" in text(tab)
    assert "由配偶" in text(tab) or "您的配偶" in text(tab)
    assert not Binding.objects.exists()


def test_a_divorce_in_the_register_stops_the_next_bill_and_both_are_told(couple, visit):
    (_zhang, zhang_person), (li, li_person) = couple
    family.make_binding(giver=zhang_person, beneficiary=li_person, shows_amounts=True)
    register.record_fact(
        person=zhang_person,
        kind="relation_ended",
        from_day=timezone.localdate(),
        other_person=li_person,
    )
    tab = visit(PHONE, user=li).new_page()
    tab.goto("/family/who-pays/")
    tab.fill("[name=bill]", "100.00")
    tab.locator("main form .btn-primary").click()
    assert "张*国" in text(tab)
    assert "80.00 元" in text(tab)
    assert "20.00 元" in text(tab)
