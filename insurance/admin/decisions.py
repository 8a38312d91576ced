"""Decisions of earlier days, shown as they were told."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts import audit, decorators
from accounts.admin.base import ReadOnlyAdmin
from accounts.admin.forms import ReasonForm
from insurance.models import PoolingArea, StoredDecision

LOOK = "decision.look"

audit.LABELS.update({LOOK: _("查看保存的决定"), "decision.keep": _("保存决定")})


@admin.register(StoredDecision)
class StoredDecisionAdmin(ReadOnlyAdmin):
    list_display = ("kept_at", "rule", "area", "on", "verdict")
    list_filter = ("rule", "verdict", "kept_at")

    def change_view(
        self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Whose case it is stands on the page, so it opens with a reason and the look is written down."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        kept = self.row_or_404(request, object_id)
        form = ReasonForm(request.POST if request.method == "POST" else None)
        if form.is_valid() and decorators.state_reason(
            request, subject=_subject(kept), reason=form.cleaned_data["reason"]
        ):
            return redirect(request.get_full_path())
        back = {
            "back_url": reverse("admin:insurance_storeddecision_changelist"),
            "back_text": _("保存的决定"),
        }
        if form.is_bound or not decorators.stated_reason(request, subject=_subject(kept)):
            return self.form_page(
                request,
                form,
                title=_("为什么要查看这个决定"),
                submit=_("查看"),
                intro=_("每次查看都会留下记录，参保人自己也看得到。"),
                **back,
            )
        decorators.look(request, action=LOOK, subject=_subject(kept))
        return self.page(
            request,
            "admin/insurance/stored_decision.html",
            title=_("保存的决定"),
            kept=kept,
            told=_in_words(kept.told),
            area=PoolingArea.objects.filter(code=kept.area).first() or kept.area,
            **back,
        )


def _subject(kept: StoredDecision) -> tuple[str, str]:
    return kept.subject_kind, kept.subject_ref


def _in_words(told: dict[str, Any]) -> dict[str, Any]:
    """The sentences of the page's language, as they were stored."""
    end = "_en" if (get_language() or "").startswith("en") else ""
    return told | {
        "findings": [
            one | {"message": one[f"message{end}"], "next_step": one[f"next_step{end}"]}
            for one in told["findings"]
        ],
        "materials": [one[f"message{end}"] for one in told["materials"]],
    }
