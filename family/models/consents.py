"""Who agreed to what, when, by which way; and who may see or act for whom."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.fields import EncryptedTextField
from family import words
from family.models.bindings import Binding, Channel
from family.moves import Side
from insurance.models import InsuredPerson, RegisterFact
from insurance.models.facts import FactKind


class Consent(models.Model):
    """One side's yes to a binding: the table only grows, by trigger.

    `person` is the party; `by_guardian` is set where somebody else had to say it. `signed_name` is what was typed under the
    letter whose text `letter` names.
    """

    binding = models.ForeignKey(
        Binding,
        on_delete=models.PROTECT,
        db_index=False,
        related_name="consents",
        verbose_name=_("家庭共济关系"),
    )
    side = models.CharField(_("哪一方"), max_length=12, choices=words.choices(words.SIDES))
    person = models.ForeignKey(
        InsuredPerson, on_delete=models.PROTECT, related_name="+", verbose_name=_("当事人")
    )
    by_guardian = models.ForeignKey(
        InsuredPerson,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("监护人"),
    )
    channel = models.CharField(_("怎么办的"), max_length=8, choices=Channel)
    acted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("经手人"),
    )
    letter = models.CharField(_("承诺书版本"), max_length=20)
    signed_name = EncryptedTextField(_("签名"))
    given_at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = _("同意记录")
        verbose_name_plural = _("同意记录")
        ordering = ["binding", "side"]
        constraints = [
            models.UniqueConstraint(fields=["binding", "side"], name="consent_once_per_side"),
            models.CheckConstraint(
                name="consent_is_of_a_party",
                condition=Q(side__in=[str(Side.GIVER), str(Side.BENEFICIARY)]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.binding_id} {self.side}"


def relation_ends(day: date, one: str, other: str) -> QuerySet[RegisterFact]:
    """For `Exists`: the register says on that day that the two are no relatives any more, whichever of them it names."""
    ended = RegisterFact.objects.holding_on(day).filter(kind=FactKind.RELATION_ENDED)
    return ended.filter(
        Q(person=OuterRef(one), other_person=OuterRef(other))
        | Q(person=OuterRef(other), other_person=OuterRef(one))
    )


class GrantKind(models.TextChoices):
    """None of them moves money."""

    SEE_BALANCE = "see_balance", _("看我的余额和明细")
    SEE_YEARS = "see_years", _("看我的缴费年限")
    ACT_FAMILY = "act_family", _("替我办家庭共济的事（不能花我的钱）")


class GrantQuerySet(models.QuerySet["Grant"]):
    def holding_on(self, day: date) -> "GrantQuerySet":
        return self.filter(revoked_at=None, from_day__lte=day).filter(
            Q(to_day=None) | Q(to_day__gte=day)
        )

    def held_on(self, day: date) -> "GrantQuerySet":
        """A mandate ends with the life of whoever gave it (Civil Code art. 934), and is for relatives alone."""
        dead = RegisterFact.objects.holding_on(day).filter(
            person=OuterRef("owner"), kind=FactKind.DEATH
        )
        return self.holding_on(day).filter(
            ~Exists(dead), ~Exists(relation_ends(day, "owner", "helper"))
        )

    def of_the_estranged(self, day: date) -> "GrantQuerySet":
        """Not ended yet, though the register says that the two are no relatives any more."""
        return self.filter(Exists(relation_ends(day, "owner", "helper")), revoked_at=None)


class Grant(models.Model):
    """`owner` lets `helper` see something, or act in family matters; either may revoke it, and it never moves money."""

    owner = models.ForeignKey(
        InsuredPerson, on_delete=models.PROTECT, related_name="grants", verbose_name=_("本人")
    )
    helper = models.ForeignKey(
        InsuredPerson, on_delete=models.PROTECT, related_name="helps", verbose_name=_("帮忙的人")
    )
    kind = models.CharField(_("可以做什么"), max_length=12, choices=GrantKind)
    from_day = models.DateField(_("起"))
    to_day = models.DateField(_("止"), null=True, blank=True)
    channel = models.CharField(_("怎么办的"), max_length=8, choices=Channel)
    acted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("经手人"),
    )
    granted_at = models.DateTimeField(_("授权时间"), auto_now_add=True)
    revoked_at = models.DateTimeField(_("取消时间"), null=True, blank=True)
    revoked_by = models.CharField(_("谁取消的"), max_length=12, blank=True)

    objects = GrantQuerySet.as_manager()

    class Meta:
        verbose_name = _("代办和查看授权")
        verbose_name_plural = _("代办和查看授权")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(name="grant_is_not_to_oneself", condition=~Q(owner=F("helper"))),
            models.CheckConstraint(
                name="grant_ends_after_it_starts",
                condition=Q(to_day=None) | Q(to_day__gte=F("from_day")),
            ),
            models.UniqueConstraint(
                fields=["owner", "helper", "kind"],
                name="grant_one_live_of_a_kind",
                condition=Q(revoked_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.owner_id} → {self.helper_id} {self.kind}"


class Guardianship(models.Model):
    """A clerk saw the papers: `guardian` acts for `child` until the day before `until` (the eighteenth birthday)."""

    guardian = models.ForeignKey(
        InsuredPerson, on_delete=models.PROTECT, related_name="wards", verbose_name=_("监护人")
    )
    child = models.ForeignKey(
        InsuredPerson, on_delete=models.PROTECT, related_name="guardians", verbose_name=_("孩子")
    )
    evidence = models.CharField(_("凭什么"), max_length=20)
    until = models.DateField(_("到成年为止"))
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("经手人"),
    )
    recorded_at = models.DateTimeField(_("登记时间"), auto_now_add=True)
    ended_at = models.DateTimeField(_("结束时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("监护关系")
        verbose_name_plural = _("监护关系")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="guardianship_is_not_of_oneself", condition=~Q(guardian=F("child"))
            ),
            models.UniqueConstraint(
                fields=["guardian", "child"],
                name="guardianship_recorded_once",
                condition=Q(ended_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.guardian_id} → {self.child_id}"
