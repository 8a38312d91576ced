"""What one thinks about before pressing: resuming, other terms, taking back, ending."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import credentials, drafts
from accounts.views.door import own_form
from accounts.views.security import WRONG_PASSWORD
from family import bindings, changing
from family.changing import Terms
from family.decorators import ActingRequest, acting_for, pressed
from family.forms.terms import ChangeForm, ProofForm
from family.models import Binding
from family.moves import Move, State
from family.selectors.case import Case
from family.selectors.ending import ending
from family.views import pressing
from family.views.bindings import back, case_of, own_binding
from family.views.causes import causes
from insurance.templatetags.insurance_format import day


@own_form
@acting_for
def resume(request: ActingRequest, reference: str) -> HttpResponse:
    found = case_of(request, reference)
    if Move.RESUME not in found.may:
        return _not_now(request, found)
    form = ProofForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        if not credentials.knows_password(request.user, form.cleaned_data["password"]):
            form.add_error("password", str(WRONG_PASSWORD))
        elif pressing.press(request, lambda: changing.resume(**_what(request, found.binding))):
            held = own_binding(request, reference).state == State.PAUSED
            told = (
                _("您这边恢复了。对方也暂停过，等对方恢复才会付钱。") if held else _("已经恢复。")
            )
            messages.success(request, told)
            return back(request, reference)
        else:
            return back(request, reference)
    context = {"case": found, "form": form, "acting": request.acting}
    return render(request, "family/resume.html", context)


@own_form
@acting_for
def change(request: ActingRequest, reference: str) -> HttpResponse:
    found = case_of(request, reference)
    if Move.CHANGE not in found.may:
        return _not_now(request, found)
    form, status = _change_form(request, found.binding), 200
    if form.is_valid():
        try:
            done = pressing.press(
                request,
                lambda: changing.change(terms=form.terms, **_what(request, found.binding)),
            )
        except changing.NotPossible as refused:
            for one in causes(refused.check, found.side).stopping:
                form.add_error(None, f"{one.sentence}{one.step}")
        else:
            if done:
                messages.success(request, _("改好了，从下一笔开始算。"))
                return back(request, reference)
            found, status = case_of(request, reference), pressing.CONFLICT
    context = {"case": found, "form": form, "acting": request.acting}
    return render(request, "family/change.html", context, status=status)


@own_form
@acting_for
def withdraw(request: ActingRequest, reference: str) -> HttpResponse:
    found = case_of(request, reference)
    if Move.WITHDRAW not in found.may:
        return _not_now(request, found)
    if request.method == "POST":
        if pressing.press(request, lambda: bindings.withdraw(**_what(request, found.binding))):
            messages.success(request, _("撤回了。钱没有动过。"))
        return back(request, reference)
    return render(request, "family/withdraw.html", {"case": found, "acting": request.acting})


@own_form
@acting_for
def end(request: ActingRequest, reference: str) -> HttpResponse:
    found, status = case_of(request, reference), 200
    if Move.END not in found.may:
        return _not_now(request, found)
    if request.method == "POST":
        if pressing.press(request, lambda: changing.end(**_what(request, found.binding))):
            messages.success(request, _ended(own_binding(request, reference)))
            return back(request, reference)
        found, status = case_of(request, reference), pressing.CONFLICT
        if Move.END not in found.may:
            return back(request, reference)
    context = {
        "case": found,
        "acting": request.acting,
        "ending": ending(found.binding, timezone.localdate()),
    }
    return render(request, "family/end.html", context, status=status)


def _ended(row: Binding) -> str:
    if row.formal_end:
        return _("已经停用，从现在起不付钱，%(day)s正式结束。按错了，10 分钟内可以撤销。") % {
            "day": day(row.formal_end)
        }
    return _("已经结束，从现在起不付钱。按错了，10 分钟内可以撤销。")


def _what(request: ActingRequest, row: Binding) -> dict[str, Any]:
    """The binding as the page showed it, who presses, and for whom."""
    return {
        "binding_id": row.pk,
        "person": request.acting.owner,
        "version": pressing.version(request),
        **pressed(request),
    }


def _change_form(request: ActingRequest, row: Binding) -> ChangeForm:
    sent = request.method == "POST"
    kept = (
        {} if sent else drafts.first_values(drafts.take(user=request.user, form_key=request.path))
    )
    # One value a field is kept; of several choices only that one would be left.
    kept.pop("uses", None)
    return ChangeForm(
        request.POST if sent else None,
        held=Terms.of(row),
        used_fen=row.limit_used_fen,
        first_day=max(row.from_day, timezone.localdate()),
        kept=kept,
    )


def _not_now(request: ActingRequest, found: Case) -> HttpResponse:
    messages.error(request, str(pressing.NOT_NOW))
    return back(request, found.binding.reference)
