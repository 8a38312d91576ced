"""One picture of all tables while others go on writing, and nobody waits for whoever looks at it."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def one_picture() -> Iterator[None]:
    """Everything read inside is of one moment. Inside a transaction it is that one's picture, and nothing is done here."""
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "postgresql":
        with transaction.atomic():
            _say("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
    else:
        # A transaction of Django's begins as the one writer and would keep all others waiting; this one only reads.
        _say("BEGIN DEFERRED")
        try:
            yield
        finally:
            _say("ROLLBACK")


def _say(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
