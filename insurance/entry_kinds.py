"""Which way each kind of entry moves the three amounts of an account."""

from dataclasses import dataclass
from enum import Enum


class Way(Enum):
    """The signs that a change may have. `EITHER` is for money that passes between two accounts: out of the one, into the other."""

    NONE = (0,)
    UP = (1,)
    DOWN = (-1,)
    EITHER = (-1, 1)
    NONE_OR_UP = (0, 1)
    NONE_OR_DOWN = (-1, 0)

    def __init__(self, *signs: int) -> None:
        self.signs = signs

    def allows(self, change_fen: int) -> bool:
        """Whether an amount may change by so much."""
        return (change_fen > 0) - (change_fen < 0) in self.signs


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
# Out of what was set aside for a relative, or out of what is free.
AID_OUT = Shape(balance=Way.DOWN, reserved=Way.NONE_OR_DOWN)
# Back to where it came from: what a relative's limit paid is set aside again while the binding is in force.
BACK_IN = Shape(balance=Way.UP, reserved=Way.NONE_OR_UP)

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
    "spend_aid": AID_OUT,
    "premium": AID_OUT,
    "refund": BACK_IN,
    "wallet_in": MONEY_IN,
    "wallet_out": MONEY_OUT,
    "wallet_return": EITHER_WAY,
    "limit_reserve": Shape(reserved=Way.UP),
    "limit_release": Shape(reserved=Way.DOWN),
    # A hold takes a relative's part out of what is set aside, so that the end of the binding doesn't free it.
    "hold": Shape(reserved=Way.NONE_OR_DOWN, held=Way.UP),
    "hold_release": Shape(reserved=Way.NONE_OR_UP, held=Way.DOWN),
    "withdrawal": MONEY_OUT,
}
