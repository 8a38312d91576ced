"""Whole months: contribution, credits and enrolment are counted in nothing smaller."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

MONTH = re.compile(r"([0-9]{4})[-/年.]?([0-9]{1,2})月?")
FIRST_YEAR, LAST_YEAR = 1900, 2199  # outside of it, a month is a typing error


class MonthError(ValueError):
    """The text names no month."""


@dataclass(frozen=True, order=True, slots=True)
class Month:
    """`index` counts months since the year 0, so months subtract and sort as numbers."""

    index: int

    @classmethod
    def of(cls, year: int, month: int) -> "Month":
        if not (1 <= month <= 12 and FIRST_YEAR <= year <= LAST_YEAR):
            raise MonthError(f"{year}-{month}")
        return cls(year * 12 + month - 1)

    @classmethod
    def containing(cls, day: date) -> "Month":
        return cls(day.year * 12 + day.month - 1)

    @classmethod
    def parse(cls, text: str) -> "Month":
        """2026-10, 202610, 2026/10 or 2026年10月."""
        match = MONTH.fullmatch(text.strip())
        if not match:
            raise MonthError(text[:20])
        return cls.of(int(match[1]), int(match[2]))

    @property
    def year(self) -> int:
        return self.index // 12

    @property
    def month(self) -> int:
        return self.index % 12 + 1

    @property
    def first_day(self) -> date:
        return date(self.year, self.month, 1)

    def __add__(self, months: int) -> "Month":
        return Month(self.index + months)

    def __sub__(self, other: "Month") -> int:
        return self.index - other.index

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"


def months(first: Month, last: Month) -> Iterator[Month]:
    """Both ends included; nothing where `last` is earlier."""
    return (Month(index) for index in range(first.index, last.index + 1))


def years_and_months(count: int) -> tuple[int, int]:
    """219 → (18, 3). Nothing is rounded."""
    return divmod(count, 12)
