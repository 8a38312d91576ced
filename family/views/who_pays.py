"""Who would pay a bill, payer by payer."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from family.forms.who_pays import BillForm
from family.views.asking import TOO_MANY_REQUESTS, ask
from family.views.requests import PersonRequest
from insurance.decorators import insured_person_required


@insured_person_required
@require_http_methods(["GET", "HEAD", "POST"])
def who_pays(request: PersonRequest) -> HttpResponse:
    """Asked with POST, which no link and no prefetching browser does: every question counts."""
    if request.method != "POST":
        return render(request, "family/who_pays.html", {"form": BillForm()})
    form = BillForm(request.POST)
    asked = form.is_valid()
    made = ask(request, form) if asked else None
    status = TOO_MANY_REQUESTS if asked and made is None else 200
    return render(request, "family/who_pays.html", {"form": form, "outcome": made}, status=status)
