"""What the pages on the way to a new binding show: headings, forms, the answers so far."""

from collections.abc import Iterator
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import drafts, privacy
from accounts.models import Draft
from family import adding, letter
from family.adding import Answers, Step
from family.decorators import ActingRequest
from family.forms.adding import (
    InsuredForm,
    LetterForm,
    RelationForm,
    SeesForm,
    SideForm,
    StepForm,
    TermsForm,
    WhoForm,
)
from family.forms.adding_choices import (
    ALL,
    AMONG,
    AMOUNTS,
    ENOUGH,
    NEAR,
    OTHER,
    RELATIVES,
    SCHEMES,
    SEES,
    SIDES,
    UNKNOWN,
)
from family.moves import Side
from family.selectors.terms import Row, rows_said
from insurance.places import area_name

HEADINGS: dict[str, Any] = {
    Step.SIDE: gettext_lazy("谁的钱，给谁用？"),
    Step.RELATION: gettext_lazy("这位家人是您的谁？"),
    Step.INSURED: gettext_lazy("家人交的是哪种医保？"),
    Step.WHO: gettext_lazy("这位家人叫什么，身份证号是多少？"),
    Step.SEES: gettext_lazy("家人能不能看到金额？"),
    Step.TERMS: gettext_lazy("最多用多少？"),
    Step.LETTER: gettext_lazy("请读承诺书，写下姓名"),
    # One relation chosen step by step, in large type
    "other": gettext_lazy("是哪一种亲属？"),
    "grandparent": gettext_lazy("是哪边的老人？"),
    "grandchild": gettext_lazy("是哪边的孩子？"),
    "in_law": gettext_lazy("是您的公婆、岳父母，还是儿媳、女婿？"),
}
# In the address stand names of questions only: which one, which of its choices, and that the answers are waiting to be checked.
STEP_KEY, AMONG_KEY, BACK, CHECK = "step", "among", "back", "check"


def url(request: ActingRequest, step: str, *, among: str = "", back: str = "") -> str:
    """The page of one question, or of what stands between two."""
    query = {STEP_KEY: str(step), AMONG_KEY: among, BACK: back}
    return _for(request, "family:add", {key: value for key, value in query.items() if value})


def start_url(request: ActingRequest) -> str:
    return _for(request, "family:add", {})


def check_url(request: ActingRequest) -> str:
    return _for(request, "family:add-check", {})


def receipt_url(request: ActingRequest, reference: str) -> str:
    return reverse("family:receipt", args=[reference]) + request.acting.query


def among(request: ActingRequest, *, elder: bool) -> str:
    """Which choices of relation to show. Large type begins with the nearest relatives."""
    asked = request.GET.get(AMONG_KEY, "")
    return asked if asked in AMONG else (NEAR if elder else ALL)


def form_of(
    request: ActingRequest,
    step: Step,
    data: Any,
    answers: Answers,
    *,
    today: date,
    among: str = ALL,
) -> StepForm:
    acting = request.acting
    if step is Step.SIDE:
        return SideForm(data, answers, may_give=not acting.is_helper)
    if step is Step.RELATION:
        return RelationForm(data, answers, among=among)
    if step is Step.WHO:
        return WhoForm(data, answers, own_number=acting.owner.id_number)
    if step is Step.TERMS:
        found = adding.check(acting.owner, answers, day=today, guarded=acting.as_guardian)
        return TermsForm(data, answers, model=found.money_model, today=today)
    if step is Step.LETTER:
        return LetterForm(data, answers, signer=acting.signer.name, for_other=acting.is_helper)
    return (InsuredForm if step is Step.INSURED else SeesForm)(data, answers)


def question(
    request: ActingRequest, form: StepForm, answers: Answers, among: str
) -> dict[str, Any]:
    """The context of one question."""
    step = form.step
    context: dict[str, Any] = {
        "acting": request.acting,
        "form": form,
        "step": step,
        "heading": HEADINGS[among if step is Step.RELATION and among in HEADINGS else step],
        "number": answers.steps.index(step) + 1,
        "most": len(answers.steps),
        "side": answers.side,
        "action": request.get_full_path(),
        "back_url": _back(request, step, answers, among),
    }
    if step is Step.LETTER:
        text = letter.current()
        context |= {"letter": text, "promises": text.promises[Side(answers.side)]}
    return context


def typed_before(request: ActingRequest, step: Step) -> dict[str, Any]:
    """What was typed into this very question when the session ended; handed back once."""
    user = request.user
    if not Draft.objects.filter(user=user, form_key=request.path).exists():
        return {}
    found = drafts.take(user=user, form_key=request.path)
    if found.pop(STEP_KEY, []) != [step.value]:
        return {}
    return {name: values if name == "uses" else values[0] for name, values in found.items()}


def _back(request: ActingRequest, step: Step, answers: Answers, among: str) -> str:
    if request.GET.get(BACK) == CHECK:
        return check_url(request)
    if step is Step.RELATION and among not in (ALL, NEAR):
        return url(request, step, among=NEAR if among == OTHER else OTHER)
    place = answers.steps.index(step)
    return url(request, answers.steps[place - 1]) if place else start_url(request)


def _for(request: ActingRequest, name: str, query: dict[str, str]) -> str:
    """With whom it is for, where that is not the reader."""
    whole = request.acting.query + ("&" if request.acting.query and query else "")
    return reverse(name) + (whole or ("?" if query else "")) + urlencode(query)


def rows(request: ActingRequest, answers: Answers) -> list[dict[str, Any]]:
    """The answers that were given, each with its way back to the question. One query for a place."""
    return [
        {
            "label": row.label,
            "value": row.value,
            "in_words": row.in_words,
            "change_url": url(request, step, back=CHECK),
        }
        for step, row in _lines(answers)
    ]


def _lines(answers: Answers) -> Iterator[tuple[Step, Row]]:
    if Step.SIDE in answers.done:
        yield Step.SIDE, Row(_("谁的钱，给谁用"), SIDES[answers.side][2])
    if Step.RELATION in answers.done:
        yield Step.RELATION, Row(_("家人是我的"), RELATIVES[answers.relative][0])
    if Step.INSURED in answers.done:
        scheme = SCHEMES[answers.scheme or UNKNOWN][0]
        yield Step.INSURED, Row(_("家人的医保"), scheme)
        if answers.scheme != "none":
            area = area_name(answers.area) if answers.area else _("不清楚")
            yield Step.INSURED, Row(_("家人在哪里交"), area)
    if Step.WHO in answers.done:
        yield Step.WHO, Row(_("家人的姓名"), answers.name)
        masked = privacy.mask_id_number(answers.id_number)
        yield Step.WHO, Row(_("家人的身份证号"), masked)
    if Step.SEES in answers.done and answers.side == Side.GIVER:
        sees = SEES[AMOUNTS if answers.shows_amounts else ENOUGH][0]
        yield Step.SEES, Row(_("家人试算时"), sees)
    if Step.TERMS in answers.done:
        yield from ((Step.TERMS, row) for row in rows_said(answers))
    if Step.LETTER in answers.done:
        yield Step.LETTER, Row(_("承诺书上的签名"), answers.signed_name)
