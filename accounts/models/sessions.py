"""Where a login is signed in, and from which browsers it is known."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class SignInQuerySet(models.QuerySet["SignIn"]):
    def open(self) -> "SignInQuerySet":
        return self.filter(ended_at=None)

    def before(self, user_id: int, sign_in_id: int | None) -> "SignInQuerySet":
        """Earlier ones of a login, newest first; all of them when `sign_in_id` is None."""
        earlier = self.filter(user=user_id).order_by("-id")
        return earlier if sign_in_id is None else earlier.filter(id__lt=sign_in_id)


class SignIn(models.Model):
    """One sign-in, from its start to its end."""

    class Method(models.TextChoices):
        PASSWORD = "password", _("密码")
        SMS = "sms", _("短信验证码")
        SLIP = "slip", _("窗口凭条")
        TOTP = "totp", _("密码和动态口令")

    class End(models.TextChoices):
        SIGNED_OUT = "signed_out", _("自己退出")
        IDLE = "idle", _("太久没有操作")
        OTHER = "other", _("在别处让它退出")
        PASSWORD = "password", _("密码已修改")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, db_index=False, related_name="sign_ins"
    )
    session_key = models.CharField(max_length=40)
    method = models.CharField(_("方式"), max_length=10, choices=Method)
    started_at = models.DateTimeField(_("登录时间"), auto_now_add=True)
    last_seen_at = models.DateTimeField(_("最近操作"), auto_now_add=True)
    ip_address = models.GenericIPAddressField(_("来源地址"), null=True, blank=True)
    device = models.CharField(_("设备"), max_length=60, blank=True)
    ended_at = models.DateTimeField(_("结束时间"), null=True, blank=True)
    ended_by = models.CharField(_("结束方式"), max_length=12, choices=End, blank=True)

    objects = SignInQuerySet.as_manager()

    class Meta:
        verbose_name = _("登录记录")
        verbose_name_plural = _("登录记录")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["user", "-id"], name="sign_in_by_user"),
            models.Index(fields=["session_key"], name="sign_in_by_session"),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.method}"


class KnownDevice(models.Model):
    """A browser this login has used with success: an attack from elsewhere can't lock it out."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        db_index=False,
        related_name="known_devices",
    )
    token_digest = models.CharField(max_length=64)
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("常用设备")
        verbose_name_plural = _("常用设备")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "token_digest"], name="known_device_once_per_user"
            )
        ]

    def __str__(self) -> str:
        return f"{self.pk}"
