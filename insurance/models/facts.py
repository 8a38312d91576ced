"""What happened to somebody, from when to when: the floors above read it and react."""

from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _

from insurance.models.areas import PoolingArea
from insurance.models.people import InsuredPerson


class FactKind(models.TextChoices):
    DEATH = "death", _("去世")
    ACCOUNT_FREEZE = "account_freeze", _("账户冻结")
    SETTLEMENT_SUSPENSION = "settlement_suspension", _("暂停联网结算")
    TRANSFER_OUT = "transfer_out", _("医保关系转出")
    TRANSFER_IN = "transfer_in", _("医保关系转入")
    RELATION_ENDED = "relation_ended", _("亲属关系结束")


class FactQuerySet(models.QuerySet["RegisterFact"]):
    def holding_on(self, day: date) -> "FactQuerySet":
        return self.filter(from_day__lte=day, withdrawn_at=None).filter(
            models.Q(to_day=None) | models.Q(to_day__gte=day)
        )


class RegisterFact(models.Model):
    """A dated fact. `to_day` is the last day, None while it lasts (a death always).

    A wrong fact is withdrawn, not deleted. `other_area` is where a transfer comes from or goes to, `other_person`
    whose relative the person is no longer (a divorce, an adoption that ended).
    """

    person = models.ForeignKey(
        InsuredPerson, on_delete=models.CASCADE, related_name="facts", verbose_name=_("参保人")
    )
    kind = models.CharField(_("种类"), max_length=24, choices=FactKind)
    from_day = models.DateField(_("起"))
    to_day = models.DateField(_("止"), null=True, blank=True)
    other_area = models.ForeignKey(
        PoolingArea,
        to_field="code",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("另一地"),
    )
    other_person = models.ForeignKey(
        InsuredPerson,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("另一人"),
    )
    note = models.CharField(_("说明"), max_length=200, blank=True)
    source_ref = models.CharField(_("来源编号"), max_length=64, blank=True)
    recorded_at = models.DateTimeField(_("登记时间"), auto_now_add=True)
    withdrawn_at = models.DateTimeField(_("撤销时间"), null=True, blank=True)

    objects = FactQuerySet.as_manager()

    class Meta:
        verbose_name = _("登记事项")
        verbose_name_plural = _("登记事项")
        ordering = ["-from_day", "-id"]
        constraints = [
            models.CheckConstraint(
                name="fact_ends_after_it_starts",
                condition=models.Q(to_day=None) | models.Q(to_day__gte=models.F("from_day")),
            ),
            models.UniqueConstraint(
                fields=["person", "kind", "from_day"],
                name="fact_once_per_start",
                condition=models.Q(withdrawn_at=None) & ~models.Q(kind="relation_ended"),
            ),
            models.UniqueConstraint(
                fields=["person", "other_person"],
                name="fact_relation_ends_once",
                condition=models.Q(withdrawn_at=None, kind="relation_ended"),
            ),
            models.CheckConstraint(
                name="fact_names_the_other_person_of_a_relation",
                condition=models.Q(kind="relation_ended", other_person__isnull=False)
                | (~models.Q(kind="relation_ended") & models.Q(other_person=None)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.from_day}"
