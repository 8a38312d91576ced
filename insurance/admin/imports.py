"""What was imported, when and with what result."""

from django.contrib import admin

from accounts.admin.base import ReadOnlyAdmin
from insurance.models import ImportRun


@admin.register(ImportRun)
class ImportRunAdmin(ReadOnlyAdmin):
    list_display = (
        "id",
        "kind",
        "started_at",
        "finished_at",
        "good",
        "changed",
        "same",
        "bad",
        "strict",
    )
    list_filter = ("kind", "strict", "started_at")
    fields = (*list_display, "file_name", "file_digest")
