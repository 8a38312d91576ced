"""What a load balancer asks: is this process up, and does it reach its database? And what a monitor asks: is the money right?"""

import logging

from django.contrib.auth.decorators import login_not_required
from django.db import Error, connection
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from claims import verifications

logger = logging.getLogger(__name__)


@login_not_required
@require_safe
@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    """200 when the database answers, 503 when it does not; the body never says why.

    `ledger` is the newest verification: clean, broken, stale or never. It changes no status: a site that is taken off shows nobody
    what is wrong, and a wrong row is no reason that no other is served. Whoever watches the site wakes somebody by the word.
    """
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        ledger = verifications.standing(now=timezone.now())
    except Error as error:
        logger.error("The database does not answer: %s", type(error).__name__)
        return JsonResponse({"status": "unavailable"}, status=503)
    return JsonResponse({"status": "ok", "ledger": ledger})
