"""Runs all checks of the stored money, keeps what came of it, and says how things stand."""

import logging
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from django.apps import apps
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import audit
from accounts.sealing import Head
from claims import verifying
from claims.models import VerificationRun
from claims.verifying import Check, Fault, Reading, picture

logger = logging.getLogger(__name__)

# Of each check: enough to see what it is about. Whoever has more needs a backup and not a list.
KEPT = 5
MAX_DETAIL = 200
# Every night, and twelve hours for a night that took long or was missed.
STALE_AFTER = timedelta(hours=36)
VERIFY = "ledger.verify"

audit.LABELS.update({VERIFY: gettext_lazy("核验账目")})

Tell = Callable[[Check, int, int], None]
# A fault as it is stored: {"check", "code", "kind", "ref", "details"}.
Kept = Mapping[str, Any]


class Standing(StrEnum):
    """`STALE`: the last result is clean and too old to say anything."""

    NEVER = "never"
    STALE = "stale"
    CLEAN = "clean"
    BROKEN = "broken"


def run(
    *,
    heads: Iterable[Head] = (),
    tell: Tell | None = None,
    found: Callable[[Kept], None] | None = None,
) -> VerificationRun:
    """Go through everything in one picture. `tell` is called after each check with its rows and faults, `found` with each fault.

    Not inside a transaction: the run stands from its beginning, so that one that broke off is seen too.
    """
    made = VerificationRun.objects.create(started_at=timezone.now())
    reading = Reading(heads=heads)
    with picture.one_picture():
        for check in verifying.CHECKS.values():
            before, faults = reading.rows, 0
            for fault in check.faults(reading):
                faults += 1
                kept = _kept(check, fault)
                if faults <= KEPT:
                    made.first.append(kept)
                if found:
                    found(kept)
            made.faults += faults
            made.counts[check.key] = reading.rows - before
            if tell:
                tell(check, made.counts[check.key], faults)
    made.finished_at = max(timezone.now(), made.started_at)
    made.save()
    details = {"faults": made.faults, "rows": made.rows}
    audit.record(actor=None, action=VERIFY, subject=made, details=details)
    if made.faults:
        logger.error("verification %s found %s faults", made.pk, made.faults)
    return made


def last() -> VerificationRun | None:
    """The newest that was finished; None while there is none. One query."""
    return VerificationRun.objects.finished().latest_first().first()


def standing(*, now: datetime) -> Standing:
    """By the newest result; a fault does not grow old. One query."""
    return standing_of(last(), now=now)


def standing_of(run: VerificationRun | None, *, now: datetime) -> Standing:
    """As `standing`, of a result that is known."""
    if run is None or run.finished_at is None:
        return Standing.NEVER
    if run.faults:
        return Standing.BROKEN
    return Standing.STALE if run.finished_at < now - STALE_AFTER else Standing.CLEAN


def in_words(kept: Kept) -> str:
    """Which question, which row, and what is wrong with it: the code is for whoever looks into it."""
    check, details = verifying.CHECKS.get(kept["check"]), dict(kept["details"])
    told = [str(kept["code"])]
    if "expected" in details:
        numbers = {name: details.pop(name, None) for name in ("expected", "found")}
        told.append(_("应为 %(expected)s，实为 %(found)s") % numbers)
    told += [f"{name}={value}" for name, value in details.items() if value is not None]
    return _("%(check)s：%(noun)s %(ref)s（%(told)s）") % {
        "check": check.label if check else kept["check"],
        "noun": apps.get_model(kept["kind"])._meta.verbose_name,
        "ref": kept["ref"],
        "told": "，".join(told),
    }


def _kept(check: Check, fault: Fault) -> dict[str, Any]:
    return {
        "check": check.key,
        "code": fault.code,
        "kind": fault.subject_kind,
        "ref": fault.subject_ref,
        "details": {name: _plain(value) for name, value in fault.details.items()},
    }


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, int) else str(value)[:MAX_DETAIL]
