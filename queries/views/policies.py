"""The rules of each area, open to everybody."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from queries.selectors import policies as selectors
from queries.views.public import public_page


@public_page
def policies(request: HttpRequest) -> HttpResponse:
    return render(request, "queries/policies.html", {"provinces": selectors.provinces()})


@public_page
def policy_area(request: HttpRequest, code: str) -> HttpResponse:
    rules = selectors.area_rules(code, today=timezone.localdate())
    if rules is None:
        raise Http404
    return render(request, "queries/policy_area.html", {"rules": rules})
