"""More papers of a case, and the receipt that the person takes home."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.admin.base import ReadOnlyAdmin
from accounts.evidence import SENTENCES, UploadRefused
from family import counter, evidence, references, words
from family.admin.at_desk import at_desk, back, looked_at, own_binding, receipt
from family.admin.forms import PapersForm
from family.admin.scripts import NEXT
from family.counter import AtCounter
from family.evidence import side_at_window
from family.models import Binding, BindingEvent, Invitation
from family.moves import IN_FORCE, State
from family.selectors.case import name_of_other
from family.selectors.states import shown
from insurance.models import InsuredPerson

WAITING = (State.WAITING, State.WITH_STAFF)


@at_desk
def papers(
    page: ReadOnlyAdmin, request: HttpRequest, at: AtCounter, reference: str
) -> HttpResponse:
    binding = own_binding(at, reference)
    if binding.state not in WAITING:
        raise Http404
    sent = request.method == "POST"
    form = PapersForm(request.POST if sent else None, request.FILES if sent else None)
    if form.is_valid():
        typed = form.cleaned_data
        try:
            counter.add_papers(at=at, binding=binding, papers={typed["what"]: typed["papers"]})
        except UploadRefused as refused:
            form.add_error("papers", str(SENTENCES[refused.code]))
        else:
            return after(request, at, binding)
    return page.page(
        request,
        "admin/family/papers.html",
        title=_("补交材料"),
        at=at,
        form=form,
        papers=evidence.papers(binding),
        spoken=references.grouped(binding.reference),
        **back(at.person),
    )


def after(request: HttpRequest, at: AtCounter, binding: Binding) -> HttpResponse:
    """To the receipt; a file that the scanner threw away is said there."""
    if evidence.any_was_infected(binding.subject, at.clerk):
        messages.error(request, _now("有一份文件带病毒，已经删除。请换一份再传。"))
    return receipt(at, binding)


@looked_at
def paper(
    page: ReadOnlyAdmin, request: HttpRequest, person: InsuredPerson, reference: str
) -> HttpResponse:
    """What was done last, in large type. It is printed, and may be opened again."""
    binding = _theirs(person, reference)
    if binding is None:
        raise Http404
    side = side_at_window(binding, person)
    last = BindingEvent.objects.filter(binding=binding).order_by("-number").first()
    return page.page(
        request,
        "admin/family/receipt.html",
        title=_("回执"),
        person=person,
        binding=binding,
        spoken=references.grouped(binding.reference),
        name=name_of_other(binding, side),
        gives=side == "giver",
        done=words.MOVES[last.move] if last else "",
        at_moment=last.happened_at if last else None,
        state=shown(binding, side, timezone.now()),
        next=NEXT[_next(binding)],
        until=binding.invitation.expires_at if binding.state == State.WAITING else None,
        **back(person),
    )


def _theirs(person: InsuredPerson, reference: str) -> Binding | None:
    """Also of a case that this person declined, and so is no side of."""
    rows = Binding.objects.select_related("giver", "beneficiary", "invitation")
    found = rows.filter(reference=reference).first()
    if found is None or found.side_of(person.pk):
        return found
    asked = Invitation.objects.for_value("id_number", person.id_number).filter(binding=found)
    return found if person.id_number and asked.exists() else None


def _next(binding: Binding) -> Any:
    if binding.state == State.WAITING:
        return "waiting_own"
    if binding.state in (State.WITH_STAFF, *IN_FORCE):
        return str(binding.state)
    return "over"
