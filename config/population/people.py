"""Who the people of a made-up population are. Pure: a seed and a number give the same person everywhere.

Their numbers are well formed and belong to nobody: a province issues no identity numbers, and no operator has the 154 range.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from accounts.id_number import check_character
from insurance.areas import PROVINCES
from insurance.periods import Month

PREFIX = "GEN-"
FIRST_BIRTHDAY, BIRTHDAYS = date(1950, 1, 1), 20_000  # to October 2004
# Prime, and no divisor of the days: neighbours in the file are no neighbours in age, and every day is used.
STRIDE = 7919
RETIRED_SINCE = date(1966, 11, 1)
# Hong Kong, Macao and Taiwan have permits in place of identity numbers.
ISSUING = sorted(digits for digits in PROVINCES if digits < "70")
MOST_PEOPLE = 10**8  # phones have eight free digits
# Percent of those below the age of retirement, and of those above it.
FLEXIBLE, RESIDENT, OLD_RESIDENT = 10, 15, 20
SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂英华慧建文玉红"
EMPLOYERS = ("样例机械厂", "样例小学", "样例软件公司", "样例商场", "样例医院")
LEAST_BASE_YUAN, MOST_BASE_YUAN = 4_000, 25_000
MOST_BALANCE_FEN = 2_000_000


@dataclass(frozen=True, slots=True)
class Person:
    """`base_fen` is per month and None for residents; `balance_fen` 0 where there is no account. `paid_from` starts the last run."""

    number: int
    person_number: str
    name: str
    sex: str
    birth_date: date
    id_number: str
    phone: str
    card: str
    area: str
    scheme: str
    person_type: str
    employer: str
    insured_on: date
    base_fen: int | None
    gap: int
    balance_fen: int

    @property
    def has_account(self) -> bool:
        return self.scheme == "employee"


def draw(seed: int, number: int, areas: Sequence[str]) -> Person:
    """`number` counts from 0; no two numbers of a seed share an identifier."""
    random = Random(f"{seed}/{number}")
    place, rest = number % len(ISSUING), number // len(ISSUING)
    day = (rest * STRIDE + seed) % BIRTHDAYS
    sequence = rest // BIRTHDAYS * 2 + random.randrange(2)
    born = FIRST_BIRTHDAY + timedelta(days=day)
    seventeen = f"{ISSUING[place]}0000{born:%Y%m%d}{sequence:03d}"
    scheme, person_type = _insured_as(born, random.randrange(100))
    began = Month.of(max(born.year + 20, 1998), random.randrange(1, 13))
    pays = scheme == "employee" and person_type != "retired"
    return Person(
        number=number,
        person_number=f"{PREFIX}{seed}-{number:08d}",
        name=random.choice(SURNAMES) + "".join(random.choices(GIVEN, k=random.choice((1, 2)))),
        sex="male" if sequence % 2 else "female",
        birth_date=born,
        id_number=seventeen + check_character(seventeen),
        phone=f"154{number:08d}",
        card=f"G{number:08d}",
        area=areas[random.randrange(len(areas))],
        scheme=scheme,
        person_type=person_type,
        employer=random.choice(EMPLOYERS) if person_type == "in_service" else "",
        insured_on=began.first_day,
        base_fen=random.randrange(LEAST_BASE_YUAN, MOST_BASE_YUAN) * 100 if pays else None,
        gap=random.choice((0, 0, 0, 1, 5)) if pays else 0,
        balance_fen=random.randrange(1, MOST_BALANCE_FEN) if scheme == "employee" else 0,
    )


def _insured_as(born: date, percent: int) -> tuple[str, str]:
    if born < RETIRED_SINCE:
        return ("resident", "resident") if percent < OLD_RESIDENT else ("employee", "retired")
    if percent < RESIDENT:
        return "resident", "resident"
    return "employee", "flexible" if percent < RESIDENT + FLEXIBLE else "in_service"
