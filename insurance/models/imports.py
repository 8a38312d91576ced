"""What was imported, when and with what result."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ImportRun(models.Model):
    """One run of one file, in lines: `good` were new, `changed` moved what was there, `same` were there already.

    `bad` lines are in the report beside the file. A run without `finished_at` was stopped; running it again goes on.
    """

    class Kind(models.TextChoices):
        REGISTER = "register", _("参保登记")
        CONTRIBUTIONS = "contributions", _("缴费记录")
        LEDGER = "ledger", _("账目")

    kind = models.CharField(_("种类"), max_length=14, choices=Kind)
    file_name = models.CharField(_("文件名"), max_length=200)
    file_digest = models.CharField(_("文件摘要"), max_length=64)
    strict = models.BooleanField(_("全部或全不"), default=False)
    started_at = models.DateTimeField(_("开始"), auto_now_add=True)
    finished_at = models.DateTimeField(_("完成"), null=True, blank=True)
    good = models.PositiveIntegerField(_("新增"), default=0)
    changed = models.PositiveIntegerField(_("更新"), default=0)
    same = models.PositiveIntegerField(_("已有"), default=0)
    bad = models.PositiveIntegerField(_("有误"), default=0)

    class Meta:
        verbose_name = _("导入记录")
        verbose_name_plural = _("导入记录")
        ordering = ["-id"]
        indexes = [models.Index(fields=["kind", "-finished_at"], name="import_by_kind")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.started_at:%Y-%m-%d}"
