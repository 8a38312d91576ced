"""How the pages look for this visitor: large type, high contrast, language.

All of it lives in cookies and in links, so that it works without an account, without JavaScript
and without a database.
"""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.cache import add_never_cache_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_safe

COOKIE_NAME = "__Host-display" if settings.PRODUCTION else "display"
# People who need large type need it next year too.
COOKIE_SECONDS = 365 * 24 * 60 * 60
MODES = ("elder", "contrast")


@dataclass(frozen=True)
class Display:
    """What base.html needs to know; reads cookies and the address, never the database."""

    elder: bool
    contrast: bool
    section: str
    is_demo: bool
    idle_seconds: int
    idle_left_seconds: int
    idle_warning_seconds: int

    @property
    def html_class(self) -> str:
        return " ".join(mode for mode in MODES if getattr(self, mode))

    @property
    def idle_minutes(self) -> int:
        return self.idle_seconds // 60


def display_of(request: HttpRequest) -> Display:
    """The display of this request; the section is the first part of its path."""
    modes = chosen_modes(request)
    return Display(
        elder="elder" in modes,
        contrast="contrast" in modes,
        section=request.path.strip("/").partition("/")[0],
        is_demo=not settings.PRODUCTION,
        idle_seconds=settings.IDLE_SECONDS,
        # The server writes down the last visit once a minute, so its own count can be the shorter one.
        idle_left_seconds=getattr(request, "idle_left_seconds", settings.IDLE_SECONDS),
        idle_warning_seconds=settings.IDLE_WARNING_SECONDS,
    )


def display(request: HttpRequest) -> dict[str, Any]:
    """Context processor."""
    return {"display": display_of(request)}


def chosen_modes(request: HttpRequest) -> frozenset[str]:
    """The modes in the cookie; whatever else it holds is ignored."""
    return frozenset(request.COOKIES.get(COOKIE_NAME, "").split(".")) & frozenset(MODES)


def local_path(text: str, default: str = "/") -> str:
    """`text` if it is a path on this site, else `default`.

    Browsers drop tabs and line breaks from an address and read a backslash as a slash, so these
    are refused before Django's own check of host and scheme.
    """
    if not text.startswith("/") or "\\" in text or min(text) < " ":
        return default
    return text if url_has_allowed_host_and_scheme(text, allowed_hosts=None) else default


@login_not_required
@require_safe
def change_display(request: HttpRequest) -> HttpResponse:
    """Set the modes and the language asked for, and go back to the page the visitor was on."""
    response = HttpResponseRedirect(local_path(request.GET.get("next", "")))
    modes = set(chosen_modes(request))
    for mode in MODES:
        if request.GET.get(mode) == "on":
            modes.add(mode)
        elif request.GET.get(mode) == "off":
            modes.discard(mode)
    if set(MODES) & set(request.GET):
        _remember(response, COOKIE_NAME, ".".join(sorted(modes)))
    language = request.GET.get("language")
    if language in dict(settings.LANGUAGES):
        _remember(response, settings.LANGUAGE_COOKIE_NAME, language)
    add_never_cache_headers(response)
    return response


def _remember(response: HttpResponse, name: str, value: str) -> None:
    response.set_cookie(
        name,
        value,
        max_age=COOKIE_SECONDS,
        path="/",
        secure=settings.PRODUCTION,
        httponly=True,
        samesite="Lax",
    )
