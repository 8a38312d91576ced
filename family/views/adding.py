"""Adding a relative: a start page, seven questions, what stands between them, the check, and off it goes."""

from datetime import date

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.display import display_of
from accounts.views.door import own_form
from family import adding, bindings, check_view
from family.adding import Answers, Kept, Place, Step
from family.decorators import ActingRequest, acting_for, pressed
from family.eligibility import Check
from family.forms.adding import RelationForm, SideForm, StepForm
from family.moves import Side
from family.reasons import Code
from family.records import AgeGroup
from family.views import adding_pages as pages
from insurance.decision_view import DecisionView
from insurance.rules.decision import NO

# What stands between two questions.
PRECHECK, CHILD = "precheck", "child"
# After these answers it may turn out that it can't be done.
TELLING = (Step.SIDE, Step.RELATION, Step.INSURED, Step.WHO)


@own_form
@acting_for
def add(request: ActingRequest) -> HttpResponse:
    asked = request.GET.get(pages.STEP_KEY, "")
    found = adding.kept(_place(request))
    if asked not in (PRECHECK, CHILD, *Step):
        if request.method == "POST":
            adding.begin(_place(request))
            return redirect(pages.url(request, Step.SIDE))
        return _start(request, found)
    if found is None:
        return _again(request)
    if found.reference:
        return redirect(pages.receipt_url(request, found.reference))
    if asked == PRECHECK:
        return _precheck(request, found.answers)
    if asked == CHILD:
        return _child(request, found.answers)
    return _question(request, Step(asked), found.answers)


def _start(request: ActingRequest, found: Kept | None) -> HttpResponse:
    """Also for whoever has gone away half-way."""
    onward = ""
    if found and found.answers.done and not found.reference:
        onward = _onward(request, found.answers)
    context = {"acting": request.acting, "onward": onward, "action": pages.start_url(request)}
    return render(request, "family/add_start.html", context)


@own_form
@acting_for
def check(request: ActingRequest) -> HttpResponse:
    if request.method == "POST":
        return _send(request)
    found = adding.kept(_place(request))
    if found is None:
        return _again(request)
    if found.reference:
        return redirect(pages.receipt_url(request, found.reference))
    if found.answers.open_step:
        return redirect(pages.url(request, found.answers.open_step))
    answer = _judge(request, found.answers)
    if any(one.code == Code.LIMIT_MISSING for one in answer.problems):
        return redirect(pages.url(request, Step.TERMS, back=pages.CHECK))
    if answer.verdict == NO:
        return redirect(pages.url(request, PRECHECK))
    context = {
        "acting": request.acting,
        "kept": found,
        "rows": pages.rows(request, found.answers),
        "decision": _view(found.answers, answer),
        "last": pages.url(request, Step.LETTER),
        "days": answer.rules.invitation_days,
    }
    return render(request, "family/add_check.html", context)


def _question(request: ActingRequest, step: Step, answers: Answers) -> HttpResponse:
    if not answers.reaches(step):
        return redirect(_onward(request, answers))
    among = pages.among(request, elder=display_of(request).elder)
    data = request.POST if request.method == "POST" else None
    form = pages.form_of(request, step, data, answers, today=_today(), among=among)
    if form.is_valid():
        return _elsewhere(request, form) or _keep(request, form)
    if not form.is_bound:
        form.initial.update(pages.typed_before(request, step))
    context = pages.question(request, form, answers, among)
    return render(request, "family/add_question.html", context)


def _elsewhere(request: ActingRequest, form: StepForm) -> HttpResponse | None:
    """A choice that is no answer: it leads to another page."""
    if isinstance(form, SideForm) and form.only_looks:
        text = _("替家人看看、办事，不用绑定家庭共济。在这里授权：只能看、替您办，不能花钱。")
        messages.info(request, text)
        return redirect("family:grants")
    if isinstance(form, RelationForm) and form.group:
        return redirect(pages.url(request, Step.RELATION, among=form.group, back=_back(request)))
    return None


