import datetime as dt

import pytest

from insurance import ledger
from insurance.models.ledger import AccountPart, EntryKind
from insurance.periods import Month
from tests.factories import insurance as register
from tests.factories.reading import make_citizen, sign_in
from tests.queries.conftest import text


def home_of(client, person):
    return text(sign_in(client, make_citizen(person=person)).get("/home/"))


def test_the_greeting_is_masked_and_the_balance_comes_first(page):
    shown = text(page("/home/"))
    assert "张*国，您好" in shown
    assert "张建国" not in shown
    assert shown.index("1,164.69 元") < shown.index("最近三笔") < shown.index("缴费年限</h2>")


def test_the_last_three_entries_of_all_parts_stand_newest_first(client, db, fixed_day):
    person = register.make_person(phone="13800005678")
    register.make_enrolment(person=person)
    whole = register.make_account(person=person, balance_fen=10000)
    wallet = register.make_account(person=person, part=AccountPart.WALLET)
    for number, account in enumerate([whole, wallet, whole, wallet], start=1):
        register.post(
            account, EntryKind.TRANSFER_IN, number * 111, posted_at=register.at(2026, 11, number)
        )
    shown = home_of(client, person)
    places = [shown.index(f"+{figure} 元") for figure in ("4.44", "3.33", "2.22")]
    assert places == sorted(places)
    assert "+1.11 元" not in shown
    assert "/balance/statement/2/?part=wallet" in shown


def test_the_last_three_months_are_told_with_their_state(page, reader):
    shown = text(page("/home/"))
    assert "还没有记录" in shown  # November
    assert "164.69 元" in shown  # October
    assert "已缴费，还没到账" in shown  # September


def test_a_credit_that_was_corrected_is_no_income(page, reader):
    wrong = register.post(
        reader,
        EntryKind.CREDIT_OWN,
        99900,
        posted_at=register.at(2026, 10, 25),
        for_month=Month.of(2026, 9),
    )
    ledger.reverse(entry_id=wrong.pk, source_ref="m", posted_at=register.at(2026, 10, 26))
    assert "到账后又更正了" in text(page("/home/"))


def test_nothing_to_do_is_said(page):
    assert "没有。都好着呢。" in text(page("/home/"))


@pytest.mark.parametrize(
    ("person_type", "who"), [("in_service", "请催单位缴"), ("flexible", "您自己去缴")]
)
def test_unpaid_months_name_who_has_to_pay(client, db, fixed_day, person_type, who):
    person = register.make_person(phone="13800005678")
    register.make_enrolment(person=person, person_type=person_type)
    register.make_period(person=person, first=(2026, 7), last=(2026, 8), status="unpaid")
    shown = home_of(client, person)
    assert "有 2 个月欠缴" in shown
    assert who in shown


def test_a_month_nobody_declared_is_a_question_to_the_employer(client, db, fixed_day):
    person = register.make_person(phone="13800005678")
    register.make_enrolment(person=person)
    register.make_period(person=person, first=(2026, 1), last=(2026, 9))
    shown = home_of(client, person)
    assert "2026年10月没有缴费记录" in shown
    assert "请问单位" in shown
    assert "2026年11月没有缴费记录" not in shown


def test_a_frozen_account_and_a_missing_phone_are_things_to_do(client, db, fixed_day):
    person = register.make_person()
    register.make_enrolment(person=person)
    register.make_account(person=person, balance_fen=100)
    register.make_fact(person=person, from_day=dt.date(2026, 5, 1))
    shown = home_of(client, person)
    assert "账户被冻结" in shown
    assert "到医保窗口" in shown
    assert "医保没有登记您的手机号" in shown


def test_a_transfer_that_runs_needs_nothing_from_the_person(client, db, fixed_day):
    person = register.make_person(phone="13800005678")
    register.make_enrolment(person=person)
    register.make_fact(person=person, kind="transfer_in", from_day=dt.date(2026, 11, 10))
    assert "您等着就行" in home_of(client, person)


def test_a_resident_sees_why_there_is_no_balance_and_no_months_of_credit(client, db, fixed_day):
    person = register.make_person(phone="13800005678")
    register.make_enrolment(person=person, scheme="resident", person_type="resident")
    shown = home_of(client, person)
    assert "居民医保没有个人账户" in shown
    assert "每月到账" not in shown
    assert "0.00 元" not in shown


def test_the_months_in_short_are_exact_and_have_no_bar(page):
    shown = text(page("/home/"))
    assert "16年4个月" in shown
    assert "196 个月" in shown
    assert "progress" not in shown


def test_elder_mode_says_less(page, client):
    ordinary = text(page("/home/"))
    client.cookies["display"] = "elder"
    elder = text(page("/home/"))
    assert "余额说明" in ordinary
    assert 'class="elder"' in elder
