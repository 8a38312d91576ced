"""Designated hospitals and pharmacies, who works there, and the keys their machines use."""

import uuid
from datetime import date, datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from insurance.models import PoolingArea


class ProviderKind(models.TextChoices):
    """A collector takes the premiums that accounts may pay, for the agency or the insurer of the place."""

    INSTITUTION = "institution", _("定点医疗机构")
    PHARMACY = "pharmacy", _("定点零售药店")
    COLLECTOR = "collector", _("保费征收单位")


class ProviderQuerySet(models.QuerySet["Provider"]):
    def designated_on(self, day: date) -> "ProviderQuerySet":
        return self.filter(designated_from__lte=day).filter(
            Q(designated_to=None) | Q(designated_to__gte=day)
        )


class Provider(models.Model):
    """`code` is the national one (fixmedins_code). `designated_to` is the last day, None while it lasts."""

    code = models.CharField(_("定点机构编码"), max_length=30, unique=True)
    name = models.CharField(_("名称"), max_length=120)
    kind = models.CharField(_("种类"), max_length=12, choices=ProviderKind)
    area = models.ForeignKey(
        PoolingArea,
        to_field="code",
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("所在地"),
    )
    designated_from = models.DateField(_("定点起"))
    designated_to = models.DateField(_("定点止"), null=True, blank=True)

    objects = ProviderQuerySet.as_manager()

    class Meta:
        verbose_name = _("定点机构")
        verbose_name_plural = _("定点机构")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                name="provider_kind_is_known",
                condition=Q(kind__in=["institution", "pharmacy", "collector"]),
            ),
            models.CheckConstraint(
                name="provider_designation_ends_after_it_starts",
                condition=Q(designated_to=None) | Q(designated_to__gte=models.F("designated_from")),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def is_designated_on(self, day: date) -> bool:
        """As the queryset's `designated_on`."""
        return self.designated_from <= day and (
            self.designated_to is None or day <= self.designated_to
        )


class ProviderClerk(models.Model):
    """A login that works for one provider and sees nothing of any other."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="provider_clerk",
        verbose_name=_("登录用户"),
    )
    provider = models.ForeignKey(
        Provider, on_delete=models.PROTECT, related_name="clerks", verbose_name=_("定点机构")
    )
    ended_at = models.DateTimeField(_("停用时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("定点机构收费人员")
        verbose_name_plural = _("定点机构收费人员")
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.provider_id} {self.user_id}"


class ProviderKeyQuerySet(models.QuerySet["ProviderKey"]):
    def live(self, now: datetime) -> "ProviderKeyQuerySet":
        return self.filter(revoked_at=None, expires_at__gt=now)


class ProviderKey(models.Model):
    """A machine's key: shown once, stored as a keyed digest; a rotation lets old and new overlap for a while."""

    public_id = models.UUIDField(_("编号"), default=uuid.uuid4, unique=True, editable=False)
    provider = models.ForeignKey(
        Provider, on_delete=models.PROTECT, related_name="keys", verbose_name=_("定点机构")
    )
    digest = models.CharField(max_length=64, unique=True, editable=False)
    scopes = models.JSONField(_("可以做什么"), default=list)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("发放人"),
    )
    issued_at = models.DateTimeField(_("发放时间"), auto_now_add=True)
    expires_at = models.DateTimeField(_("有效期至"))
    revoked_at = models.DateTimeField(_("停用时间"), null=True, blank=True)

    objects = ProviderKeyQuerySet.as_manager()

    class Meta:
        verbose_name = _("定点机构密钥")
        verbose_name_plural = _("定点机构密钥")
        ordering = ["-id"]

    def __str__(self) -> str:
        return str(self.public_id)
