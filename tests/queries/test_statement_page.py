import csv
import io

import pytest

from insurance import ledger
from insurance.csv_cells import amount_cell, text_cell
from insurance.models.ledger import AccountPart, EntryKind
from insurance.periods import Month
from queries.selectors import statement
from tests.factories import insurance as register
from tests.factories.reading import fill, make_citizen, sign_in
from tests.queries.conftest import text


def table(answer):
    assert answer.status_code == 200
    raw = b"".join(answer.streaming_content).decode()
    assert raw.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(raw.removeprefix("\ufeff"), newline="")))


def test_each_line_has_day_words_month_place_and_running_balance(page, reader):
    register.post(reader, EntryKind.SPEND_DRUG, -3550, place="定点药店")
    shown = text(page("/balance/statement/"))
    for words in ("2026年10月20日", "本人缴费打入", "2026年10月的钱", "+164.69", "1,164.69"):
        assert words in shown
    for words in ("药店支付", "定点药店", "−35.50", "1,129.19"):
        assert words in shown


def test_the_totals_are_those_of_the_filter(page, reader):
    register.post(reader, EntryKind.SPEND_DRUG, -3550)
    shown = text(page("/balance/statement/?direction=out"))
    assert "35.50 元" in shown
    assert "164.69" not in shown


@pytest.mark.parametrize(
    ("typed", "sequences"),
    [
        ("first=2026-10-20", ["2"]),
        ("last=2026-10-19", ["1"]),
        ("first=２０２６年１０月２０日", ["2"]),
        ("first=2026&last=2026", ["2"]),
        ("first=2026-10&last=2026/10", ["2"]),
        ("first=20200102&last=2020.1.2", ["1"]),
        ("group=credit", ["2"]),
        ("group=other", ["1"]),
    ],
)
def test_days_are_taken_as_people_write_them(page, typed, sequences):
    assert [row["序号"] for row in table(page(f"/balance/statement/csv/?{typed}"))] == sequences


@pytest.mark.parametrize(
    "typed",
    [
        "first=2026-02-30",
        "first=昨天",
        "last=202613",
        "first=99999999",
        "first=" + "9" * 60,
        "last=0000-01-01",
        "group=nothing",
        "direction=up",
        "before=abc",
        "before=0",
        "after=99999999999999999999",
    ],
)
def test_a_wrong_filter_says_so_and_shows_no_figures(page, typed):
    shown = text(page(f"/balance/statement/?{typed}"))
    assert "<title>错误：" in shown
    assert "进账合计" not in shown


def test_what_was_typed_stays_in_its_field(page):
    shown = text(page("/balance/statement/?first=2026-02-30&last=2026-03-01"))
    assert "“2026-02-30”不是一个日期" in shown
    assert 'value="2026-02-30"' in shown
    assert 'value="2026-03-01"' in shown


def test_days_in_the_wrong_order_are_explained(page):
    assert "结束的日子比开始的早" in text(page("/balance/statement/?first=2026-03&last=2026-01"))


def test_paper_and_file_send_a_wrong_filter_back_to_the_page(page):
    for path in ("/balance/statement/print/", "/balance/statement/csv/"):
        answer = page(f"{path}?first=x")
        assert answer.status_code == 302
        assert answer.url == "/balance/statement/?first=x"


def test_pages_are_linked_by_cursor_and_keep_the_filter(page, reader):
    account = fill(second_part(reader), statement.PAGE_ROWS + 5)
    shown = text(page("/balance/statement/?part=wallet&first=2021"))
    cursor = account.last_sequence - statement.PAGE_ROWS + 1
    assert f"part=wallet&amp;first=2021-01-01&amp;before={cursor}" in shown
    older = text(page(f"/balance/statement/?part=wallet&first=2021-01-01&before={cursor}"))
    assert f"after={cursor - 1}" in older


def second_part(reader):
    return register.make_account(person=reader.person, part=AccountPart.WALLET, balance_fen=1000000)


def test_several_parts_are_links_and_one_part_needs_none(page, reader):
    assert "选账户" not in text(page("/balance/statement/"))
    second_part(reader)
    shown = text(page("/balance/statement/"))
    assert "选账户" in shown
    assert "?part=wallet" in shown


