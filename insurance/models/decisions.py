"""Decisions that somebody was told, kept as they were shown."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class StoredDecisionQuerySet(models.QuerySet["StoredDecision"]):
    def of_subject(self, kind: str, ref: str) -> "StoredDecisionQuerySet":
        return self.filter(subject_kind=kind, subject_ref=ref)


class StoredDecision(models.Model):
    """One decision, whole: `told` holds verdict, findings with their sentences, figures and papers as they were shown.

    `versions` names the rules it was made by: [{"id", "area", "number"}]. The subject is a kind and a reference, never a
    name or a number of a person. The table only grows, by trigger.
    """

    class Verdict(models.TextChoices):
        YES = "yes", _("可以")
        NO = "no", _("不可以")
        STAFF_DECIDES = "staff_decides", _("由窗口决定")
        UNKNOWN = "unknown", _("还不知道")

    reference = models.UUIDField(_("内部编号"), default=uuid.uuid4, unique=True, editable=False)
    subject_kind = models.CharField(_("对象种类"), max_length=40)
    subject_ref = models.CharField(_("对象编号"), max_length=64)
    rule = models.CharField(_("规则"), max_length=30)
    area = models.CharField(_("地区"), max_length=6)
    on = models.DateField(_("按哪一天"))
    verdict = models.CharField(_("结论"), max_length=14, choices=Verdict)
    told = models.JSONField(_("当时的答复"))
    versions = models.JSONField(_("所依据的规则版本"))
    kept_at = models.DateTimeField(_("保存时间"), auto_now_add=True)
    kept_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("经手人"),
    )

    objects = StoredDecisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("保存的决定")
        verbose_name_plural = _("保存的决定")
        ordering = ["-kept_at", "-id"]
        constraints = [
            models.CheckConstraint(
                name="stored_decision_has_a_known_verdict",
                condition=Q(verdict__in=["yes", "no", "staff_decides", "unknown"]),
            ),
            models.CheckConstraint(
                name="stored_decision_has_a_subject",
                condition=~Q(subject_kind="") & ~Q(subject_ref=""),
            ),
        ]
        indexes = [
            models.Index(fields=["subject_kind", "subject_ref"], name="stored_decision_by_subject")
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.area} {self.on}"
