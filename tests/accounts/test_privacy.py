"""What a mask shows, and what all masks together never show."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts import privacy
from tests.factories.accounts import make_id_number

HAN = st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF)
RARE = st.characters(min_codepoint=0x20000, max_codepoint=0x2A6DF)
NAMES = st.one_of(
    st.text(HAN, min_size=2, max_size=6),
    st.text(RARE, min_size=2, max_size=4),
    st.text(st.characters(categories=["L", "M"]), min_size=2, max_size=30),
    st.builds("{}·{}".format, st.text(HAN, min_size=1, max_size=6), st.text(HAN, min_size=1, max_size=6)),
    st.builds("{} {}".format, st.from_regex(r"[A-Z][a-z]{1,8}", fullmatch=True), st.from_regex(r"[A-Z][a-z]{1,8}", fullmatch=True)),
)  # fmt: skip
ID_NUMBERS = st.builds(
    make_id_number,
    area=st.integers(110000, 999999),
    born=st.dates().map(lambda day: f"{day:%Y%m%d}".zfill(8)),
    sequence=st.integers(0, 999),
)
PHONES = st.builds("1{}{:09d}".format, st.sampled_from("3456789"), st.integers(0, 10**9 - 1))


def visible(masked):
    return {place for place, one in enumerate(masked) if one != "*"}


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("张", "张"),
        ("张三", "张*"),
        ("张建国", "张*国"),
        ("张建国强", "张**强"),
        ("欧阳", "欧*"),
        ("欧阳修", "欧阳*"),
        ("欧阳建国", "欧阳*国"),
        ("司马相如", "司马*如"),
        ("阿卜杜拉·买买提", "阿***·***"),
        ("买买提·艾力·卡德尔", "买***·***·***"),
        ("阿·买买提", "阿***·***"),
        ("𠮷野", "𠮷*"),
        ("张𠮷国", "张*国"),
        ("葛\U000e0100三", "葛\U000e0100*"),
        ("葛\U000e0100", "葛\U000e0100"),
        ("〇三", "〇*"),
        ("\ue863三国", "\ue863*国"),
        ("John Smith", "J*** S***"),
        ("Maria de la Cruz", "M*** d*** l*** C***"),
        ("E\u0301ric Dupont", "E\u0301*** D***"),
        ("王Anna", "王***"),
        ("Иванов", "И***в"),
        ("  张三  ", "张*"),
        ("", ""),
        (None, ""),
        ("·", "***·***"),
    ],
)
def test_a_name_is_masked_the_way_people_write_it(name, masked):
    assert privacy.mask_name(name) == masked


@given(NAMES)
def test_no_mask_shows_a_whole_name(name):
    masked = privacy.mask_name(name)
    letters = privacy._letters(name.strip())
    assert len(letters) <= 1 or masked != name.strip()
    assert len(letters) <= 1 or "*" in masked


@given(st.text(HAN, min_size=3, max_size=30))
def test_the_mask_of_a_chinese_name_shows_three_letters_at_most(name):
    masked = privacy.mask_name(name)
    assert len(masked.replace("*", "")) <= 3
    assert masked.count("*") <= 3


@given(st.text(max_size=60))
def test_any_text_gets_a_mask(text):
    assert isinstance(privacy.mask_name(text), str)
    for mask in MASKS:
        assert len(mask(text)) == len(text)


MASKS = (
    privacy.mask_id_number,
    privacy.mask_id_number_for_others,
    privacy.mask_phone,
    privacy.mask_phone_for_others,
    privacy.mask_card,
)


@given(ID_NUMBERS)
def test_the_shape_of_an_id_number_is_four_and_four_or_one_and_one(number):
    assert privacy.mask_id_number(number) == f"{number[:4]}**********{number[-4:]}"
    assert privacy.mask_id_number_for_others(number) == f"{number[0]}****************{number[-1]}"


@given(ID_NUMBERS)
def test_a_birth_date_is_never_shown(number):
    masked = privacy.mask_id_number(number)
    assert not visible(masked) & set(range(6, 14))


@given(PHONES)
def test_the_shape_of_a_phone(phone):
    assert privacy.mask_phone(phone) == f"{phone[:3]}****{phone[-4:]}"
    assert privacy.mask_phone_for_others(phone) == "*********" + phone[-2:]


@given(ID_NUMBERS, PHONES)
def test_all_masks_put_together_show_no_more_than_the_widest(number, phone):
    for own, others, text in (
        (privacy.mask_id_number, privacy.mask_id_number_for_others, number),
        (privacy.mask_phone, privacy.mask_phone_for_others, phone),
    ):
        assert visible(others(text)) <= visible(own(text))


@pytest.mark.parametrize(
    ("mask", "text", "masked"),
    [
        (privacy.mask_id_number, "110105491231002", "1101*******1002"),
        (privacy.mask_id_number, "11010519491231002X", "1101**********002X"),
        (privacy.mask_id_number, "931101199003071237", "9311**********1237"),
        (privacy.mask_id_number, "H12345678", "H123*5678"),
        (privacy.mask_id_number, "12345678", "********"),
        (privacy.mask_id_number_for_others, "81", "**"),
        (privacy.mask_phone, "1380013", "*******"),
        (privacy.mask_card, "A12345678", "*****5678"),
        (privacy.mask_card, "6222021234567890123", "***************0123"),
        (privacy.mask_card, "1234", "****"),
        *((mask, empty, "") for mask in MASKS for empty in ("", None)),
    ],
)
def test_other_lengths_are_masked_as_well(mask, text, masked):
    assert mask(text) == masked


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("证件11010519491231002X号", "证件******************号"),
        ("110105491231002", "***************"),
        ("打13800138000找他", "打***********找他"),
        ("+8613800138000", "+*************"),
        ("138 0013 8000", "*************"),
        ("138-0013-8000", "*************"),
        ("110105 19491231 002X", "********************"),
        ("１３８００１３８０００", "***********"),
        ("卡 A12345678。", "卡 *********。"),
        ("卡 123456789。", "卡 *********。"),
        ("6222021234567890123", "*******************"),
        ("2026-11-16 10:00 余额 1,234.56 元，340100", "2026-11-16 10:00 余额 1,234.56 元，340100"),
        ("12393", "12393"),
        ("0551-62999999", "0551-62999999"),
    ],
)
def test_numbers_inside_a_text_are_masked_and_others_stay(text, masked):
    assert privacy.mask_numbers(text) == masked


@given(st.text(max_size=40), ID_NUMBERS, st.text(max_size=40))
def test_no_id_number_survives_inside_any_text(before, number, after):
    assert number not in privacy.mask_numbers(before + number + after)


def test_a_text_becomes_one_line_without_tricks():
    text = "a\r\nb\x1b[31mc\u202ed\u2028e\x00f\u200bg"
    assert privacy.one_line(text) == "a b [31mc d e f g"


@pytest.mark.parametrize(
    ("one", "other", "shown"),
    [
        ("李梅", "李玫", ("*梅", "*玫")),
        ("张建国", "张建军", ("**国", "**军")),
        ("张小强", "张强", ("*小*", "**")),
        ("李梅", "李梅", ("**", "**")),
        ("李梅", "王建国", ("李*", "王*国")),
        ("", "李梅", ("", "李*")),
    ],
)
def test_two_spellings_show_only_what_differs(one, other, shown):
    assert privacy.mask_common(one, other) == shown
