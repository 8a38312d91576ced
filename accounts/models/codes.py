"""One-time codes and the short messages that carry them."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.fields import EncryptedTextField


class CodeQuerySet(models.QuerySet["OneTimeCode"]):
    def usable_at(self, now: datetime) -> "CodeQuerySet":
        return self.filter(used_at=None, expires_at__gt=now)


class OneTimeCode(models.Model):
    """A hashed six-digit code, good for one purpose in one browser session.

    `user` None is a decoy: the request named nobody, and no code will ever fit. `subject_ref` carries what the purpose
    needs later (an insured person's reference at sign-up, the digest of a new phone).
    """

    class Purpose(models.TextChoices):
        SIGN_IN = "sign_in", _("登录")
        SIGN_UP = "sign_up", _("首次登录")
        RESET = "reset", _("重设密码")
        CHANGE_PHONE = "change_phone", _("更换手机号")
        COUNTER = "counter", _("在窗口办理")

    purpose = models.CharField(max_length=16, choices=Purpose)
    session_digest = models.CharField(max_length=64)
    phone_digest = models.CharField(max_length=64)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    subject_ref = models.CharField(max_length=64, blank=True)
    is_decoy = models.BooleanField(default=False)
    code_hash = models.CharField(max_length=64)
    wrong_tries = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    objects = CodeQuerySet.as_manager()

    class Meta:
        verbose_name = _("验证码")
        verbose_name_plural = _("验证码")
        ordering = ["-id"]
        indexes = [models.Index(fields=["session_digest", "purpose"], name="code_by_session")]

    def __str__(self) -> str:
        return f"{self.purpose} {self.pk}"


class SmsMessage(models.Model):
    """The queue of outgoing messages: number and words are encrypted, a decoy is never sent."""

    class State(models.TextChoices):
        WAITING = "waiting", _("待发送")
        SENT = "sent", _("已发送")
        FAILED = "failed", _("发送失败")
        DECOY = "decoy", _("不发送")

    phone = EncryptedTextField(_("手机号"))
    body = EncryptedTextField(_("内容"))
    state = models.CharField(_("状态"), max_length=8, choices=State, default=State.WAITING)
    tries = models.PositiveSmallIntegerField(_("发送次数"), default=0)
    created_at = models.DateTimeField(_("写入时间"), auto_now_add=True)
    tried_at = models.DateTimeField(_("上次发送的时间"), null=True, blank=True)
    sent_at = models.DateTimeField(_("发送时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("短信")
        verbose_name_plural = _("短信")
        ordering = ["-id"]
        indexes = [models.Index(fields=["state", "id"], name="sms_by_state")]

    def __str__(self) -> str:
        return f"{self.pk} {self.state}"
