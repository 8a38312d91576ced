"""Whose money first: the beneficiary's list of payers, version by version."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from family.models.bindings import Binding, Channel
from insurance.models import InsuredPerson


class DeductionOrder(models.Model):
    """One row for a person, made when first needed: the lock of everything that changes or uses their bindings.

    Locks are taken in this order everywhere: these rows by person id, bindings by id, accounts by id.
    """

    person = models.OneToOneField(
        InsuredPerson,
        on_delete=models.PROTECT,
        related_name="deduction_order",
        verbose_name=_("用钱的人"),
    )
    version = models.PositiveIntegerField(_("现用版本"), default=0)

    class Meta:
        verbose_name = _("扣款顺序")
        verbose_name_plural = _("扣款顺序")
        ordering = ["person"]

    def __str__(self) -> str:
        return f"{self.person_id} v{self.version}"


class OrderVersion(models.Model):
    """The list as it was from `made_at` on; settlements name the one they used. The table only grows, by trigger."""

    order = models.ForeignKey(
        DeductionOrder,
        on_delete=models.PROTECT,
        db_index=False,
        related_name="versions",
        verbose_name=_("扣款顺序"),
    )
    number = models.PositiveIntegerField(_("版本"))
    reason = models.CharField(_("因何"), max_length=20)
    channel = models.CharField(_("怎么办的"), max_length=8, choices=Channel)
    acted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("经手人"),
    )
    made_at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = _("扣款顺序的版本")
        verbose_name_plural = _("扣款顺序的版本")
        ordering = ["order", "number"]
        constraints = [
            models.UniqueConstraint(fields=["order", "number"], name="order_version_numbered_once")
        ]

    def __str__(self) -> str:
        return f"{self.order_id} v{self.number}"


class OrderPlace(models.Model):
    """One payer's place in a version, counted from 1. The table only grows, by trigger."""

    version = models.ForeignKey(
        OrderVersion,
        on_delete=models.PROTECT,
        db_index=False,
        related_name="places",
        verbose_name=_("版本"),
    )
    position = models.PositiveSmallIntegerField(_("第几"))
    binding = models.ForeignKey(
        Binding, on_delete=models.PROTECT, related_name="+", verbose_name=_("家庭共济关系")
    )

    class Meta:
        verbose_name = _("顺序里的位置")
        verbose_name_plural = _("顺序里的位置")
        ordering = ["version", "position"]
        constraints = [
            models.UniqueConstraint(fields=["version", "position"], name="order_position_once"),
            models.UniqueConstraint(fields=["version", "binding"], name="order_payer_once"),
        ]

    def __str__(self) -> str:
        return f"{self.version_id}-{self.position}"
