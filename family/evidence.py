"""The papers of a case: whose they are, what they show, and who of the two may see them."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts import uploads
from accounts.evidence import Prepared
from accounts.models import Upload, User
from family import words
from family.models import Binding, Guardianship
from family.models.bindings import SUBJECT
from family.moves import PARTIES, Side, other
from insurance.models import IdentityLink, InsuredPerson

GUARDIANSHIP = "family.guardianship"
LETTER, BOOK, CERTIFICATE = "signed_letter", "household_book", "certificate"
KINDS: Mapping[str, str | Promise] = {
    LETTER: _("签了名的承诺书"),
    BOOK: _("户口簿"),
    CERTIFICATE: _("结婚证、出生证等证明"),
}


@dataclass(frozen=True)
class Paper:
    """One file of a case, for a list."""

    upload: Upload
    label: str | Promise

    @property
    def side(self) -> Side | None:
        """Whose it is; None for a paper of a guardianship."""
        return _side(self.upload)


def store(
    *,
    binding: Binding,
    side: Side,
    kind: str,
    file: Prepared,
    by: User,
    request: HttpRequest | None = None,
) -> Upload:
    """One of `KINDS`, of that side. Raises `UploadRefused`."""
    return uploads.store(
        file=file,
        kind=f"{kind}_{side}",
        subject=binding.subject,
        by=by,
        request=request,
    )


def papers(binding: Binding) -> list[Paper]:
    """Those that are there and those that wait for the scanner, in the order they were sent. One query."""
    found = uploads.about(binding.subject).exclude(state=Upload.State.INFECTED)
    return [Paper(one, _label(one)) for one in found]


def papers_read_by(reader: User, binding: Binding) -> list[Paper]:
    """Of those, the ones that `reads` lets this person see. Three queries."""
    people = _people_of(reader)
    own = {
        side
        for side, party in (
            (Side.GIVER, binding.giver_id),
            (Side.BENEFICIARY, binding.beneficiary_id),
        )
        if party in people
    }
    return [one for one in papers(binding) if one.side in own]


def side_at_window(binding: Binding, person: InsuredPerson) -> Side:
    """The side somebody is, or is asked to be."""
    return binding.side_of(person.pk) or other(Side(binding.initiator))


def reads(reader: User, upload: Upload) -> bool:
    """For `UPLOAD_READERS`: what a clerk took in for somebody, that person sees, and for a child the guardian."""
    if not reader.is_citizen:
        return False
    people = _people_of(reader)
    if upload.subject_kind == GUARDIANSHIP:
        rows = Guardianship.objects.filter(pk=upload.subject_ref, guardian__in=people)
        return rows.exists()
    side = _side(upload)
    if upload.subject_kind != SUBJECT or side is None:
        return False
    return Binding.objects.filter(reference=upload.subject_ref, **{f"{side}__in": people}).exists()


def any_was_infected(subject: tuple[str, str], by: User) -> bool:
    """Whether a file that this clerk sent about it today was thrown away."""
    lost = Upload.objects.about(*subject).filter(
        state=Upload.State.INFECTED, uploaded_by=by, uploaded_at__date=timezone.localdate()
    )
    return lost.exists()


def _side(upload: Upload) -> Side | None:
    return next((one for one in sorted(PARTIES) if upload.kind.endswith(f"_{one}")), None)


def _people_of(reader: User) -> list[int]:
    own = IdentityLink.objects.filter(user=reader, ended_at=None).values_list("person", flat=True)
    wards = Guardianship.objects.filter(
        guardian__in=own, ended_at=None, until__gt=timezone.localdate()
    )
    return [*own, *wards.values_list("child", flat=True)]


def _label(upload: Upload) -> str | Promise:
    for side in sorted(PARTIES):
        kind = upload.kind.removesuffix(f"_{side}")
        if kind != upload.kind:
            return format_lazy("{}（{}）", KINDS.get(kind, kind), words.SIDES[side])
    return KINDS.get(upload.kind, upload.kind)
