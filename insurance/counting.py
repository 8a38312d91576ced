"""Contribution months of one person, counted by the rules of domain facts §3.3.

A month counts once, whatever number of records cover it. Arrears, refunds and what is still being handled never count. Months
are kept as the bits of one whole number: a career of forty years is counted in a few microseconds.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from insurance.periods import FIRST_YEAR, Month

EMPLOYEE = (
    "employee"  # years in the resident scheme do not count here; converted ones come as deemed
)
PAID = "paid"
ACTUAL, BACKPAID, DEEMED = "actual", "backpaid", "deemed"
MILITARY, UNEMPLOYMENT_FUND = "military", "unemployment_fund"
# The law lets whoever is short of years pay on after retirement until they are complete (S01 art. 27).
POST_RETIREMENT_MONTHLY = "post_retirement_monthly"

# Bit 0. Counting from the year 0 would make every number three kilobytes long.
FIRST_MONTH = FIRST_YEAR * 12


@dataclass(frozen=True, slots=True)
class Period:
    """A run of whole months, both ends included. The texts are the keys of the register's columns."""

    area: str
    from_month: Month
    to_month: Month
    scheme: str
    kind: str
    status: str


@dataclass(frozen=True, slots=True)
class Months:
    """A set of months."""

    bits: int = 0

    def __len__(self) -> int:
        return self.bits.bit_count()

    def __contains__(self, month: Month) -> bool:
        place = month.index - FIRST_MONTH
        return place >= 0 and bool(self.bits >> place & 1)

    def __or__(self, other: "Months") -> "Months":
        return Months(self.bits | other.bits)

    def __and__(self, other: "Months") -> "Months":
        return Months(self.bits & other.bits)

    def __sub__(self, other: "Months") -> "Months":
        return Months(self.bits & ~other.bits)

    def runs(self) -> Iterator[tuple[Month, Month]]:
        """First and last month of each unbroken run, in order."""
        bits, place = self.bits, 0
        while bits:
            skipped = (bits & -bits).bit_length() - 1
            bits >>= skipped
            length = (~bits & bits + 1).bit_length() - 1
            first = FIRST_MONTH + place + skipped
            yield Month(first), Month(first + length - 1)
            bits >>= length
            place += skipped + length

    def gaps(self) -> "Months":
        """The months between the first and the last that are not in the set."""
        if not self.bits:
            return Months()
        start = (self.bits & -self.bits).bit_length() - 1
        span = (1 << self.bits.bit_length()) - (1 << start)
        return Months(span & ~self.bits)


@dataclass(frozen=True, slots=True)
class Count:
    """`deemed` are those that are not actual as well. `overlap` are the actual months that two areas have a record of:
    counted once, and for staff to clear up, for nobody here knows which of the two the place recognises.
    """

    actual: Months = Months()
    deemed: Months = Months()
    overlap: Months = Months()
    by_area: dict[str, Months] = field(default_factory=dict)

    @property
    def total(self) -> Months:
        return self.actual | self.deemed

    def local_actual(self, *areas: str) -> Months:
        """Actual months of these areas (several where a place counts the whole city), disputed ones included."""
        months = Months()
        for area in areas:
            months |= self.by_area.get(area, Months())
        return months

    def local_disputed(self, *areas: str) -> Months:
        """Those local months that an area outside of these has a record of as well."""
        others = Months()
        for area, months in self.by_area.items():
            if area not in areas:
                others |= months
        return self.local_actual(*areas) & others

    def other_areas(self, month: Month, area: str) -> tuple[str, ...]:
        """Which areas besides `area` have an actual record of a month, by code."""
        return tuple(
            sorted(
                code for code, months in self.by_area.items() if code != area and month in months
            )
        )


@dataclass(frozen=True, slots=True)
class Shortfall:
    """Months that are missing; 0 where nothing is missing or the place does not ask. One future month closes all three."""

    total: int
    actual: int
    local: int

    @property
    def missing(self) -> int:
        return max(self.total, self.actual, self.local)


def count(periods: Iterable[Period], *, military_is_actual: bool, backpaid_counts: bool) -> Count:
    """Count the periods of one person, in any order.

    Both flags are the region's. Military service that is not actual contribution is deemed; months paid for later, where
    they do not count, count nowhere.
    """
    as_actual = {ACTUAL, UNEMPLOYMENT_FUND, POST_RETIREMENT_MONTHLY}
    as_deemed = {DEEMED}
    (as_actual if military_is_actual else as_deemed).add(MILITARY)
    if backpaid_counts:
        as_actual.add(BACKPAID)
    deemed = 0
    areas: dict[str, int] = {}
    for period in periods:
        if period.status != PAID or period.scheme != EMPLOYEE:
            continue
        if period.kind in as_actual:
            areas[period.area] = areas.get(period.area, 0) | _bits(period)
        elif period.kind in as_deemed:
            deemed |= _bits(period)
    actual = overlap = 0
    for bits in areas.values():
        overlap |= actual & bits
        actual |= bits
    return Count(
        Months(actual),
        Months(deemed & ~actual),
        Months(overlap),
        {area: Months(bits) for area, bits in areas.items()},
    )


def shortfall(
    counted: Count,
    *,
    area: str,
    need_total: int | None = None,
    need_actual: int | None = None,
    need_local: int | None = None,
) -> Shortfall:
    """Months still missing in an area; None is a threshold that the place does not have."""
    return Shortfall(
        total=max(0, (need_total or 0) - len(counted.total)),
        actual=max(0, (need_actual or 0) - len(counted.actual)),
        local=max(0, (need_local or 0) - len(counted.local_actual(area))),
    )


def _bits(period: Period) -> int:
    """Ones from the first month to the last; nothing where the last is earlier."""
    start = period.from_month.index - FIRST_MONTH
    length = period.to_month.index - period.from_month.index + 1
    return ((1 << length) - 1) << start if length > 0 else 0
