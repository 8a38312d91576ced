"""The verification of every night as a task in the queue: each one plans the next before it begins.

A task that dies takes no later one with it. Of one night there is one task, by its key, however many processes plan it.
"""

import uuid
from datetime import datetime, time, timedelta

from django.utils import timezone
from django_tasks import TaskResultStatus, task
from django_tasks_db.models import DBTaskResult

from claims import verifications
from claims.models import VerificationRun

# After the batches of the evening, before the first counter opens.
AT = time(2, 30)
# Whoever has no result of the last day gets one at once, and not in the night to come.
FRESH = timedelta(hours=24)
NIGHTS = uuid.UUID("5d3a4f0e-6c1b-4f0e-9a53-2b1c8d7e9f10")


class Broken(Exception):
    """The verification found something: the task ends as failed, and whoever watches the queue sees it."""


@task()
def verify() -> int:
    """Verify everything; the rows read. Raises `Broken` after the result is kept."""
    _plan(next_night(timezone.now()), "")
    run = verifications.run()
    if run.faults:
        raise Broken(f"run {run.pk}: {run.faults}")
    return run.rows


def plan(*, now: datetime) -> datetime | None:
    """Have a verification waiting: at once where the last day has none, else in the coming night. None where one waits already."""
    if _waiting():
        return None
    fresh = VerificationRun.objects.finished().filter(finished_at__gte=now - FRESH)
    if not fresh.exists() and _plan(now, "at once"):
        return now
    night = next_night(now)
    return night if _plan(night, "") else None


def next_night(now: datetime) -> datetime:
    """The next time that clocks of the agency show `AT`."""
    today = timezone.localdate(now)
    tonight = timezone.make_aware(datetime.combine(today, AT))
    return tonight if now < tonight else tonight + timedelta(days=1)


def _waiting() -> bool:
    ready = DBTaskResult.objects.filter(status=TaskResultStatus.READY)
    return ready.filter(task_path=verify.module_path).exists()


def _plan(moment: datetime, name: str) -> bool:
    """Whether it is new. The key of the row is the day: so two processes cannot plan the same twice."""
    _row, is_new = DBTaskResult.objects.get_or_create(
        id=uuid.uuid5(NIGHTS, f"{timezone.localdate(moment)} {name}"),
        defaults={
            "args_kwargs": {"args": [], "kwargs": {}},
            "task_path": verify.module_path,
            "queue_name": verify.queue_name,
            "backend_name": verify.backend,
            "priority": verify.priority,
            "run_after": moment,
        },
    )
    return is_new
