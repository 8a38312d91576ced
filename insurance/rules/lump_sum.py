"""What making up the missing months at once would cost: months × monthly base × rate (domain facts §3.5). Pure.

A sum is told where a document of the place says how it is reckoned and every number in it is known. Where readings of the
numbers or of the months differ, the cheapest and the dearest stand as a range; nothing is ever filled in.
"""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from insurance.policy_values import Policy
from insurance.rules.decision import NO, STAFF_DECIDES, UNKNOWN, Finding
from insurance.rules.evidence import (
    ASK_12393,
    ASK_COUNTER,
    Reading,
    findings,
    listed,
    read,
    sources_of,
)

OPTIONS = "contribution_years.shortfall_options"
BASE = "contribution_years.shortfall_base"
RATE = "contribution_years.shortfall_rate"
BASE_FEN = "contribution_years.shortfall_base_fen"
# Where the number stands that a formula means by its rate, and what else is in that number.
RATES = {"employer_rate": ("rates.employer", "rates.employer_includes")}
TOLD, RANGE, NOT_KNOWN, NOT_OFFERED = (
    "lump_sum",
    "lump_sum_range",
    "lump_sum_not_known",
    "lump_sum_option",
)
CODES = (TOLD, RANGE, NOT_KNOWN, f"{NOT_OFFERED}_{NO}")
# What may be open besides a value of the catalogue.
MONTHS, RATE_ALONE = "missing_months", "rate_alone"


@dataclass(frozen=True)
class LumpSum:
    """Whole fen, rounded once at the end, half a fen up; None where it is not determined."""

    low_fen: int | None = None
    high_fen: int | None = None
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class Parts:
    """What is said about the way and about each number; `includes` is what the rate covers beside this insurance."""

    option: Reading
    base: Reading
    rate: Reading
    amount: Reading
    number: Reading
    includes: Reading

    def open(self) -> tuple[str, ...]:
        """What has to be known for a sum and is not, in the order of the formula."""
        found = [self.option.name] if self.option.values and not self.option.is_decided else []
        found += [one.name for one in (self.base, self.rate) if one.settled is None]
        # Which number the rate is, only the formula says.
        numbers = (self.amount,) if self.rate.settled is None else (self.amount, self.number)
        found += [one.name for one in numbers if not _numbers(one)]
        # With the maternity insurance in it, for one, the rate would make the sum too large.
        covers_more = self.includes.values and self.includes.settled != ()
        return tuple(dict.fromkeys([*found, *([RATE_ALONE] if covers_more else [])]))


def lump_sum(months: tuple[int, int] | None, policy: Policy, on: date) -> LumpSum:
    """`months` are the fewest and the most that may be missing; None where nobody can say."""
    if months == (0, 0):
        return LumpSum(0, 0)
    option = read(policy.get(OPTIONS), on, listed("LUMP_SUM"))
    if option.verdict == NO:
        return LumpSum(findings=findings(option, NOT_OFFERED))
    parts = _parts(option, policy, on)
    if months is None or parts.open():
        return LumpSum(findings=(_not_known(months, parts),))
    return _reckoned(months, parts)


def _parts(option: Reading, policy: Policy, on: date) -> Parts:
    rate = read(policy.get(RATE), on)
    number, includes = RATES.get(rate.settled, ("", ""))
    return Parts(
        option=option,
        base=read(policy.get(BASE), on),
        rate=rate,
        amount=read(policy.get(BASE_FEN), on),
        number=read(policy.get(number), on),
        includes=read(policy.get(includes), on),
    )


def _not_known(months: tuple[int, int] | None, parts: Parts) -> Finding:
    """Where something is said about what is open, staff can decide it; else nobody here knows."""
    names = ((MONTHS,) if months is None else ()) + parts.open()
    said = (parts.option, parts.base, parts.rate, parts.amount, parts.number)
    is_said = any(one.values for one in said if one.name in names)
    verdict, step = (STAFF_DECIDES, ASK_COUNTER) if is_said else (UNKNOWN, ASK_12393)
    return Finding(NOT_KNOWN, verdict, {"open": names}, step)


def _reckoned(months: tuple[int, int], parts: Parts) -> LumpSum:
    fewest, most = months
    amounts, rates = _numbers(parts.amount), _numbers(parts.number)
    low, high = _fen(fewest, min(amounts), min(rates)), _fen(most, max(amounts), max(rates))
    readings = (parts.base, parts.rate, parts.amount, parts.number)
    values = tuple(value for one in readings for value in one.values)
    told = {
        "values": parts.amount.values + parts.number.values,
        "missing_span": months,
        "low_fen": low,
        "high_fen": high,
    }
    code, verdict = (TOLD, NO) if low == high else (RANGE, STAFF_DECIDES)
    step = ASK_12393 if all(one.is_decided for one in readings) else ASK_COUNTER
    found = Finding(code, verdict, told, step, sources_of(values, parts.base.day))
    return LumpSum(low, high, (found,))


def _numbers(reading: Reading) -> list[Decimal]:
    return [Decimal(one.value) for one in reading.alternatives if not one.emptiness]


def _fen(months: int, base: Decimal, rate: Decimal) -> int:
    return int((months * base * rate).quantize(Decimal(1), ROUND_HALF_UP))
