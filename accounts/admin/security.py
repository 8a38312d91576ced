"""Limits and sign-ins, for the security administrator."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts import limits, locks
from accounts.admin.base import ReadOnlyAdmin, worker
from accounts.admin.forms import LiftForm
from accounts.models import SignIn, Throttle

COUNTS = {limit.name: limit.count for limit in limits.LIMITS}


@admin.register(Throttle)
class ThrottleAdmin(ReadOnlyAdmin):
    """The rows know no number and no address, only digests: a lock is found by typing what was typed."""

    list_display = ("limit", "count", "highest", "is_full", "window_started_at")
    list_display_links = None
    list_filter = ("limit",)
    ordering = ("-window_started_at",)
    fields = ("limit", "count", "window_started_at")
    change_list_template = "admin/accounts/throttle_list.html"

    @admin.display(description=_("上限"))
    def highest(self, throttle: Throttle) -> int | None:
        return COUNTS.get(throttle.limit)

    @admin.display(description=_("已到上限"), boolean=True)
    def is_full(self, throttle: Throttle) -> bool:
        return throttle.count >= COUNTS.get(throttle.limit, throttle.count + 1)

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
            messages.success(request, _now("已解除 %(count)d 项限制。") % {"count": count})
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
