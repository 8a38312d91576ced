"""The inbox. Reading changes nothing by itself: a button says that something was read."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from insurance import inbox, notices
from insurance.decorators import insured_person_required
from insurance.models import InsuredPerson, Notice
from insurance.views import keyset


class OwnRequest(HttpRequest):
    """After `insured_person_required`."""

    insured_person: InsuredPerson


@insured_person_required
@require_safe
def show(request: OwnRequest) -> HttpResponse:
    before = keyset.before(request)
    found = {
        "inbox": inbox.page(request.insured_person.pk, before=before),
        "unread": request.insured_person.unread_notices,  # type: ignore[attr-defined]
        "is_first": before is None,
        "here": f"?before={before}" if before is not None else "",
    }
    return render(request, "insurance/notices.html", found)


@insured_person_required
@require_POST
def read(request: OwnRequest, reference: uuid.UUID) -> HttpResponse:
    own = Notice.objects.of(request.insured_person.pk)
    notices.mark_read(notice=get_object_or_404(own, reference=reference))
    return _back(request)


@insured_person_required
@require_POST
def read_all(request: OwnRequest) -> HttpResponse:
    newest = keyset.row_number(request.POST.get("newest", ""))
    if newest is not None and notices.mark_all_read(person=request.insured_person, up_to=newest):
        messages.success(request, _("都标为已读了。"))
    return _back(request)


def _back(request: HttpRequest) -> HttpResponse:
    before = keyset.before(request)
    address = reverse("insurance:notices")
    return redirect(address if before is None else f"{address}?before={before}")
