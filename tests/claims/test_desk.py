"""A clerk at a desk: who the patient is, the bill, the quote, and one settlement whatever happens in between."""

import re

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from accounts.models import AuditEntry, Draft, User
from claims import desk as verbs
from claims import settlement, visits, vouchers
from claims.desk import AlreadyUsed
from claims.models import EVoucher, KeyedRequest, Refund, Settlement
from family.models import Binding
from tests import cast
from tests.claims.desk_steps import BILL, identify, press, quote, settle, text
from tests.factories.accounts import make_id_number, make_staff
from tests.factories.claims import (
    at_desk,
    balances,
    insured,
    make_clerk,
    make_provider,
    visitor,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sound")]
ID_NUMBER, CARD = make_id_number(sequence=2), "D20010001"


def follow(client, answer):
    """The page behind a redirect, and what it says above."""
    return text(client.get(answer.url))


@pytest.mark.both_databases
def test_code_bill_quote_check_settle_receipt(desk, hospital, me, wife, by_wife):
    check = quote(desk, me)
    page = text(desk.get(check))
    assert "620.00 元" in page
    assert "80.00 元" in page
    assert not Settlement.objects.exists()
    receipt = text(desk.get(press(desk, check).url))
    made = Settlement.objects.get()
    assert (made.paid_fen, made.cash_fen, made.by_user.role) == (62_000, 8_000, "provider_clerk")
    assert made.reference.replace("-", " ") in receipt
    assert (balances(me)[0], balances(wife)[0]) == (0, 0)
    # The mask of the patient and the two sums: nobody else, no balance, no relative.
    for one in (page, receipt):
        assert "张*国" in one
        assert not re.search("张建国|李|配偶|120\\.00|500\\.00", one)


def test_the_patient_sees_who_looked(desk, hospital, me):
    identify(desk, me)
    page = text(visitor(me).get("/accounts/looks/"))
    assert f"{hospital.name}：出示了医保码" in page
    assert "定点机构收费人员" in page
    assert AuditEntry.objects.get(action="desk.identify").ip_address


def test_card_and_number_find_the_patient_too(desk, rules):
    insured(id_number=ID_NUMBER, social_security_card=CARD)
    said = {"how": "card", "verify_id_number": ID_NUMBER, "verify_card": CARD}
    page = follow(desk, desk.post("/desk/", said))
    assert "出示了社会保障卡和证件" in page
    assert ID_NUMBER not in page


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"how": "card", "verify_id_number": make_id_number(sequence=3)}, "没有认出看病的人"),
        ({"how": "card", "verify_card": "D20010002"}, "没有认出看病的人"),
        ({"how": "card", "verify_id_number": "15400000001"}, "这不是身份证号"),
        ({"how": "card", "verify_card": ""}, "请填社会保障卡号"),
        ({"how": "voucher", "voucher_code": "ABCD EFGH JKLM"}, "没有认出看病的人"),
        ({"how": "voucher", "voucher_code": "0" * 50}, "医保码是 12 位"),
        ({"how": "voucher"}, "请扫码"),
    ],
)
def test_nobody_is_found_and_what_was_typed_stays(desk, rules, said, sentence):
    insured(id_number=ID_NUMBER, social_security_card=CARD)
    insured(name="李梅", social_security_card="D20010002")
    sent = {"verify_id_number": ID_NUMBER, "verify_card": CARD} | said
    page = text(desk.post("/desk/", sent))
    assert sentence in page
    assert "错误：" in page
    assert sent.get("voucher_code", sent["verify_id_number"]) in page or said == {"how": "voucher"}
    assert not AuditEntry.objects.filter(action="desk.identify").exists()
    assert visits.SESSION_KEY not in desk.session


def test_a_code_is_used_up_by_showing_it_once(desk, me):
    code = vouchers.show(person=me)
    first = desk.post(
        "/desk/", {"how": "voucher", "voucher_code": f"{code[:4]} {code[4:8].lower()}-{code[8:]}"}
    )
    assert first.status_code == 302
    assert EVoucher.objects.get().used_at
    assert "没有认出" in text(desk.post("/desk/", {"how": "voucher", "voucher_code": code}))


