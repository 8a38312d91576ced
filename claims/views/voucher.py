"""The code that a patient shows at a desk: sixty seconds, one use."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.privacy import mask_name
from claims import qr_code, vouchers
from family.decorators import ActingRequest, acting_for

GROUP = 4


@acting_for
@require_safe
def voucher(request: ActingRequest) -> HttpResponse:
    """Each look makes a new one: it is kept nowhere, so it can't be shown again. A guardian shows a child's."""
    if request.acting.is_helper:
        raise Http404
    code = vouchers.show(person=request.acting.owner)
    context = {
        "groups": [code[start : start + GROUP] for start in range(0, len(code), GROUP)],
        "picture": qr_code.draw(code),
        "seconds": int(vouchers.LIFETIME.total_seconds()),
        "name": mask_name(request.acting.owner.name),
        "acting": request.acting,
    }
    return render(request, "claims/voucher.html", context)
