"""What the other side of a binding can see of me."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from family.models import Binding
from family.moves import Side
from family.selectors import seen as selectors
from family.views.requests import PersonRequest
from insurance.decorators import insured_person_required
from insurance.policy_words import OPTIONS


@insured_person_required
@require_safe
def seen(request: PersonRequest, reference: str) -> HttpResponse:
    """A live preview for either side."""
    person_id = request.insured_person.pk
    own = Binding.objects.of(person_id).select_related("beneficiary")
    binding = get_object_or_404(own, reference=reference)
    context: dict[str, object] = {"binding": binding}
    if binding.side_of(person_id) == Side.GIVER:
        now = timezone.now()
        found = selectors.giver(binding, day=timezone.localdate(now), now=now)
        context |= {"giver": found, "use_name": OPTIONS[found.use]}
    else:
        context |= {"beneficiary": selectors.beneficiary(binding)}
    return render(request, "family/seen.html", context)
