"""The addresses of the site, floor by floor."""

from django.contrib import admin
from django.urls import include, path

from accounts.display import change_display
from config import health

urlpatterns = [
    path("", include("queries.urls")),
    path("", include("insurance.urls")),
    path("accounts/", include("accounts.urls")),
    path("family/", include("family.urls")),
    path("", include("claims.urls")),
    path("api/v1/", include("claims.api.urls")),
    path("display/", change_display, name="display"),
    path("healthz", health.healthz, name="healthz"),
    path("admin/", admin.site.urls),
]

handler400 = "config.errors.bad_request"
handler403 = "config.errors.permission_denied"
handler404 = "config.errors.page_not_found"
handler500 = "config.errors.server_error"
