"""Which login is which person of the register, and the counter's way of proving it."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from insurance.models.people import InsuredPerson


class IdentityLink(models.Model):
    """One login to one person; an ended link stays for the record."""

    class Channel(models.TextChoices):
        SMS = "sms", _("登记手机的验证码")
        SLIP = "slip", _("窗口凭条")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="identity_links",
        verbose_name=_("登录用户"),
    )
    person = models.ForeignKey(
        InsuredPerson,
        on_delete=models.PROTECT,
        related_name="identity_links",
        verbose_name=_("参保人"),
    )
    channel = models.CharField(_("方式"), max_length=4, choices=Channel)
    linked_at = models.DateTimeField(_("关联时间"), auto_now_add=True)
    ended_at = models.DateTimeField(_("结束时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("身份关联")
        verbose_name_plural = _("身份关联")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["user"], name="link_one_person_per_login", condition=models.Q(ended_at=None)
            ),
            models.UniqueConstraint(
                fields=["person"],
                name="link_one_login_per_person",
                condition=models.Q(ended_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} – {self.person_id}"


class ActivationSlip(models.Model):
    """A one-time secret on paper, handed over at the counter after the clerk saw the person. Stored hashed."""

    person = models.ForeignKey(
        InsuredPerson, on_delete=models.PROTECT, related_name="slips", verbose_name=_("参保人")
    )
    secret_digest = models.CharField(max_length=64, unique=True, editable=False)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("经办人员"),
    )
    issued_at = models.DateTimeField(_("发出时间"), auto_now_add=True)
    expires_at = models.DateTimeField(_("有效期至"))
    used_at = models.DateTimeField(_("使用时间"), null=True, blank=True)
    wrong_tries = models.PositiveSmallIntegerField(_("输错次数"), default=0)

    class Meta:
        verbose_name = _("一次性凭条")
        verbose_name_plural = _("一次性凭条")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.pk}"
