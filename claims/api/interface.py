"""The interface as a whole: its operations, and what becomes of what they raise."""

from collections.abc import Sequence
from itertools import takewhile
from typing import Any

from django.http import HttpRequest, HttpResponse, UnreadablePostError
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.parser import Parser

from claims.api import answering, charging, looking, strict_json
from claims.api.bodies import BillIn, ProxyIn, ReversalIn
from claims.api.describing import Described
from claims.api.guard import Keyed
from claims.api.problems import Code, Problem
from claims.keyed import Conflict
from claims.refusals import Refused

# What a body may be called; a charset other than UTF-8 is found out when it is read.
JSON = "application/json"
# A request that is wrong everywhere needs no longer list.
MOST_ERRORS = 20
NAMES = frozenset(name for model in (BillIn, ProxyIn, ReversalIn) for name in model.model_fields)


class StrictParser(Parser):
    """Raises `Problem`, which ninja wraps in its own error."""

    def parse_body(self, request: HttpRequest) -> Any:
        if request.content_type != JSON:
            raise Problem(Code.NOT_JSON)
        try:
            return strict_json.loads(request.body)
        except strict_json.NotStrict:
            raise Problem(Code.BODY_UNREADABLE) from None


api = Described(
    title="共济定点机构接口 Gongji provider interface",
    version="1.0.0",
    description="Quotes, settlements, holds, reversals and daily reconciliation. All sums are whole fen.",
    docs_url=None,
    urls_namespace="api",
    parser=StrictParser(),
)
api.add_router("", charging.router)
api.add_router("", looking.router)


@api.exception_handler(Problem)
def _problem(request: HttpRequest, error: Problem) -> HttpResponse:
    return error.response()


@api.exception_handler(Refused)
def _refused(request: Keyed, error: Refused) -> HttpResponse:
    return answering.problem_of(error, request.auth.provider).response()


@api.exception_handler(Conflict)
def _conflict(request: HttpRequest, error: Conflict) -> HttpResponse:
    return Problem(Code.IDEMPOTENCY_KEY_REUSED).response()


@api.exception_handler(AuthenticationError)
def _stranger(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    return Problem(Code.KEY_NOT_ACCEPTED).response()


@api.exception_handler(UnreadablePostError)
def _broken_off(request: HttpRequest, error: UnreadablePostError) -> HttpResponse:
    return Problem(Code.BODY_UNREADABLE).response()


@api.exception_handler(HttpError)
def _unreadable(request: HttpRequest, error: HttpError) -> HttpResponse:
    """Ninja's own word for whatever the parser raised."""
    cause = error.__cause__
    return (cause if isinstance(cause, Problem) else Problem(Code.BODY_UNREADABLE)).response()


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    if any(one["loc"][0] == "header" for one in error.errors):
        return Problem(Code.IDEMPOTENCY_KEY_NEEDED).response()
    found = dict.fromkeys((_field(one["loc"]), str(one["type"])) for one in error.errors)
    errors = [{"field": field, "reason": reason} for field, reason in found]
    return Problem(Code.BODY_INVALID, errors=errors[:MOST_ERRORS]).response()


def _field(place: Sequence[str | int]) -> str:
    """As far as the names are ours: what somebody else called a field may be somebody's number. "" is the body itself."""
    return ".".join(takewhile(NAMES.__contains__, map(str, place[2:])))
