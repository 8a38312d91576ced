"""What every page of somebody at the window begins with: may this clerk, was it said why, is the person there."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts import decorators
from accounts.admin.base import ReadOnlyAdmin, worker
from family import counter, presence
from family.bindings import NotAllowed, Stale, WrongMove
from family.counter import AtCounter
from family.models import Binding
from family.presence import OwnCase
from insurance.models import InsuredPerson

ACT = "family.change_binding"
DESK = "admin:family-desk"
OWN_CASE = _("来人是您自己或者您的家人，请换一位同事来办。")

View = Callable[..., HttpResponse]


def person_or_404(person_id: int) -> InsuredPerson:
    person = InsuredPerson.objects.filter(pk=person_id).first()
    if person is None:
        raise Http404
    return person


def looked_at(view: View) -> View:
    """`view(page, request, person)` of somebody whose desk this clerk has opened with a reason; others go there first."""

    @wraps(view)
    def guarded(
        page: ReadOnlyAdmin, request: HttpRequest, person_id: int, **kwargs: Any
    ) -> HttpResponse:
        if not request.user.has_perm(ACT):
            raise PermissionDenied
        person = person_or_404(person_id)
        if not decorators.stated_reason(request, subject=person):
            return redirect(DESK, person.pk)
        return view(page, request, person, **kwargs)

    return guarded


def at_desk(view: View) -> View:
    """`view(page, request, at)` for somebody who has shown to be there; what the verbs refuse leads back with a sentence."""

    @looked_at
    @wraps(view)
    def guarded(
        page: ReadOnlyAdmin, request: HttpRequest, person: InsuredPerson, **kwargs: Any
    ) -> HttpResponse:
        shown = presence.of(request, person)
        if shown is None:
            return redirect("admin:family-presence", person.pk)
        try:
            at = counter.serve(person=person, presence=shown, by=worker(request), request=request)
            return view(page, request, at, **kwargs)
        except OwnCase:
            messages.error(request, str(OWN_CASE))
        except Stale:
            messages.error(request, _now("这一件刚刚有了变化，刚才这一步没有办。请看现在的情况。"))
        except WrongMove:
            messages.error(request, _now("现在不能这样办，什么都没有改。请看现在的情况。"))
        except NotAllowed:
            messages.error(request, _now("来人不能替这位参保人办这件事，什么都没有改。"))
        return redirect(DESK, person.pk)

    return guarded


def own_binding(at: AtCounter, reference: str) -> Binding:
    """A binding that the person is a side of; 404 for everybody else's."""
    rows = Binding.objects.of(at.person.pk).select_related("giver", "beneficiary", "invitation")
    found = rows.filter(reference=reference).first()
    if found is None:
        raise Http404
    return found


def back(person: InsuredPerson) -> dict[str, Any]:
    return {"back_url": reverse(DESK, args=[person.pk]), "back_text": _("家人共用")}


def version(request: HttpRequest) -> int:
    """Of the page that was pressed; 0, which no binding has, where none was sent."""
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def receipt(at: AtCounter, binding: Binding) -> HttpResponse:
    return redirect("admin:family-receipt", at.person.pk, binding.reference)
