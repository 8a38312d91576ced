from datetime import date

import pytest

from insurance.models import LedgerEntry, PersonalAccount
from tests.factories.insurance import at, make_person
from tests.insurance.importing import import_lines, ledger_line

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("fixed_day"),
    pytest.mark.both_databases,
]


@pytest.fixture(autouse=True)
def owner():
    return make_person(person_number="R0001")


def steps(**filters):
    rows = LedgerEntry.objects.filter(**filters).order_by("account", "sequence")
    return list(rows.values_list("source_ref", "amount_fen", "balance_after_fen"))


def test_the_first_line_opens_the_account(tmp_path, owner):
    lines = [
        ledger_line(1, kind="期初余额", amount='"1,000.00"', for_month="", posted_at="2025-12-31"),
        ledger_line(2),
        ledger_line(3, kind="药店支出", amount="-45.60", for_month="", place="药店"),
    ]
    assert import_lines("ledger", tmp_path, *lines).code == 0
    account = PersonalAccount.objects.get()
    assert (account.person, account.part, account.area_id) == (owner, "whole", "340100")
    assert (account.opened_on, account.balance_fen) == (date(2025, 12, 31), 111440)
    assert steps() == [("L1", 100000, 100000), ("L2", 16000, 116000), ("L3", -4560, 111440)]
    last = LedgerEntry.objects.get(source_ref="L3")
    assert (last.source_kind, last.place, last.posted_at, last.for_month) == (
        "import",
        "药店",
        at(2026, 1, 3),
        None,
    )


def test_what_a_pharmacy_gives_back_comes_in_as_a_refund(tmp_path):
    lines = [
        ledger_line(1),
        ledger_line(2, kind="药店支出", amount="-45.60", for_month=""),
        ledger_line(3, kind="退费", amount="12.00", for_month=""),
        ledger_line(4, kind="refund", amount="-3.60", for_month=""),
    ]
    outcome = import_lines("ledger", tmp_path, *lines)
    assert outcome.problems == [(5, "amount", "金额的正负与种类不符：进账为正，支出为负，不能是零")]
    assert steps(kind="refund") == [("L3", 1200, 12640)]


def test_the_same_file_twice_changes_nothing(tmp_path):
    lines = [ledger_line(number) for number in range(1, 21)]
    import_lines("ledger", tmp_path, *lines)
    before = list(LedgerEntry.objects.order_by("pk").values())
    assert "已有 20 行" in import_lines("ledger", tmp_path, *lines).out
    assert list(LedgerEntry.objects.order_by("pk").values()) == before


def test_a_longer_file_adds_what_is_new(tmp_path):
    import_lines("ledger", tmp_path, ledger_line(1), ledger_line(2))
    assert (
        "新增 1 行，更新 0 行，已有 2 行"
        in import_lines("ledger", tmp_path, *map(ledger_line, (1, 2, 3))).out
    )
    assert PersonalAccount.objects.get().balance_fen == 48000


def test_other_content_under_a_known_number_is_bad_and_stops_nothing(tmp_path):
    import_lines("ledger", tmp_path, ledger_line(1), ledger_line(2))
    outcome = import_lines(
        "ledger", tmp_path, ledger_line(1, amount="170"), ledger_line(2), ledger_line(3)
    )
    assert [(line, column) for line, column, _problem in outcome.problems] == [(2, "source_ref")]
    assert "只增不改" in outcome.problems[0][2]
    assert steps()[-1] == ("L3", 16000, 48000)


def test_lines_after_a_bad_one_wait_until_it_is_right(tmp_path):
    make_person(person_number="R0002")
    good = [
        ledger_line(1),
        ledger_line(2),
        ledger_line(3),
        ledger_line(4, psn_no="R0002"),
        ledger_line(5),
    ]
    bad = [good[0], ledger_line(2, amount="160.005"), *good[2:]]
    outcome = import_lines("ledger", tmp_path, *bad)
    assert [(line, column) for line, column, _problem in outcome.problems] == [
        (3, "amount"),
        (4, ""),
        (6, ""),
    ]
    assert "第 3 行" in outcome.problems[1][2]
    assert steps(account__person__person_number="R0001") == [("L1", 16000, 16000)]
    assert steps(account__person__person_number="R0002") == [("L4", 16000, 16000)]
    assert import_lines("ledger", tmp_path, *good).code == 0
    assert [ref for ref, _amount, _after in steps(account__person__person_number="R0001")] == [
        "L1",
        "L2",
        "L3",
        "L5",
    ]


@pytest.mark.parametrize(
    "broken",
    ["R0001,,340100,个人缴费划入", "R0001,,340100,个人缴费划入,1,000.00,2026-01,2026-01-02,,,,L2"],
)
def test_lines_after_one_with_too_few_or_many_cells_wait_too(tmp_path, broken):
    outcome = import_lines("ledger", tmp_path, ledger_line(1), broken, ledger_line(3))
    assert [line for line, _column, _problem in outcome.problems] == [3, 4]
    assert len(steps()) == 1


