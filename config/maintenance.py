"""One page for everybody while the site is being looked after."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from config.errors import standalone

# When a browser or a crawler may ask again; maintenance is announced in steps of this length.
RETRY_AFTER_SECONDS = 15 * 60
# The load balancer must still see which processes live.
STILL_ANSWERED = ("/healthz",)

Handler = Callable[[HttpRequest], HttpResponse]


def maintenance_page(get_response: Handler) -> Handler:
    """Middleware: 503 with Retry-After on every address while settings.MAINTENANCE is on."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if not settings.MAINTENANCE or request.path in STILL_ANSWERED:
            return get_response(request)
        response = standalone(request, "errors/maintenance.html", status=503)
        response["Retry-After"] = str(RETRY_AFTER_SECONDS)
        return response

    return middleware
