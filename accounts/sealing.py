"""Seals over closed ranges of a log that only grows, and the check that names the first bad row.

Writers never wait for a chain: a job comes later, takes the rows that are old enough, and writes a keyed HMAC over them and over
the seal before. A seal also keeps a short keyed MAC of every row, so that the check says which row was changed, removed or added,
and not only in which range. The newest seal (the head) goes to a file outside of the database: whoever cuts off the end of
a log together with its seals is found by that.
"""

import hmac
import json
import struct
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from accounts import keys
from accounts.models import AuditEntry, Seal

# Ids are given out when a row is written and seen when its transaction ends. Nothing here runs longer than this (the longest
# is a strict import of one file), so no row can still appear below the last sealed id.
QUIET_MARGIN = timedelta(hours=2)
# 16 bytes a row: a seal stays below 32 kB, and a check holds no more than this many rows.
RANGE_ROWS = 2000
MAC_BYTES = 8  # without the key nobody can try the 2**64
_ITEM = struct.Struct(f">q{MAC_BYTES}s")


@dataclass(frozen=True)
class SealedLog:
    """A table that only grows. `canonical` gives everything of a row that must never change, in a fixed order.

    `moment` names the column with the time of writing; ids grow with it.
    """

    key: str
    rows: Callable[[], QuerySet[Any]]
    canonical: Callable[[Any], Sequence[Any]]
    moment: str


@dataclass(frozen=True)
class Fault:
    """`kind`: changed, missing, added (of row `row_id`); chain, head (of seal `number`)."""

    log: str
    kind: str
    number: int
    row_id: int | None = None

    def __str__(self) -> str:
        what = f"row {self.row_id}" if self.row_id is not None else f"seal {self.number}"
        return f"{self.log}: {what} {self.kind}"


@dataclass(frozen=True)
class Head:
    """The newest seal of a log, as it is exported."""

    log: str
    number: int
    last_id: int
    digest: str

    def as_line(self) -> str:
        return json.dumps(self.__dict__, sort_keys=True)


LOGS: dict[str, SealedLog] = {}


def register(log: SealedLog) -> None:
    """Have a log sealed and verified; the floor that owns it calls this when it is ready."""
    LOGS[log.key] = log


register(
    SealedLog(
        key=Seal.Log.AUDIT,
        rows=AuditEntry.objects.all,
        canonical=lambda row: (
            row.at,
            row.actor_id,
            row.actor_role,
            row.action,
            row.subject_kind,
            row.subject_ref,
            row.reason,
            row.details,
            row.ip_address,
        ),
        moment="at",
    )
)


def seal(log: SealedLog, *, now: datetime) -> int:
    """Seal all rows older than the quiet margin; return how many seals were made.

    Of two jobs at once one makes a seal and the other stops: the number of a seal is unique.
    """
    made = 0
    while True:
        try:
            with transaction.atomic():
                if not _seal_next(log, before=now - QUIET_MARGIN):
                    return made
        except IntegrityError:
            return made
        made += 1


def verify(log: SealedLog, *, heads: Iterable[Head] = ()) -> Fault | None:
    """The first thing that isn't as it was sealed, in the order of the rows; None when all is well.

    `heads` are exported heads of this log: each must still be there, unchanged.
    """
    previous: Seal | None = None
    digests: dict[int, str] = {}
    for one in Seal.objects.filter(log=log.key).order_by("number").iterator(chunk_size=20):
        if not _follows(one, previous):
            return Fault(log.key, "chain", previous.number + 1 if previous else 1)
        if fault := _compare(log, one, previous):
            return fault
        digests[one.number] = one.digest
        previous = one
    for head in heads:
        if head.log == log.key and digests.get(head.number) != head.digest:
            return Fault(log.key, "head", head.number)
    return None


def head(log: SealedLog) -> Head | None:
    """The newest seal, for the export; None when nothing was sealed yet."""
    newest = Seal.objects.filter(log=log.key).order_by("-number").first()
    return Head(log.key, newest.number, newest.last_id, newest.digest) if newest else None


def read_heads(lines: Iterable[str]) -> list[Head]:
    """The heads of an export file, one a line."""
    return [Head(**json.loads(line)) for line in lines if line.strip()]


def _seal_next(log: SealedLog, *, before: datetime) -> bool:
    previous = Seal.objects.filter(log=log.key).order_by("-number").first()
    fresh = log.rows().order_by("id")
    if previous:
        fresh = fresh.filter(id__gt=previous.last_id)
    young = fresh.filter(**{f"{log.moment}__gte": before}).values_list("id", flat=True).first()
    if young is not None:
        fresh = fresh.filter(id__lt=young)
    version = keys.seal_keys().current
    macs = list(_macs(log, fresh[:RANGE_ROWS], version))
    if not macs:
        return False
    made = Seal(
        log=log.key,
        number=previous.number + 1 if previous else 1,
        first_id=previous.last_id + 1 if previous else min(1, macs[0][0]),
        last_id=macs[-1][0],
        row_count=len(macs),
        row_macs=b"".join(_ITEM.pack(*item) for item in macs),
        key_version=version,
    )
    made.digest = _digest(made, previous)
    made.save()
    return True


def _digest(one: Seal, previous: Seal | None) -> str:
    parts = (
        *(one.log, one.number, one.first_id, one.last_id, one.row_count, one.key_version),
        bytes(one.row_macs or b"").hex(),
        previous.digest if previous else "",
    )
    return keys.seal_keys().digest(
        "|".join(str(part) for part in parts), purpose="seal", version=one.key_version
    )


def _follows(one: Seal, previous: Seal | None) -> bool:
    """Is this seal itself unchanged, and the one after `previous`?"""
    number = previous.number + 1 if previous else 1
    starts = one.first_id == previous.last_id + 1 if previous else one.first_id <= 1
    return (
        one.number == number and starts and hmac.compare_digest(one.digest, _digest(one, previous))
    )


def _compare(log: SealedLog, one: Seal, previous: Seal | None) -> Fault | None:
    """Walk the sealed and the present rows side by side, in the order of their ids."""
    rows = log.rows().order_by("id").filter(id__lte=one.last_id)
    if previous:
        rows = rows.filter(id__gt=previous.last_id)
    present = _macs(log, rows, one.key_version)
    now = next(present, None)
    for row_id, mac in _ITEM.iter_unpack(bytes(one.row_macs or b"")):
        if now is not None and now[0] < row_id:
            return Fault(log.key, "added", one.number, now[0])
        if now is None or now[0] > row_id:
            return Fault(log.key, "missing", one.number, row_id)
        if not hmac.compare_digest(now[1], mac):
            return Fault(log.key, "changed", one.number, row_id)
        now = next(present, None)
    return Fault(log.key, "added", one.number, now[0]) if now else None


def _macs(log: SealedLog, rows: QuerySet[Any], version: int) -> Iterator[tuple[int, bytes]]:
    ring = keys.seal_keys()
    for row in rows.iterator(chunk_size=RANGE_ROWS):
        text = json.dumps(
            [row.pk, *log.canonical(row)], default=_plain, sort_keys=True, ensure_ascii=True
        )
        mac = ring.digest(text, purpose=f"row {log.key}", version=version)
        yield row.pk, bytes.fromhex(mac)[:MAC_BYTES]


def _plain(value: Any) -> str:
    """Times in UTC to the microsecond, which both databases keep; everything else by its own text."""
    if isinstance(value, datetime):
        return value.astimezone(ZoneInfo("UTC")).isoformat(timespec="microseconds")
    return value.isoformat() if isinstance(value, date) else str(value)
