"""A bill, what was taken for it from whom, and what was given back."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.fields import EncryptedTextField
from claims.models.providers import Provider, ProviderKey
from family.models import Binding
from insurance.fields import MonthField
from insurance.models import InsuredPerson, LedgerEntry, PersonalAccount


class SettlementState(models.TextChoices):
    """`HELD` keeps the money until it is posted, voided or expires; only `SETTLED` has taken it."""

    HELD = "held", _("已占用，未扣款")
    SETTLED = "settled", _("已结算")
    VOIDED = "voided", _("已取消")
    EXPIRED = "expired", _("占用过期")


class SettlementQuerySet(models.QuerySet["Settlement"]):
    def of_provider(self, provider_id: int) -> "SettlementQuerySet":
        return self.filter(provider=provider_id)

    def of_patient(self, person_id: int) -> "SettlementQuerySet":
        return self.filter(patient=person_id)


class Settlement(models.Model):
    """Money is fen. `paid_fen` came out of accounts, `cash_fen` is what the patient pays at the desk.

    `told` explains every payer considered, in order: [{"payer", "amount_fen", "stop"}] with the opaque keys of the plan.
    `order_version` is the beneficiary's order it used, 0 where there was none; `policies` are the ids of the versions of the
    rules. `occurred_at` is the provider's moment of the bill, `settled_at` ours.
    """

    reference = models.CharField(_("结算号"), max_length=24, unique=True, editable=False)
    provider = models.ForeignKey(
        Provider,
        on_delete=models.PROTECT,
        db_index=False,
        related_name="settlements",
        verbose_name=_("定点机构"),
    )
    patient = models.ForeignKey(
        InsuredPerson,
        on_delete=models.PROTECT,
        db_index=False,
        related_name="settlements",
        verbose_name=_("看病的人"),
    )
    use = models.CharField(_("用途"), max_length=24)
    bill_no = models.CharField(_("单据号"), max_length=64)
    amount_fen = models.BigIntegerField(_("个人负担"))
    paid_fen = models.BigIntegerField(_("账户支付"))
    cash_fen = models.BigIntegerField(_("现金支付"))
    refunded_fen = models.BigIntegerField(_("已退"), default=0)
    state = models.CharField(_("状态"), max_length=8, choices=SettlementState)
    order_version = models.PositiveIntegerField(_("扣款顺序版本"), default=0)
    policies = models.JSONField(_("所依据的规则版本"), default=list)
    told = models.JSONField(_("每个付款人的经过"), default=list)
    proxy_name = EncryptedTextField(_("代买人姓名"), blank=True)
    proxy_id_number = EncryptedTextField(_("代买人证件号码"), blank=True)
    by_key = models.ForeignKey(
        ProviderKey,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("所用密钥"),
    )
    by_user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("收费人员"),
    )
    occurred_at = models.DateTimeField(_("就诊时间"))
    settled_at = models.DateTimeField(_("结算时间"))
    held_until = models.DateTimeField(_("占用到"), null=True, blank=True)

    objects = SettlementQuerySet.as_manager()

    class Meta:
        verbose_name = _("结算")
        verbose_name_plural = _("结算")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="settlement_pays_the_bill",
                condition=Q(amount_fen=F("paid_fen") + F("cash_fen"))
                & Q(amount_fen__gt=0, paid_fen__gte=0, cash_fen__gte=0),
            ),
            models.CheckConstraint(
                name="settlement_refunds_no_more_than_the_bill",
                condition=Q(refunded_fen__gte=0, refunded_fen__lte=F("amount_fen")),
            ),
            models.CheckConstraint(
                name="settlement_state_is_known",
                condition=Q(state__in=["held", "settled", "voided", "expired"]),
            ),
            models.CheckConstraint(
                name="settlement_held_has_an_end",
                condition=~Q(state="held") | Q(held_until__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["provider", "bill_no"],
                name="settlement_once_per_bill",
                condition=Q(state__in=["held", "settled"]),
            ),
        ]
        indexes = [
            models.Index(fields=["provider", "settled_at"], name="settlement_by_provider_day"),
            models.Index(fields=["patient", "-settled_at"], name="settlement_by_patient"),
            models.Index(
                fields=["held_until"], name="settlement_held_until", condition=Q(state="held")
            ),
        ]

    def __str__(self) -> str:
        return self.reference


class Deduction(models.Model):
    """What one payer gave, in the order of paying. `binding` None is the patient's own account.

    `month` is that of the cap it used. `entry` is the ledger's line: of the hold while it is held, then of the spending.
    """

    settlement = models.ForeignKey(
        Settlement,
        on_delete=models.PROTECT,
        db_index=False,
        related_name="deductions",
        verbose_name=_("结算"),
    )
    position = models.PositiveSmallIntegerField(_("第几"))
    account = models.ForeignKey(
        PersonalAccount, on_delete=models.PROTECT, related_name="+", verbose_name=_("账户")
    )
    binding = models.ForeignKey(
        Binding,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="deductions",
        verbose_name=_("家庭共济关系"),
    )
    month = MonthField(_("月份"))
    amount_fen = models.BigIntegerField(_("金额"))
    refunded_fen = models.BigIntegerField(_("已退"), default=0)
    from_limit = models.BooleanField(_("从额度里付"), default=False)
    entry = models.OneToOneField(
        LedgerEntry, on_delete=models.PROTECT, related_name="+", verbose_name=_("账目")
    )

    class Meta:
        verbose_name = _("扣款")
        verbose_name_plural = _("扣款")
        ordering = ["settlement", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["settlement", "position"], name="deduction_once_per_position"
            ),
            models.CheckConstraint(
                name="deduction_refunds_no_more_than_it_took",
                condition=Q(amount_fen__gt=0, refunded_fen__gte=0)
                & Q(refunded_fen__lte=F("amount_fen")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.settlement_id}-{self.position}"


class Refund(models.Model):
    """A reversal, whole or in part. What was paid in cash is given back by the provider itself."""

    reference = models.CharField(_("退费号"), max_length=24, unique=True, editable=False)
    settlement = models.ForeignKey(
        Settlement, on_delete=models.PROTECT, related_name="refunds", verbose_name=_("结算")
    )
    amount_fen = models.BigIntegerField(_("退费金额"))
    cash_fen = models.BigIntegerField(_("退现金"))
    by_key = models.ForeignKey(
        ProviderKey,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("所用密钥"),
    )
    by_user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("收费人员"),
    )
    made_at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = _("退费")
        verbose_name_plural = _("退费")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="refund_is_an_amount",
                condition=Q(amount_fen__gt=0, cash_fen__gte=0) & Q(cash_fen__lte=F("amount_fen")),
            )
        ]

    def __str__(self) -> str:
        return self.reference


class RefundPart(models.Model):
    """What one payer got back; `entry` is the ledger's line."""

    refund = models.ForeignKey(
        Refund,
        on_delete=models.PROTECT,
        db_index=False,
        related_name="parts",
        verbose_name=_("退费"),
    )
    deduction = models.ForeignKey(
        Deduction, on_delete=models.PROTECT, related_name="refund_parts", verbose_name=_("扣款")
    )
    amount_fen = models.BigIntegerField(_("金额"))
    entry = models.OneToOneField(
        LedgerEntry, on_delete=models.PROTECT, related_name="+", verbose_name=_("账目")
    )

    class Meta:
        verbose_name = _("退给谁多少")
        verbose_name_plural = _("退给谁多少")
        ordering = ["refund", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["refund", "deduction"], name="refund_part_once_per_payer"
            ),
            models.CheckConstraint(name="refund_part_is_an_amount", condition=Q(amount_fen__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.refund_id} {self.deduction_id}"


class KeyedRequest(models.Model):
    """One answer for one key, for ever: same key and body give these bytes again, another body is a conflict.

    `request_digest` is a keyed digest of the canonical body. `settlement` None is an answer that wrote nothing else.
    """

    provider = models.ForeignKey(
        Provider,
        on_delete=models.PROTECT,
        db_index=False,
        related_name="+",
        verbose_name=_("定点机构"),
    )
    key = models.CharField(_("幂等键"), max_length=64)
    verb = models.CharField(_("动作"), max_length=12)
    request_digest = models.CharField(max_length=64, editable=False)
    status = models.PositiveSmallIntegerField(_("答复状态"))
    answer = models.TextField(_("答复"))
    settlement = models.ForeignKey(
        Settlement,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="requests",
        verbose_name=_("结算"),
    )
    answered_at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = _("带键的请求")
        verbose_name_plural = _("带键的请求")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["provider", "key"], name="keyed_request_once")
        ]

    def __str__(self) -> str:
        return f"{self.provider_id} {self.key}"
