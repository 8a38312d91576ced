"""What the other side of a binding can see of me."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.privacy import mask_name
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
    own = Binding.objects.of(person_id).select_related("giver", "beneficiary")
    binding = get_object_or_404(own, reference=reference)
    gives = binding.side_of(person_id) == Side.GIVER
    # Whoever has not confirmed is nobody yet, also where the number typed is somebody's.
    other = binding.beneficiary if gives else binding.giver
    context: dict[str, object] = {
        "binding": binding,
        "other": mask_name(other.name) if other else "",
    }
    if gives:
        now = timezone.now()
        found = selectors.giver(binding, day=timezone.localdate(now), now=now)
        context |= {"giver": found, "use_name": OPTIONS[found.use]}
    else:
        context |= {"beneficiary": selectors.beneficiary(binding)}
    return render(request, "family/seen.html", context)
