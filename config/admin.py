"""The one admin site: staff roles only, and only after the second factor."""

from django.contrib.admin import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _


class StaffSite(AdminSite):
    site_title = _("共济工作台")
    site_header = _("共济工作台")
    index_title = _("今天的工作")
    site_url = None
    enable_nav_sidebar = False

    def has_permission(self, request: HttpRequest) -> bool:
        user = request.user
        return user.is_authenticated and user.is_active and user.is_staff and user.is_verified()

    def login(self, request: HttpRequest, extra_context: object = None) -> HttpResponse:
        """There is one door: sign in there, then show the second factor."""
        if request.user.is_authenticated:
            return redirect("accounts:second-factor" if request.user.is_staff else "queries:home")
        return redirect_to_login(request.get_full_path())

    def logout(self, request: HttpRequest, extra_context: object = None) -> HttpResponse:
        return redirect("accounts:sign-out")
