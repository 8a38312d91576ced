"""A settlement for the patient, payer by payer; for somebody else who paid, the own part of it."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from claims.selectors import families
from family.decorators import ActingRequest, acting_for


@acting_for
@require_safe
def settlement(request: ActingRequest, reference: str) -> HttpResponse:
    """Found by the number of a refund too. A guardian sees a child's; whoever only helps with family aid sees none."""
    owner = request.acting.owner
    if request.acting.is_helper:
        raise Http404
    kept = families.reference_of(reference, person_id=owner.pk)
    if not kept:
        raise Http404
    if kept != reference:
        return redirect(reverse("claims:settlement", args=[kept]) + request.acting.query)
    found = families.as_patient(kept, person_id=owner.pk)
    if found is not None:
        return render(request, "claims/settlement.html", {"found": found, "acting": request.acting})
    given = families.as_giver(kept, person_id=owner.pk)
    if given is None:
        raise Http404
    return render(
        request, "claims/settlement_given.html", {"found": given, "acting": request.acting}
    )
