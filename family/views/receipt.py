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
from family.decorators import ActingRequest, acting_for
from family.forms.papers import HouseholdBookForm
from family.models import Evidence
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
    """False, with an error in the form, where no more files fit."""
    states = []
    try:
        for file in form.cleaned_data["papers"]:
            stored = uploads.store(
                file=file,
                kind=Evidence.HOUSEHOLD_BOOK,
                subject=found.subject,
                by=request.user,
                request=request,
            )
            states.append(stored.state)
    except UploadRefused as refused:
        form.add_error("papers", str(SENTENCES[refused.code]))
        return False
    if Upload.State.INFECTED in states:
        messages.error(request, _("有一份文件带病毒，已经删除。请换一张照片再传。"))
    else:
        messages.success(request, _("收到了。医保窗口会核对。"))
    return True
