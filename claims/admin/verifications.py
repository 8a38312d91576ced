"""What each verification of the money found."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.admin.base import ReadOnlyAdmin
from claims import verifications, verifying
from claims.models import VerificationRun


@admin.register(VerificationRun)
class VerificationRunAdmin(ReadOnlyAdmin):
    list_display = ("id", "started_at", "finished_at", "rows", "faults")

    @admin.display(description=_("看了多少行"))
    def rows(self, run: VerificationRun) -> int:
        return run.rows

    def change_view(
        self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        run: VerificationRun = self.row_or_404(request, object_id)
        return self.page(
            request,
            "admin/claims/verification.html",
            title=_("账目核验"),
            run=run,
            counts=[
                {"label": check.label, "value": run.counts.get(key, "–")}
                for key, check in verifying.CHECKS.items()
            ],
            first=[verifications.in_words(one) for one in run.first],
            back_url=reverse("admin:claims_verificationrun_changelist"),
            back_text=_("账目核验"),
        )
