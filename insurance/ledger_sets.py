"""Money into many accounts by one statement, on PostgreSQL. Part of `insurance.ledger`: nobody but credits has so many at a time.

The step is that of `ledger_steps.next_entry` for money that comes in, written a second time for whole sets; a test holds the two
against each other. Money that leaves, memo entries and reversals aren't posted here.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import connection

from insurance.entry_kinds import MONEY_IN, SHAPES
from insurance.ledger_steps import AccountClosed, WrongShape
from insurance.periods import Month

# In id order, as everywhere. A count, because nobody needs what was locked: it is read anew.
LOCK = """
SELECT count(*) FROM (
    SELECT id FROM insurance_personalaccount
    WHERE person_id BETWEEN %s AND %s AND closed_on IS NULL
    ORDER BY id FOR NO KEY UPDATE
) AS locked
"""
# Whoever holds many accounts waits for no more, but for one that was opened since, and for that one not for ever.
PATIENCE = "SET LOCAL lock_timeout = '10s'"
# An account that is named twice or closed gets no second entry or none, and the count tells.
POST = """
WITH line AS (
    SELECT * FROM unnest(%(accounts)s::bigint[], %(kinds)s::text[], %(amounts)s::bigint[])
        AS given(account_id, kind, amount_fen)
), moved AS (
    UPDATE insurance_personalaccount AS account
    SET balance_fen = account.balance_fen + line.amount_fen,
        last_sequence = account.last_sequence + 1,
        last_posted_at = GREATEST(account.last_posted_at, %(moment)s)
    FROM line WHERE account.id = line.account_id AND account.closed_on IS NULL
    RETURNING account.id, account.person_id, account.last_sequence, account.last_posted_at,
        account.balance_fen, account.reserved_fen, account.held_fen, line.kind, line.amount_fen
)
INSERT INTO insurance_ledgerentry (
    account_id, sequence, kind, amount_fen, reserved_change_fen, held_change_fen,
    balance_after_fen, reserved_after_fen, held_after_fen,
    for_month, posted_at, recorded_at, place, source_kind, source_ref
)
SELECT id, last_sequence, kind, amount_fen, 0, 0,
    balance_fen, reserved_fen, held_fen,
    %(month)s, last_posted_at, %(moment)s, '', %(source_kind)s, %(source_start)s || person_id
FROM moved
"""


class Sent:
    """Lines on their way; how many there are is known when they have arrived."""

    def __init__(self, cursor: Any, count: int) -> None:
        self._cursor, self._count = cursor, count

    def expect_all(self) -> None:
        """Raise `AccountClosed` where a line has made no entry."""
        with self._cursor as cursor:
            if cursor.rowcount != self._count:
                raise AccountClosed("an account is not open, or named twice")


def lock_of(*, first: int, last: int) -> None:
    """Lock the open accounts of these people, from one key to another, inside the caller's transaction."""
    with connection.cursor() as cursor:
        cursor.execute(LOCK, [first, last])
        cursor.execute(PATIENCE)


@contextmanager
def flowing() -> Iterator[None]:
    """Inside, statements go one after the other without waiting for the answer of the one before; after it all are done."""
    with connection.wrap_database_errors, connection.connection.pipeline():
        yield


def pay_in(
    *,
    account_ids: Sequence[int],
    kinds: Sequence[str],
    amounts_fen: Sequence[int],
    for_month: Month,
    source_kind: str,
    source_start: str,
    moment: datetime,
) -> Sent:
    """Post one entry to each account, under its lock; the three sequences stand side by side. Raise `WrongShape`.

    The source of an entry is `source_start` and the key of the account's person. `moment` is read after the lock; an account
    whose last entry is ahead of it keeps the later one. The caller asks, inside its transaction, whether all have arrived.
    """
    for kind in set(kinds):
        if SHAPES.get(kind) is not MONEY_IN:
            raise WrongShape(f"{kind} is no money that comes in")
    if account_ids and min(amounts_fen) <= 0:
        raise WrongShape("money that comes in is above zero")
    values: dict[str, Any] = {
        "accounts": _array(account_ids),
        "kinds": _array(kinds),
        "amounts": _array(amounts_fen),
        "month": for_month.index,
        "moment": moment,
        "source_kind": source_kind,
        "source_start": source_start,
    }
    cursor = connection.cursor()
    cursor.execute(POST, values)
    return Sent(cursor, len(account_ids))


def _array(values: Sequence[int] | Sequence[str]) -> str:
    """As PostgreSQL writes it: numbers and kinds, which need no quotes. The driver would look at each value for its type."""
    return f"{{{','.join(map(str, values))}}}"
