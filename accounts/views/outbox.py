"""The short messages of development, so that the demo works without a phone. In production there is no such page."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts import privacy
from accounts.models import SmsMessage

SHOWN = 30


@login_not_required
@never_cache
@require_safe
def outbox(request: HttpRequest) -> HttpResponse:
    if settings.PRODUCTION:
        raise Http404
    rows = SmsMessage.objects.exclude(state=SmsMessage.State.DECOY)[:SHOWN]
    letters = [
        {
            "phone": privacy.mask_phone(row.phone),
            "body": row.body,
            "at": row.created_at,
            "state": row.get_state_display(),
        }
        for row in rows
    ]
    return render(request, "accounts/outbox.html", {"letters": letters})
