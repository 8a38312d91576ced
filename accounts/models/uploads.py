"""Files that people send as evidence."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts import keys
from accounts.file_kinds import Kind

# What is kept: every picture is painted anew as a JPEG.
MEDIA_TYPES = [(Kind.JPEG.value, "JPEG"), (Kind.PDF.value, "PDF")]


class UploadQuerySet(models.QuerySet["Upload"]):
    def about(self, kind: str, ref: str) -> "UploadQuerySet":
        """In the order of their places; infected ones, which have none, come last."""
        return self.filter(subject_kind=kind, subject_ref=ref).order_by(
            models.F("number").asc(nulls_last=True), "pk"
        )

    def readable(self) -> "UploadQuerySet":
        return self.filter(state__in=Upload.READABLE)

    def waiting_for_scan(self) -> "UploadQuerySet":
        """Held ones, and those that came before there was a scanner."""
        return self.filter(state__in=Upload.WAITING)


class Upload(models.Model):
    """One file of a case: who sent it, for what, and whether it may be read. The bytes are in `UploadContent`.

    `kind` is the sender's own word for what it shows. `number` counts the files of a subject; an infected file gives its
    number back, so that another can take the place.
    """

    class State(models.TextChoices):
        CLEAN = "clean", _("已通过病毒检查")
        NOT_SCANNED = "not_scanned", _("没有做病毒检查")
        HELD = "held", _("等待病毒检查")
        INFECTED = "infected", _("有病毒，已删除")

    READABLE = (State.CLEAN, State.NOT_SCANNED)
    WAITING = (State.HELD, State.NOT_SCANNED)

    public_id = models.UUIDField(_("文件编号"), default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(_("用途"), max_length=40)
    subject_kind = models.CharField(_("对象种类"), max_length=40)
    subject_ref = models.CharField(_("对象编号"), max_length=64)
    number = models.PositiveSmallIntegerField(_("序号"), null=True)
    media_type = models.CharField(_("文件类型"), max_length=20, choices=MEDIA_TYPES)
    byte_count = models.PositiveIntegerField(_("字节数"))
    state = models.CharField(_("状态"), max_length=12, choices=State)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("上传人"),
    )
    uploaded_at = models.DateTimeField(_("上传时间"), auto_now_add=True)
    scanned_at = models.DateTimeField(_("检查时间"), null=True)

    objects = UploadQuerySet.as_manager()

    class Meta:
        verbose_name = _("上传的文件")
        verbose_name_plural = _("上传的文件")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["subject_kind", "subject_ref", "number"],
                name="upload_number_once_per_subject",
            ),
            models.CheckConstraint(
                name="upload_has_a_number_unless_infected",
                # Said twice, because a comparison with NULL is no refusal.
                condition=Q(state="infected", number__isnull=True)
                | Q(
                    state__in=["clean", "not_scanned", "held"],
                    number__isnull=False,
                    number__gte=1,
                ),
            ),
        ]
        indexes = [
            models.Index(
                fields=["id"],
                name="upload_waits_for_scan",
                condition=Q(state__in=["held", "not_scanned"]),
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.number or '-'}"

    @property
    def subject(self) -> tuple[str, str]:
        return self.subject_kind, self.subject_ref

    @property
    def is_readable(self) -> bool:
        return self.state in self.READABLE

    @property
    def is_picture(self) -> bool:
        return self.media_type == Kind.JPEG


class UploadContent(models.Model):
    """The bytes of one file, encrypted: a table of its own, so that no list of files ever loads them.

    The file's own number is bound in: bytes that somebody moves to another row can't be opened there.
    """

    upload = models.OneToOneField(
        Upload, on_delete=models.CASCADE, primary_key=True, related_name="content"
    )
    sealed = models.BinaryField()
    key_version = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name = _("上传文件的内容")
        verbose_name_plural = _("上传文件的内容")
        ordering = ["pk"]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def place(self) -> str:
        return f"{self._meta.label_lower}.sealed {self.upload.public_id}"

    def seal(self, data: bytes) -> None:
        ring = keys.field_keys()
        self.sealed = ring.encrypt_bytes(data, place=self.place)
        self.key_version = ring.current

    def open(self) -> bytes:
        """Raises `CryptoError` when the bytes were changed or moved here."""
        return keys.field_keys().decrypt_bytes(bytes(self.sealed), place=self.place)
