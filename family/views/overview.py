"""Who may use my money, whose I may use, and what waits."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from family import changing
from family.decorators import ActingRequest, acting_for, pressed
from family.selectors import summary


@acting_for
@require_safe
def overview(request: ActingRequest) -> HttpResponse:
    acting = request.acting
    found = summary.overview(
        acting.owner,
        timezone.localdate(),
        alone=acting.is_for_other,
        reviews=not acting.is_helper,
    )
    return render(request, "family/overview.html", {"found": found, "acting": acting})


@acting_for
@require_POST
def pause_all(request: ActingRequest) -> HttpResponse:
    """At once, without a question: whoever hesitates here loses money."""
    count = changing.pause_all(person=request.acting.owner, **pressed(request))
    messages.success(
        request,
        ngettext(
            "已经全部暂停，共 %(count)d 位。从现在起不再从这个账户给家人付钱。",
            "已经全部暂停，共 %(count)d 位。从现在起不再从这个账户给家人付钱。",
            count,
        )
        % {"count": count},
    )
    return redirect(reverse("family:overview") + request.acting.query)
