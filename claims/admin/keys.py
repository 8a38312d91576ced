"""The keys of providers' machines: issued, exchanged, revoked. A key is shown in the answer that made it, and never again."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST

from accounts.admin.base import ReadOnlyAdmin, worker
from claims import provider_keys
from claims.admin.forms import SCOPES, KeyForm, ReasonForm
from claims.models import ProviderKey
from claims.provider_keys import Scope
from insurance.templatetags.insurance_format import moment

LIST = "admin:claims_providerkey_changelist"
INTRO = _("密钥只显示这一次，请当面交给机构的系统管理人员，不要用短信或者聊天软件发。")


@admin.register(ProviderKey)
class ProviderKeyAdmin(ReadOnlyAdmin):
    list_display = ("public_id", "provider", "may", "issued_at", "expires_at", "revoked_at")
    list_select_related = ("provider",)
    list_filter = ("provider",)

    @admin.display(description=_("可以做什么"))
    def may(self, key: ProviderKey) -> str:
        return "、".join(str(SCOPES[Scope(one)]) for one in key.scopes)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("claims.add_providerkey")

    def get_urls(self) -> list[URLPattern]:
        rotate = self.admin_site.admin_view(self.rotate)
        return [
            path("<int:object_id>/rotate/", rotate, name="rotate-provider-key"),
            *super().get_urls(),
        ]

    @method_decorator(sensitive_variables())
    def add_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = KeyForm(request.POST if request.method == "POST" else None)
        if form.is_valid():
            key, text = provider_keys.issue(
                provider=form.cleaned_data["provider"],
                scopes=form.scopes,
                by=worker(request),
                request=request,
            )
            return self.shown_once(request, key, text)
        return self.form_page(
            request,
            form,
            title=_("发放机构密钥"),
            submit=_("发放"),
            back_url=reverse(LIST),
            back_text=_("机构密钥"),
        )

    def change_view(
        self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """The button on it revokes: from now on the key opens nothing."""
        may_change = request.user.has_perm("claims.change_providerkey")
        if not self.has_view_permission(request) or (request.method == "POST" and not may_change):
            raise PermissionDenied
        key = self.row_or_404(request, object_id)
        form = ReasonForm(request.POST if request.method == "POST" else None)
        if form.is_valid():
            provider_keys.revoke(
                key_id=key.pk,
                reason=form.cleaned_data["reason"],
                by=worker(request),
                request=request,
            )
            messages.success(request, gettext("已停用，从现在起这把密钥什么也打不开。"))
            return redirect(LIST)
        return self.page(
            request,
            "admin/claims/key.html",
            title=_("机构密钥"),
            form=form,
            rows=self.rows(key),
            row=key,
            is_live=_is_live(key),
            overlap_days=provider_keys.OVERLAP.days,
            back_url=reverse(LIST),
            back_text=_("机构密钥"),
        )

    @method_decorator([require_POST, sensitive_variables()])
    def rotate(self, request: HttpRequest, object_id: int) -> HttpResponse:
        key = self.row_or_404(request, str(object_id))
        if not request.user.has_perm("claims.change_providerkey") or not _is_live(key):
            raise PermissionDenied
        made, text = provider_keys.rotate(key_id=key.pk, by=worker(request), request=request)
        return self.shown_once(request, made, text)

    def shown_once(self, request: HttpRequest, key: ProviderKey, text: str) -> HttpResponse:
        return self.page(
            request,
            "admin/claims/shown_once.html",
            title=_("交给机构的密钥"),
            intro=INTRO,
            rows=[{"label": _("密钥"), "value": text}, *self.rows(key)],
            back_url=reverse(LIST),
            back_text=_("机构密钥"),
        )

    def rows(self, key: ProviderKey) -> list[dict[str, Any]]:
        return [
            {"label": _("定点机构"), "value": key.provider},
            {"label": _("编号"), "value": key.public_id},
            {"label": _("可以做什么"), "value": self.may(key)},
            {"label": _("发放时间"), "value": moment(key.issued_at)},
            {"label": _("有效期至"), "value": moment(key.expires_at)},
            {"label": _("停用时间"), "value": moment(key.revoked_at)},
        ]


def _is_live(key: ProviderKey) -> bool:
    return key.revoked_at is None and key.expires_at > timezone.now()
