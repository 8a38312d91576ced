import datetime as dt
import random
import secrets

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts import audit, logs, privacy
from accounts.id_number import IdNumber, IdNumberError
from accounts.phones import normalise as phone
from family.references import PREFIX, check_digit, grouped, is_valid, make, normalise
from tests.leaks import leaks

DAY = dt.date(2026, 11, 21)
NUMBER = make(DAY, random=random.Random(7))
numbers = st.builds(
    lambda day, seed: make(day, random=random.Random(seed)),
    st.dates(dt.date(2000, 1, 1), dt.date(2099, 12, 31)),
    st.integers(0, 10**6),
)


@pytest.mark.parametrize(
    ("digits", "check"),
    # Examples printed elsewhere: ISO 7064 itself, a Croatian OIB, a German tax number.
    [("0794", "5"), ("79462", "3"), ("3339200596", "1"), ("3657426180", "9"), ("8609574271", "9")],
)
def test_the_check_digit_is_iso_7064(digits, check):
    assert check_digit(digits) == check


def test_a_number_reads_day_random_digits_check_digit_by_four():
    class Dice(random.Random):
        def randrange(self, *bounds):
            assert bounds == (10**8,)
            return 421_234

    number = make(DAY, random=Dice())
    assert number == f"GJ-2026-1121-0042-1234-{check_digit('2026112100421234')}"
    assert grouped(number) == number.replace("-", " ")


def test_numbers_of_a_day_come_from_the_whole_range():
    dice = secrets.SystemRandom()
    made = {make(DAY, random=dice) for _ in range(1000)}
    assert len(made) > 990
    assert {number[13] for number in made} == set("0123456789")


@pytest.mark.parametrize(
    "typed",
    [
        NUMBER,
        NUMBER.lower(),
        f"  {NUMBER}\n",
        NUMBER.replace("-", ""),
        NUMBER.replace("-", " "),
        NUMBER.replace("-", "\u3000"),
        NUMBER.replace("-", "－"),
        NUMBER.replace("-", "—"),
        NUMBER.removeprefix("GJ-"),
        NUMBER.removeprefix("GJ-").replace("-", ""),
        "".join(chr(ord(one) + 0xFEE0) for one in NUMBER),
        f"\u202a{NUMBER}\u202c",
    ],
)
def test_what_people_type_or_paste_is_the_number(typed):
    assert normalise(typed) == NUMBER
    assert is_valid(typed)
    assert grouped(typed) == NUMBER.replace("-", " ")


@pytest.mark.parametrize(
    "typed",
    [
        "",
        PREFIX,
        NUMBER[:-1],
        NUMBER + "1",
        "GX" + NUMBER[2:],
        NUMBER + " " * 60,
        "GJ-2026-1321-0042-1234-" + check_digit("2026132100421234"),
        "GJ-2026-0229-0042-1234-" + check_digit("2026022900421234"),
        "GJ-0000-0101-0042-1234-" + check_digit("0000010100421234"),
        NUMBER.replace("2", "②"),
        NUMBER.replace("2", "٢"),
    ],
)
def test_anything_else_is_none(typed):
    assert normalise(typed) is None
    assert not is_valid(typed)
    with pytest.raises(ValueError, match="no reference number"):
        grouped(typed)


@settings(max_examples=200, deadline=None)
@given(numbers, st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_is_always_found(number, place, shift):
    digits = list(number.replace("-", "")[2:])
    digits[place] = str((int(digits[place]) + shift) % 10)
    assert normalise(number) == number
    assert not is_valid("".join(digits))


def test_neighbours_that_changed_places_are_nearly_always_found():
    found, tried = 0, 0
    for seed in range(1000):
        digits = make(DAY, random=random.Random(seed)).replace("-", "")[2:]
        for place in range(16):
            one, two = digits[place : place + 2]
            if one != two:
                tried += 1
                found += not is_valid(digits[:place] + two + one + digits[place + 2 :])
    assert found / tried > 0.97


@settings(max_examples=500, deadline=None)
@given(numbers)
def test_a_number_is_not_taken_for_somebodys(number):
    for text in (number, grouped(number), f"/family/{number}/", f"case {number}, {number}; 7"):
        assert not audit.looks_personal(text)
        assert privacy.mask_numbers(text) == text
        assert not list(leaks(text))
    assert phone(number) is None
    with pytest.raises(IdNumberError):
        IdNumber.parse(number, today=DAY)


def test_its_digits_alone_would_be_masked_and_refused():
    """The reason for the letters and hyphens, and for keeping them."""
    digits = NUMBER.replace("-", "")
    assert audit.looks_personal(digits)
    assert privacy.mask_numbers(digits) != digits


@pytest.mark.django_db
def test_the_audit_takes_it_and_the_log_shows_it():
    entry = audit.record(actor=None, action="binding.propose", subject=("family.case", NUMBER))
    assert entry.subject_ref == NUMBER
    record = logs.logging.makeLogRecord({"msg": "case %s", "args": (NUMBER,)})
    assert NUMBER in logs.MaskedFormatter().format(record)
