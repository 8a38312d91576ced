"""Who looked at the record, for the person it is about."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from insurance import looks
from insurance.decorators import insured_person_required
from insurance.views import keyset


@insured_person_required
@require_safe
def who_looked(request: HttpRequest) -> HttpResponse:
    before = keyset.before(request)
    found = looks.looks_at(request.insured_person, before=before)  # type: ignore[attr-defined]
    return render(request, "insurance/looks.html", {"looks": found, "is_first": before is None})
