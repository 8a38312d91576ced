"""Contribution months as a timeline."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from insurance.decorators import insured_person_required
from queries.selectors import contributions as selectors
from queries.selectors.standing import standing
from queries.views.requests import ReaderRequest


@insured_person_required
@require_safe
def contributions(request: ReaderRequest) -> HttpResponse:
    person_id = request.insured_person.pk
    context = {
        "found": selectors.contributions(person_id=person_id),
        "area": standing(person_id).enrolment_on(timezone.localdate()),
    }
    return render(request, "queries/contributions.html", context)
