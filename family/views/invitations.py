"""Answering an invitation: only whose number it carries, or who stands in for that person, ever sees it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import drafts
from accounts.views.door import own_form
from family import bindings, eligibility, letter
from family.decorators import ActingRequest, acting_for, pressed
from family.forms.answering import AnswerForm
from family.models import MoneyModel
from family.moves import Side, other
from family.place_rules import place_rules
from family.selectors.answering import Asked, asked
from family.views import pressing
from family.views.causes import BY_FIELD, causes
from insurance import policy_reading
from insurance.areas import NATION

CLOSED = "family/invitation_closed.html"


@own_form
@acting_for
def invitation(request: ActingRequest, reference: str) -> HttpResponse:
    found = _found(request, reference)
    if found.binding.side_of(request.acting.owner.pk):
        return _to(request, "family:binding", reference)
    if not found.is_open(timezone.now()):
        return render(request, CLOSED, {"asked": found, "acting": request.acting})
    check = _examine(request, found)
    form = _form(request, found, check)
    if not form.is_valid() or not _may_confirm(request, found):
        return _page(request, found, form, check)
    try:
        done = pressing.press(request, lambda: _confirm(request, found, form))
    except bindings.NotPossible as refused:
        return _page(request, found, _with_limit(form, refused.check), refused.check)
    except bindings.Expired:
        return _to(request, "family:invitation", reference)
    if done:
        return _to(request, "family:agreed", reference)
    return _again(request, reference, form, check)


@own_form
@acting_for
def decline(request: ActingRequest, reference: str) -> HttpResponse:
    found = _found(request, reference)
    if not found.is_open(timezone.now()) or found.binding.side_of(request.acting.owner.pk):
        return _to(request, "family:invitation", reference)
    if request.method != "POST":
        return render(request, "family/decline.html", {"asked": found, "acting": request.acting})
    try:
        done = pressing.press(
            request,
            lambda: bindings.decline(
                binding_id=found.binding.pk,
                person=request.acting.owner,
                version=pressing.version(request),
                **pressed(request),
            ),
        )
    except bindings.Expired:
        done = False
    if not done:
        return _to(request, "family:invitation", reference)
    messages.success(request, _("已经回复不同意。钱没有动过，对方会收到消息。"))
    return redirect(reverse("family:overview") + request.acting.query)


def _found(request: ActingRequest, reference: str) -> Asked:
    found = asked(request.acting.owner, reference)
    if found is None:
        raise Http404
    return found


def _examine(request: ActingRequest, found: Asked) -> eligibility.Check:
    """On both records, without writing; the initiator's side was looked at when it proposed."""
    own = {found.side} if request.acting.as_guardian else set()
    return eligibility.examine(
        found.binding,
        day=timezone.localdate(),
        joining=request.acting.owner,
        guarded=frozenset(own | {other(found.side)}),
    )


def _form(request: ActingRequest, found: Asked, check: eligibility.Check) -> AnswerForm:
    sent = request.method == "POST"
    kept = (
        {} if sent else drafts.first_values(drafts.take(user=request.user, form_key=request.path))
    )
    start = {"limit_fen": found.binding.limit_fen, "shows_amounts": found.binding.shows_amounts}
    return AnswerForm(
        request.POST if sent else None,
        initial=start | kept | {"letter": letter.CURRENT},
        signer=request.acting.signer.name,
        helps=request.acting.is_helper,
        gives=found.gives,
        asks_limit=found.gives and check.money_model == MoneyModel.LIMIT,
    )


def _may_confirm(request: ActingRequest, found: Asked) -> bool:
    """Nobody lets somebody else's money flow but its owner; a guardian never to himself."""
    if not found.gives:
        return True
    acting = request.acting
    to_guardian = acting.as_guardian and found.binding.beneficiary_id == acting.reader.pk
    return not (acting.is_helper or to_guardian)


def _confirm(request: ActingRequest, found: Asked, form: AnswerForm) -> None:
    values = form.cleaned_data
    bindings.confirm(
        binding_id=found.binding.pk,
        person=request.acting.owner,
        signed_name=values["signed_name"],
        shows_amounts=values.get("shows_amounts"),
        limit_fen=values.get("limit_fen"),
        version=pressing.version(request),
        **pressed(request),
    )


def _with_limit(form: AnswerForm, check: eligibility.Check) -> AnswerForm:
    """What is wrong with the amount, beside its field."""
    for one in check.stopping:
        if one.code in BY_FIELD and "limit_fen" in form.fields:
            form.add_error("limit_fen", f"{one.sentence(Side.GIVER)}{one.next_step(Side.GIVER)}")
    return form


def _again(
    request: ActingRequest, reference: str, form: AnswerForm, check: eligibility.Check
) -> HttpResponse:
    """As things are now, with what was typed; or wherever an answer that came first has led."""
    found = _found(request, reference)
    if found.is_open(timezone.now()) and not found.binding.side_of(request.acting.owner.pk):
        return _page(request, found, form, check, status=pressing.CONFLICT)
    return _to(request, "family:invitation", reference)


def _page(
    request: ActingRequest,
    found: Asked,
    form: AnswerForm,
    check: eligibility.Check,
    *,
    status: int = 200,
) -> HttpResponse:
    text = letter.current()
    context: dict[str, Any] = {
        "asked": found,
        "acting": request.acting,
        "causes": causes(
            check, found.side, mended=BY_FIELD if "limit_fen" in form.fields else frozenset()
        ),
        "may_confirm": _may_confirm(request, found),
        "form": form,
        "letter": text,
        "promises": text.promises[found.side],
        "cool_down_hours": _cool_down_hours(),
    }
    return render(request, "family/invitation.html", context, status=status)


def _cool_down_hours() -> int:
    today = timezone.localdate()
    return place_rules(policy_reading.values_on(NATION, today), today).cool_down_hours


def _to(request: ActingRequest, name: str, reference: str) -> HttpResponse:
    return redirect(reverse(name, args=[reference]) + request.acting.query)
