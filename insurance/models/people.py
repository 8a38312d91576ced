"""The human in the register."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.fields import EncryptedTextField
from accounts.models.identifiers import Identifier, IdentifierQuerySet
from accounts.privacy import mask_name


class InsuredPerson(models.Model):
    """One person of one agency's register. `person_number` is the agency's own (psn_no) and the key of its files.

    Birth date and sex are the register's; where the ID number says otherwise the agency is asked, nothing is overwritten.
    """

    class Sex(models.TextChoices):
        MALE = "male", _("男")
        FEMALE = "female", _("女")
        UNKNOWN = "unknown", _("未登记")

    class Certificate(models.TextChoices):
        """psn_cert_type of the national interface."""

        IDENTITY_CARD = "01", _("居民身份证")
        HONG_KONG = "04", _("港澳居民居住证（香港）")
        MACAO = "05", _("港澳居民居住证（澳门）")
        TAIWAN = "06", _("台湾居民居住证")
        PERMANENT_RESIDENCE = "07", _("外国人永久居留身份证")
        PASSPORT = "08", _("护照")
        OTHER = "99", _("其他")

    reference = models.UUIDField(_("内部编号"), default=uuid.uuid4, unique=True, editable=False)
    person_number = models.CharField(_("人员编号"), max_length=30, unique=True)
    name = EncryptedTextField(_("姓名"))
    certificate = models.CharField(_("证件种类"), max_length=2, choices=Certificate)
    id_number = EncryptedTextField(_("证件号码"), blank=True)
    phone = EncryptedTextField(_("登记的手机号"), blank=True)
    social_security_card = EncryptedTextField(_("社会保障卡号"), blank=True)
    sex = models.CharField(_("性别"), max_length=8, choices=Sex, default=Sex.UNKNOWN)
    birth_date = models.DateField(_("出生日期"), null=True, blank=True)
    updated_at = models.DateTimeField(_("更新时间"), auto_now=True)

    class Meta:
        verbose_name = _("参保人")
        verbose_name_plural = _("参保人")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="person_has_a_number", condition=~models.Q(person_number="")
            ),
            models.CheckConstraint(
                name="person_sex_is_known_value",
                condition=models.Q(sex__in=["male", "female", "unknown"]),
            ),
        ]

    def __str__(self) -> str:
        return mask_name(self.name)


class PersonIdentifierQuerySet(IdentifierQuerySet["PersonIdentifier"]):
    """Named for the floor above: `live()` and `for_value(kind, value)` are inherited."""


class PersonIdentifier(Identifier):
    """What a person of the register is found by; the number itself stands encrypted in the person's row."""

    person = models.ForeignKey(
        InsuredPerson,
        on_delete=models.CASCADE,
        related_name="identifiers",
        verbose_name=_("参保人"),
    )

    objects = PersonIdentifierQuerySet.as_manager()

    class Meta(Identifier.Meta):
        verbose_name = _("查找标识")
        verbose_name_plural = _("查找标识")
        ordering = ["id"]

    def plain_value(self) -> str:
        """What the person's row holds now; an ended identifier may have been another number."""
        value: str = getattr(self.person, self.kind)
        return value
