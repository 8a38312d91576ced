"""「余额为什么没有增加」 on the page of monthly credits."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import IdentifierKind
from insurance import ledger
from insurance.models import PersonIdentifier, PoolingArea
from insurance.models.ledger import EntryKind
from insurance.periods import Month
from tests.factories import insurance as register
from tests.factories.reading import make_citizen, sign_in
from tests.factories.rules import publish_all
from tests.queries.conftest import text

pytestmark = pytest.mark.django_db

MOST = 16  # session and login included
OCTOBER = Month.of(2026, 10)


@pytest.fixture
def shanghai(fixed_day):
    publish_all()
    return PoolingArea.objects.get(code="310000")


@pytest.fixture
def person(shanghai):
    person = register.make_person(name="李梅")
    register.make_enrolment(person=person, area=shanghai, employer="甲厂")
    return person


@pytest.fixture
def account(person, shanghai):
    return register.make_account(person=person, area=shanghai, balance_fen=100000)


@pytest.fixture
def causes(client, person):
    """What is said about a month: the text of its part of the page."""

    sign_in(client, make_citizen(person=person))

    def read(month="2026年10月", query=""):
        shown = text(client.get(f"/balance/credits/{query}"))
        part = shown.split('<h2 id="diagnosis">')[1].split("</section>")[0]
        return part.split(f"<h3>{month}</h3>")[1].split("<h3>")[0]

    return read


def pay(person, area, month=(2026, 10), **fields):
    return register.make_period(person=person, area=area, first=month, last=month, **fields)


def credit(account, fen=16000, moment=None):
    return register.post(
        account,
        EntryKind.CREDIT_OWN,
        fen,
        posted_at=moment or register.at(2026, 10, 20),
        for_month=OCTOBER,
    )


def test_a_month_that_nobody_declared_says_whom_to_ask(account, causes):
    assert "没有申报和缴费的记录" in causes()
    assert "请问单位" in causes()


def test_what_was_paid_and_has_not_come_is_left_open(account, person, shanghai, causes):
    pay(person, shanghai)
    assert "当地规定哪天到账没有查到" in causes()


def test_a_wrong_sum_is_shown_with_its_reckoning_and_its_document(
    account, person, shanghai, causes
):
    pay(person, shanghai, base_fen=800000)
    credit(account, 15000)
    shown = causes()
    for words in (
        "到账 150.00 元",
        "缴费基数 8,000.00 元",
        "划入 2%",
        "应到 160.00 元",
        "指导意见》",
    ):
        assert words in shown, words


def test_a_month_that_went_well_says_so(account, person, shanghai, causes):
    pay(person, shanghai, base_fen=800000)
    credit(account)
    assert "没有看到让余额变少的事" in causes()


def test_the_running_month_is_waited_for(account, causes):
    assert "还没有过完" in causes("2026年11月")


def test_several_causes_stand_in_order_with_the_main_one_first(account, person, shanghai, causes):
    pay(person, shanghai, base_fen=800000)
    daughter = register.make_person(name="张小梅")
    credit(account)
    register.post(
        account,
        EntryKind.SPEND_AID,
        -16000,
        posted_at=register.at(2026, 10, 25),
        used_by=daughter,
    )
    register.post(account, EntryKind.PREMIUM, -1000, posted_at=register.at(2026, 10, 26))
    shown = causes()
    places = [
        shown.index(words)
        for words in ("也用出去 170.00 元", "还有：", "家人用了 160.00 元", "交了保费 10.00 元")
    ]
    assert places == sorted(places)
    assert "张小梅" not in shown


def test_a_credit_that_was_taken_back_is_told(account, person, shanghai, causes):
    pay(person, shanghai, base_fen=800000)
    entry = credit(account)
    ledger.reverse(entry_id=entry.pk, source_ref="m", posted_at=register.at(2026, 10, 22))
    assert "又更正掉了" in causes()


def test_money_kept_for_relatives_is_told(account, person, shanghai, causes):
    ledger.reserve(account_id=account.pk, amount_fen=20000, source_kind="t", source_ref="r")
    assert "200.00 元 给家人留着" in causes()


def test_a_contribution_of_another_place_is_named_by_that_place(account, person, causes):
    pay(person, PoolingArea.objects.get(code="320100"))
    assert "这个月的费是在南京市缴的" in causes()


def test_a_freeze_is_told_in_its_months_only(account, person, causes):
    register.make_fact(person=person, from_day=dt.date(2026, 10, 5), to_day=dt.date(2026, 10, 9))
    assert "账户停着：账户冻结" in causes()
    assert "账户停着" not in causes("2026年9月")


def test_a_transfer_says_how_many_days_it_may_take(account, person, causes):
    register.make_fact(person=person, kind="transfer_in", from_day=dt.date(2026, 10, 5))
    assert "一共最多 15 个工作日" in causes()


def test_the_employer_s_share_is_missed_after_the_reform(client, fixed_day):
    publish_all()
    beijing = PoolingArea.objects.get(code="110000")
    person = register.make_person()
    register.make_enrolment(person=person, area=beijing)
    account = register.make_account(person=person, area=beijing)
    register.post(
        account,
        EntryKind.CREDIT_EMPLOYER_SHARE,
        5000,
        posted_at=register.at(2022, 8, 20),
        for_month=Month.of(2022, 8),
    )
    sign_in(client, make_citizen(person=person))
    assert "从 2022年9月1日 起，单位交的部分不再划进" in text(client.get("/balance/credits/"))


def test_the_same_number_on_another_record_is_told_and_names_nobody(client, shanghai):
    number = register.make_id_number(born="19710812")
    person = register.make_person(name="李梅", id_number=number)
    register.make_enrolment(person=person, area=shanghai)
    other = register.make_person(name="王秘密")
    old = PersonIdentifier(person=other, ended_at=register.at(2020, 1, 1))
    old.set_value(IdentifierKind.ID_NUMBER, number)
    old.save()
    sign_in(client, make_citizen(person=person))
    shown = text(client.get("/balance/credits/"))
    assert "还登记在另一个人员编号下" in shown
    assert "王秘密" not in shown
    assert other.person_number not in shown


def test_past_years_have_no_diagnosis_and_a_wrong_year_keeps_the_latest(client, account, person):
    sign_in(client, make_citizen(person=person))
    assert 'id="diagnosis"' not in text(client.get("/balance/credits/?year=2020"))
    shown = text(client.get("/balance/credits/?year=abc"))
    assert "<title>错误：" in shown
    assert 'id="diagnosis"' in shown


def test_residents_are_told_that_they_have_no_account(client, shanghai):
    person = register.make_person()
    register.make_enrolment(person=person, area=shanghai, scheme="resident", person_type="resident")
    sign_in(client, make_citizen(person=person))
    assert "没有个人账户，所以没有钱打进来" in text(client.get("/balance/credits/"))


def test_the_page_stays_within_its_queries(client, account, person, shanghai):
    pay(person, shanghai)
    credit(account)
    sign_in(client, make_citizen(person=person))
    with CaptureQueriesContext(connection) as made:
        text(client.get("/balance/credits/"))
    assert len(made) <= MOST, [one["sql"][:120] for one in made]
