"""The monthly runs that post credits: how far one is, and what it did not post."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from insurance.fields import MonthField


class CreditRun(models.Model):
    """One month's run, through all people in the order of their keys; `last_person` is the last one dealt with, 0 none yet.

    A run without `finished_at` was stopped, and goes on after `last_person`. `not_credited` counts people by reason, `versions`
    are the ids of the published rules that it was decided by, those of `day`. `credited` counts entries.
    """

    month = MonthField(_("月份"))
    day = models.DateField(_("按哪天的规则"))
    started_at = models.DateTimeField(_("开始"), auto_now_add=True)
    finished_at = models.DateTimeField(_("完成"), null=True, blank=True)
    last_person = models.BigIntegerField(_("办到哪一人"), default=0)
    credited = models.PositiveIntegerField(_("划入人数"), default=0)
    amount_fen = models.BigIntegerField(_("划入金额（分）"), default=0)
    same = models.PositiveIntegerField(_("早已划入"), default=0)
    not_credited = models.JSONField(_("没有划入的原因"), default=dict)
    versions = models.JSONField(_("规则版本"), default=list)

    class Meta:
        verbose_name = _("每月划入")
        verbose_name_plural = _("每月划入")
        ordering = ["-month"]
        constraints = [
            models.UniqueConstraint(fields=["month"], name="credit_run_once_a_month"),
            models.CheckConstraint(
                name="credit_run_counts_upwards",
                condition=Q(last_person__gte=0, amount_fen__gte=0),
            ),
        ]

    def __str__(self) -> str:
        return str(self.month)
