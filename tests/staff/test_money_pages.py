"""Staff look at a settlement with a reason, at the monthly credits, and at what the last verification found."""

import datetime as dt

import pytest
import time_machine

from accounts.models import AuditEntry
from accounts.roles import Role
from claims import refunds, settlement, verifications
from claims.models import Settlement, VerificationRun
from insurance.models import CreditRun, PersonalAccount
from insurance.periods import Month
from tests.factories.agreeing import publish
from tests.factories.claims import insured, make_bill, make_provider
from tests.factories.family import make_binding
from tests.factories.insurance import at, make_account
from tests.family import rules as made_up

pytestmark = pytest.mark.django_db
LIST = "/admin/claims/settlement/"


@pytest.fixture
def paid(monkeypatch):
    """100 yuan: 60 of the patient's own account, 40 of the father's, 5 of them given back."""
    monkeypatch.setattr(
        settlement.payers.policy_reading,
        "values_for",
        lambda codes, day: {code: made_up.policy(code) for code in codes},
    )
    with time_machine.travel(at(2026, 11, 16, 10), tick=False):
        me = insured(balance_fen=6_000)
        father = insured(name="李大山", balance_fen=50_000)
        make_binding(giver=father, beneficiary=me, relation="child")
        hospital = make_provider()
        made = settlement.settle(provider=hospital, patient=me, bill=make_bill(10_000))
        refunds.reverse(provider=hospital, settlement_id=made.pk, amount_fen=500)
    return made


def opened(clerk, made, reason="病人到窗口问这笔账"):
    page = f"{LIST}{made.pk}/change/"
    clerk.post(page, {"reason": reason})
    return clerk.get(page)


def test_a_settlement_opens_with_a_reason_and_shows_payer_by_payer(clerk, paid):
    asked = clerk.get(f"{LIST}{paid.pk}/change/").content.decode()
    assert "为什么要查看这一件" in asked
    assert "60.00" not in asked
    page = opened(clerk, paid).content.decode()
    assert "看病的人自己" in page
    for shown in ("60.00 元", "40.00 元", "5.00 元", "李*", "余额用完了。", paid.bill_no):
        assert shown in page
    assert "李大山" not in page


def test_the_rules_of_a_settlement_are_named_by_place_and_edition(clerk, paid):
    version = publish()
    Settlement.objects.filter(pk=paid.pk).update(policies=[version.pk])
    page = opened(clerk, paid).content.decode()
    assert f"{version.area.name}第 {version.number} 版" in page


def test_everybody_in_it_reads_who_looked(clerk, paid):
    opened(clerk, paid)
    looks = AuditEntry.objects.filter(action="settlement.look", reason="病人到窗口问这笔账")
    givers = [str(one.binding.giver.reference) for one in paid.deductions.exclude(binding=None)]
    assert {one.subject_ref for one in looks} == {str(paid.patient.reference), *givers}
    assert {one.details["subject"] for one in looks} == {paid.reference}


def test_the_list_names_nobody_and_finds_by_the_whole_number(clerk, paid):
    page = clerk.get(LIST, {"q": paid.reference}).content.decode()
    assert paid.reference in page
    assert "张" not in page.partition("<table")[2]
    assert paid.reference in clerk.get(LIST, {"q": paid.refunds.get().reference}).content.decode()
    assert paid.reference not in clerk.get(LIST, {"q": paid.reference[:8]}).content.decode()


def test_nothing_of_a_settlement_is_changed_here(clerk, paid):
    clerk.post(f"{LIST}{paid.pk}/change/", {"reason": "想改一改", "paid_fen": 1})
    assert Settlement.objects.get().paid_fen == paid.paid_fen


@pytest.mark.parametrize(
    "role", [Role.WINDOW_CLERK, Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN]
)
def test_the_staff_home_says_how_the_money_stands(at_work, role):
    home = at_work(role)
    assert "还没有核验过" in home.get("/admin/").content.decode()
    account = make_account(balance_fen=500)
    verifications.run()
    page = home.get("/admin/").content.decode()
    assert "最近一次账目核验" in page
    assert "<td>相符</td>" in page
    PersonalAccount.objects.update(balance_fen=501)
    verifications.run()
    page = home.get("/admin/").content.decode()
    assert "1 处不符，请审计管理员马上查看" in page
    assert f"个人账户 {account.pk}（account，应为 500，实为 501）" in page
    assert home.get("/healthz").json()["ledger"] == "broken"


def test_whoever_writes_rules_is_not_told(at_work):
    verifications.run()
    assert "账目核验" not in at_work(Role.POLICY_EDITOR).get("/admin/").content.decode()


def test_a_result_that_is_too_old_says_so(system_admin):
    run = verifications.run()
    old = run.finished_at - verifications.STALE_AFTER - dt.timedelta(minutes=1)
    VerificationRun.objects.update(started_at=old, finished_at=old)
    assert "一天半没有再核验" in system_admin.get("/admin/").content.decode()


def test_a_run_shows_what_it_looked_at_and_its_first_faults(at_work):
    audit_admin = at_work(Role.AUDIT_ADMIN)
    account = make_account(balance_fen=500)
    PersonalAccount.objects.update(balance_fen=501)
    run = verifications.run()
    page = audit_admin.get(f"/admin/claims/verificationrun/{run.pk}/change/").content.decode()
    assert "共 1 处不符" in page
    assert f"个人账户 {account.pk}" in page
    assert "一个请求只结算一次" in page
    broken_off = VerificationRun.objects.create(started_at=run.started_at)
    page = audit_admin.get(f"/admin/claims/verificationrun/{broken_off.pk}/change/")
    assert "中途停了" in page.content.decode()


def test_the_credits_of_a_month_say_who_got_nothing_and_why(system_admin):
    run = CreditRun.objects.create(
        month=Month.of(2026, 10),
        day=dt.date(2026, 10, 1),
        credited=3,
        amount_fen=12_345,
        not_credited={"died": 1, "unpaid": 2},
    )
    page = system_admin.get("/admin/insurance/creditrun/").content.decode()
    assert "2026年10月" in page
    assert "123.45 元" in page
    page = system_admin.get(f"/admin/insurance/creditrun/{run.pk}/change/").content.decode()
    assert "这个月没有已缴的记录：2；这个月以前去世：1" in page
