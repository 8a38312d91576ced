"""Monthly credits, a year a page, and why nothing came in the latest months."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from insurance.decorators import insured_person_required
from insurance.holdings import holdings
from insurance.standing import standing
from queries.forms import YearForm
from queries.selectors import credits as selectors
from queries.selectors import diagnosis
from queries.views.requests import ReaderRequest


@insured_person_required
@require_safe
def credits(request: ReaderRequest) -> HttpResponse:
    person_id, today = request.insured_person.pk, timezone.localdate()
    where, held = standing(person_id), holdings(person_id)
    years = selectors.years_of(where, today)
    form = YearForm(request.GET, years=years)
    found = selectors.credit_year(
        person_id=person_id,
        account_ids=[line.id for line in held.all],
        where=where,
        year=form.cleaned_data["year"] if form.is_valid() else years[-1],
        today=today,
    )
    context = {
        "form": form,
        "found": found,
        "latest": (
            diagnosis.latest(person=request.insured_person, where=where, held=held, today=today)
            if found.newer is None
            else ()
        ),
        "newer_url": found.newer and f"?year={found.newer}",
        "older_url": found.older and f"?year={found.older}",
    }
    return render(request, "queries/credits.html", context)
