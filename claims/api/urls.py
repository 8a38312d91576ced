"""Every address of the interface. None asks for a session: each operation asks for a key."""

from typing import Any, cast

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from claims.api.interface import api
from claims.api.problems import Code, Problem

app_name = "api"


@login_not_required
@csrf_exempt
def nothing_here(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    """In the words of the interface, and not the page that people get."""
    return Problem(Code.NOT_FOUND).response()


def _for_machines(pattern: URLPattern) -> URLPattern:
    """Ninja's root would say where its pages are; ours has none. The description takes every method, and should not."""
    view = pattern.callback
    if pattern.name == "api-root":
        view = nothing_here
    elif pattern.name == "openapi-json":
        view = require_safe(view)
    return URLPattern(pattern.pattern, login_not_required(view), pattern.default_args, pattern.name)


urlpatterns = [
    *(_for_machines(cast(URLPattern, one)) for one in api.urls[0]),
    path("<path:rest>", nothing_here, name="nothing-here"),
]
