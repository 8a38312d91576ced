"""Contribution periods: runs of whole months of one kind, status, base and place."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from insurance.fields import MonthField
from insurance.models.areas import PoolingArea
from insurance.models.enrolments import Scheme
from insurance.models.people import InsuredPerson
from insurance.periods import Month


class ContributionKind(models.TextChoices):
    ACTUAL = "actual", _("实际缴费")
    BACKPAID = "backpaid", _("补缴")
    DEEMED = "deemed", _("视同缴费")
    MILITARY = "military", _("军龄")
    UNEMPLOYMENT_FUND = "unemployment_fund", _("失业保险基金代缴")
    POST_RETIREMENT_MONTHLY = "post_retirement_monthly", _("退休后按月续缴")


class ContributionStatus(models.TextChoices):
    PAID = "paid", _("已缴")
    UNPAID = "unpaid", _("欠缴")
    PENDING = "pending", _("办理中")
    REFUNDED = "refunded", _("已退")
    VOID = "void", _("作废")


class ContributionQuerySet(models.QuerySet["ContributionPeriod"]):
    def touching(self, first: Month, last: Month) -> "ContributionQuerySet":
        return self.filter(from_month__lte=last, to_month__gte=first)


class ContributionPeriod(models.Model):
    """`base_fen` and `own_fen` are per month; None where the file didn't say. Both end months are included."""

    person = models.ForeignKey(
        InsuredPerson,
        on_delete=models.CASCADE,
        db_index=False,
        related_name="contributions",
        verbose_name=_("参保人"),
    )
    area = models.ForeignKey(
        PoolingArea,
        to_field="code",
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("缴费地"),
    )
    scheme = models.CharField(_("险种"), max_length=10, choices=Scheme)
    kind = models.CharField(_("缴费种类"), max_length=24, choices=ContributionKind)
    status = models.CharField(_("状态"), max_length=10, choices=ContributionStatus)
    from_month = MonthField(_("起"))
    to_month = MonthField(_("止"))
    base_fen = models.BigIntegerField(_("缴费基数（分）"), null=True, blank=True)
    own_fen = models.BigIntegerField(_("个人缴费（分）"), null=True, blank=True)
    payer = models.CharField(_("缴费单位"), max_length=120, blank=True)
    paid_on = models.DateField(_("缴费日期"), null=True, blank=True)
    source_ref = models.CharField(_("来源编号"), max_length=64)

    objects = ContributionQuerySet.as_manager()

    class Meta:
        verbose_name = _("缴费记录")
        verbose_name_plural = _("缴费记录")
        ordering = ["from_month", "id"]
        indexes = [models.Index(fields=["person", "from_month"], name="contribution_by_person")]
        constraints = [
            models.CheckConstraint(
                name="contribution_ends_after_it_starts",
                condition=models.Q(to_month__gte=models.F("from_month")),
            ),
            models.CheckConstraint(
                name="contribution_amounts_not_negative",
                condition=(models.Q(base_fen=None) | models.Q(base_fen__gte=0))
                & (models.Q(own_fen=None) | models.Q(own_fen__gte=0)),
            ),
            models.UniqueConstraint(
                fields=["person", "source_ref"], name="contribution_once_per_source_line"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.from_month}–{self.to_month} {self.get_kind_display()}"
