"""The tool "who pays?": what it says, and what nobody gets out of it."""

import pytest

from accounts.limits import ASK_WHO_PAYS
from accounts.models import AuditEntry
from insurance.models import IdentityLink
from insurance.models.ledger import EntryKind
from tests.factories import insurance as register
from tests.factories.family import make_binding, make_insured
from tests.factories.reading import make_citizen, sign_in
from tests.family.rules import rules_to_turn
from tests.family.test_order_pages import listed, text

pytestmark = pytest.mark.django_db
WHO_PAYS = "/family/who-pays/"


@pytest.fixture(autouse=True)
def turn(monkeypatch, fixed_day):
    return rules_to_turn(monkeypatch)


@pytest.fixture
def me(db):
    return make_insured(balance_fen=120_00, name="张建国")


@pytest.fixture
def page(client, me):
    return sign_in(client, make_citizen(person=me))


def give(me, balance_fen, **fields):
    giver = make_insured(name="李春梅", balance_fen=balance_fen)
    return make_binding(giver=giver, beneficiary=me, **fields)


def ask(page, bill="300.00", use="CARE", status=200):
    return text(page.post(WHO_PAYS, {"bill": bill, "use": use}), status)


def test_the_page_asks_and_counts_nothing(page, me):
    assert 'value="300.00"' in text(page.get(WHO_PAYS))
    assert not AuditEntry.objects.filter(action="payers.ask").exists()


def test_each_payer_with_amount_or_answer_and_the_cash(page, me):
    give(me, 100_00, shows_amounts=True)
    shown = ask(page, "1,000")
    assert listed(shown) == ["您自己的个人账户", "李*梅"]
    for said in ("付 120.00 元", "付 100.00 元", "余额用完", "现金：780.00 元"):
        assert said in shown


def test_without_agreement_only_enough_or_not(page, me):
    give(me, 1_234_56)
    enough = ask(page, "1100.00")
    assert ">够<" in enough.replace("\n", "")
    short = ask(page, "1300")
    assert "不一定够" in short
    assert "最多 180.00 元" in short
    for shown in (enough, short):
        assert "1,234" not in shown
        assert "1,000" not in shown


def test_the_place_of_ones_own_account_is_told_as_a_rule_or_as_practice(page, me, turn):
    assert "按当地规定，先用自己的账户" in ask(page)
    turn(own_account_first=None)
    assert "没有见到文件" in ask(page)
    turn(own_account_first=False)
    give(me, 1_000_00)
    shown = ask(page)
    assert listed(shown) == ["李*梅", "您自己的个人账户"]
    assert "先用家人的账户" in shown


def test_that_nobody_knows_what_must_stay_is_said(page, me, turn):
    give(me, 1_000_00)
    assert "要不要留一部分" not in ask(page)
    turn(min_kept_fen=None)
    assert "要不要留一部分" in ask(page)


def test_the_kind_of_spending_decides(page, me):
    give(me, 1_000_00)
    shown = ask(page, use="RESIDENT_PREMIUM")
    assert "这种钱不能用个人账户付" in shown
    assert ">够<" in shown.replace("\n", "")


@pytest.mark.parametrize(
    "bill", ["", "0", "-5", "1e3", "300.555", "5000.01", "99999999999", "很多", "NaN", "1" * 50]
)
def test_a_bill_that_is_none_stays_in_the_field(page, me, bill):
    shown = ask(page, bill)
    assert "<title>错误：" in shown
    assert "payers-cash" not in shown
    if bill:
        assert f'value="{bill}"' in shown


@pytest.mark.parametrize("use", ["", "CASH", "care", "x" * 500])
def test_only_the_listed_kinds_are_asked_about(page, me, use):
    assert "请选一项" in ask(page, use=use)


def test_the_largest_bill_and_full_width_digits_are_taken(page, me):
    assert "现金：4,880.00 元" in ask(page, "５０００")


def test_twenty_questions_a_day_and_not_one_more(page, me):
    give(me, 1_234_56)
    for _ in range(ASK_WHO_PAYS.count):
        ask(page)
    shown = ask(page, "150", status=429)
    assert "今天的用完了" in shown
    assert 'value="150"' in shown
    assert "李" not in shown
    assert AuditEntry.objects.filter(action="payers.ask").count() == ASK_WHO_PAYS.count


def test_the_questions_are_counted_by_person_and_not_by_browser(page, client, me):
    for _ in range(ASK_WHO_PAYS.count):
        ask(page)
    client.cookies.clear()
    ask(sign_in(client, IdentityLink.objects.get(person=me).user), status=429)
    ask(sign_in(client, make_citizen(person=make_insured())))


def test_a_question_is_in_the_visitors_book(page, me):
    give(me, 1_234_56)
    ask(page, "88.50", "DRUG")
    entry = AuditEntry.objects.get(action="payers.ask")
    assert entry.subject_ref == str(me.reference)
    assert entry.details == {"use": "DRUG", "bill_fen": 8850, "payers": 2}


def test_pages_about_two_balances_between_two_rungs_are_the_same(page, me):
    """The attacker of security.md §5: whatever is asked, 300.00 and 999.99 answer alike."""
    account = give(me, 300_00).giver.accounts.get()
    other = give(me, 700_00, shows_amounts=True)
    other.giver.name = "王小明"
    other.giver.save()

    def pages():
        from_tool = [ask(page, bill) for bill in ("100", "419.99", "420", "421", "800", "5000")]
        turned = [
            text(
                page.post(
                    "/family/order/?version=2&places=2.1",
                    {"do": "preview", "bill": bill, "use": "CARE"},
                )
            )
            for bill in ("1000", "1200", "5000")
        ]
        return [without_token(one) for one in (*from_tool, *turned)]

    before = pages()
    register.post(account, EntryKind.CREDIT_OWN, 699_99)
    assert pages() == before
    register.post(account, EntryKind.CREDIT_OWN, 1)
    assert without_token(ask(page, "5000")) != before[5]


def without_token(shown):
    return "\n".join(line for line in shown.splitlines() if "csrfmiddlewaretoken" not in line)
