"""Can the money be taken out: one question a page, answers in the address, then the result. Open to everybody."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts.models import User
from insurance.areas import NATION
from insurance.policy_words import OPTIONS
from queries.checker_forms import DayForm, QuestionForm
from queries.selectors import withdrawal as selectors
from queries.selectors.withdrawal import ABOUT, APPLICANT, AREA, QUESTIONS, Answers, Result
from queries.views.public import public_page

# Names in the address: which question was just answered, which one to show again, the day of the rules.
ANSWERED, ASK, ON = "answered", "ask", "on"


@public_page
def check(request: HttpRequest) -> HttpResponse:
    found = _answers(request)
    asked, answered = request.GET.get(ASK, ""), request.GET.get(ANSWERED, "")
    question = selectors.open_question(found, on=_day_form(request).day)
    reachable = _reachable(found, question)
    if answered in reachable:
        form = QuestionForm(answered, found, request.GET)
        if not form.is_valid():
            return _question(request, found, form)
    if not answered and asked in reachable:
        question = asked
    elif answered or not question:
        name = "queries:withdrawal-check" if question else "queries:withdrawal-result"
        return redirect(_url(name, found.given() | _typed_day(request)))
    return _question(request, found, QuestionForm(question, found))


@public_page
def result(request: HttpRequest) -> HttpResponse:
    answers = _answers(request)
    form = _day_form(request)
    found = selectors.result(answers, on=form.day)
    if found is None:
        return redirect(_url("queries:withdrawal-check", answers.given() | _typed_day(request)))
    context = {
        "form": form,
        "found": found,
        "decision": found.decision,
        "kept": answers.given(),
        "rows": _rows(request, answers, found),
        "again": reverse("queries:withdrawal-check"),
    }
    return render(request, "queries/withdrawal_result.html", context)


def own_area(request: HttpRequest) -> str:
    """Where a signed-in citizen is insured; "" for everybody else."""
    user = request.user
    if isinstance(user, User) and user.is_citizen:
        return selectors.own_area(user, today=_today())
    return ""


def _answers(request: HttpRequest) -> Answers:
    given = request.GET.dict()
    found = selectors.answers(given)
    return found if found.area else selectors.answers(given, own_area=own_area(request))


def _question(request: HttpRequest, found: Answers, form: QuestionForm) -> HttpResponse:
    question, path = form.question, selectors.path(found)
    before = {name: value for name, value in found.given().items() if name != question}
    context: dict[str, Any] = {
        "form": form,
        "kept": before | _typed_day(request),
        "question": question,
        # A place that is asked for though it changes little has no number.
        "number": path.index(question) + 1 if question in path else None,
        "most": len(QUESTIONS),
        "back_url": _back(request, found, question),
    }
    return render(request, "queries/withdrawal_check.html", context)


def _back(request: HttpRequest, found: Answers, question: str) -> str:
    path, kept = selectors.path(found), found.given() | _typed_day(request)
    if question not in path:
        return _url("queries:withdrawal-result", kept)
    if question == path[0]:
        return reverse("queries:start")
    return _url("queries:withdrawal-check", kept | {ASK: path[path.index(question) - 1]})


def _reachable(found: Answers, question: str) -> set[str]:
    """What can be asked now: everything up to the question that is open, and the place where it is not needed."""
    path = selectors.path(found)
    known = path[: path.index(question) + 1] if question else path
    anywhere = found.situation is not None and found.situation.area == NATION
    return {*known, *([AREA] if anywhere else [])}


def _rows(request: HttpRequest, answers: Answers, found: Result) -> list[dict[str, str]]:
    """The answers, each with its way back; the group is told by the situation in it."""
    place = found.decision.area_code

    def row(label: str, value: object, question: str) -> dict[str, str]:
        again = answers.given() | _typed_day(request) | {ASK: question}
        url = _url("queries:withdrawal-check", again)
        return {"label": label, "value": capfirst(str(value)), "change_url": url}

    rows = [
        row(_("情况"), found.situation.label, ABOUT),
        row(_("参保地"), found.decision.area, AREA),
    ]
    if place == NATION:
        rows[1]["value"] = _("没有选，按全国的规定回答")
    elif place != answers.area:
        # The situation is that of one place alone.
        rows[1]["change_url"] = ""
    if answers.applicant:
        rows.append(row(_("谁去办"), OPTIONS[answers.applicant], APPLICANT))
    return rows


def _day_form(request: HttpRequest) -> DayForm:
    return DayForm(request.GET, today=_today())


def _typed_day(request: HttpRequest) -> dict[str, str]:
    """A day that was asked for stays while answers change."""
    typed = request.GET.get(ON, "")
    return {ON: typed} if typed else {}


def _today() -> date:
    return timezone.localdate()


def _url(name: str, query: dict[str, str]) -> str:
    return f"{reverse(name)}?{urlencode(query)}" if query else reverse(name)
