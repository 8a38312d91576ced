"""Where, in which scheme and as what somebody is insured."""

from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _

from insurance.models.areas import PoolingArea
from insurance.models.people import InsuredPerson


class Scheme(models.TextChoices):
    """insutype 310 and 390 of the national interface."""

    EMPLOYEE = "employee", _("职工医保")
    RESIDENT = "resident", _("城乡居民医保")


class PersonType(models.TextChoices):
    """psn_type; flexible workers pay for themselves."""

    IN_SERVICE = "in_service", _("在职")
    FLEXIBLE = "flexible", _("灵活就业")
    RETIRED = "retired", _("退休")
    RESIDENT = "resident", _("居民")


class EnrolmentQuerySet(models.QuerySet["Enrolment"]):
    def active_on(self, day: date) -> "EnrolmentQuerySet":
        return self.filter(starts_on__lte=day).filter(
            models.Q(ends_on=None) | models.Q(ends_on__gte=day)
        )


class Enrolment(models.Model):
    """`ends_on` is the last day, None while it lasts. `tier` is the place's own word, empty where it has none.

    `has_account` is what the place says of the scheme and tier: Shenzhen's tier 2 and every resident have no account.
    """

    person = models.ForeignKey(
        InsuredPerson,
        on_delete=models.CASCADE,
        db_index=False,
        related_name="enrolments",
        verbose_name=_("参保人"),
    )
    area = models.ForeignKey(
        PoolingArea,
        to_field="code",
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("参保地"),
    )
    scheme = models.CharField(_("险种"), max_length=10, choices=Scheme)
    person_type = models.CharField(_("人员类别"), max_length=12, choices=PersonType)
    tier = models.CharField(_("档次"), max_length=20, blank=True)
    has_account = models.BooleanField(_("有个人账户"), default=True)
    starts_on = models.DateField(_("起"))
    ends_on = models.DateField(_("止"), null=True, blank=True)
    employer = models.CharField(_("参保单位"), max_length=120, blank=True)

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("参保关系")
        verbose_name_plural = _("参保关系")
        ordering = ["-starts_on", "-id"]
        constraints = [
            models.CheckConstraint(
                name="enrolment_ends_after_it_starts",
                condition=models.Q(ends_on=None) | models.Q(ends_on__gte=models.F("starts_on")),
            ),
            models.CheckConstraint(
                name="enrolment_resident_has_no_account",
                condition=~models.Q(scheme="resident", has_account=True),
            ),
            models.UniqueConstraint(
                fields=["person", "scheme", "area", "person_type", "tier", "starts_on"],
                name="enrolment_once_per_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.area_id} {self.get_scheme_display()} {self.starts_on}"
