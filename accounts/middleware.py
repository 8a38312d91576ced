"""Headers of every response, and the end of a session that nobody uses."""

from collections.abc import Callable
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import CsrfViewMiddleware
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers

from accounts import drafts, sessions
from accounts.display import local_path
from accounts.models import SignIn

Handler = Callable[[HttpRequest], HttpResponse]

# A page view costs no write of the session more often than this.
SAVE_EVERY_SECONDS = 60
# What browsers offer to pages and none of ours uses.
FEATURES = (
    *("accelerometer", "autoplay", "browsing-topics", "camera", "display-capture"),
    *("encrypted-media", "fullscreen", "geolocation", "gyroscope", "hid", "magnetometer"),
    *("microphone", "midi", "payment", "picture-in-picture", "publickey-credentials-get"),
    *("screen-wake-lock", "serial", "usb", "xr-spatial-tracking"),
)
# Django's own middleware sets some of these too, but not on the pages of errors that it raises itself.
HEADERS = {
    "Permissions-Policy": ", ".join(f"{feature}=()" for feature in FEATURES),
    "X-Permitted-Cross-Domain-Policies": "none",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Origin-Agent-Cluster": "?1",
}
# Not "cookies": that would take away large type, language and the known device, which protects its owner from being
# locked out. The session's own cookies are deleted by name.
CLEARED_AT_SIGN_OUT = '"cache", "storage"'

# Whoever asks for one of these after the end gets it: leading from here to "session ended" would lead in a circle.
DOOR = ("sign-in", "signed-out", "session-ended")


def security_headers(get_response: Handler) -> Handler:
    """Outermost: whatever is answered, static files and errors included, carries these."""
    hsts = f"max-age={settings.SECURE_HSTS_SECONDS}; includeSubDomains; preload"

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if settings.SECURE_HSTS_SECONDS and request.is_secure():
            response.headers.setdefault("Strict-Transport-Security", hsts)
        if getattr(request, "has_signed_out", False):
            response.headers["Clear-Site-Data"] = CLEARED_AT_SIGN_OUT
        sessions.write_device_cookie(request, response)
        return response

    return middleware


def idle_session(get_response: Handler) -> Handler:
    """End a session after 15 minutes without a request or 8 hours in all, measured here and not in the browser.

    What was being sent is kept as a draft. `request.idle_left_seconds` tells the page when the server will end it. Pages
    for signed-in people and pages with a form are never stored by a browser or a proxy.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        was_signed_in = sessions.holds_a_login(request)
        if was_signed_in and request.user.is_authenticated:
            now = timezone.now().timestamp()
            if not sessions.is_over(request, now):
                _mark_seen(request, now)
            elif not _is_at_the_door(request):
                return _ended(request, get_response)
        response = get_response(request)
        if (
            was_signed_in
            or sessions.holds_a_login(request)
            or request.META.get("CSRF_COOKIE_NEEDS_UPDATE")
        ):
            add_never_cache_headers(response)
        return response

    return middleware


def _mark_seen(request: HttpRequest, now: float) -> None:
    """A form is a write anyway, and the button "still here" must count to the second."""
    since = now - request.session.get(sessions.SEEN, 0)
    if since >= SAVE_EVERY_SECONDS or request.method == "POST":
        sessions.mark_seen(request, now)
    left = settings.IDLE_SECONDS - (now - request.session[sessions.SEEN])
    request.idle_left_seconds = min(settings.IDLE_SECONDS, max(0, int(left)))  # type: ignore[attr-defined]


def _is_at_the_door(request: HttpRequest) -> bool:
    """Pages that one leaves or enters by work late too: signing out clears the browser, and the others end the session."""
    if request.path == reverse("accounts:sign-out"):
        return True
    if request.path in {reverse(f"accounts:{name}") for name in DOOR}:
        sessions.sign_out(request, ended_by=SignIn.End.IDLE)
        return True
    return False


def _ended(request: HttpRequest, get_response: Handler) -> HttpResponse:
    _keep_draft(request, get_response)
    back = _page_of(request)
    sessions.sign_out(request, ended_by=SignIn.End.IDLE)
    query = urlencode({"next": back})
    response = HttpResponseRedirect(f"{reverse('accounts:session-ended')}?{query}")
    add_never_cache_headers(response)
    return response


class _CsrfCheck(CsrfViewMiddleware):
    """Django's own check, asked before its turn; what it refuses is only not kept, so no page is made of it."""

    def _reject(self, request: HttpRequest, reason: str) -> HttpResponse:
        return HttpResponse(status=403)


def _keep_draft(request: HttpRequest, get_response: Handler) -> None:
    """Only what our own page sent: another site must not be able to write somebody's draft."""
    if request.method != "POST":
        return
    if _CsrfCheck(get_response).process_view(request, get_response, (), {}) is None:
        drafts.keep(
            user=request.user,  # type: ignore[arg-type]
            form_key=request.path,
            data=drafts.typed(request.POST),
        )


def _page_of(request: HttpRequest) -> str:
    """Where to go on: this page, or for a button the page it stood on, which can be opened again."""
    if request.method in {"GET", "HEAD"}:
        return local_path(request.get_full_path())
    parts = urlsplit(request.META.get("HTTP_REFERER", ""))
    if parts.netloc != request.get_host():
        return local_path(request.path)
    return local_path(parts._replace(scheme="", netloc="", fragment="").geturl(), request.path)
