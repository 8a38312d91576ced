"""The balance, and the sentence for each way of having none."""

import datetime as dt

import pytest

from insurance import ledger
from insurance.models import ImportRun, PoolingArea
from insurance.models.ledger import AccountPart, EntryKind
from tests.factories import insurance as register
from tests.factories.reading import make_citizen, sign_in
from tests.queries.conftest import text

SOURCE = {"source_kind": "test", "source_ref": "aside"}


@pytest.fixture
def person(db, fixed_day):
    return register.make_person(name="李梅", phone="13800005678")


@pytest.fixture
def shown(client, person):
    """The balance page of the person, as text."""
    sign_in(client, make_citizen(person=person))
    return lambda: text(client.get("/balance/"))


def test_available_reserved_held_and_ledger_balance_stand_apart(page, reader):
    ledger.reserve(account_id=reader.pk, amount_fen=20000, **SOURCE)
    ledger.hold(account_id=reader.pk, amount_fen=6469, source_kind="test", source_ref="held")
    shown = text(page("/balance/"))
    for figure in ("900.00 元", "1,164.69 元", "200.00 元", "64.69 元"):
        assert figure in shown
    assert "给家人留出" in shown
    assert "正在结算，暂时占用" in shown


@pytest.mark.both_databases
def test_the_page_says_until_when_it_is_complete(page, reader):
    assert "2026年10月20日 09:00" in text(page("/balance/"))
    ImportRun.objects.create(
        kind="ledger", file_name="a", file_digest="b", finished_at=register.at(2026, 11, 15, 6)
    )
    ImportRun.objects.create(kind="ledger", file_name="c", file_digest="d")
    assert "2026年11月15日 06:00" in text(page("/balance/"))


def test_each_part_has_its_line_and_there_is_a_total(client, person):
    register.make_enrolment(person=person)
    register.make_account(person=person, part=AccountPart.PRIOR_YEARS, balance_fen=50000)
    register.make_account(person=person, part=AccountPart.CURRENT_YEAR, balance_fen=1234)
    register.make_account(person=person, part=AccountPart.WALLET, balance_fen=100)
    sign_in(client, make_citizen(person=person))
    shown = text(client.get("/balance/"))
    places = [shown.index(word) for word in ("当年账户", "历年账户", "医保钱包", "合计")]
    assert places == sorted(places)
    assert "513.34 元" in shown


def test_the_bank_part_of_the_card_is_told_apart(page):
    assert "社保卡里有两种钱" in text(page("/balance/"))


def test_nothing_is_explained_where_there_is_money_to_use(page):
    assert "怎么办" not in text(page("/balance/"))


def test_residents_are_told_that_their_scheme_has_no_account(shown, person):
    register.make_enrolment(person=person, scheme="resident", person_type="resident")
    assert "居民医保没有个人账户" in shown()


def test_a_tier_without_account_is_named(shown, person):
    register.make_enrolment(person=person, tier="二档", has_account=False)
    assert "您这一档没有个人账户" in shown()
    assert "二档" in shown()


def test_an_account_that_was_not_opened_is_no_zero(shown, person):
    register.make_enrolment(person=person, starts_on=dt.date(2026, 11, 1))
    assert "账户还没有开" in shown()


def test_an_account_that_nothing_came_into_says_so(shown, person):
    register.make_enrolment(person=person)
    register.make_account(person=person)
    assert "还没有钱打进来" in shown()


def test_money_that_was_used_up_is_called_that(shown, person):
    register.make_enrolment(person=person)
    account = register.make_account(person=person, balance_fen=500)
    register.post(account, EntryKind.SPEND_DRUG, -500)
    assert "钱用完了" in shown()


def test_money_that_is_all_spoken_for_is_not_called_used_up(shown, person):
    register.make_enrolment(person=person)
    account = register.make_account(person=person, balance_fen=500)
    ledger.reserve(account_id=account.pk, amount_fen=500, **SOURCE)
    assert "钱在，但暂时都有用处" in shown()
    assert "钱用完了" not in shown()