def test_an_account_that_can_not_be_read_keeps_all_parts_of_the_person_waiting(tmp_path):
    lines = [
        ledger_line(1, part="当年账户"),
        ledger_line(2, part="某年账户"),
        ledger_line(3, part="历年账户"),
    ]
    assert [line for line, *_rest in import_lines("ledger", tmp_path, *lines).problems] == [3, 4]


def test_a_line_that_the_ledger_refuses_holds_back_the_rest_of_its_account(tmp_path):
    lines = [ledger_line(1), ledger_line(2, kind="药店支出", amount="-200.00"), ledger_line(3)]
    outcome = import_lines("ledger", tmp_path, *lines)
    assert outcome.problems[0] == (3, "amount", "余额不足：账户里能用的只有 160.00 元")
    assert [line for line, _column, _problem in outcome.problems] == [3, 4]
    assert steps() == [("L1", 16000, 16000)]


def test_what_is_posted_already_still_counts_behind_a_bad_line(tmp_path):
    import_lines("ledger", tmp_path, ledger_line(1), ledger_line(3))
    outcome = import_lines("ledger", tmp_path, *map(ledger_line, (1, 2, 3, 4)))
    assert "已有 2 行，有误 2 行" in outcome.out
    assert [(line, column) for line, column, _problem in outcome.problems] == [
        (3, "posted_at"),
        (5, ""),
    ]


def test_an_account_that_never_got_a_line_is_not_opened(tmp_path):
    import_lines("ledger", tmp_path, ledger_line(1, amount="-1"), ledger_line(2))
    assert not PersonalAccount.objects.exists()


def test_a_source_number_twice_in_one_file_is_told_and_stops_nothing(tmp_path):
    outcome = import_lines("ledger", tmp_path, ledger_line(1), ledger_line(1), ledger_line(2))
    assert outcome.problems == [(3, "source_ref", "来源编号与第 2 行重复")]
    assert len(steps()) == 2


def test_a_correction_mirrors_the_entry_it_names(tmp_path):
    lines = [
        ledger_line(1),
        ledger_line(2, kind="药店支出", amount="-45.60"),
        ledger_line(3, kind="更正", amount="45.60", reverses="L2"),
        ledger_line(4),
    ]
    assert import_lines("ledger", tmp_path, *lines).code == 0
    assert LedgerEntry.objects.get(source_ref="L3").reverses.source_ref == "L2"
    assert "已有 4 行" in import_lines("ledger", tmp_path, *lines).out
    again = import_lines(
        "ledger", tmp_path, *lines, ledger_line(5, kind="更正", amount="45.60", reverses="L2")
    )
    assert [(line, column) for line, column, _problem in again.problems] == [(6, "reverses")]


def test_money_a_relative_spent_names_the_relative(tmp_path):
    mother = make_person(person_number="R0002")
    import_lines(
        "ledger",
        tmp_path,
        ledger_line(1),
        ledger_line(2, kind="家人使用", amount="-10", used_by="R0002"),
    )
    assert LedgerEntry.objects.get(source_ref="L2").used_by == mother


def test_the_parts_of_a_person_are_accounts_of_their_own(tmp_path):
    lines = [
        ledger_line(1, part="当年账户"),
        ledger_line(2, part="历年账户"),
        ledger_line(3, part="当年账户"),
    ]
    assert import_lines("ledger", tmp_path, *lines).code == 0
    assert sorted(PersonalAccount.objects.values_list("part", "balance_fen")) == [
        ("current_year", 32000),
        ("prior_years", 16000),
    ]
    outcome = import_lines("ledger", tmp_path, ledger_line(4))
    assert [(line, column) for line, column, _problem in outcome.problems] == [(2, "part")]


def test_an_emptied_account_is_closed_when_the_money_goes_on_elsewhere(tmp_path):
    lines = [
        ledger_line(1),
        ledger_line(2, kind="转往外地", amount="-160", for_month=""),
        ledger_line(3, kind="从外地转入", amount="160", for_month="", area="320100"),
        ledger_line(4, area="320100"),
    ]
    assert import_lines("ledger", tmp_path, *lines).code == 0
    assert sorted(PersonalAccount.objects.values_list("area", "balance_fen", "closed_on")) == [
        ("320100", 32000, None),
        ("340100", 0, date(2026, 1, 3)),
    ]
    assert "已有 4 行" in import_lines("ledger", tmp_path, *lines).out


def test_an_account_with_money_is_not_left_behind(tmp_path):
    outcome = import_lines("ledger", tmp_path, ledger_line(1), ledger_line(2, area="320100"))
    assert [(line, column) for line, column, _problem in outcome.problems] == [(3, "area")]
    assert PersonalAccount.objects.get().closed_on is None
