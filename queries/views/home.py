"""The page after sign-in."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.privacy import mask_name
from insurance.decorators import insured_person_required
from queries.selectors import home as selectors
from queries.views.requests import ReaderRequest


@insured_person_required
@require_safe
def home(request: ReaderRequest) -> HttpResponse:
    person = request.insured_person
    found = selectors.home(
        person_id=person.pk,
        has_phone=bool(person.phone),
        unread=person.unread_notices,  # type: ignore[attr-defined]
        today=timezone.localdate(),
    )
    return render(request, "queries/home.html", {"home": found, "name": mask_name(person.name)})
