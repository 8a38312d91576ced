"""Days and amounts as people type them."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from insurance.form_fields import DayField, MoneyField


@pytest.mark.parametrize(
    ("typed", "fen"),
    [
        ("300", 30000),
        ("1,234.56", 123456),
        ("￥１００", 10000),
        (" 88.5 元 ", 8850),
        ("", None),
    ],
)
def test_an_amount_is_read_however_it_is_typed(typed, fen):
    assert MoneyField(most_fen=10**8, required=False).clean(typed) == fen


@pytest.mark.parametrize("typed", ["1e5", "NaN", "-1", "1.234", "三百", "0", "1000000.01"])
def test_what_is_no_amount_is_refused(typed):
    with pytest.raises(ValidationError):
        MoneyField(most_fen=10**8).clean(typed)


def test_zero_is_an_amount_where_that_is_said():
    assert MoneyField(most_fen=10**8, zero=True).clean("0") == 0


def test_a_kept_amount_is_shown_as_it_is_typed():
    assert MoneyField(most_fen=10**8).prepare_value(123456) == "1,234.56"
    assert MoneyField(most_fen=10**8).prepare_value("12.") == "12."


def test_a_day_is_read_however_it_is_typed():
    for typed in ("2026-1-5", "2026年1月5日", "２０２６／１／５", "20260105"):
        assert DayField().clean(typed) == dt.date(2026, 1, 5)
    with pytest.raises(ValidationError):
        DayField().clean("2026-02-30")
