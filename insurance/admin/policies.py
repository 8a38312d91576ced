"""Rules: what each version says and by which source. A draft is published by a second editor."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.admin.base import ReadOnlyAdmin, worker
from accounts.admin.forms import ReasonForm
from insurance import policies, policy_checks, policy_drafts, policy_reading
from insurance.admin import policy_publishing
from insurance.admin.policy_forms import DraftForm, PublishForm
from insurance.admin.policy_publishing import FaultLine, fault_lines
from insurance.models import PolicyValue, PolicyVersion
from insurance.policy_labels import LABELS
from insurance.policy_schema import PolicyFileError
from insurance.policy_text import text_of

CHANGE = "insurance.change_policyversion"


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
            path("<int:object_id>/edit/", guard(self.edit), name="edit-policy"),
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
            may_edit=may_change,
            may_check=may_change and version.status == PolicyVersion.Status.DRAFT,
            check=version.checks.first(),
            may_withdraw=may_change and version.status != PolicyVersion.Status.WITHDRAWN,
            back_url=reverse("admin:insurance_policyversion_changelist"),
            back_text=_("规则版本"),
        )

    def edit(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """What is typed becomes a draft of its own; what cannot be read stays in the box."""
        if not request.user.has_perm(CHANGE):
            raise PermissionDenied
        version = self.row_or_404(request, str(object_id))
        typed = request.POST if request.method == "POST" else None
        form = DraftForm(typed, initial={"text": policies.export(version=version)})
        faults: Sequence[FaultLine] = ()
        if form.is_valid():
            try:
                made = policy_drafts.revise(
                    version=version, by=worker(request), **form.cleaned_data
                )
            except PolicyFileError as error:
                faults = fault_lines(error, form.cleaned_data["text"])
                form.add_error("text", gettext("规则文件有错，还没有保存。请按上面列出的行改正。"))
            except policies.PolicyError as error:
                form.add_error("text", str(error))
            else:
                messages.success(request, gettext("已存为新的草稿。"))
                return redirect("admin:insurance_policyversion_change", made.pk)
        return self.page(
            request,
            "admin/insurance/edit_policy.html",
            title=_("改规则草稿"),
            form=form,
            faults=faults,
            submit=_("存为草稿"),
            version=version,
            **_back_to(version),
        )

    def publish(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """The examples, whom it changes, and the button of the second person."""
        if not request.user.has_perm(CHANGE):
            raise PermissionDenied
        version = self.row_or_404(request, str(object_id))
        typed = request.POST if request.method == "POST" else None
        others = policy_publishing.other_drafts(version, worker(request))
        form = PublishForm(typed, others=others, initial=policy_publishing.first_load(others))
        chosen = [version]
        if form.is_bound and form.is_valid():
            chosen += form.cleaned_data["together"]
            if self.step(request, chosen):
                return redirect("admin:insurance_policyversion_change", version.pk)
        return self.page(
            request,
            "admin/insurance/publish_policy.html",
            title=_("检查和发布"),
            form=form,
            sheet=policy_publishing.sheet(chosen, worker(request)),
            **_back_to(version),
        )

    def step(self, request: HttpRequest, chosen: list[PolicyVersion]) -> bool:
        """Run the examples or publish, by the button that was pressed; True when it was published."""
        try:
            if request.POST.get("step") == "publish":
                policies.publish_together(versions=chosen, by=worker(request))
                messages.success(request, gettext("已发布。"))
                return True
            if policy_publishing.is_waiting(chosen):
                policy_checks.run(versions=chosen, by=worker(request))
        except policies.PolicyError as error:
            messages.error(request, str(error))
        return False

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
            **_back_to(version),
        )


def _back_to(version: PolicyVersion) -> dict[str, Any]:
    return {
        "back_url": reverse("admin:insurance_policyversion_change", args=[version.pk]),
        "back_text": _("规则版本"),
    }


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
