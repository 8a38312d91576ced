"""Those who take bills for a provider: opened, given new credentials, ended. What they did at the desk stands elsewhere."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST

from accounts import staff
from accounts.admin.base import ReadOnlyAdmin, worker
from accounts.admin.users import HANDED_OVER, summary
from accounts.models import TotpDevice
from claims import clerks
from claims.admin.forms import ClerkForm, ReasonForm
from claims.models import ProviderClerk

LIST = "admin:claims_providerclerk_changelist"


@admin.register(ProviderClerk)
class ProviderClerkAdmin(ReadOnlyAdmin):
    list_display = ("user", "provider", "ended_at")
    list_select_related = ("user", "provider")
    list_filter = ("provider",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[ProviderClerk]:
        return super().get_queryset(request).select_related("user", "provider")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("claims.add_providerclerk")

    def get_urls(self) -> list[URLPattern]:
        renew = self.admin_site.admin_view(self.renew)
        return [
            path("<int:object_id>/renew/", renew, name="renew-provider-clerk"),
            *super().get_urls(),
        ]

    @method_decorator(sensitive_variables())
    def add_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = ClerkForm(request.POST if request.method == "POST" else None)
        if form.is_valid():
            try:
                opened = clerks.add(**form.cleaned_data, by=worker(request), request=request)
            except IntegrityError:
                form.add_error("id_number", _("这个身份证号已经有工作登录。"))
            else:
                return self.handed_over(request, opened.clerk, opened.password, opened.device)
        return self.form_page(
            request,
            form,
            title=_("开通收费人员"),
            submit=_("开通"),
            back_url=reverse(LIST),
            back_text=_("收费人员"),
        )

    def change_view(
        self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        may_change = request.user.has_perm("claims.change_providerclerk")
        if not self.has_view_permission(request) or (request.method == "POST" and not may_change):
            raise PermissionDenied
        clerk = self.row_or_404(request, object_id)
        form = ReasonForm(request.POST if request.method == "POST" else None)
        if form.is_valid():
            clerks.end(
                clerk_id=clerk.pk,
                reason=form.cleaned_data["reason"],
                by=worker(request),
                request=request,
            )
            messages.success(request, gettext("已停用，这个登录的会话都已结束。"))
            return redirect(LIST)
        return self.page(
            request,
            "admin/claims/clerk.html",
            title=_("收费人员"),
            form=form,
            rows=[{"label": _("定点机构"), "value": clerk.provider}, *summary(clerk.user)],
            row=clerk,
            back_url=reverse(LIST),
            back_text=_("收费人员"),
        )

    @method_decorator([require_POST, sensitive_variables()])
    def renew(self, request: HttpRequest, object_id: int) -> HttpResponse:
        clerk = self.row_or_404(request, str(object_id))
        if not request.user.has_perm("claims.change_providerclerk") or clerk.ended_at:
            raise PermissionDenied
        password, device = staff.renew_credentials(
            user=clerk.user, by=worker(request), request=request
        )
        return self.handed_over(request, clerk, password, device)

    def handed_over(
        self, request: HttpRequest, clerk: ProviderClerk, password: str, device: TotpDevice
    ) -> HttpResponse:
        """Shown in the answer to the very request that made them: neither session nor address holds them."""
        return self.page(
            request,
            "admin/claims/shown_once.html",
            title=_("交给本人的登录凭据"),
            intro=HANDED_OVER,
            rows=[
                {"label": _("定点机构"), "value": clerk.provider},
                {"label": _("登录"), "value": str(clerk.user)},
                {"label": _("初始密码"), "value": password},
                {"label": _("动态口令密钥"), "value": device.secret},
                {"label": _("动态口令地址"), "value": staff.provisioning_uri(clerk.user, device)},
            ],
            back_url=reverse(LIST),
            back_text=_("收费人员"),
        )
