"""Logins of people who work here, for the system administrator. Citizens' logins are nobody's work and not listed."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils.decorators import method_decorator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST

from accounts import privacy, staff
from accounts.admin.base import ReadOnlyAdmin, worker
from accounts.admin.forms import StaffChangeForm, StaffForm
from accounts.models import IdentifierKind, TotpDevice, User

HANDED_OVER = _("下面的内容只显示这一次，请当面交给本人。本人第一次登录后要先改密码。")


@admin.register(User)
class UserAdmin(ReadOnlyAdmin):
    list_display = ("__str__", "role", "is_active", "created_at", "password_changed_at")
    list_filter = ("role", "is_active")

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return User.objects.staff()

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("accounts.add_user")

    def may_change(self, request: HttpRequest, user: User) -> bool:
        """Not the own login: nobody gives themselves another role."""
        return request.user.has_perm("accounts.change_user") and user != request.user

    def get_urls(self) -> list[URLPattern]:
        renew = self.admin_site.admin_view(self.renew)
        return [path("<int:object_id>/renew/", renew, name="renew-login"), *super().get_urls()]

    @method_decorator(sensitive_variables())
    def add_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = StaffForm(request.POST if request.method == "POST" else None)
        if form.is_valid():
            password = staff.first_password()
            try:
                user, device = staff.create_staff(
                    **form.cleaned_data,
                    password=password,
                    by=worker(request),
                    request=request,
                    is_handed_over=True,
                )
            except IntegrityError:
                form.add_error("id_number", _("这个身份证号已经有工作登录。"))
            else:
                return self.handed_over(request, user, password, device)
        return self.form_page(request, form, title=_("开通工作登录"), submit=_("开通"))

    def change_view(
        self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        user = self.row_or_404(request, object_id)
        may_change = self.may_change(request, user)
        if request.method == "POST" and not may_change:
            raise PermissionDenied
        form = StaffChangeForm(
            request.POST if request.method == "POST" else None,
            initial={"role": user.role, "is_active": user.is_active},
        )
        if form.is_valid():
            changed = staff.change_staff(
                user=user, **form.cleaned_data, by=worker(request), request=request
            )
            if changed:
                messages.success(request, gettext("已修改，这个登录的会话都已结束。"))
            return redirect("admin:accounts_user_changelist")
        return self.page(
            request,
            "admin/accounts/staff_login.html",
            title=_("工作登录"),
            form=form,
            rows=summary(user),
            row=user,
            may_change=may_change,
        )

    @method_decorator([require_POST, sensitive_variables()])
    def renew(self, request: HttpRequest, object_id: int) -> HttpResponse:
        user = self.row_or_404(request, str(object_id))
        if not self.may_change(request, user):
            raise PermissionDenied
        password, device = staff.renew_credentials(user=user, by=worker(request), request=request)
        return self.handed_over(request, user, password, device)

    def handed_over(
        self, request: HttpRequest, user: User, password: str, device: TotpDevice
    ) -> HttpResponse:
        """Shown in the answer to the very request that made them: neither session nor address holds them."""
        return self.page(
            request,
            "admin/accounts/handed_over.html",
            title=_("交给本人的登录凭据"),
            intro=HANDED_OVER,
            rows=[
                {"label": _("登录"), "value": str(user)},
                {"label": _("初始密码"), "value": password},
                {"label": _("动态口令密钥"), "value": device.secret},
                {"label": _("动态口令地址"), "value": staff.provisioning_uri(user, device)},
            ],
        )


def summary(user: User) -> list[dict[str, Any]]:
    """What the system administrator sees of a colleague; numbers masked."""
    numbers = {row.kind: row.value for row in user.identifiers.filter(ended_at=None)}
    return [
        {"label": _("姓名"), "value": privacy.mask_name(user.name)},
        {"label": _("登录编号"), "value": str(user.public_id)},
        {
            "label": _("身份证号"),
            "value": privacy.mask_id_number_for_others(numbers.get(IdentifierKind.ID_NUMBER)),
        },
        {
            "label": _("手机号"),
            "value": privacy.mask_phone_for_others(numbers.get(IdentifierKind.PHONE)) or "–",
        },
        {"label": _("角色"), "value": user.get_role_display()},
        {"label": _("可以登录"), "value": _("是") if user.is_active else _("否")},
    ]
