"""The pages for when something went wrong.

Each says what happened, what it means for the money and what to do, with a time and a reference
that the hotline can find in the log. 403 and 404 wear the usual frame; 400, 500 and maintenance
stand alone and touch neither the database nor the session, which may be what is broken.
"""

import logging
import secrets
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.cache import add_never_cache_headers

from accounts.display import display_of

logger = logging.getLogger(__name__)

# Sent when not even the page of the error can be made, by a missing file for example.
LAST_RESORT = (
    '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>现在打不开 – 共济</title></head>'
    "<body><h1>现在打不开</h1><p>您的钱没有变化。请过几分钟再试，或拨打医保热线 12393。</p></body></html>"
)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return standalone(request, "400.html", status=400)


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _framed(request, "403.html", status=403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was open too long or came from elsewhere: going back and sending again mends it."""
    return _framed(request, "errors/stale_form.html", status=403)


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _framed(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    return standalone(request, "500.html", status=500)


def standalone(request: HttpRequest, template: str, *, status: int) -> HttpResponse:
    """Render without context processors, in the display and language of the visitor's cookies."""
    facts = _facts(request, status)
    try:
        with translation.override(translation.get_language_from_request(request)):
            context = {
                **facts,
                "display": display_of(request),
                "LANGUAGE_CODE": translation.get_language(),
            }
            content: str = render_to_string(template, context)
    except Exception:
        logger.exception("The page %s could not be made", template)
        content = LAST_RESORT
    response = HttpResponse(content, status=status)
    add_never_cache_headers(response)
    return response


def _framed(request: HttpRequest, template: str, *, status: int) -> HttpResponse:
    response = render(request, template, _facts(request, status), status=status)
    add_never_cache_headers(response)
    return response


def _facts(request: HttpRequest, status: int) -> dict[str, Any]:
    """Time and reference; eight digits, because people read them out on the telephone."""
    number = f"{secrets.randbelow(10**8):08d}"
    reference = f"{number[:4]}-{number[4:]}"
    logger.warning("Error page %s, reference %s, at %s", status, reference, request.path)
    return {"status": status, "reference": reference, "moment": timezone.now()}
