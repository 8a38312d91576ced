"""Proposing for somebody who is there: one page of questions, one page to hear it all again and sign, a receipt."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.admin.base import ReadOnlyAdmin
from accounts.privacy import mask_id_number_for_others
from family import adding, bindings, check_view, counter, letter
from family.adding import Answers, Step
from family.admin.at_desk import at_desk, back
from family.admin.forms import Sheet, SignForm
from family.admin.papers import after
from family.admin.scripts import asked
from family.counter import AtCounter
from family.eligibility import Check
from family.forms.adding import InsuredForm, RelationForm, SeesForm, StepForm, TermsForm, WhoForm
from family.forms.adding_choices import AMOUNTS, ENOUGH, RELATIVES, SCHEMES, SEES, UNKNOWN
from family.models import MoneyModel
from family.moves import Side
from family.reasons import Code
from family.selectors.terms import rows_said
from insurance.places import area_name
from insurance.rules.decision import NO

QUESTIONS, SIGN = "questions", "sign"


@at_desk
def propose(page: ReadOnlyAdmin, request: HttpRequest, at: AtCounter) -> HttpResponse:
    asked_side = request.GET.get("side", "")
    side = Side(asked_side) if asked_side in (Side.GIVER, Side.BENEFICIARY) else Side.GIVER
    step = request.POST.get("step", "")
    sheet = _sheet(request.POST if step else None, at, side)
    if not step or not sheet.is_valid():
        return _questions(page, request, at, side, sheet)
    answers = _answers(sheet, side)
    check = adding.check(
        at.person, answers, day=timezone.localdate(), guarded=at.presence.guardian is not None
    )
    if step not in (QUESTIONS, SIGN) or check.verdict == NO:
        return _questions(page, request, at, side, sheet, check if check.verdict == NO else None)
    files = request.FILES if step == SIGN else None
    form = SignForm(
        request.POST if step == SIGN else None,
        files,
        signer=at.signer.name,
        gives=False,
        asks_limit=False,
    )
    if step == SIGN and form.is_valid() and (done := _send(request, at, answers, form)):
        return done
    return _signing(page, request, at, answers, sheet, form, check)


def _sheet(data: Any, at: AtCounter, side: Side) -> Sheet:
    kept = Answers(side=side)
    terms = TermsForm(data, kept, model=MoneyModel.LIMIT, today=timezone.localdate())
    if "limit_fen" in terms.fields:
        # Whether there has to be one follows from what is typed on this very page.
        terms.fields["limit_fen"].required = False
    return Sheet(
        RelationForm(data, kept),
        InsuredForm(data, kept),
        WhoForm(data, kept, own_number=at.person.id_number),
        *([SeesForm(data, kept)] if side is Side.GIVER else []),
        terms,
    )


def _answers(sheet: Sheet, side: Side) -> Answers:
    answers = Answers(side=side, done=frozenset({Step.SIDE}))
    for part in sheet.parts:
        if isinstance(part, StepForm):
            answers = answers.answered(part.step, part.values())
    return answers


def _send(
    request: HttpRequest, at: AtCounter, answers: Answers, form: SignForm
) -> HttpResponse | None:
    """None with an error in the form."""
    typed = form.cleaned_data
    try:
        made = counter.propose(
            at=at,
            answers=answers,
            signed_name=typed["signed_name"],
            proof=typed["proof"],
            papers=form.files_by_kind,
        )
    except bindings.TooMany:
        form.add_error(None, _now("这位参保人今天提出的次数太多了，请明天再来。"))
        return None
    except bindings.AlreadyProposed as twin:
        messages.warning(request, _now("对这位家人已经提出过，还在等确认。这是那一次的回执。"))
        return redirect("admin:family-receipt", at.person.pk, twin.reference)
    except bindings.NotPossible as refused:
        for line in check_view.told(refused.check.problems, Side(answers.side)):
            form.add_error(None, line.text)
        return None
    return after(request, at, made)


def _questions(
    page: ReadOnlyAdmin,
    request: HttpRequest,
    at: AtCounter,
    side: Side,
    sheet: Sheet,
    check: Check | None = None,
) -> HttpResponse:
    return page.page(
        request,
        "admin/family/questions.html",
        title=_("来人出钱给家人用") if side is Side.GIVER else _("来人用家人的钱"),
        at=at,
        form=sheet,
        asked=asked(sheet),
        causes=check_view.told(check.problems, side) if check else (),
        steps=check_view.steps(check.problems, side) if check else (),
        limit_is_missing=bool(
            check and any(one.code == Code.LIMIT_MISSING for one in check.problems)
        ),
        **back(at.person),
    )


def _signing(
    page: ReadOnlyAdmin,
    request: HttpRequest,
    at: AtCounter,
    answers: Answers,
    sheet: Sheet,
    form: SignForm,
    check: Check,
) -> HttpResponse:
    side = Side(answers.side)
    return page.page(
        request,
        "admin/family/signing.html",
        title=_("念一遍，再签名"),
        at=at,
        form=form,
        asked=asked(form),
        hidden=sheet,
        rows=_rows(answers),
        causes=check_view.told((*check.problems, *check.hints), side),
        letter=letter.current(),
        promises=letter.current().promises[side],
        **back(at.person),
    )


def _rows(answers: Answers) -> list[dict[str, Any]]:
    """What was answered, to be read out before anybody signs. One query for a place."""
    gives = answers.side == Side.GIVER
    rows = [
        (_("谁的钱，给谁用"), _("来人的钱，给家人用") if gives else _("家人的钱，给来人用")),
        (_("家人是来人的"), RELATIVES[answers.relative][0]),
        (_("家人的姓名"), answers.name),
        (_("家人的身份证号"), mask_id_number_for_others(answers.id_number)),
        (_("家人的医保"), SCHEMES[answers.scheme or UNKNOWN][0]),
        (_("家人在哪里交"), area_name(answers.area) if answers.area else _("不清楚")),
        *((row.label, row.value) for row in rows_said(answers)),
    ]
    if gives:
        rows.append((_("家人试算时"), SEES[AMOUNTS if answers.shows_amounts else ENOUGH][0]))
    return [{"label": label, "value": value} for label, value in rows]
