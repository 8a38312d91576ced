"""May the account pay this: a form and its answer, both in the address. Open to everybody.

Large type asks first what kind of thing it is, so that no page has more than four choices.
"""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst

from accounts.display import display_of
from insurance.policy_words import OPTIONS
from queries.checker_forms import USE_GROUPS, DayForm, SpendingForm, UseGroupForm, group_of
from queries.selectors import spending as selectors
from queries.views.public import public_page
from queries.views.withdrawal import own_area

# What the form is made of; without any of them nothing was asked yet.
FIELDS = ("use", "person", "designated", "area")
EDIT, ABOUT, ASK, ANSWERED = "edit", "about", "ask", "answered"


@public_page
def check(request: HttpRequest) -> HttpResponse:
    given = {name: request.GET[name] for name in FIELDS if name in request.GET}
    among = _among(request, given) if display_of(request).elder else None
    if among is not None and (not among or ASK in request.GET):
        return _ask_about(request, given, among)
    if ANSWERED in request.GET:
        form = SpendingForm(own_area=own_area(request), among=among or "", kept=given)
        return _questions(request, form, given, among)
    form = SpendingForm(
        given or None, own_area="" if given else own_area(request), among=among or ""
    )
    if not given or EDIT in request.GET or not form.is_valid():
        return _questions(request, form, given, among)
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


def _among(request: HttpRequest, given: dict[str, str]) -> str:
    """The group that was chosen, or that of the use that was; "" before either."""
    asked = request.GET.get(ABOUT, "")
    return asked if asked in USE_GROUPS else group_of(given.get("use", ""))


def _ask_about(request: HttpRequest, given: dict[str, str], among: str) -> HttpResponse:
    form = UseGroupForm(request.GET if ANSWERED in request.GET else None, about=among)
    context = {"form": form, "kept": given | {ANSWERED: ABOUT}}
    return render(request, "queries/spending_about.html", context)


def _questions(
    request: HttpRequest, form: SpendingForm, given: dict[str, str], among: str | None
) -> HttpResponse:
    """`among` None where all the uses are on the page."""
    chosen = USE_GROUPS.get(request.GET.get(ABOUT, ""))
    context: dict[str, object] = {"form": form, "group": chosen[0] if chosen else ""}
    if among is not None:
        back = urlencode(given | {ABOUT: among, ASK: ABOUT})
        context |= {"among": among, "back_url": f"{reverse('queries:spending-check')}?{back}"}
    return render(request, "queries/spending_check.html", context)


def _edit(request: HttpRequest) -> str:
    query = request.GET.copy()
    query[EDIT] = "1"
    return query.urlencode()
