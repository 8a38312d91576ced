"""The work on the rules: runs of the examples against drafts, and disputes that somebody has to settle."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from insurance.models.areas import PoolingArea
from insurance.models.policies import PolicyVersion


class PolicyCheck(models.Model):
    """One run of all examples as if `version` and `together` were in force. The table only grows, by trigger.

    `world` is the digest of everything the run depended on: the examples and the versions of all areas. `failures` holds
    {"rule", "name", "clause", "faults"} of each example that failed.
    """

    version = models.ForeignKey(
        PolicyVersion, on_delete=models.PROTECT, related_name="checks", verbose_name=_("版本")
    )
    together = models.JSONField(_("一起发布的版本"))
    world = models.CharField(_("运行环境摘要"), max_length=64)
    total = models.PositiveIntegerField(_("例子数"))
    failed = models.PositiveIntegerField(_("没有通过"))
    failures = models.JSONField(_("没有通过的例子"))
    ran_at = models.DateTimeField(_("运行时间"), auto_now_add=True)
    ran_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("运行人"),
    )

    class Meta:
        verbose_name = _("例子运行结果")
        verbose_name_plural = _("例子运行结果")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="policy_check_fails_no_more_than_it_ran",
                condition=Q(failed__lte=F("total")),
            )
        ]

    def __str__(self) -> str:
        return f"{self.version_id}: {self.total - self.failed}/{self.total}"


class PolicyTaskQuerySet(models.QuerySet["PolicyTask"]):
    def open(self) -> "PolicyTaskQuerySet":
        return self.filter(state=PolicyTask.State.OPEN)


class PolicyTask(models.Model):
    """A dispute to be looked into. Other readings under the same name later are another task.

    `readings` is the digest of what stood against each other.
    """

    class State(models.TextChoices):
        OPEN = "open", _("待处理")
        SETTLED = "settled", _("已处理")

    area = models.ForeignKey(
        PoolingArea,
        to_field="code",
        on_delete=models.PROTECT,
        db_index=False,
        related_name="policy_tasks",
        verbose_name=_("地区"),
    )
    name = models.CharField(_("名称"), max_length=80)
    readings = models.CharField(_("说法摘要"), max_length=64)
    state = models.CharField(_("状态"), max_length=8, choices=State, default=State.OPEN)
    opened_at = models.DateTimeField(_("登记时间"), auto_now_add=True)
    note = models.CharField(_("处理说明"), max_length=200, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("处理人"),
    )
    settled_at = models.DateTimeField(_("处理时间"), null=True, blank=True)

    objects = PolicyTaskQuerySet.as_manager()

    class Meta:
        verbose_name = _("说法不一的待办")
        verbose_name_plural = _("说法不一的待办")
        ordering = ["area", "name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["area", "name", "readings"], name="policy_task_once_per_dispute"
            ),
            models.CheckConstraint(
                name="policy_task_settled_has_who_when_and_why",
                condition=Q(state="open", settled_by=None, settled_at=None, note="")
                | (
                    Q(state="settled", settled_by__isnull=False, settled_at__isnull=False)
                    & ~Q(note="")
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.area_id} {self.name}"
