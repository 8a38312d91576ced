"""Limits and sign-ins, for the security administrator."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import limits, locks
from accounts.admin.base import ReadOnlyAdmin, worker
from accounts.admin.forms import LiftForm
from accounts.models import SignIn, Throttle

LABELS: dict[str, Any] = {
    "sms-gap": _("两条短信的间隔"),
    "sms-phone-hour": _("一个手机号每小时的短信"),
    "sms-phone-day": _("一个手机号每天的短信"),
    "sms-ip-hour": _("一个地址每小时的短信"),
    "sms-all-hour": _("全站每小时的短信"),
    "sign-in-pair": _("一个号码从一个地址输错密码"),
    "sign-in-ip": _("一个地址输错密码"),
    "sign-in-account": _("一个号码输错密码"),
    "second-factor": _("动态口令输错"),
    "sign-up-ip": _("一个地址申请开通"),
    "sign-up-person": _("一个证件号码申请开通"),
    "reset-ip": _("一个地址申请重设密码"),
    "reset-person": _("一个号码申请重设密码"),
    "slip-tries": _("一个证件号码输错凭条"),
    "slip-ip": _("一个地址输错凭条"),
    "change-phone": _("换手机号"),
    "change-password-tries": _("改密码时输错旧密码"),
    "quote-patient": _("一个人一天的试算"),
    "wrong-patients": _("定点机构认错看病的人"),
    "desk-identify": _("一个收费人员每小时核对看病的人"),
    "api-key-minute": _("一把机构密钥一分钟的请求"),
    "look-ups-hour": _("窗口每小时找人"),
    "proposals-day": _("一个人一天提出的家庭共济"),
    "ask-who-pays": _("一个人一天试算会扣谁的钱"),
    "counter-codes-hour": _("窗口每小时发验证码"),
    "counter-proofs": _("窗口核对一个人，卡号或证件对不上"),
}
COUNTS = {limit.name: limit.count for limit in limits.LIMITS}


class LimitFilter(admin.SimpleListFilter):
    title = _("限制")
    parameter_name = "limit"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(LABELS.items())

    def queryset(self, request: HttpRequest, queryset: QuerySet[Throttle]) -> QuerySet[Throttle]:
        return queryset.filter(limit=self.value()) if self.value() else queryset


@admin.register(Throttle)
class ThrottleAdmin(ReadOnlyAdmin):
    """The rows know no number and no address, only digests: a lock is found by typing what was typed."""

    list_display = ("what", "count", "highest", "is_full", "window_started_at")
    list_display_links = None
    list_filter = (LimitFilter,)
    ordering = ("-window_started_at",)
    fields = ("what", "count", "highest", "is_full", "window_started_at")
    change_list_template = "admin/accounts/throttle_list.html"

    @admin.display(description=_("上限"))
    def highest(self, throttle: Throttle) -> int | None:
        return COUNTS.get(throttle.limit)

    @admin.display(description=_("限制"))
    def what(self, throttle: Throttle) -> Any:
        return LABELS.get(throttle.limit, throttle.limit)

    @admin.display(description=_("已到上限"))
    def is_full(self, throttle: Throttle) -> Any:
        """In words: a red cross beside what is all right would say the opposite."""
        return _("是") if throttle.count >= COUNTS.get(throttle.limit, throttle.count + 1) else "–"

    def get_urls(self) -> list[URLPattern]:
        lift = self.admin_site.admin_view(self.lift_lock)
        return [path("lift/", lift, name="lift-lock"), *super().get_urls()]

    def lift_lock(self, request: HttpRequest) -> HttpResponse:
        if not request.user.has_perm("accounts.change_throttle"):
            raise PermissionDenied
        form = LiftForm(request.POST if request.method == "POST" else None)
        if form.is_valid():
            count = locks.lift(
                typed=form.cleaned_data["box"],
                address=form.cleaned_data["address"],
                reason=form.cleaned_data["reason"],
                by=worker(request),
                request=request,
            )
            messages.success(request, gettext("已解除 %(count)d 项限制。") % {"count": count})
            return redirect("admin:accounts_throttle_changelist")
        return self.form_page(
            request,
            form,
            title=_("解除限制"),
            submit=_("解除"),
            intro=_("对方输错太多次、被要求等待时，核实身份后可以在这里解除。解除会留下记录。"),
        )


@admin.register(SignIn)
class SignInAdmin(ReadOnlyAdmin):
    list_display = (
        "user",
        "method",
        "started_at",
        "last_seen_at",
        "ip_address",
        "device",
        "ended_at",
        "ended_by",
    )
    list_display_links = None
    list_select_related = ("user",)
    list_filter = ("method", "ended_by", "started_at")
    ordering = ("-id",)
    fields = list_display
