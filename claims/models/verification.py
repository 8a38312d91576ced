"""What became of each time the stored money was held against itself."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class VerificationQuerySet(models.QuerySet["VerificationRun"]):
    def finished(self) -> "VerificationQuerySet":
        return self.filter(finished_at__isnull=False)

    def latest_first(self) -> "VerificationQuerySet":
        return self.order_by("-id")


class VerificationRun(models.Model):
    """One going through everything. Without `finished_at` it is under way, or was broken off.

    `counts` are the rows read by each check, by its key; `faults` counts all that was found, `first` holds the first few of each
    check: {"check", "code", "kind", "ref", "details"}, keys and fen and nobody's data.
    """

    started_at = models.DateTimeField(_("开始"))
    finished_at = models.DateTimeField(_("完成"), null=True, blank=True)
    counts = models.JSONField(_("各项看了多少行"), default=dict)
    faults = models.PositiveIntegerField(_("不符"), default=0)
    first = models.JSONField(_("最先发现的不符"), default=list)

    objects = VerificationQuerySet.as_manager()

    class Meta:
        verbose_name = _("账目核验")
        verbose_name_plural = _("账目核验")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="verification_ends_after_it_starts",
                condition=Q(finished_at=None) | Q(finished_at__gte=models.F("started_at")),
            )
        ]

    def __str__(self) -> str:
        return f"{self.pk}"

    @property
    def is_clean(self) -> bool:
        return self.finished_at is not None and not self.faults

    @property
    def rows(self) -> int:
        return sum(self.counts.values())
