"""The money: personal accounts and the entries that explain them.

Only `insurance.ledger` writes here. An entry is never changed or deleted, by trigger; a correction is a mirror entry, at
most one for each. The three amounts of an account always equal those after its last entry.
"""

from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from insurance.fields import MonthField
from insurance.models.areas import PoolingArea
from insurance.models.people import InsuredPerson


class AccountPart(models.TextChoices):
    WHOLE = "whole", _("个人账户")
    CURRENT_YEAR = "current_year", _("当年账户")
    PRIOR_YEARS = "prior_years", _("历年账户")
    WALLET = "wallet", _("医保钱包")


class EntryKind(models.TextChoices):
    OPENING = "opening", _("期初余额")
    CREDIT_OWN = "credit_own", _("个人缴费划入")
    CREDIT_EMPLOYER_SHARE = "credit_employer_share", _("单位缴费划入（改革前）")
    CREDIT_RETIREE = "credit_retiree", _("退休人员划入")
    INTEREST = "interest", _("利息")
    TRANSFER_IN = "transfer_in", _("从外地转入")
    TRANSFER_OUT = "transfer_out", _("转往外地")
    YEAR_CHANGE = "year_change", _("当年账户转入历年账户")
    SPEND_CARE = "spend_care", _("看病支出")
    SPEND_DRUG = "spend_drug", _("药店支出")
    SPEND_AID = "spend_aid", _("家人使用")
    PREMIUM = "premium", _("代缴保费")
    REFUND = "refund", _("退费")
    WALLET_IN = "wallet_in", _("钱包转入")
    WALLET_OUT = "wallet_out", _("钱包转出")
    WALLET_RETURN = "wallet_return", _("钱包退回")
    LIMIT_RESERVE = "limit_reserve", _("为家人预留")
    LIMIT_RELEASE = "limit_release", _("预留退回")
    HOLD = "hold", _("结算占用")
    HOLD_RELEASE = "hold_release", _("占用解除")
    WITHDRAWAL = "withdrawal", _("一次性提取")
    REVERSAL = "reversal", _("更正")


CREDITS = frozenset(
    {EntryKind.CREDIT_OWN, EntryKind.CREDIT_EMPLOYER_SHARE, EntryKind.CREDIT_RETIREE}
)
SPENDING = frozenset(
    {EntryKind.SPEND_CARE, EntryKind.SPEND_DRUG, EntryKind.SPEND_AID, EntryKind.PREMIUM}
)
# Kinds that only move money between "free" and "spoken for": the balance stays.
MEMO_KINDS = frozenset(
    {EntryKind.LIMIT_RESERVE, EntryKind.LIMIT_RELEASE, EntryKind.HOLD, EntryKind.HOLD_RELEASE}
)


class PersonalAccount(models.Model):
    """Amounts in fen. available = balance - reserved - held, and the database keeps it from going below zero."""

    person = models.ForeignKey(
        InsuredPerson, on_delete=models.PROTECT, related_name="accounts", verbose_name=_("参保人")
    )
    part = models.CharField(
        _("账户"), max_length=12, choices=AccountPart, default=AccountPart.WHOLE
    )
    area = models.ForeignKey(
        PoolingArea,
        to_field="code",
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("管理地"),
    )
    balance_fen = models.BigIntegerField(_("账户余额（分）"), default=0)
    reserved_fen = models.BigIntegerField(_("为家人预留（分）"), default=0)
    held_fen = models.BigIntegerField(_("结算占用（分）"), default=0)
    last_sequence = models.PositiveIntegerField(_("最后序号"), default=0)
    last_posted_at = models.DateTimeField(_("最后入账时间"), null=True, blank=True)
    opened_on = models.DateField(_("开户日期"))
    closed_on = models.DateField(_("销户日期"), null=True, blank=True)

    class Meta:
        verbose_name = _("个人账户")
        verbose_name_plural = _("个人账户")
        ordering = ["person", "part"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "part"],
                name="account_one_live_part_per_person",
                condition=Q(closed_on=None),
            ),
            models.CheckConstraint(
                name="account_reserved_and_held_not_negative",
                condition=Q(reserved_fen__gte=0, held_fen__gte=0),
            ),
            models.CheckConstraint(
                name="account_balance_covers_reserved_and_held",
                condition=Q(balance_fen__gte=F("reserved_fen") + F("held_fen")),
            ),
            models.CheckConstraint(
                name="account_known_part", condition=Q(part__in=AccountPart.values)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_part_display()} {self.pk}"

    @property
    def available_fen(self) -> int:
        return self.balance_fen - self.reserved_fen - self.held_fen


