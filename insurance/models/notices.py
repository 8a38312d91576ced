"""What somebody was told, in the words of that day."""

import uuid
from typing import Any, NoReturn

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.fields import EncryptedTextField
from insurance.models.people import InsuredPerson


class NoticeQuerySet(models.QuerySet["Notice"]):
    def of(self, person_id: int) -> "NoticeQuerySet":
        return self.filter(person=person_id)

    def unread(self) -> "NoticeQuerySet":
        return self.filter(read_at=None)

    def before(self, number: int) -> "NoticeQuerySet":
        return self.filter(pk__lt=number)

    def newest_first(self) -> "NoticeQuerySet":
        return self.order_by("-id")


class Notice(models.Model):
    """One message to one person; nothing of it changes but `read_at`.

    `title` and `body` are the Chinese sentences as they were shown, so that a later text of the same `kind` does not change
    history. `params` is JSON and holds masked names only. What tells about the person is encrypted; `kind`, `about` and
    `link` are codes. The same `once` is told once. No trigger stands here: a new key has to write the words anew.
    """

    class Sms(models.TextChoices):
        """Staff print a letter for whoever could not be reached."""

        QUEUED = "queued", _("已写短信")
        NO_PHONE = "no_phone", _("没有手机号，要寄信")
        NOT_WANTED = "none", _("不发短信")

    reference = models.UUIDField(_("内部编号"), default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(
        InsuredPerson,
        on_delete=models.PROTECT,
        db_index=False,
        related_name="notices",
        verbose_name=_("参保人"),
    )
    kind = models.CharField(_("种类"), max_length=60)
    params = EncryptedTextField(_("填入的内容"))
    title = EncryptedTextField(_("标题"))
    body = EncryptedTextField(_("正文"))
    about_kind = models.CharField(_("对象种类"), max_length=40, blank=True)
    about_ref = models.CharField(_("对象编号"), max_length=64, blank=True)
    link = models.CharField(_("去看看"), max_length=200, blank=True)
    once = models.CharField(_("只告知一次"), max_length=80, blank=True)
    sms = models.CharField(_("短信"), max_length=8, choices=Sms)
    told_at = models.DateTimeField(_("告知时间"), auto_now_add=True)
    read_at = models.DateTimeField(_("阅读时间"), null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("消息")
        verbose_name_plural = _("消息")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "kind", "once"],
                name="notice_once_per_person",
                condition=~Q(once=""),
            ),
            models.CheckConstraint(name="notice_has_a_kind", condition=~Q(kind="")),
            models.CheckConstraint(
                name="notice_sms_is_known_value",
                condition=Q(sms__in=["queued", "no_phone", "none"]),
            ),
        ]
        indexes = [
            models.Index(fields=["person", "-id"], name="notice_by_person"),
            models.Index(
                fields=["person"], name="notice_unread_by_person", condition=Q(read_at=None)
            ),
            # What was told about one case, whoever heard it: a job asks it of every invitation that ended.
            models.Index(fields=["about_ref"], name="notice_by_about"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.reference}"

    def save(self, **options: Any) -> None:
        if not self._state.adding:
            raise TypeError("what was told stays as it was told")
        super().save(**options)

    def delete(self, *_args: Any, **_options: Any) -> NoReturn:
        raise TypeError("what was told stays told")
