"""The rules of each area, open to everybody: on any day, and what changed between two."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from insurance.places import provinces
from queries.forms import ChangesForm, DayForm
from queries.selectors import policies as selectors
from queries.selectors import policy_changes as changes_selectors
from queries.views.public import public_page


@public_page
def policies(request: HttpRequest) -> HttpResponse:
    return render(request, "queries/policies.html", {"provinces": provinces()})


@public_page
def policy_area(request: HttpRequest, code: str) -> HttpResponse:
    today = timezone.localdate()
    form = DayForm(request.GET or None)
    chosen = form.cleaned_data["on"] if form.is_valid() else None
    rules = selectors.area_rules(code, today=chosen or today)
    if rules is None:
        raise Http404
    context = {"rules": rules, "form": form, "today": today}
    return render(request, "queries/policy_area.html", context)


@public_page
def policy_changes(request: HttpRequest, code: str) -> HttpResponse:
    name = changes_selectors.name(code)
    if name is None:
        raise Http404
    form = ChangesForm(request.GET or None)
    found = None
    if form.is_valid():
        days = form.cleaned_data
        found = changes_selectors.changes(code, area=name, first=days["from"], last=days["to"])
    context = {"code": code, "name": name, "form": form, "found": found}
    return render(request, "queries/policy_changes.html", context)