class LedgerQuerySet(models.QuerySet["LedgerEntry"]):
    def of(self, account_id: int) -> "LedgerQuerySet":
        return self.filter(account=account_id)

    def newest_first(self) -> "LedgerQuerySet":
        return self.order_by("-sequence")

    def before(self, sequence: int) -> "LedgerQuerySet":
        return self.filter(sequence__lt=sequence)

    def after(self, sequence: int) -> "LedgerQuerySet":
        return self.filter(sequence__gt=sequence)

    def last_at(self, account_id: int, moment: datetime) -> "LedgerEntry | None":
        """The last entry posted at or before the moment; None where there is none yet."""
        earlier = self.of(account_id).filter(posted_at__lte=moment)
        return earlier.order_by("-posted_at", "-sequence").first()

    def balance_at(self, account_id: int, moment: datetime) -> int:
        """Fen in the account after everything posted up to the moment; 0 before the first entry."""
        entry = self.last_at(account_id, moment)
        return entry.balance_after_fen if entry else 0


class LedgerEntry(models.Model):
    """One step of one account. `amount_fen` changes the balance, the other two changes only what of it is spoken for.

    `sequence` counts from 1 without a gap, and `posted_at` never goes back along it. `for_month` is the month a credit is for,
    None for everything else. `source_kind` and `source_ref` name the line of a file or the settlement it comes from, once.
    """

    account = models.ForeignKey(
        PersonalAccount,
        on_delete=models.PROTECT,
        db_index=False,
        related_name="entries",
        verbose_name=_("账户"),
    )
    sequence = models.PositiveIntegerField(_("序号"))
    kind = models.CharField(_("种类"), max_length=24, choices=EntryKind)
    amount_fen = models.BigIntegerField(_("金额（分）"))
    reserved_change_fen = models.BigIntegerField(_("预留变动（分）"), default=0)
    held_change_fen = models.BigIntegerField(_("占用变动（分）"), default=0)
    balance_after_fen = models.BigIntegerField(_("余额（分）"))
    reserved_after_fen = models.BigIntegerField(_("预留（分）"), default=0)
    held_after_fen = models.BigIntegerField(_("占用（分）"), default=0)
    for_month = MonthField(_("所属月份"), null=True, blank=True)
    posted_at = models.DateTimeField(_("入账时间"))
    recorded_at = models.DateTimeField(_("写入时间"), auto_now_add=True)
    place = models.CharField(_("地点种类"), max_length=40, blank=True)
    used_by = models.ForeignKey(
        InsuredPerson,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("使用人"),
    )
    source_kind = models.CharField(_("来源"), max_length=20)
    source_ref = models.CharField(_("来源编号"), max_length=64)
    reverses = models.OneToOneField(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="reversed_by",
        verbose_name=_("更正的记录"),
    )

    objects = LedgerQuerySet.as_manager()

    class Meta:
        verbose_name = _("账目")
        verbose_name_plural = _("账目")
        ordering = ["account", "sequence"]
        indexes = [
            # "Latest entries of an account" is answered from the index alone.
            models.Index(
                fields=["account", "-sequence"],
                include=["posted_at", "kind", "amount_fen", "balance_after_fen", "for_month"],
                name="ledger_latest_of_account",
            ),
            models.Index(fields=["account", "posted_at"], name="ledger_by_time"),
            # Whether a month came already is asked for everybody, every month.
            models.Index(
                fields=["for_month", "account"],
                condition=Q(kind__in=sorted(CREDITS)),
                name="ledger_credits_of_month",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["account", "sequence"], name="ledger_sequence_once_per_account"
            ),
            models.UniqueConstraint(
                fields=["account", "source_kind", "source_ref"],
                name="ledger_source_once_per_account",
            ),
            models.CheckConstraint(name="ledger_sequence_from_one", condition=Q(sequence__gte=1)),
            models.CheckConstraint(
                name="ledger_balance_covers_reserved_and_held",
                condition=Q(
                    balance_after_fen__gte=F("reserved_after_fen") + F("held_after_fen"),
                    reserved_after_fen__gte=0,
                    held_after_fen__gte=0,
                ),
            ),
            models.CheckConstraint(
                name="ledger_memo_moves_no_balance",
                condition=~Q(kind__in=sorted(MEMO_KINDS)) | Q(amount_fen=0),
            ),
            models.CheckConstraint(
                name="ledger_reversal_names_its_entry",
                condition=Q(kind="reversal", reverses__isnull=False)
                | (~Q(kind="reversal") & Q(reverses__isnull=True)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account_id}/{self.sequence} {self.get_kind_display()}"
