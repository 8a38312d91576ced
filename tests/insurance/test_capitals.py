"""Amounts in the signs of cheques: 壹贰叁 leave no doubt about a point or a comma."""

from itertools import pairwise

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from insurance.money import capitals
from insurance.templatetags.insurance_format import in_capitals

MOST = 10**14 - 1
DIGITS = {sign: number for number, sign in enumerate("零壹贰叁肆伍陆柒捌玖")}
UNITS = {"拾": 10, "佰": 100, "仟": 1000}
GROUPS = {"万": 10**4, "亿": 10**8}


@pytest.mark.parametrize(
    ("fen", "text"),
    [
        (0, "零元整"),
        (1, "壹分"),
        (10, "壹角"),
        (35, "叁角伍分"),
        (30000, "叁佰元整"),
        (1000, "壹拾元整"),
        (123456, "壹仟贰佰叁拾肆元伍角陆分"),
        (140950, "壹仟肆佰零玖元伍角"),
        (1640902, "壹万陆仟肆佰零玖元零贰分"),
        (32504, "叁佰贰拾伍元零肆分"),
        (10700053, "壹拾万柒仟元伍角叁分"),
        (10070000, "壹拾万零柒佰元整"),
        (600700, "陆仟零柒元整"),
        (100000000, "壹佰万元整"),
        (10000000700, "壹亿零柒元整"),
        (10000700000, "壹亿零柒仟元整"),
        (1000000000000, "壹佰亿元整"),
        (1000100000, "壹仟万壹仟元整"),
        (MOST, "玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分"),
    ],
)
def test_amounts_are_written_as_the_rules_for_cheques_have_it(fen, text):
    assert capitals(fen) == text


def read(text):
    """Back to fen, by the values of the signs."""
    yuan, fen = text.rpartition("元")[::2]
    total = group = digit = 0
    for sign in yuan:
        if sign in DIGITS:
            digit = DIGITS[sign]
        elif sign in UNITS:
            group, digit = group + digit * UNITS[sign], 0
        else:
            total, group, digit = total + (group + digit) * GROUPS[sign], 0, 0
    return (total + group + digit) * 100 + sum(
        DIGITS[sign] * worth
        for sign, unit in pairwise(fen)
        if (worth := {"角": 10, "分": 1}.get(unit))
    )


@given(st.integers(min_value=0, max_value=MOST))
def test_what_is_written_reads_as_the_same_amount(fen):
    text = capitals(fen)
    assert read(text) == fen
    assert "零零" not in text
    assert "零元" not in text or text.startswith("零元")


@pytest.mark.parametrize("fen", [-1, MOST + 1])
def test_there_is_nothing_below_zero_or_beyond_twelve_digits(fen):
    with pytest.raises(ValueError, match=str(fen)):
        capitals(fen)


def test_who_reads_english_is_shown_no_signs():
    with translation.override("zh-hans"):
        assert in_capitals(30000) == "叁佰元整"
        assert in_capitals(None) == ""
    with translation.override("en"):
        assert in_capitals(30000) == ""
