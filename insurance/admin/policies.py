"""Rules: what each version says and by which source. A draft is published by a second editor."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from accounts.admin.base import ReadOnlyAdmin, worker
from accounts.admin.forms import ReasonForm
from insurance import policies, policy_reading
from insurance.models import PolicySource, PolicyValue, PolicyVersion
from insurance.policy_labels import LABELS
from insurance.policy_text import text_of

CHANGE = "insurance.change_policyversion"


@admin.register(PolicySource)
class PolicySourceAdmin(ReadOnlyAdmin):
    list_display = ("code", "kind", "title", "number", "date")
    list_filter = ("kind",)
    search_fields = ("code", "title", "number")
    fields = ("code", "kind", "title", "number", "date", "url", "how")


@admin.register(PolicyVersion)
class PolicyVersionAdmin(ReadOnlyAdmin):
    list_display = (
        "__str__",
        "area",
        "number",
        "status",
        "checked_on",
        "drafted_by",
        "published_by",
        "published_at",
    )
    list_filter = ("status",)
    list_select_related = ("area", "drafted_by", "published_by")
    search_fields = ("area__code", "area__name_zh", "area__name_en")

    def get_queryset(self, request: HttpRequest) -> QuerySet[PolicyVersion]:
        return PolicyVersion.objects.select_related("area", "drafted_by", "published_by")

    def get_urls(self) -> list[URLPattern]:
        guard = self.admin_site.admin_view
        publish, withdraw = guard(self.publish), guard(self.withdraw)
        return [
            path("<int:object_id>/publish/", publish, name="publish-policy"),
            path("<int:object_id>/withdraw/", withdraw, name="withdraw-policy"),
            *super().get_urls(),
        ]

    def change_view(
        self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        version = self.row_or_404(request, object_id)
        may_change = request.user.has_perm(CHANGE)
        return self.page(
            request,
            "admin/insurance/policy.html",
            title=_("规则版本"),
            version=version,
            lines=[_line(value) for value in policy_reading.values_of(version)],
            may_publish=may_change
            and version.status == PolicyVersion.Status.DRAFT
            and version.drafted_by != request.user,
            may_withdraw=may_change and version.status != PolicyVersion.Status.WITHDRAWN,
            back_url=reverse("admin:insurance_policyversion_changelist"),
            back_text=_("规则版本"),
        )

    @method_decorator(require_POST)
    def publish(self, request: HttpRequest, object_id: int) -> HttpResponse:
        if not request.user.has_perm(CHANGE):
            raise PermissionDenied
        version = self.row_or_404(request, str(object_id))
        try:
            policies.publish(version=version, by=worker(request))
        except policies.PolicyError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, gettext("已发布。"))
        return redirect("admin:insurance_policyversion_change", version.pk)

    def withdraw(self, request: HttpRequest, object_id: int) -> HttpResponse:
        if not request.user.has_perm(CHANGE):
            raise PermissionDenied
        version = self.row_or_404(request, str(object_id))
        form = ReasonForm(request.POST if request.method == "POST" else None)
        if form.is_valid():
            reason = form.cleaned_data["reason"]
            policies.withdraw(version=version, by=worker(request), reason=reason)
            messages.success(request, gettext("已停用。"))
            return redirect("admin:insurance_policyversion_change", version.pk)
        return self.form_page(
            request,
            form,
            title=_("停用规则"),
            submit=_("停用"),
            intro=_("停用之后，这个地区没有自己的规则，直到发布新的版本。"),
            rows=[
                {"label": _("地区"), "value": version.area.name},
                {"label": _("版次"), "value": version.number},
            ],
            back_url=reverse("admin:insurance_policyversion_change", args=[version.pk]),
            back_text=_("规则版本"),
        )


def _line(value: Any) -> dict[str, Any]:
    """One value in words, with the days it holds and the sources that say so."""
    return {
        "label": LABELS.get(value.name, value.name),
        "name": value.name,
        "text": text_of(value),
        "from": value.valid_from,
        "to": value.valid_to,
        "confidence": PolicyValue.Confidence(value.confidence).label if value.confidence else "",
        "mark": PolicyValue.Mark(value.mark).label if value.mark else "",
        "citations": value.citations,
        "note": value.note,
    }
