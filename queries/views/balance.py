"""What there is, what of it can be used, and why if nothing."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from insurance.decorators import insured_person_required
from queries.selectors import balance as selectors
from queries.views.requests import ReaderRequest


@insured_person_required
@require_safe
def balance(request: ReaderRequest) -> HttpResponse:
    person = request.insured_person
    found = selectors.balance(person_id=person.pk, today=timezone.localdate())
    return render(request, "queries/balance.html", {"balance": found, "held": found.held})
