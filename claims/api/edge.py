"""What goes in and out of the interface, whoever answers: ninja, a page of errors, or the maintenance page."""

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse

from claims.api.problems import BY_STATUS, CONTENT_TYPE, Code, Problem

PREFIX = "/api/"
# A bill with a proxy is half a kilobyte; a name of a hundred rare characters, escaped, one more.
MOST_BYTES = 16 * 1024

Handler = Callable[[HttpRequest], HttpResponse]


def machines(get_response: Handler) -> Handler:
    """Middleware, outside the sessions: no cookie comes in or goes out, no answer is stored, every refusal is a problem.

    A body too large is refused before it is read to its end.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(PREFIX):
            return get_response(request)
        request.COOKIES = {}
        if _is_too_large(request):
            response = Problem(Code.BODY_TOO_LARGE).response()
        else:
            response = get_response(request)
            _say_it_in_json(response)
        response.cookies.clear()
        response["Cache-Control"] = "no-store"
        return response

    return middleware


def _is_too_large(request: HttpRequest) -> bool:
    """In chunks a body has no length, and Django takes it for empty: it is read here, where the server says that it ends."""
    if request.META.get("HTTP_TRANSFER_ENCODING") and request.META.get("wsgi.input_terminated"):
        body: bytes = request.META["wsgi.input"].read(MOST_BYTES + 1)
        # Where Django keeps a body once it was read.
        request._body = body
        return len(body) > MOST_BYTES
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0) > MOST_BYTES
    except ValueError:
        return False


def _say_it_in_json(response: HttpResponse) -> None:
    """In place of a page: the headers stay, such as those that say when to come again or which methods there are."""
    if response.status_code < HTTPStatus.BAD_REQUEST or response["Content-Type"] == CONTENT_TYPE:
        return
    code = BY_STATUS.get(response.status_code, Code.INTERNAL)
    response.content = Problem(code).text().encode()
    response["Content-Type"] = CONTENT_TYPE
    response["Content-Length"] = str(len(response.content))
    del response["Content-Language"]
