"""What somebody had typed when the session ended."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.fields import EncryptedTextField


class Draft(models.Model):
    """The fields of one form of one login, encrypted JSON; secrets (passwords, codes) are left out."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, db_index=False, related_name="drafts"
    )
    form_key = models.CharField(max_length=80)
    data = EncryptedTextField()
    saved_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("草稿")
        verbose_name_plural = _("草稿")
        ordering = ["-saved_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "form_key"], name="draft_once_per_user_and_form"
            )
        ]

    def __str__(self) -> str:
        return self.form_key
