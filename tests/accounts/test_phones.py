"""Mobile numbers as people type them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.phones import normalise


@pytest.mark.parametrize(
    "typed",
    [
        "13800138000",
        " 13800138000 ",
        "138 0013 8000",
        "138-0013-8000",
        "１３８００１３８０００",
        "+8613800138000",
        "+86 138 0013 8000",
        "＋８６ 138 0013 8000",
        "+86-138-0013-8000",
        "(+86)13800138000",
        "008613800138000",
        "8613800138000",
        "86 13800138000",
        "138\u30000013\u30008000",
        "138\u00a00013\u00a08000",
        "\u202d138 0013 8000\u202c",
        "138–0013–8000",
    ],
)
def test_a_number_is_known_however_it_is_typed(typed):
    assert normalise(typed) == "13800138000"


@pytest.mark.parametrize(
    "typed",
    [
        *("", " ", "1380013800", "138001380000", "12800138000", "10086", "12393", "0551-62999999"),
        *("+1 138 0013 8000", "+85291234567", "13800138000a", "1380013800O", "13800138000,13900139000"),
        *("138.0013.8000", "1380013800\x00", "१३८००१३८०००", "①3800138000", "null", "1.38E+10"),
        *("23800138000", "11800138000", "++8613800138000", "1" * 50_000, " " * 50_000),
        *("13800138000\u0660", "138001380\u06600"),
    ],
)  # fmt: skip
def test_what_is_no_mobile_number_is_none(typed):
    assert normalise(typed) is None


@given(st.sampled_from("3456789"), st.integers(0, 10**9 - 1))
def test_every_mobile_number_stays_itself(second, rest):
    assert normalise(f"1{second}{rest:09d}") == f"1{second}{rest:09d}"


@given(st.text(max_size=50))
def test_any_text_is_eleven_digits_or_none(text):
    found = normalise(text)
    assert found is None or (found.isascii() and found.isdigit() and len(found) == 11)
    assert found is None or normalise(found) == found
