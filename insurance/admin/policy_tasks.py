"""The register of contradictions, and the task that each of them opened."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.admin.base import ReadOnlyAdmin, worker
from insurance import policy_disputes, policy_tasks
from insurance.admin.policy_forms import SettleForm
from insurance.admin.policy_publishing import reading
from insurance.models import PolicySource, PolicyTask, PolicyValue
from insurance.policy_disputes import Line
from insurance.policy_labels import LABELS
from insurance.policy_values import Value

CHANGE = "insurance.change_policytask"


@admin.register(PolicyTask)
class PolicyTaskAdmin(ReadOnlyAdmin):
    fields = (
        "area",
        "name",
        "state",
        "opened_at",
        "note",
        "settled_by",
        "settled_at",
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[PolicyTask]:
        return PolicyTask.objects.select_related("area", "settled_by")

    def get_urls(self) -> list[URLPattern]:
        settle = self.admin_site.admin_view(self.settle)
        return [
            path("<int:object_id>/settle/", settle, name="settle-policy-task"),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Every dispute in force today, derived from the published values."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        lines = policy_disputes.register(timezone.localdate())
        shown = {one.task.pk for one in lines if one.task}
        gone = PolicyTask.objects.open().exclude(pk__in=shown).select_related("area")
        return self.page(
            request,
            "admin/insurance/contradictions.html",
            title=_("说法不一"),
            undecided=[_line(one) for one in lines if one.dispute.is_open],
            decided=[_line(one) for one in lines if not one.dispute.is_open],
            gone=[{"task": one, "label": LABELS.get(one.name, one.name)} for one in gone],
            may_settle=request.user.has_perm(CHANGE),
        )

    def settle(self, request: HttpRequest, object_id: int) -> HttpResponse:
        if not request.user.has_perm(CHANGE):
            raise PermissionDenied
        task = self.row_or_404(request, str(object_id))
        form = SettleForm(request.POST if request.method == "POST" else None)
        if form.is_valid():
            try:
                policy_tasks.settle(task=task, by=worker(request), **form.cleaned_data)
            except policy_tasks.TaskError as error:
                form.add_error("note", str(error))
            else:
                messages.success(request, gettext("已处理。"))
                return redirect("admin:insurance_policytask_changelist")
        return self.form_page(
            request,
            form,
            title=_("处理说法不一"),
            submit=_("记为已处理"),
            intro=_("处理只是记下查到了什么；要改规则，请起草新的版本，由另一位政策编辑发布。"),
            rows=[
                {"label": _("地区"), "value": task.area.name},
                {"label": _("名称"), "value": LABELS.get(task.name, task.name)},
                {"label": _("状态"), "value": task.get_state_display()},
            ],
            back_url=reverse("admin:insurance_policytask_changelist"),
            back_text=_("说法不一"),
        )


def _line(line: Line) -> dict[str, Any]:
    name = line.dispute.name
    return {
        "area": line.area or line.dispute.area,
        "label": LABELS.get(name, name),
        "name": name,
        "readings": [_reading(one) for one in line.dispute.readings],
        "task": line.task,
    }


def _reading(value: Value) -> dict[str, Any]:
    sources = [
        {"cited": one, "kind": PolicySource.Kind(one.source.kind).label} for one in value.citations
    ]
    worth = PolicyValue.Confidence(value.confidence).label if value.confidence else ""
    return reading(value) | {"sources": sources, "worth": worth, "area": value.area}