def test_the_file_adds_up_and_is_handed_over_as_a_file(page, reader):
    register.post(reader, EntryKind.SPEND_CARE, -123456 + 100000, place="定点医院")
    answer = page("/balance/statement/csv/")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"] == 'attachment; filename="statement.csv"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer["Cache-Control"]
    rows = table(answer)
    assert [row["余额（元）"] for row in rows] == ["930.13", "1164.69", "1000.00"]
    assert [(row["进账（元）"], row["出账（元）"]) for row in rows] == [
        ("", "234.56"),
        ("164.69", ""),
        ("1000.00", ""),
    ]


def test_the_file_names_corrections_and_relatives_as_the_page_does(page, reader):
    wife = register.make_person(name="李春梅")
    register.post(reader, EntryKind.SPEND_AID, -100, used_by=wife)
    wrong = register.post(reader, EntryKind.CREDIT_OWN, 5, for_month=Month.of(2026, 9))
    ledger.reverse(entry_id=wrong.pk, source_ref="mirror")
    rows = table(page("/balance/statement/csv/"))
    assert [row["更正"] for row in rows] == ["更正第 4 笔", "已由第 5 笔更正", "", "", ""]
    assert rows[2]["使用人"] == "李*梅"


@pytest.mark.parametrize(
    "begun",
    ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠x", " =1"],
)
def test_no_cell_of_text_can_be_taken_for_a_formula(begun):
    assert text_cell(begun) == f"'{begun}"


@pytest.mark.parametrize("hidden", ["\u200b=1", "\u00a0+1", "\ufeff@x", "\u202e-1", "\x00=1"])
def test_nothing_invisible_hides_the_start_of_a_formula(hidden):
    assert text_cell(hidden).startswith("'")


def test_plain_text_and_amounts_stay_as_they_are():
    assert text_cell("定点医院") == "定点医院"
    assert text_cell("") == ""
    assert amount_cell(123456789) == "1234567.89"
    assert amount_cell(-5) == "-0.05"
    assert amount_cell(None) == ""


def test_a_place_from_a_file_is_no_formula_in_the_next_file(page, reader):
    register.post(reader, EntryKind.SPEND_CARE, -100, place="=HYPERLINK(1)")
    assert table(page("/balance/statement/csv/"))[0]["地点种类"] == "'=HYPERLINK(1)"


def test_paper_holds_the_whole_period_and_says_when_it_does_not(page, reader, monkeypatch):
    monkeypatch.setattr(statement, "PRINT_ROWS", 1)
    shown = text(page("/balance/statement/print/"))
    assert "这里只有最新的 1 笔" in shown
    assert "本人缴费打入" in shown
    assert "原有余额" not in shown
    monkeypatch.setattr(statement, "PRINT_ROWS", 2)
    shown = text(page("/balance/statement/print/"))
    assert "这里只有最新的" not in shown
    assert "原有余额" in shown
    assert "张*国" in shown
    assert "张建国" not in shown


def test_an_entry_explains_itself(page):
    shown = text(page("/balance/statement/2/"))
    assert "每月从您工资里扣的医保费" in shown
    assert "金额不对" in shown


def test_a_corrected_entry_leads_to_its_mirror_and_back(page, reader):
    wrong = register.post(reader, EntryKind.CREDIT_OWN, 5, for_month=Month.of(2026, 9))
    ledger.reverse(entry_id=wrong.pk, source_ref="mirror")
    assert "/balance/statement/4/?part=whole" in text(page("/balance/statement/3/"))
    assert "/balance/statement/3/?part=whole" in text(page("/balance/statement/4/"))


def test_an_entry_that_is_not_there_is_404(page):
    for path in ("3/", "0/", "99999999999999999999/", "1/?part=wallet", "1/?part=whole-1"):
        assert page(f"/balance/statement/{path}").status_code == 404, path


def test_without_an_account_the_statement_says_why(client, db):
    person = register.make_person()
    sign_in(client, make_citizen(person=person))
    assert "您没有个人账户" in text(client.get("/balance/statement/"))
    assert client.get("/balance/statement/1/").status_code == 404
    assert client.get("/balance/statement/?part=whole").status_code == 404
    assert client.get("/balance/statement/csv/").status_code == 302