def test_a_clerk_who_looks_for_a_crowd_is_stopped(desk, me, monkeypatch):
    monkeypatch.setattr(verbs.limits, "DESK_IDENTIFY", verbs.limits.Limit("desk-identify", 1, 60))
    identify(desk, me)
    code = vouchers.show(person=me)
    answer = desk.post("/desk/", {"how": "voucher", "voucher_code": code})
    assert answer.status_code == 429
    assert "太多了" in answer.content.decode()
    assert vouchers.peek(code) == me


def test_pressed_twice_is_settled_once(desk, me):
    check = quote(desk, me)
    first = press(desk, check)
    second = desk.post(check.replace("/check/", "/settle/"), {"turn": 1})
    assert (first.status_code, second.status_code) == (302, 302)
    assert first.url == second.url == desk.get(check).url
    assert (Settlement.objects.count(), balances(me)[0]) == (1, 0)


def test_what_changed_in_between_is_looked_at_anew(desk, me, wife, by_wife):
    check = quote(desk, me)
    Binding.objects.update(state="paused", paused_by="giver")
    answer = press(desk, check)
    page = follow(desk, answer)
    assert answer.url == check
    assert "试算以后情况变了" in page
    assert "120.00 元" in page
    assert "580.00 元" in page
    assert not Settlement.objects.exists()
    press(desk, check)
    assert Settlement.objects.get().paid_fen == 12_000


def test_an_old_quote_is_made_again(desk, me, clock):
    check = quote(desk, me)
    clock(minutes=11)
    answer = desk.post(check.replace("/check/", "/settle/"), {"turn": 1})
    assert "没有结算，没有扣钱" in follow(desk, answer)
    assert not Settlement.objects.exists()


def test_whoever_comes_back_late_finds_the_receipt_or_hears_that_nothing_was_taken(desk, me, clock):
    charged, other = quote(desk, me), quote(desk, me, bill_no="MZ-2")
    receipt = press(desk, charged).url
    for _ in range(2):
        clock(minutes=8)
        desk.get("/desk/days/")
    assert desk.get(charged).url == receipt
    assert desk.get(other).url == "/desk/"
    assert "没有结算，没有扣钱" in text(desk.get("/desk/"))
    assert Settlement.objects.count() == 1


def test_two_windows_never_mix_up_two_patients(desk, me, wife):
    mine, hers = identify(desk, me), identify(desk, wife)
    page = text(desk.get(mine))
    assert ("张*国" in page, "李*" in page) == (True, False)
    one = desk.post(mine, BILL).url
    two = desk.post(hers, BILL | {"bill_no": "MZ-2"}).url
    assert {row.name for row in desk.get("/desk/").context["waiting"]} == {"张*国", "李*"}
    press(desk, one)
    press(desk, two)
    paid = Settlement.objects.values_list("bill_no", "patient")
    assert set(paid) == {("MZ-1", me.pk), ("MZ-2", wife.pk)}


def test_an_older_window_of_the_same_patient_does_not_settle(desk, me):
    bill = identify(desk, me)
    check = desk.post(bill, BILL).url
    desk.post(bill, BILL | {"amount": "80"})
    answer = desk.post(check.replace("/check/", "/settle/"), {"turn": 1})
    assert answer.url == check
    page = follow(desk, answer)
    assert "账单在另一个窗口改过" in page
    assert "80.00 元" in page
    assert not Settlement.objects.exists()


