"""A whole transaction once more: where PostgreSQL broke it off, or where a number that it drew was taken.

Of two that wait for each other PostgreSQL breaks one off. Locks are taken in one order, so this never happens in normal operation:
each time is logged and counted, and the proofs ask for none.
"""

import logging
from collections import Counter
from collections.abc import Callable
from typing import TypeVar

from django.db import IntegrityError, OperationalError, connection

logger = logging.getLogger(__name__)

SERIALIZATION_FAILURE, DEADLOCK = "40001", "40P01"
# Whoever loses three times in a row has met a fault of ours, which a fourth time only hides.
TIMES = 3
# By SQLSTATE, since the start of this process.
RETRIES: Counter[str] = Counter()

# Numbers are drawn, and bills are asked for beforehand: what is taken after all was taken in this very moment, by one other.
DRAWS = 5
# The unique constraints that such a moment breaks, as the two databases name them.
TAKEN = (
    "settlement_once_per_bill",
    "claims_settlement",
    "claims_keyedrequest",
    # The lines of a settlement are named by its number.
    "ledger_source_once_per_account",
)

Result = TypeVar("Result")


class Taken(Exception):
    """The number of a settlement or of a bill was taken by somebody else in this moment: once more, with what is there now."""


def until_free(do: Callable[[], Result]) -> Result:
    """What `do` gives, which takes everything back where it raises `Taken`."""
    for _draw in range(DRAWS):
        try:
            return do()
        except Taken as error:
            last = error
    raise last


def raise_if_taken(error: IntegrityError) -> None:
    """Raise `Taken` for what is no fault."""
    said = str(error).lower()
    if "unique" in said and any(name in said for name in TAKEN):
        raise Taken from error


def whole(do: Callable[[], Result]) -> Result:
    """What `do` gives, which is a transaction from its beginning to its end; inside another one it is done once."""
    for time in range(1, TIMES + 1):
        try:
            return do()
        except OperationalError as error:
            state = getattr(error.__cause__, "sqlstate", None)
            broken_off = state in (SERIALIZATION_FAILURE, DEADLOCK)
            if not broken_off or connection.in_atomic_block or time == TIMES:
                raise
            RETRIES[str(state)] += 1
            logger.warning("transaction broken off with %s, tried again (%d)", state, time)
    raise AssertionError("the last time returns or raises")
