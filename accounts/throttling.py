"""Counting what happens too often. The counters live in the database: a fresh cookie doesn't reset them."""

import math
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts import keys
from accounts.limits import LONGEST_SECONDS, Limit
from accounts.models import Throttle


def key_digest(limit: Limit, key: str) -> str:
    """The table holds no phone and no address, only this."""
    return keys.index_keys().digest(key, purpose=f"throttle {limit.name}")


def spend(limit: Limit, key: str) -> bool:
    """Count one event; False when the limit was reached before it, and then nothing is counted.

    Commits at once, and refuses to run inside a transaction: a count that somebody's rollback takes back is none.
    """
    return spend_all([(limit, key)])


def spend_all(pairs: Sequence[tuple[Limit, str]]) -> bool:
    """Count one event against all of them or, when any is reached, against none.

    Rows are locked in one order everywhere, so two callers never wait for each other.
    """
    ordered = sorted(
        ((limit, key_digest(limit, key)) for limit, key in pairs),
        key=lambda pair: (pair[0].name, pair[1]),
    )
    with transaction.atomic(durable=True):
        locked = [(limit, _locked_row(limit, digest)) for limit, digest in ordered]
        now = timezone.now()
        for limit, row in locked:
            if not _is_running(limit, row, now):
                row.window_started_at, row.count = now, 0
        if any(row.count >= limit.count for limit, row in locked):
            return False
        for _limit, row in locked:
            row.count += 1
            row.save(update_fields=["window_started_at", "count"])
    return True


def is_spent(limit: Limit, key: str) -> bool:
    """Would `spend` say no? Counts nothing."""
    row = Throttle.objects.filter(limit=limit.name, key_digest=key_digest(limit, key)).first()
    return bool(row and _is_running(limit, row, timezone.now()) and row.count >= limit.count)


def left(limit: Limit, key: str) -> int:
    """How many events the running window still takes."""
    row = Throttle.objects.filter(limit=limit.name, key_digest=key_digest(limit, key)).first()
    running = row is not None and _is_running(limit, row, timezone.now())
    return max(0, limit.count - row.count) if row and running else limit.count


def wait_seconds(limit: Limit, key: str) -> int:
    """After how many seconds the running window is over, at least 1: what a machine is told with its refusal."""
    row = Throttle.objects.filter(limit=limit.name, key_digest=key_digest(limit, key)).first()
    now = timezone.now()
    if row is None or not _is_running(limit, row, now):
        return 1
    over = row.window_started_at + timedelta(seconds=limit.seconds)
    return math.ceil((over - now).total_seconds())


def give_back(limit: Limit, key: str) -> None:
    """Take one event off the count: it was spent beforehand and then did no harm."""
    Throttle.objects.filter(
        limit=limit.name, key_digest=key_digest(limit, key), count__gt=0
    ).update(count=F("count") - 1)


def clear(limit: Limit, key: str) -> None:
    """Forget the count, after a success or when an administrator lifts a lock."""
    Throttle.objects.filter(limit=limit.name, key_digest=key_digest(limit, key)).delete()


def prune(*, now: datetime) -> int:
    """Delete counters whose window is over whatever their limit; return how many."""
    deleted, _by_model = Throttle.objects.filter(
        window_started_at__lt=now - timedelta(seconds=2 * LONGEST_SECONDS)
    ).delete()
    return deleted


def _is_running(limit: Limit, row: Throttle, now: datetime) -> bool:
    """A window from the future (the clock was set back) is over: it could last for years."""
    return row.window_started_at <= now < row.window_started_at + timedelta(seconds=limit.seconds)


def _locked_row(limit: Limit, digest: str) -> Throttle:
    """The row, locked; made when there is none. SQLite has locked the file when the transaction began."""
    wanted = Throttle.objects.filter(limit=limit.name, key_digest=digest)
    while (row := wanted.select_for_update().first()) is None:
        blank = Throttle(limit=limit.name, key_digest=digest, window_started_at=timezone.now())
        Throttle.objects.bulk_create([blank], ignore_conflicts=True)
    return row
