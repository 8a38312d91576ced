"""The receipt of a proposal: it can be kept as a bookmark, and is there for the initiator alone."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import uploads
from accounts.evidence import SENTENCES, UploadRefused
from accounts.models import Upload
from accounts.views.door import own_form
from family import evidence
from family.decorators import ActingRequest, acting_for
from family.forms.papers import HouseholdBookForm
from family.selectors.receipts import Receipt
from family.selectors.receipts import receipt as find


@own_form
@acting_for
def receipt(request: ActingRequest, reference: str) -> HttpResponse:
    found = find(reference, person_id=request.acting.owner.pk, today=timezone.localdate())
    if found is None:
        raise Http404
    wants_papers = found.guardian_age is not None and found.is_open
    form = None
    if wants_papers:
        sent = request.method == "POST"
        form = HouseholdBookForm(request.POST if sent else None, request.FILES if sent else None)
        if form.is_valid() and _store(request, found, form):
            return redirect(request.get_full_path())
    return render(
        request, "family/receipt.html", {"found": found, "form": form, "acting": request.acting}
    )


def _store(request: ActingRequest, found: Receipt, form: HouseholdBookForm) -> bool:
    """As papers of the initiator's side. False, with an error in the form, where not one more fits."""
    states: list[str] = []
    papers = form.cleaned_data["papers"]
    try:
        for file in papers:
            stored = uploads.store(
                file=file,
                kind=f"{evidence.BOOK}_{found.side}",
                subject=found.subject,
                by=request.user,
                request=request,
            )
            states.append(stored.state)
    except UploadRefused as refused:
        if not states:
            form.add_error("papers", str(SENTENCES[refused.code]))
            return False
    _tell(request, states, lost=len(papers) - len(states))
    return True


def _tell(request: ActingRequest, states: list[str], *, lost: int) -> None:
    infected = states.count(Upload.State.INFECTED)
    if lost:
        text = _("收到了 %(kept)s 份，另外 %(lost)s 份放不下，没有收：一共最多 6 份。")
        messages.error(request, text % {"kept": len(states) - infected, "lost": lost})
    if infected:
        messages.error(request, _("有一份文件带病毒，已经删除。请换一张照片再传。"))
    if not lost and not infected:
        messages.success(request, _("收到了。医保窗口会核对。"))
