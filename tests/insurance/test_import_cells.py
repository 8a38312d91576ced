from datetime import date

import pytest

from insurance.imports import cells, register_file, words
from insurance.imports.cells import CellError
from insurance.periods import Month
from tests.factories.insurance import at, make_id_number

pytestmark = pytest.mark.usefixtures("fixed_day")


@pytest.mark.parametrize(
    "text",
    ["2026-11-06", "2026/11/06", "2026/11/6", "20261106", "2026年11月6日", "2026.11.06", "２０２６-11-06", "2026-11-06 00:00:00"],
)  # fmt: skip
def test_a_day_is_read_in_every_usual_form(text):
    assert cells.past_day(text) == date(2026, 11, 6)


@pytest.mark.parametrize(
    "text",
    ["2026-13-01", "2026-02-29", "2026-11-31", "26-11-06", "06/11/2026", "2026-11", "2026116", "46332", "昨天", "0001-01-01",
     "2026-11-06 10:00", "2026-11/06", "-2026-11-06", "1849-12-31"],
)  # fmt: skip
def test_what_is_no_day_is_refused(text):
    with pytest.raises(CellError):
        cells.past_day(text)


def test_days_of_the_past_end_today_and_days_of_an_enrolment_next_year():
    assert cells.past_day("2026-11-16") == date(2026, 11, 16)
    assert cells.day("2027-12-31") == date(2027, 12, 31)
    with pytest.raises(CellError, match="将来"):
        cells.past_day("2026-11-17")
    with pytest.raises(CellError, match="太晚"):
        cells.day("2028-01-01")


def test_a_serial_number_of_a_spreadsheet_says_so():
    with pytest.raises(CellError, match="序号"):
        cells.past_day("46332")


@pytest.mark.parametrize("text", ["2026-10", "202610", "2026/10", "2026年10月", "２０２６１０"])
def test_a_month_is_read_in_every_usual_form(text):
    assert cells.month(text) == Month.of(2026, 10)


@pytest.mark.parametrize("text", ["2026-13", "2026-00", "10-2026", "十月", "2028-01", "1899-12"])
def test_what_is_no_month_is_refused(text):
    with pytest.raises(CellError):
        cells.month(text)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-11-06", at(2026, 11, 6, 0)),
        ("2026-11-06 09:00", at(2026, 11, 6)),
        ("2026-11-06T09:00:00", at(2026, 11, 6)),
        ("20261106 9:00:00.000", at(2026, 11, 6)),
        ("2026年11月6日 09:00", at(2026, 11, 6)),
    ],
)
def test_a_moment_is_a_day_or_a_day_with_a_time_of_china(text, moment):
    assert cells.moment(text) == moment


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-06 25:00",
        "2026-11-06 9",
        "2026-11-17",
        "2026-11-16 10:01",
        "09:00",
        "2026-11-06 +08:00",
    ],
)
def test_what_is_no_moment_of_the_past_is_refused(text):
    with pytest.raises(CellError):
        cells.moment(text)


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("0", 0),
        ("8000", 800000),
        ("1,234.56", 123456),
        ("-45.6", -4560),
        ("−45.60", -4560),
        ("+3.01", 301),
        ("￥12", 1200),
        ("12元", 1200),
    ],
)
def test_an_amount_becomes_fen(text, fen):
    assert cells.signed_amount(text) == fen


@pytest.mark.parametrize(
    "text",
    ["1e5", "NaN", "1.234", "12,34", "--1", "=1+1", "一百", "1 2 3.4.5", "9" * 13, "∞", "0x10"],
)
def test_what_is_no_amount_is_refused(text):
    with pytest.raises(CellError, match="金额"):
        cells.signed_amount(text)


def test_a_base_is_never_below_zero():
    with pytest.raises(CellError, match="负数"):
        cells.amount("-0.01")


@pytest.mark.parametrize("text", ["3.40101E+17", "3.4E17", "1.54E+10"])
def test_a_number_in_scientific_form_says_what_happened_to_it(text):
    for read in (cells.certificate_number, cells.phone, cells.card, cells.key(30)):
        with pytest.raises(CellError, match="科学计数"):
            read(text)


def test_an_id_number_whose_end_became_noughts_says_what_happened_to_it():
    with pytest.raises(CellError, match="改成了 0"):
        cells.id_number("340101199001011000")


@pytest.mark.parametrize(
    "text", ["15412345678", "+86 154 1234 5678", "154-1234-5678", "１５４１２３４５６７８"]
)
def test_a_phone_is_read_as_people_write_it(text):
    assert cells.phone(text) == "15412345678"


@pytest.mark.parametrize(
    "text", ["1541234567", "0551-6543210", "25412345678", "154123456789", "无"]
)
def test_what_is_no_mobile_phone_is_refused(text):
    with pytest.raises(CellError, match="手机号"):
        cells.phone(text)


def test_a_bank_card_in_the_place_of_a_social_security_card_says_so():
    with pytest.raises(CellError, match="银行卡"):
        cells.card("6217000000000000000")


@pytest.mark.parametrize(
    "name", ["𠮷田兰", "高㐂", "欧阳娜", "阿依古丽·麦麦提", "李", "JOHN SMITH", "〇云"]
)
def test_a_name_keeps_its_characters(name):
    assert cells.name(name) == name


def test_the_dot_in_a_name_is_always_the_same_one():
    assert cells.name("阿依古丽•麦麦提") == "阿依古丽·麦麦提"


@pytest.mark.parametrize("name", ["王3", "=cmd|' /C calc'!A0", "@王", "---", "王" * 101, "王<b>"])
def test_what_is_no_name_is_refused(name):
    with pytest.raises(CellError):
        cells.name(name)


@pytest.mark.parametrize(
    "text", ["'340100", "\u200b340100\ufeff", "\t340100 ", "　340100", "’340100"]
)
def test_blanks_and_the_apostrophe_of_a_spreadsheet_are_forgiven(text):
    assert cells.tidy(text) == "340100"


def test_texts_that_stand_in_plain_hold_nobodys_numbers():
    number = make_id_number(area="340000", sequence=1)
    for read in (cells.free_text(120), cells.key(64)):
        with pytest.raises(CellError, match="身份证号"):
            read(f"A-{number}" if read is not cells.free_text else number)
    with pytest.raises(CellError, match="手机号"):
        cells.free_text(120)("样例店 15412345678")


@pytest.mark.parametrize("text", ["11", "1101", "1199", "在职", "IN_SERVICE"])
def test_the_codes_of_people_in_service_begin_with_eleven(text):
    assert register_file._person_type(text) == "in_service"


@pytest.mark.parametrize("text", ["12", "1201", "1299", "退休人员"])
def test_the_codes_of_retired_people_begin_with_twelve(text):
    assert register_file._person_type(text) == "retired"


def test_no_word_means_two_things():
    for table in (words.CERTIFICATES, words.SEXES, words.SCHEMES, words.PERSON_TYPES, words.CONTRIBUTION_KINDS,
                  words.CONTRIBUTION_STATUSES, words.PARTS, words.ENTRY_KINDS):  # fmt: skip
        assert all(word == word.lower() for word in table)
        assert set(table.values()) <= set(table)
