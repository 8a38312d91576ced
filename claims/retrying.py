"""A whole transaction once more, where PostgreSQL broke off one of two that waited for each other.

Locks are taken in one order, so this never happens in normal operation: each time is logged and counted, and the proofs ask for
none.
"""

import logging
from collections import Counter
from collections.abc import Callable
from typing import TypeVar

from django.db import OperationalError, connection

logger = logging.getLogger(__name__)

SERIALIZATION_FAILURE, DEADLOCK = "40001", "40P01"
# Whoever loses three times in a row has met a fault of ours, which a fourth time only hides.
TIMES = 3
# By SQLSTATE, since the start of this process.
RETRIES: Counter[str] = Counter()

Result = TypeVar("Result")


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
