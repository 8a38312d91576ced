"""Evidence that people send: checked, kept encrypted, scanned, and shown to those whom it concerns."""

import re
from collections.abc import Callable
from uuid import UUID

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from accounts import audit, scanning
from accounts.audit import Subject
from accounts.evidence import Prepared, UploadRefused, prepare
from accounts.file_kinds import MAX_FILES, Refusal
from accounts.models import Upload, UploadContent, User
from accounts.models.uploads import UploadQuerySet
from accounts.scanning import Verdict

Reader = Callable[[User, Upload], bool]
State = Upload.State

LOOK = "upload.look"
KIND = re.compile(r"[a-z][a-z_]{1,39}")
VIEW = "accounts.view_upload"

audit.LABELS.update(
    {
        "upload.store": _("上传文件"),
        LOOK: _("查看上传的文件"),
        "upload.pass": _("上传的文件通过病毒检查"),
        "upload.discard": _("删除有病毒的文件"),
    }
)


def store(
    *,
    file: UploadedFile | Prepared,
    kind: str,
    subject: Subject,
    by: User,
    request: HttpRequest | None = None,
) -> Upload:
    """Keep one file of a case. `kind` is a code of the caller's; `subject` a row or (kind, reference).

    Raises `UploadRefused`. A file with malware raises nothing, because the entry about it must outlive the caller's transaction: it
    comes back in the state INFECTED, without content. While the scanner is down the state is HELD. Callers therefore count evidence by
    `about(subject).readable()` and show `get_state_display` of the rest.
    """
    place = audit.reference_of(subject)
    if not KIND.fullmatch(kind) or not all(place):
        raise ValueError("a file has a kind, such as household_book, and a subject")
    ready = file if isinstance(file, Prepared) else prepare(file)
    state = _state_after(scanning.scanner(), ready.original)
    with transaction.atomic():
        upload = Upload(
            kind=kind,
            subject_kind=place[0],
            subject_ref=place[1],
            media_type=ready.media_type,
            byte_count=len(ready.content),
            state=state,
            uploaded_by=by,
            scanned_at=timezone.now() if state in {State.CLEAN, State.INFECTED} else None,
        )
        _save_in_free_place(upload)
        if state != State.INFECTED:
            content = UploadContent(upload=upload)
            content.seal(ready.content)
            content.save(force_insert=True)
        details = {"kind": kind, "state": state.value, "upload": str(upload.public_id)}
        audit.record(
            actor=by,
            action="upload.discard" if state == State.INFECTED else "upload.store",
            subject=place,
            details=details,
            request=request,
        )
    return upload


def about(subject: Subject) -> UploadQuerySet:
    """The files of a case, in the order they were sent; never the bytes."""
    return Upload.objects.about(*audit.reference_of(subject))


def find(public_id: UUID, *, reader: User) -> Upload | None:
    """The file, when this person may see it; what state it is in and why it is looked at are the caller's to ask.

    Citizens see what they sent themselves. Staff need the permission, also for what they sent: at the window they send other people's
    papers. `UPLOAD_READERS` of the floors above let others in.
    """
    upload = Upload.objects.filter(public_id=public_id).first()
    if upload is None:
        return None
    is_own = reader.is_citizen and upload.uploaded_by_id == reader.pk
    if is_own or reader.has_perm(VIEW) or any(lets(reader, upload) for lets in _readers()):
        return upload
    return None


def content_of(upload: Upload) -> bytes:
    """Raises `ValueError` for a file that is held or infected, whoever asks."""
    if not upload.is_readable:
        raise ValueError("this file must not be read")
    return UploadContent.objects.select_related("upload").get(upload=upload).open()


def scan_held(*, most: int = 100) -> dict[str, int]:
    """Scan what waits, oldest first; returns how many were found clean and infected.

    Stops at the first file that the scanner can't judge. Two processes at once do no harm: only one of them changes a row.
    """
    counts = {Verdict.CLEAN.value: 0, Verdict.INFECTED.value: 0}
    scanner = scanning.scanner()
    waiting = Upload.objects.waiting_for_scan().order_by("pk")[:most] if scanner else ()
    for upload in waiting:
        content = UploadContent.objects.select_related("upload").filter(upload=upload).first()
        if content is None:  # another process has just thrown it away
            continue
        state = _state_after(scanner, content.open())
        if state == State.HELD:
            break
        counts[state] += _settle(upload, state)
    return counts


def _state_after(scanner: scanning.Scanner | None, data: bytes) -> State:
    if scanner is None:
        return State.NOT_SCANNED
    states = {Verdict.CLEAN: State.CLEAN, Verdict.INFECTED: State.INFECTED}
    return states.get(scanner.scan(data), State.HELD)


def _save_in_free_place(upload: Upload) -> None:
    """Two at once may want the same number: the one that comes second takes the next."""
    if upload.state == State.INFECTED:
        upload.save(force_insert=True)
        return
    files = Upload.objects.about(*upload.subject)
    for _turn in range(MAX_FILES):
        taken = set(files.values_list("number", flat=True))
        free = [number for number in range(1, MAX_FILES + 1) if number not in taken]
        if not free:
            break
        upload.number = free[0]
        try:
            with transaction.atomic():
                upload.save(force_insert=True)
            return
        except IntegrityError:
            upload.pk = None
    raise UploadRefused(Refusal.TOO_MANY)


def _settle(upload: Upload, state: State) -> bool:
    """Write down a verdict that came later; False when another process has done so."""
    is_infected = state == State.INFECTED
    with transaction.atomic():
        waiting = Upload.objects.waiting_for_scan().filter(pk=upload.pk)
        number = None if is_infected else upload.number
        if not waiting.update(state=state, number=number, scanned_at=timezone.now()):
            return False
        if is_infected:
            UploadContent.objects.filter(upload=upload).delete()
        audit.record(
            actor=None,
            action="upload.discard" if is_infected else "upload.pass",
            subject=upload.subject,
            details={"kind": upload.kind, "upload": str(upload.public_id)},
        )
    return True


def _readers() -> list[Reader]:
    return [import_string(path) for path in settings.UPLOAD_READERS]
