"""What it costs to count a career of forty years, in pure Python.

The goal of 10 µs is a number for one machine; the ratio to building a plain set of the same months, taken in the
same run, is what stays true elsewhere.
"""

import sys
import timeit
from statistics import median

from benchmarks import table
from insurance import counting
from insurance.counting import Period
from insurance.periods import Month

GOAL_MICROSECONDS = 10
ROUNDS, TIMES = 7, 2000


def career() -> list[Period]:
    """Twelve periods over forty years, with gaps and overlaps."""
    first = Month.of(1986, 11)
    return [
        Period(
            area="330100" if number % 3 else "310000",
            from_month=first + number * 40,
            to_month=first + (number * 40 + 38 + number % 5),
            scheme="employee",
            kind="deemed" if number < 3 else "actual",
            status="paid",
        )
        for number in range(12)
    ]


def plain_set(periods: list[Period]) -> int:
    return len(
        {
            index
            for period in periods
            for index in range(period.from_month.index, period.to_month.index + 1)
        }
    )


def microseconds(work: str, **names: object) -> float:
    runs = timeit.repeat(work, globals=names, repeat=ROUNDS, number=TIMES)
    return median(runs) / TIMES * 1_000_000


def main() -> int:
    periods = career()
    counted = microseconds(
        "count(periods, military_is_actual=True, backpaid_counts=True)",
        count=counting.count,
        periods=periods,
    )
    peer = microseconds("plain_set(periods)", plain_set=plain_set, periods=periods)
    sys.stdout.write(
        f"counted in {counted:.1f} µs, {counted / peer:.2f} of a plain set of months "
        f"({peer:.1f} µs)\n"
    )
    return table.ending(counted <= GOAL_MICROSECONDS)


if __name__ == "__main__":
    sys.exit(main())
