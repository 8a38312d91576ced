"""E-vouchers: a code on the patient's screen that a desk reads once."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from insurance.models import InsuredPerson


class EVoucher(models.Model):
    """Sixty seconds, one use. Stored as a keyed digest; `digest` is what the desk's reading is looked up by."""

    person = models.ForeignKey(
        InsuredPerson, on_delete=models.CASCADE, related_name="+", verbose_name=_("参保人")
    )
    digest = models.CharField(max_length=64, unique=True, editable=False)
    shown_at = models.DateTimeField(_("显示时间"))
    expires_at = models.DateTimeField(_("有效期至"))
    used_at = models.DateTimeField(_("使用时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("医保码")
        verbose_name_plural = _("医保码")
        ordering = ["-id"]
        indexes = [models.Index(fields=["expires_at"], name="e_voucher_by_end")]

    def __str__(self) -> str:
        return f"{self.pk}"