def _keep(request: ActingRequest, form: StepForm) -> HttpResponse:
    step, to_check = form.step, _back(request) == pages.CHECK
    try:
        answers = adding.answer(_place(request), step, form.values())
    except adding.NotBegun:
        return _again(request)
    except (adding.Sent, adding.Changed):
        return redirect(pages.check_url(request))
    if step in TELLING and Step.RELATION in answers.done:
        answer = _judge(request, answers)
        if answer.verdict == NO or (step is Step.INSURED and not to_check):
            return redirect(pages.url(request, PRECHECK))
        if step is Step.WHO and _is_child(answers, answer):
            return redirect(pages.url(request, CHILD))
    after = answers.steps[answers.steps.index(step) + 1 :]
    if to_check or not after:
        return redirect(_onward(request, answers))
    return redirect(pages.url(request, after[0]))


def _precheck(request: ActingRequest, answers: Answers) -> HttpResponse:
    asked = [one for one in TELLING if one in answers.done]
    if Step.RELATION not in asked or Step.SIDE not in asked:
        return redirect(_onward(request, answers))
    answer = _judge(request, answers)
    if answer.verdict != NO and Step.INSURED not in asked:
        return redirect(_onward(request, answers))
    context = {
        "acting": request.acting,
        "decision": _view(answers, answer),
        "may_go_on": answer.verdict != NO,
        "onward": _onward(request, answers),
        "rows": pages.rows(request, answers),
        "back_url": pages.url(request, asked[-1]),
        "side": answers.side,
    }
    return render(request, "family/add_precheck.html", context)


def _child(request: ActingRequest, answers: Answers) -> HttpResponse:
    answer = _judge(request, answers) if Step.WHO in answers.done else None
    if answer is None or not _is_child(answers, answer):
        return redirect(_onward(request, answers))
    context = {
        "acting": request.acting,
        "age": answer.rules.guardian_below_age,
        "side": answers.side,
        "onward": _onward(request, answers),
        "back_url": pages.url(request, Step.WHO),
    }
    return render(request, "family/add_child.html", context)


def _send(request: ActingRequest) -> HttpResponse:
    typed = request.POST.get("version", "")
    version = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 9 else -1
    form = request.POST.get("form", "")
    try:
        reference = adding.send(
            owner=request.acting.owner, form=form, version=version, **pressed(request)
        )
    except adding.NotBegun:
        return _again(request)
    except adding.Changed:
        messages.warning(request, _("回答刚才改过，请再核对一遍，然后提出。"))
        return redirect(pages.check_url(request))
    except bindings.NotPossible:
        return redirect(pages.url(request, PRECHECK))
    except bindings.TooMany:
        text = _("今天提出的次数太多了。填的都还在，请明天再来，或者到医保窗口办。")
        messages.error(request, text)
        return redirect(pages.check_url(request))
    except adding.Twin as twin:
        messages.info(request, _("这位家人您已经提过了，还在等确认。这是那一次的回执。"))
        reference = twin.reference
    return redirect(pages.receipt_url(request, reference))


def _judge(request: ActingRequest, answers: Answers) -> Check:
    acting = request.acting
    return adding.check(acting.owner, answers, day=_today(), guarded=acting.as_guardian)


def _view(answers: Answers, answer: Check) -> DecisionView:
    return check_view.view(answer, side=Side(answers.side))


def _is_child(answers: Answers, answer: Check) -> bool:
    return adding.group(answers.id_number, answer.rules, _today()) is AgeGroup.CHILD


def _onward(request: ActingRequest, answers: Answers) -> str:
    """The first question that is open, else the page to check all."""
    step = answers.open_step
    return pages.url(request, step) if step else pages.check_url(request)


def _again(request: ActingRequest) -> HttpResponse:
    messages.warning(request, _("隔得太久了，或者已经重新开始。请从头填一次，没有任何改动。"))
    return redirect(pages.start_url(request))


def _back(request: ActingRequest) -> str:
    return pages.CHECK if request.GET.get(pages.BACK) == pages.CHECK else ""


def _place(request: ActingRequest) -> Place:
    return Place(request.user, request.acting.owner)


def _today() -> date:
    return timezone.localdate()
