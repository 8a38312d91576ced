"""One binding, for either of its two sides; what each may press is in the table of moves."""

from dataclasses import replace
from datetime import timedelta
from math import ceil
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from family import changing, eligibility, evidence, life_events, notes, references
from family.decorators import ActingRequest, acting_for, pressed
from family.models import Binding
from family.moves import Move, Side, State, other
from family.records import Said
from family.selectors import case as selectors
from family.selectors import seen
from family.selectors.case import Case
from family.views import pressing
from family.views.causes import Causes, causes, said

# Of somebody's own money: no helper has these buttons, and the verbs refuse them.
LETS_MONEY_FLOW = frozenset({Move.RESUME, Move.CHANGE, Move.UNDO})
TOO_LATE = gettext_lazy("不能撤销了：结束已经超过 10 分钟，或者不是您结束的。还想用，请重新添加。")


@acting_for
@require_safe
def binding(request: ActingRequest, reference: str) -> HttpResponse:
    found = case_of(request, reference)
    context: dict[str, Any] = {"case": found, "acting": request.acting}
    if found.gives and not request.acting.is_for_other:
        context["uses"] = seen.uses(found.binding)
    if Move.UNDO in found.may and found.last and changing.may_undo(found.last, found.side):
        until = found.last.happened_at + changing.UNDO_WITHIN
        context["undo_minutes"] = ceil((until - timezone.now()) / timedelta(minutes=1))
    if not request.acting.is_helper:
        papers = evidence.papers_read_by(request.user, found.binding)
        guarded = bool(papers) and any(notes.guardians_of(request.acting.owner))
        context |= {"papers": papers, "guardian_reads": guarded}
    if found.binding.state == State.WAITING:
        context["causes"] = _in_own_record(request, found)
    return render(request, "family/binding.html", context)


@acting_for
@require_safe
def agreed(request: ActingRequest, reference: str) -> HttpResponse:
    """The receipt of an answer: it can be kept as a bookmark."""
    found = case_of(request, reference)
    spoken = references.grouped(found.binding.reference)
    context = {"case": found, "spoken": spoken, "acting": request.acting}
    return render(request, "family/agreed.html", context)


@acting_for
@require_POST
def pause(request: ActingRequest, reference: str) -> HttpResponse:
    """At once, without a question, whatever version the page was."""
    own = own_binding(request, reference)
    done = pressing.press(
        request,
        lambda: changing.pause(binding_id=own.pk, person=request.acting.owner, **pressed(request)),
    )
    if done:
        messages.success(request, _("已经暂停，从现在起不付钱。想恢复，随时可以。"))
    return back(request, reference)


@acting_for
@require_POST
def undo(request: ActingRequest, reference: str) -> HttpResponse:
    own = own_binding(request, reference)
    try:
        done = pressing.press(
            request,
            lambda: changing.undo(
                binding_id=own.pk, person=request.acting.owner, **pressed(request)
            ),
            wrong=TOO_LATE,
        )
    except changing.NotPossible as refused:
        tell_causes(request, causes(refused.check, side_of(request, own)))
        return back(request, reference)
    if done:
        messages.success(request, _("撤销好了，又回到结束以前的样子。"))
    return back(request, reference)


@acting_for
@require_POST
def still_right(request: ActingRequest, reference: str) -> HttpResponse:
    own = own_binding(request, reference)
    done = pressing.press(
        request,
        lambda: life_events.confirm_still_right(
            binding_id=own.pk, person=request.acting.owner, **pressed(request)
        ),
    )
    if done:
        messages.success(request, _("记下了，一年以后再问您。"))
    return back(request, reference)


def own_binding(request: ActingRequest, reference: str) -> Binding:
    """404 for whoever is neither side."""
    own = Binding.objects.of(request.acting.owner.pk).filter(reference=reference)
    found = own.select_related("giver", "beneficiary", "invitation").first()
    if found is None:
        raise Http404
    return found


def side_of(request: ActingRequest, own: Binding) -> Side:
    return Side.GIVER if own.giver_id == request.acting.owner.pk else Side.BENEFICIARY


def case_of(request: ActingRequest, reference: str) -> Case:
    own = own_binding(request, reference)
    found = selectors.case(own, side_of(request, own), timezone.now())
    if request.acting.is_helper and found.gives:
        return replace(found, may=found.may - LETS_MONEY_FLOW, review_is_due=False)
    return found


def back(request: ActingRequest, reference: str) -> HttpResponse:
    return redirect(reverse("family:binding", args=[reference]) + request.acting.query)


def tell_causes(request: ActingRequest, found: Causes) -> None:
    """Each cause with its way out, in a message of its own."""
    for one in found.stopping:
        messages.error(request, f"{one.sentence}{one.step}")
    if found.hidden:
        messages.error(request, _("对方那边还有一项没办好，对方登录后能看到。"))


def _in_own_record(request: ActingRequest, found: Case) -> Causes:
    """What of the initiator's own record would stand in the way today: of the other person nothing is asked."""
    row, side = found.binding, found.side
    check = eligibility.precheck(
        person=request.acting.owner,
        side=side,
        said=Said(
            relation=row.relation,
            scheme=row.invitation.said_scheme,
            area=row.invitation.said_area,
            id_number=row.invitation.id_number,
        ),
        day=timezone.localdate(),
        from_day=row.from_day,
        to_day=row.to_day,
        asks_limit=side is Side.GIVER,
        limit_fen=row.limit_fen,
        guarded=request.acting.as_guardian,
    )
    own = [one for one in check.stopping if one.concerns(side) and not one.concerns(other(side))]
    return Causes(stopping=said(own, side), to_staff=(), hints=(), hidden=False)
