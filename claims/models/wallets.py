"""Transfers into a relative's wallet: the money model of 2024-12 to 2026-01 (domain facts §2.4 A)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from family.models import Binding
from insurance.models import LedgerEntry


class WalletTransfer(models.Model):
    """Fen that went from the giver's account into the beneficiary's wallet; both ledger lines are named.

    `number` counts the transfers of one binding's giver on one day: at most three, by rule of the day.
    """

    reference = models.CharField(_("转账号"), max_length=24, unique=True, editable=False)
    binding = models.ForeignKey(
        Binding,
        on_delete=models.PROTECT,
        db_index=False,
        related_name="transfers",
        verbose_name=_("家庭共济关系"),
    )
    amount_fen = models.BigIntegerField(_("金额"))
    returned_fen = models.BigIntegerField(_("已退回"), default=0)
    day = models.DateField(_("日期"))
    number = models.PositiveSmallIntegerField(_("当日第几次"))
    out_entry = models.OneToOneField(
        LedgerEntry, on_delete=models.PROTECT, related_name="+", verbose_name=_("转出账目")
    )
    in_entry = models.OneToOneField(
        LedgerEntry, on_delete=models.PROTECT, related_name="+", verbose_name=_("转入账目")
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("经手人"),
    )
    made_at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = _("钱包转账")
        verbose_name_plural = _("钱包转账")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="wallet_transfer_is_an_amount",
                condition=Q(amount_fen__gt=0, returned_fen__gte=0)
                & Q(returned_fen__lte=models.F("amount_fen")),
            ),
            models.UniqueConstraint(
                fields=["binding", "day", "number"], name="wallet_transfer_numbered_once_a_day"
            ),
        ]

    def __str__(self) -> str:
        return self.reference
