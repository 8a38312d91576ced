"""The visitors' book and its seals, for the audit administrator."""

from typing import Any

from django.apps import apps
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _

from accounts import audit, sealing
from accounts.admin.base import ReadOnlyAdmin
from accounts.models import AuditEntry, Seal
from accounts.roles import Role

FAULTS = {
    "changed": _("记录被改过"),
    "missing": _("记录被删掉了"),
    "added": _("封存以后被塞进了记录"),
    "chain": _("封存本身被改过"),
    "head": _("和导出的封存头对不上"),
}


class ActionFilter(admin.SimpleListFilter):
    title = _("动作")
    parameter_name = "action"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return sorted(audit.LABELS.items(), key=lambda item: item[0])

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[AuditEntry]
    ) -> QuerySet[AuditEntry]:
        return queryset.filter(action=self.value()) if self.value() else queryset


class RoleFilter(admin.SimpleListFilter):
    title = _("操作人当时的角色")
    parameter_name = "role"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [*Role.choices, ("system", _("系统或未登录"))]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[AuditEntry]
    ) -> QuerySet[AuditEntry]:
        if not self.value():
            return queryset
        return queryset.filter(actor_role="" if self.value() == "system" else self.value())


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyAdmin):
    list_display = ("id", "at", "who", "role", "what", "about", "reason", "ip_address")
    list_display_links = ("id",)
    list_select_related = ("actor",)
    list_filter = (ActionFilter, RoleFilter, "at")
    date_hierarchy = "at"
    # By the reference that stands in the list, never by a name or a number of a person.
    search_fields = ("subject_ref__exact",)
    search_help_text = _("按对象编号查找")
    fields = (
        "id",
        "at",
        "who",
        "role",
        "what",
        "about",
        "subject_ref",
        "reason",
        "details",
        "ip_address",
    )

    @admin.display(description=_("操作人"))
    def who(self, entry: AuditEntry) -> str:
        return str(entry.actor) if entry.actor else str(_("系统或未登录"))

    @admin.display(description=_("当时角色"))
    def role(self, entry: AuditEntry) -> str:
        return str(Role(entry.actor_role).label) if entry.actor_role else "–"

    @admin.display(description=_("动作"))
    def what(self, entry: AuditEntry) -> str:
        return str(audit.LABELS.get(entry.action, entry.action))

    @admin.display(description=_("对象"))
    def about(self, entry: AuditEntry) -> str:
        """The kind of row in words and the beginning of its reference."""
        try:
            kind = str(apps.get_model(entry.subject_kind)._meta.verbose_name)
        except (LookupError, ValueError):
            kind = entry.subject_kind
        return f"{kind} {entry.subject_ref[:8]}".strip() or "–"


@admin.register(Seal)
class SealAdmin(ReadOnlyAdmin):
    list_display = ("number", "log", "first_id", "last_id", "row_count", "key_version", "sealed_at")
    list_filter = ("log",)
    ordering = ("-id",)
    fields = (*list_display, "digest")
    change_list_template = "admin/accounts/seal_list.html"

    def get_urls(self) -> list[URLPattern]:
        verify = self.admin_site.admin_view(self.verify_logs)
        return [path("verify/", verify, name="verify-logs"), *super().get_urls()]

    def verify_logs(self, request: HttpRequest) -> HttpResponse:
        """GET asks, POST holds every sealed log against its seals; that it was done is in the book."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        results = []
        if request.method == "POST":
            results = [verdict(key) for key in sorted(sealing.LOGS)]
            bad = sorted(str(one["key"]) for one in results if one["fault"])
            audit.record(
                actor=request.user,
                action="audit.verify",
                details={"logs": len(results), "bad": bad},
                request=request,
            )
        return self.page(
            request, "admin/accounts/verify_logs.html", title=_("核验封存"), results=results
        )


def verdict(key: str) -> dict[str, Any]:
    """`fault` is None where all is well; `row` the first bad row, None where the seal itself is bad."""
    fault = sealing.verify(sealing.LOGS[key])
    head = sealing.head(sealing.LOGS[key])
    return {
        "key": key,
        "label": Seal.Log(key).label,
        "fault": FAULTS[fault.kind] if fault else None,
        "row": fault.row_id if fault else None,
        "number": fault.number if fault else None,
        "sealed_to": head.last_id if head else None,
    }
