"""One uploaded file, for those whom it concerns."""

from typing import cast
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts import decorators, uploads
from accounts.decorators import fully_signed_in
from accounts.file_kinds import Kind
from accounts.forms.reasons import ReasonForm
from accounts.models import Upload, User

# Should a browser take the bytes for a page all the same, that page may do nothing and belongs to nobody.
POLICY = "default-src 'none'; sandbox"
ENDINGS = {Kind.JPEG: "jpg", Kind.PDF: "pdf"}


@never_cache
@fully_signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest, public_id: UUID) -> HttpResponse:
    found = uploads.find(public_id, reader=cast(User, request.user))
    if found is None:
        raise Http404
    if not found.is_readable:
        return render(request, "accounts/upload_waiting.html", {"upload": found}, status=404)
    if request.user.is_staff and (question := _ask_or_look(request, found)):
        return question
    return _file(found)


def _ask_or_look(request: HttpRequest, found: Upload) -> HttpResponse | None:
    """None when the look is written down; a reason given for the case holds for all of its files."""
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and decorators.state_reason(
        request, subject=found.subject, reason=form.cleaned_data["reason"]
    ):
        return redirect(request.path)
    if form.is_bound or not decorators.stated_reason(request, subject=found.subject):
        return render(request, "accounts/upload_reason.html", {"form": form})
    details = {"upload": str(found.public_id), "kind": found.kind}
    decorators.look(request, action=uploads.LOOK, subject=found.subject, details=details)
    return None


def _file(found: Upload) -> HttpResponse:
    """Pictures, which we painted ourselves, may open in the browser; a PDF is only ever saved."""
    name = f"{found.kind}-{str(found.public_id)[:8]}.{ENDINGS[Kind(found.media_type)]}"
    way = "inline" if found.is_picture else "attachment"
    return HttpResponse(
        uploads.content_of(found),
        content_type=found.media_type,
        headers={
            "Content-Disposition": f'{way}; filename="{name}"',
            "Content-Security-Policy": POLICY,
            "X-Content-Type-Options": "nosniff",
        },
    )
