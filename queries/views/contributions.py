"""Contribution months as a timeline, what is needed and missing, and what paying on would change."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from insurance.decorators import insured_person_required
from insurance.periods import Month
from insurance.standing import standing
from queries.forms import PlanForm
from queries.selectors import contributions as selectors
from queries.selectors import years
from queries.views.requests import ReaderRequest


@insured_person_required
@require_safe
def contributions(request: ReaderRequest) -> HttpResponse:
    person, today = request.insured_person, timezone.localdate()
    rows = selectors.read_periods(person.pk)
    found = selectors.of_rows(rows)
    if not found.years:
        return render(request, "queries/contributions.html", {"found": found})
    where = standing(person.pk)
    own = years.career(person=person, rows=rows, found=found, where=where, today=today)
    places = years.places()
    form = PlanForm(
        request.GET or None,
        areas=[(one.code, one.name) for one in places],
        this_month=Month.containing(today),
    )
    plan = years.Plan(**form.cleaned_data) if form.is_valid() else years.Plan()
    context = {
        "found": found,
        "own": own,
        "retired": years.is_retired(where, today),
        "needed": years.needed(own),
        "form": form,
        "planned": years.planned(own, plan, places),
    }
    return render(request, "queries/contributions.html", context)