@pytest.mark.both_databases
def test_who_was_shown_once_is_charged_once(hospital, me):
    """Even where two requests read the session before either wrote it."""
    clerk = make_clerk(hospital)
    visit = visits.begin({}, provider_id=hospital.pk, person_id=me.pk, how="voucher")
    moment = timezone.now()
    bills = [
        settlement.Bill(use="CARE", amount_fen=fen, bill_no=f"MZ-{fen}", occurred_at=moment)
        for fen in (500, 600)
    ]
    made = verbs.charge(clerk=clerk, visit=visits.quoted(visit, bills[0], ""), person=me)
    assert verbs.charge(clerk=clerk, visit=visits.quoted(visit, bills[0], ""), person=me) == made
    with pytest.raises(AlreadyUsed) as caught:
        verbs.charge(clerk=clerk, visit=visits.quoted(visit, bills[1], ""), person=me)
    assert caught.value.settlement == made
    assert KeyedRequest.objects.get().key == visit.key


def test_a_bill_that_was_settled_leads_to_its_receipt(desk, me):
    receipt = settle(desk, me)
    page = text(desk.post(identify(desk, me), BILL))
    assert "已经结算过" in page
    assert receipt in page


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"use": ""}, "请选一项"),
        ({"use": "RESIDENT_PREMIUM"}, "请选一项"),
        ({"amount": ""}, "请写金额"),
        ({"amount": "0"}, "金额要大于 0"),
        ({"amount": "-5"}, "不是一个金额"),
        ({"amount": "1e5"}, "不是一个金额"),
        ({"amount": "1000000.01"}, "金额太大了"),
        ({"bill_no": ""}, "请填单据号"),
        ({"bill_no": "=1+1"}, "单据号由字母、数字"),
        ({"bill_no": "A" * 65}, "单据号由字母、数字"),
        ({"day": "2026-08-01", "clock": "9:00"}, "90 天"),
        ({"day": "2026-11-17", "clock": "9:00"}, "90 天"),
        ({"day": "2026-11-15"}, "请写上几点几分"),
        ({"clock": "25:00"}, "24 小时制"),
        ({"has_proxy": "on"}, "请填代买人的姓名"),
        (
            {
                "has_proxy": "on",
                "verify_proxy_name": "王五",
                "verify_proxy_number": "1101051949123100",
            },
            "请填代买人的证件号码|身份证号",
        ),
    ],
)
def test_a_bill_that_cannot_be_one_stays_typed(desk, me, said, sentence):
    sent = BILL | {"amount": "12.34"} | said
    page = text(desk.post(identify(desk, me), sent))
    assert re.search(sentence, page)
    assert sent["amount"] in page
    assert not Settlement.objects.exists()
    assert not EVoucher.objects.filter(used_at=None).exists()


def test_who_buys_for_the_patient_is_kept_and_masked(desk, me):
    proxy = {"has_proxy": "on", "verify_proxy_name": "王小明", "verify_proxy_number": ID_NUMBER}
    check = quote(desk, me, use="DRUG", **proxy)
    assert "王*明" in text(desk.get(check))
    receipt = text(desk.get(press(desk, check).url))
    made = Settlement.objects.get()
    assert (made.proxy_name, made.proxy_id_number) == ("王小明", ID_NUMBER)
    assert "王*明" in receipt
    assert not re.search(f"王小明|{ID_NUMBER}", receipt)


def test_going_back_finds_the_bill_as_it_was_typed(desk, me):
    check = quote(desk, me, day="2026-11-15", clock="9.05")
    page = text(desk.get(check.replace("check/", "")))
    for one in ("700.00", "MZ-1", "2026-11-15", "09:05"):
        assert f'value="{one}"' in page


def test_a_clerk_who_changes_the_provider_leaves_the_patients_behind(desk, hospital, me):
    bill = identify(desk, me)
    hospital.clerks.update(provider=make_provider())
    assert desk.get(bill).url == "/desk/"
    assert desk.post(bill, BILL).url == "/desk/"
    assert not Settlement.objects.exists()


def test_what_the_desk_remembers_can_be_read_by_nobody(desk, me):
    quote(desk, me, has_proxy="on", verify_proxy_name="王小明", verify_proxy_number=ID_NUMBER)
    stored = [row.get_decoded() for row in Session.objects.all()]
    assert any(visits.SESSION_KEY in one for one in stored)
    assert not re.search(f"王小明|{ID_NUMBER}|张建国|MZ-1", str(stored))


