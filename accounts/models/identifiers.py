"""What people are found by: a keyed digest of a normalised number, never the number."""

from typing import TypeVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts import keys
from accounts.fields import EncryptedTextField
from accounts.models.users import User


class IdentifierKind(models.TextChoices):
    ID_NUMBER = "id_number", _("身份证件号码")
    PHONE = "phone", _("手机号")
    SOCIAL_SECURITY_CARD = "social_security_card", _("社会保障卡号")


# A family may share one phone; every other identifier belongs to one live record.
SHARED_KINDS = (IdentifierKind.PHONE,)


def digest(kind: str, value: str, *, version: int | None = None) -> str:
    """The digest of a *normalised* value (18 digits, 11 digits, upper case)."""
    return keys.index_keys().digest(value, purpose=kind, version=version)


Row = TypeVar("Row", bound="Identifier")


class IdentifierQuerySet(models.QuerySet[Row]):
    def live(self) -> "IdentifierQuerySet[Row]":
        return self.filter(ended_at=None)

    def for_value(self, kind: str, value: str) -> "IdentifierQuerySet[Row]":
        """Rows of any key version in the ring: a running reindex hides nobody."""
        ring = keys.index_keys()
        digests = [digest(kind, value, version=version) for version in ring.keys]
        return self.filter(kind=kind, digest__in=digests)

    def of_old_key(self) -> "IdentifierQuerySet[Row]":
        return self.exclude(key_version=keys.index_keys().current)


class Identifier(models.Model):
    """Abstract: `LoginIdentifier` here and `insurance.PersonIdentifier` are the tables."""

    kind = models.CharField(_("种类"), max_length=24, choices=IdentifierKind)
    digest = models.CharField(_("查找摘要"), max_length=64, editable=False)
    key_version = models.PositiveSmallIntegerField(_("密钥版本"), editable=False)
    created_at = models.DateTimeField(_("登记时间"), auto_now_add=True)
    ended_at = models.DateTimeField(_("停用时间"), null=True, blank=True)

    class Meta:
        abstract = True
        indexes = [models.Index(fields=["digest"], name="%(class)s_by_digest")]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "digest"],
                name="%(class)s_one_live_record",
                condition=models.Q(ended_at=None) & ~models.Q(kind__in=SHARED_KINDS),
            ),
            models.CheckConstraint(
                name="%(class)s_known_kind",
                condition=models.Q(kind__in=IdentifierKind.values),
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_kind_display())

    def set_value(self, kind: str, value: str) -> None:
        """`value` is normalised by the caller; the row keeps the digest only."""
        self.kind = kind
        self.digest = digest(kind, value)
        self.key_version = keys.index_keys().current

    def plain_value(self) -> str:
        """The number itself, from where the table keeps it encrypted; "" when it is no longer known."""
        raise NotImplementedError


class LoginIdentifierQuerySet(IdentifierQuerySet["LoginIdentifier"]):
    """`live()` and `for_value(kind, value)` are inherited."""


class LoginIdentifier(Identifier):
    """What a login itself is found by: its phone, and the ID number of staff."""

    user = models.ForeignKey(
        User, on_delete=models.CASCADE, related_name="identifiers", verbose_name=_("登录用户")
    )
    value = EncryptedTextField(_("号码"), editable=False)

    objects = LoginIdentifierQuerySet.as_manager()

    class Meta(Identifier.Meta):
        verbose_name = _("登录标识")
        verbose_name_plural = _("登录标识")
        ordering = ["id"]

    def plain_value(self) -> str:
        return self.value
