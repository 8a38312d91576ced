"""Which way each kind of entry moves the three amounts of an account."""

from dataclasses import dataclass
from enum import Enum


class Way(Enum):
    """`EITHER` is for money that passes between two accounts: out of the one, into the other."""

    NONE = "none"
    UP = "up"
    DOWN = "down"
    EITHER = "either"

    def allows(self, change_fen: int) -> bool:
        if self is Way.NONE:
            return change_fen == 0
        if self is Way.UP:
            return change_fen > 0
        return change_fen < 0 if self is Way.DOWN else change_fen != 0


@dataclass(frozen=True)
class Shape:
    balance: Way = Way.NONE
    reserved: Way = Way.NONE
    held: Way = Way.NONE

    def allows(self, balance_fen: int, reserved_fen: int, held_fen: int) -> bool:
        """An entry that moves nothing has no shape at all."""
        return (
            self.balance.allows(balance_fen)
            and self.reserved.allows(reserved_fen)
            and self.held.allows(held_fen)
        )


MONEY_IN = Shape(balance=Way.UP)
MONEY_OUT = Shape(balance=Way.DOWN)
EITHER_WAY = Shape(balance=Way.EITHER)

# A reversal has the shape of its entry, turned round: it is not in the table.
SHAPES: dict[str, Shape] = {
    "opening": MONEY_IN,
    "credit_own": MONEY_IN,
    "credit_employer_share": MONEY_IN,
    "credit_retiree": MONEY_IN,
    "interest": MONEY_IN,
    "transfer_in": MONEY_IN,
    "transfer_out": MONEY_OUT,
    "year_change": EITHER_WAY,
    "spend_care": MONEY_OUT,
    "spend_drug": MONEY_OUT,
    "spend_aid": MONEY_OUT,
    "premium": MONEY_OUT,
    "wallet_in": MONEY_IN,
    "wallet_out": MONEY_OUT,
    "wallet_return": EITHER_WAY,
    "limit_reserve": Shape(reserved=Way.UP),
    "limit_release": Shape(reserved=Way.DOWN),
    "hold": Shape(held=Way.UP),
    "hold_release": Shape(held=Way.DOWN),
    "withdrawal": MONEY_OUT,
}
