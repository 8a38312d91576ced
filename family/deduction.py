"""Who pays a bill: one rule, for the preview on a page and for the settlement inside its locks.

Pure. Whoever calls reads balances, caps, consents and dates, and says per payer what it may give now or why it may not.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple, Protocol


class Stop(StrEnum):
    """Why a fen more would not come from this payer at its turn; BILL_PAID where it would, but the bill is paid."""

    BILL_PAID = "bill_paid"
    BALANCE_USED = "balance_used"
    LIMIT_USED = "limit_used"
    MONTH_CAP = "month_cap"
    BILL_CAP = "bill_cap"
    # From here on the payer gives nothing at all.
    NOT_CONSENTED = "not_consented"
    COOLING_DOWN = "cooling_down"
    # The money comes beforehand, through the wallet, and counts as the beneficiary's own.
    BY_WALLET = "by_wallet"
    NOT_STARTED = "not_started"
    ENDED = "ended"
    PAUSED = "paused"
    SUSPENDED = "suspended"
    FROZEN = "frozen"
    SETTLEMENT_SUSPENDED = "settlement_suspended"
    DEAD = "dead"
    AREA = "area"
    USE_NOT_COVERED = "use_not_covered"
    USE_NOT_PAYABLE = "use_not_payable"
    NO_ACCOUNT = "no_account"
    RULE_UNKNOWN = "rule_unknown"


BARS = frozenset(Stop) - {
    Stop.BILL_PAID,
    Stop.BALANCE_USED,
    Stop.LIMIT_USED,
    Stop.MONTH_CAP,
    Stop.BILL_CAP,
}


class Payer(NamedTuple):
    """One entry of the deduction order, as it stands now. `key` is the caller's name for it.

    `usable_fen` is what the account may give (balance less reserved, held and what must stay), or what is left of the reserved
    limit with `from_limit`. A cap of None is no cap; `month_left_fen` below 0, after a cap was lowered, is 0. Without an account
    nobody pays. `plan` refuses one that cannot be.
    """

    key: str
    account_id: int | None
    usable_fen: int
    from_limit: bool = False
    bill_cap_fen: int | None = None
    month_left_fen: int | None = None
    barred: Stop | None = None


class Taken(NamedTuple):
    """What one payer gives to the bill, 0 included, and why no more."""

    payer: Payer
    amount_fen: int
    stop: Stop

    @property
    def key(self) -> str:
        return self.payer.key


class Plan(NamedTuple):
    """A bill and every payer considered for it, in order. `paid_fen` and `cash_fen` add up to `amount_fen`."""

    amount_fen: int
    taken: tuple[Taken, ...]

    @property
    def deductions(self) -> tuple[Taken, ...]:
        """Those who give something, in order."""
        return tuple(one for one in self.taken if one.amount_fen)

    @property
    def paid_fen(self) -> int:
        return sum(one.amount_fen for one in self.taken)

    @property
    def cash_fen(self) -> int:
        return self.amount_fen - self.paid_fen


def plan(amount_fen: int, payers: Sequence[Payer]) -> Plan:
    """Take the bill from the payers strictly in their order, each to the end of what it may give.

    Raises ValueError for an amount that is no whole fen above 0, for a payer that cannot be and for two of one key.
    """
    _whole("amount_fen", amount_fen, least=1)
    for payer in payers:
        _expect_possible(payer)
    _distinct([payer.key for payer in payers])
    due = amount_fen
    drawn: dict[int, int] = {}
    taken = []
    for payer in payers:
        room, bound = _room(payer, drawn)
        amount = min(room, due)
        taken.append(Taken(payer, amount, Stop.BILL_PAID if room > due else bound))
        due -= amount
        # A limit's money was set aside before: taking it leaves the free balance as it is.
        if payer.account_id is not None and not payer.from_limit:
            drawn[payer.account_id] = drawn.get(payer.account_id, 0) + amount
    return Plan(amount_fen, tuple(taken))


def _expect_possible(payer: Payer) -> None:
    _whole("usable_fen", payer.usable_fen, least=0)
    if payer.bill_cap_fen is not None:
        _whole("bill_cap_fen", payer.bill_cap_fen, least=0)
    if payer.month_left_fen is not None:
        _whole("month_left_fen", payer.month_left_fen)
    if payer.barred is not None and payer.barred not in BARS:
        raise ValueError(f"barred: {payer.barred} is not known before the bill is")


def _room(payer: Payer, drawn: Mapping[int, int]) -> tuple[int, Stop]:
    """What this payer may give and what bounds it. `drawn` is what this bill took from free balances so far.

    Of several bounds at once the first stands, which is the one that lasts longest: no cap that is raised helps an empty
    account, and no other bill gets round the month's cap.
    """
    if payer.barred is not None:
        return 0, payer.barred
    if payer.account_id is None:
        return 0, Stop.NO_ACCOUNT
    if payer.from_limit:
        bounds = [(payer.usable_fen, Stop.LIMIT_USED)]
    else:
        free = payer.usable_fen - drawn.get(payer.account_id, 0)
        bounds = [(max(free, 0), Stop.BALANCE_USED)]
    if payer.month_left_fen is not None:
        bounds.append((max(payer.month_left_fen, 0), Stop.MONTH_CAP))
    if payer.bill_cap_fen is not None:
        bounds.append((payer.bill_cap_fen, Stop.BILL_CAP))
    return min(bounds, key=lambda bound: bound[0])


class Given(Protocol):
    """A deduction of a bill that was settled: a `Taken`, or a stored row that has these two."""

    @property
    def key(self) -> str: ...

    @property
    def amount_fen(self) -> int: ...


@dataclass(frozen=True)
class Refund:
    """Cash the provider hands back, and (key, fen above 0) per payer in the order of giving back."""

    cash_fen: int
    back: tuple[tuple[str, int], ...]


def refund(
    amount_fen: int,
    given: Sequence[Given],
    *,
    cash_fen: int,
    already: Mapping[str, int] | None = None,
    already_cash_fen: int = 0,
) -> Refund:
    """Split what is given back: the cash first, then the payers from the last to the first.

    So what stays taken is what a bill smaller by the refund would have taken. `given` stands in the order of the deductions,
    `cash_fen` is the cash part of the bill, `already` and `already_cash_fen` what went back before. Raises ValueError for more
    than is left of the bill, and where these contradict each other.
    """
    _whole("amount_fen", amount_fen, least=1)
    already = already or {}
    keys = [one.key for one in given]
    _distinct(keys)
    if not already.keys() <= set(keys):
        raise ValueError("already: somebody who gave nothing")
    left = [("cash_fen", _left("cash_fen", cash_fen, already_cash_fen))]
    for one in reversed(given):
        left.append((one.key, _left("already", one.amount_fen, already.get(one.key, 0))))
    if amount_fen > sum(fen for _key, fen in left):
        raise ValueError("amount_fen: more than is left of the bill")
    parts = []
    for key, fen in left:
        part = min(fen, amount_fen)
        parts.append((key, part))
        amount_fen -= part
    return Refund(parts[0][1], tuple(part for part in parts[1:] if part[1]))


def _left(name: str, gave: int, went_back: int) -> int:
    _whole(name, gave, least=0)
    _whole(name, went_back, least=0)
    if went_back > gave:
        raise ValueError(f"{name}: more went back than was given")
    return gave - went_back


def _whole(name: str, fen: int, *, least: int | None = None) -> None:
    # bool is an int to Python, and no amount of money.
    if type(fen) is not int or (least is not None and fen < least):
        raise ValueError(f"{name}: {fen!r} is no amount in fen that can stand here")


def _distinct(keys: Sequence[str]) -> None:
    if len(set(keys)) != len(keys):
        raise ValueError("key: two payers of one key")