def test_what_was_being_sent_when_the_session_ended_is_not_kept_with_numbers(desk, rules, clock):
    clock(minutes=16)
    desk.post("/desk/", {"how": "card", "verify_id_number": ID_NUMBER, "verify_card": CARD})
    kept = "".join(row.data for row in Draft.objects.all())
    assert not re.search(f"{ID_NUMBER}|{CARD}", kept)


def test_too_many_quotes_keep_nobody_from_paying(desk, me, monkeypatch):
    limit = settlement.limits.Limit("quote-patient", 1, 60)
    monkeypatch.setattr(settlement.limits, "QUOTE_PATIENT", limit)
    bill = identify(desk, me)
    desk.post(bill, BILL)
    check = desk.post(bill, BILL).url
    assert "试算的次数用完了" in text(desk.get(check))
    press(desk, check)
    assert Settlement.objects.get().paid_fen == 12_000


PAGES = (
    "/desk/",
    "/desk/visits/{visit}/",
    "/desk/visits/{visit}/check/",
    "/desk/receipts/{reference}/",
    "/desk/receipts/{reference}/back/",
    "/desk/days/",
    "/desk/days/csv/",
)
POSTS = ("/desk/visits/{visit}/settle/", "/desk/receipts/{reference}/back/")


def codes(client, routes, *, post=False):
    """The statuses; nothing is changed by asking."""
    said = {"turn": 1, "confirmed": "yes", "reason": "退了药", "key": "back-12345678"}
    before = Settlement.objects.count()
    found = [(client.post(one, said) if post else client.get(one)).status_code for one in routes]
    assert Settlement.objects.count() == before
    assert not Refund.objects.exists()
    return found


def test_every_page_of_the_desk_is_for_its_own_clerks(hospital, me):
    there = at_desk(hospital)
    names = {
        "reference": settle(there, me).split("/")[-2],
        "visit": quote(there, me, bill_no="MZ-9").split("/")[-3],
    }
    gets, posts = ([one.format(**names) for one in routes] for routes in (PAGES, POSTS))
    left = at_desk(hospital, ended_at=timezone.now())
    agency = [
        cast.sign_in(Client(), make_staff(role=role)) for role in ("window_clerk", "system_admin")
    ]
    for client, status in ((visitor(me), 404), *((one, 403) for one in (*agency, left))):
        assert set(codes(client, gets)) == {status}
        assert set(codes(client, posts, post=True)) == {status}
    # A colleague sees what the provider took, and not whom another desk has before it.
    assert codes(at_desk(hospital), gets) == [200, 302, 302, 200, 200, 200, 200]
    assert codes(at_desk(make_provider()), gets) == [200, 302, 302, 404, 404, 200, 200]
    assert codes(at_desk(make_provider()), posts, post=True) == [302, 404]


def test_a_password_alone_opens_no_desk(hospital):
    clerk = make_clerk(hospital)
    half = cast.sign_in(Client(), clerk.user, second_factor=False)
    assert half.get("/desk/").url.startswith("/accounts/second-factor/")
    User.objects.filter(pk=clerk.user_id).update(password_changed_at=None)
    whole = cast.sign_in(Client(), clerk.user)
    assert whole.get("/desk/").url == "/accounts/security/password/"


def test_a_clerk_of_a_provider_is_at_home_at_the_desk_and_nowhere_else(desk):
    for path in ("/home/", "/balance/", "/voucher/", "/family/", "/notices/", "/accounts/looks/"):
        assert desk.get(path).status_code == 403, path
    assert desk.get("/admin/").status_code == 302
    assert desk.get("/admin/", follow=True).redirect_chain[-1][0] == "/desk/"
    assert desk.get("/accounts/sign-in/", follow=True).redirect_chain[-1][0] == "/desk/"
