"""Counters of the limits; keyed by digest, so that no phone or address stands in the table."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Throttle(models.Model):
    """How often something happened in the window that began at `window_started_at`."""

    limit = models.CharField(_("限制"), max_length=40)
    key_digest = models.CharField(_("对象摘要"), max_length=64)
    window_started_at = models.DateTimeField(_("起算时间"))
    count = models.PositiveIntegerField(_("次数"), default=0)

    class Meta:
        verbose_name = _("次数限制")
        verbose_name_plural = _("次数限制")
        ordering = ["-window_started_at"]
        constraints = [
            models.UniqueConstraint(fields=["limit", "key_digest"], name="throttle_once_per_key")
        ]

    def __str__(self) -> str:
        return f"{self.limit} {self.count}"
