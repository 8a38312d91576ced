"""Providers: the list, one of them, and its last day."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.admin.base import ReadOnlyAdmin, worker
from claims import providers
from claims.admin.forms import EndForm, ProviderForm
from claims.models import Provider

LIST = "admin:claims_provider_changelist"


@admin.register(Provider)
class ProviderAdmin(ReadOnlyAdmin):
    list_display = ("code", "name", "kind", "area", "designated_from", "designated_to")
    list_select_related = ("area",)
    list_filter = ("kind",)
    search_fields = ("code", "name")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("claims.add_provider")

    def add_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = ProviderForm(request.POST if request.method == "POST" else None)
        if form.is_valid():
            made = providers.add(**form.cleaned_data, by=worker(request), request=request)
            messages.success(request, gettext("已登记。接着可以开通收费人员，发放密钥。"))
            return redirect("admin:claims_provider_change", made.pk)
        return self.form_page(
            request,
            form,
            title=_("登记定点机构"),
            submit=_("登记"),
            back_url=reverse(LIST),
            back_text=_("定点机构"),
        )

    def change_view(
        self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        may_change = request.user.has_perm("claims.change_provider")
        if not self.has_view_permission(request) or (request.method == "POST" and not may_change):
            raise PermissionDenied
        provider = self.row_or_404(request, object_id)
        form = EndForm(request.POST if request.method == "POST" else None, provider=provider)
        if form.is_valid():
            providers.change_end(
                provider_id=provider.pk, **form.cleaned_data, by=worker(request), request=request
            )
            messages.success(request, gettext("已修改，从现在起就这样算。"))
            return redirect("admin:claims_provider_change", provider.pk)
        return self.page(
            request,
            "admin/claims/provider.html",
            title=_("定点机构"),
            form=form,
            rows=_rows(provider),
            clerks=provider.clerks.select_related("user"),
            keys=provider.keys.all(),
            back_url=reverse(LIST),
            back_text=_("定点机构"),
        )


def _rows(provider: Provider) -> list[dict[str, Any]]:
    return [
        {"label": _("编码"), "value": provider.code},
        {"label": _("名称"), "value": provider.name},
        {"label": _("种类"), "value": provider.get_kind_display()},
        {"label": _("所在地"), "value": provider.area},
        {"label": _("定点起"), "value": provider.designated_from},
        {"label": _("定点止"), "value": provider.designated_to or "–"},
    ]
