"""The tasks that contradictions in the rules open, and their settling."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.models import User
from accounts.roles import Role
from insurance import policy_disputes
from insurance.models import PolicyTask, PoolingArea

audit.LABELS.update(
    {"policy_task.open": _("登记说法不一"), "policy_task.settle": _("处理说法不一")}
)


class TaskError(ValueError):
    """The task stays as it was; the message says why."""


class NotForThisRole(TaskError):
    def __init__(self) -> None:
        super().__init__(_("只有政策编辑可以处理。"))


class NoNote(TaskError):
    def __init__(self) -> None:
        super().__init__(_("请写明怎样处理的。"))


class AlreadySettled(TaskError):
    def __init__(self) -> None:
        super().__init__(_("已经处理过了。"))


@transaction.atomic
def open_for_disputes(*, by: User | None = None) -> int:
    """A task for every dispute of today that no document decides and that has none; how many were opened.

    `by` None is the daily job. A second run opens nothing; a settled one stays settled while its readings stay.
    """
    wanted = [one for one in policy_disputes.in_force(timezone.localdate()) if one.is_open]
    rows = PoolingArea.objects.in_bulk({one.area for one in wanted}, field_name="code")
    opened = 0
    for one in wanted:
        task, is_new = PolicyTask.objects.get_or_create(
            area=rows[one.area], name=one.name, readings=one.digest
        )
        if is_new:
            opened += 1
            _record(by, "policy_task.open", task)
    return opened


@transaction.atomic
def settle(*, task: PolicyTask, by: User, note: str) -> PolicyTask:
    """Close a task with what was done. It changes no rule: that takes a new version. Raises TaskError."""
    if by.role != Role.POLICY_EDITOR:
        raise NotForThisRole
    if not note.strip():
        raise NoNote
    locked = PolicyTask.objects.select_for_update().get(pk=task.pk)
    if locked.state != PolicyTask.State.OPEN:
        raise AlreadySettled
    locked.state = PolicyTask.State.SETTLED
    locked.note, locked.settled_by, locked.settled_at = note.strip(), by, timezone.now()
    locked.save(update_fields=["state", "note", "settled_by", "settled_at"])
    _record(by, "policy_task.settle", locked, reason=locked.note)
    return locked


def _record(by: User | None, action: str, task: PolicyTask, *, reason: str = "") -> None:
    details = {"area": task.area_id, "name": task.name}
    audit.record(actor=by, action=action, subject=task, reason=reason, details=details)