def test_a_frozen_account_has_nothing_to_use_and_says_since_when(shown, person):
    register.make_enrolment(person=person)
    register.make_account(person=person, balance_fen=500)
    register.make_fact(person=person, kind="account_freeze", from_day=dt.date(2026, 3, 1))
    found = shown()
    assert "账户被冻结" in found
    assert "2026年3月1日" in found
    assert "0.00 元" in found
    assert "5.00 元" in found


def test_a_freeze_that_is_over_or_withdrawn_is_not_mentioned(shown, person):
    register.make_enrolment(person=person)
    register.make_account(person=person, balance_fen=500)
    register.make_fact(person=person, from_day=dt.date(2026, 1, 1), to_day=dt.date(2026, 11, 15))
    register.make_fact(person=person, withdrawn_at=register.at(2026, 4, 1))
    assert "冻结" not in shown()


def test_suspended_settlement_leaves_the_money_and_says_what_to_do(shown, person):
    register.make_enrolment(person=person)
    register.make_account(person=person, balance_fen=500)
    register.make_fact(
        person=person,
        kind="settlement_suspension",
        from_day=dt.date(2026, 10, 1),
        to_day=dt.date(2026, 12, 31),
    )
    found = shown()
    assert "暂时不能刷卡结算" in found
    assert "2026年12月31日" in found


def test_somebody_who_is_moving_is_told_where_to(shown, person):
    register.make_enrolment(person=person)
    register.make_account(person=person)
    chengdu = register.make_area(code="510100", name_zh="成都市", name_en="Chengdu")
    register.make_fact(
        person=person, kind="transfer_out", from_day=dt.date(2026, 11, 2), other_area=chengdu
    )
    assert "医保关系正在转走" in shown()
    assert "成都市" in shown()


def test_somebody_who_has_moved_is_sent_there_and_not_told_of_spending(shown, person):
    register.make_enrolment(person=person, ends_on=dt.date(2026, 6, 30))
    account = register.make_account(person=person, balance_fen=500)
    register.post(account, EntryKind.TRANSFER_OUT, -500)
    register.make_fact(
        person=person,
        kind="transfer_out",
        from_day=dt.date(2026, 6, 30),
        to_day=dt.date(2026, 7, 20),
        other_area=PoolingArea.objects.get(code="340100"),
    )
    assert "您的医保已经转走了" in shown()
    assert "钱用完了" not in shown()


@pytest.mark.parametrize(
    ("balance_fen", "told"), [(0, "您的医保已经转走了"), (500, "医保关系正在转走")]
)
def test_a_transfer_without_an_end_is_judged_by_what_is_left(shown, person, balance_fen, told):
    register.make_enrolment(person=person, ends_on=dt.date(2026, 6, 30))
    register.make_account(person=person, balance_fen=balance_fen)
    register.make_fact(person=person, kind="transfer_out", from_day=dt.date(2026, 6, 30))
    found = shown()
    assert told in found
    assert ("已经转走了" in found) != ("正在转走" in found)
    assert "现在没有参保" not in found


def test_somebody_insured_over_there_is_moving_no_longer(shown, person):
    chengdu = register.make_area(code="510100", name_zh="成都市", name_en="Chengdu")
    register.make_enrolment(person=person, area=chengdu)
    register.make_account(person=person, area=chengdu, balance_fen=500)
    register.make_fact(
        person=person, kind="transfer_out", from_day=dt.date(2020, 6, 30), other_area=chengdu
    )
    assert "转走" not in shown()


def test_somebody_whom_nobody_insures_is_told_since_when(shown, person):
    register.make_enrolment(person=person, ends_on=dt.date(2026, 6, 30))
    register.make_account(person=person, balance_fen=500)
    assert "现在没有参保" in shown()
    assert "2026年6月30日" in shown()


def test_a_closed_account_keeps_its_statement(shown, person, client):
    register.make_enrolment(person=person)
    account = register.make_account(person=person, balance_fen=500)
    register.post(account, EntryKind.WITHDRAWAL, -500)
    ledger.close_account(account_id=account.pk, closed_on=dt.date(2026, 11, 1))
    assert "?part=whole-1" in shown()
    assert "一次性提取" in text(client.get("/balance/statement/?part=whole-1"))
    assert client.get("/balance/statement/?part=whole").status_code == 404
