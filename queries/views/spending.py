"""May the account pay this: a form and its answer, both in the address. Open to everybody."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst

from insurance.policy_words import OPTIONS
from queries.checker_forms import DayForm, SpendingForm
from queries.selectors import spending as selectors
from queries.views.public import public_page
from queries.views.withdrawal import own_area

# What the form is made of; without any of them nothing was asked yet.
FIELDS = ("use", "person", "designated", "area")
EDIT = "edit"


@public_page
def check(request: HttpRequest) -> HttpResponse:
    given = {name: request.GET[name] for name in FIELDS if name in request.GET}
    form = SpendingForm(given or None, own_area="" if given else own_area(request))
    if not given or EDIT in request.GET or not form.is_valid():
        return render(request, "queries/spending_check.html", {"form": form})
    day_form = DayForm(request.GET, today=timezone.localdate())
    facts, area = form.facts, form.cleaned_data["area"]
    context = {
        "form": day_form,
        "decision": selectors.answer(facts, area=area, on=day_form.day),
        "use_name": capfirst(str(OPTIONS[facts.use])),
        "kept": given,
        "again": f"{reverse('queries:spending-check')}?{_edit(request)}",
    }
    return render(request, "queries/spending_result.html", context)


def _edit(request: HttpRequest) -> str:
    query = request.GET.copy()
    query[EDIT] = "1"
    return query.urlencode()
