"""The visitors' book and the seals over closed ranges of it and of the ledger."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class AuditQuerySet(models.QuerySet["AuditEntry"]):
    def about(self, kind: str, ref: str) -> "AuditQuerySet":
        return self.filter(subject_kind=kind, subject_ref=ref)


class AuditEntry(models.Model):
    """Who did what, about whom, when, from where and why. The table only grows, by trigger.

    `actor` None is the system itself. `subject_ref` is a public reference, never a number of a person. `details` holds
    no personal data: `accounts.audit.record` is the only writer and refuses it.
    """

    at = models.DateTimeField(_("时间"), auto_now_add=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        db_index=False,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("操作人"),
    )
    actor_role = models.CharField(_("当时角色"), max_length=20, blank=True)
    action = models.CharField(_("动作"), max_length=60)
    subject_kind = models.CharField(_("对象种类"), max_length=40, blank=True)
    subject_ref = models.CharField(_("对象编号"), max_length=64, blank=True)
    reason = models.CharField(_("理由"), max_length=200, blank=True)
    details = models.JSONField(_("细节"), default=dict, blank=True)
    ip_address = models.GenericIPAddressField(_("来源地址"), null=True, blank=True)

    objects = AuditQuerySet.as_manager()

    class Meta:
        verbose_name = _("审计记录")
        verbose_name_plural = _("审计记录")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["subject_kind", "subject_ref", "-id"], name="audit_by_subject"),
            models.Index(fields=["actor", "-id"], name="audit_by_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.action}"


class Seal(models.Model):
    """One closed range of ids of a log, with a keyed HMAC that also covers the seal before it.

    `row_macs` holds the id and a short MAC of every row of the range: the check names the first bad row by it.
    """

    class Log(models.TextChoices):
        AUDIT = "audit", _("审计")
        LEDGER = "ledger", _("账目")

    log = models.CharField(_("日志"), max_length=10, choices=Log)
    number = models.PositiveIntegerField(_("序号"))
    first_id = models.BigIntegerField(_("起"))
    last_id = models.BigIntegerField(_("止"))
    row_count = models.PositiveIntegerField(_("条数"))
    row_macs = models.BinaryField(_("各条校验"), null=True)
    digest = models.CharField(_("封印"), max_length=64)
    key_version = models.PositiveSmallIntegerField(_("密钥版本"))
    sealed_at = models.DateTimeField(_("封存时间"), auto_now_add=True)

    class Meta:
        verbose_name = _("封存")
        verbose_name_plural = _("封存")
        ordering = ["log", "number"]
        constraints = [
            models.UniqueConstraint(fields=["log", "number"], name="seal_number_once_per_log"),
            models.UniqueConstraint(fields=["log", "first_id"], name="seal_range_once_per_log"),
            models.CheckConstraint(
                name="seal_range_is_forward", condition=models.Q(last_id__gte=models.F("first_id"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.log} {self.number}"
