"""Who looked at somebody's record: what the person is shown of the visitors' book."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts import audit, privacy
from accounts.models import AuditEntry
from accounts.roles import AT_WORK, Role
from insurance.models import InsuredPerson

PAGE_ROWS = 20
# What relatives do who were allowed to; the floors above add theirs when they are imported.
BY_RELATIVES: set[str] = set()


@dataclass(frozen=True)
class Look:
    """The role and not the name: a clerk is protected too, and the agency knows who it was by the number.

    A relative is named, masked: several may be allowed to look.
    """

    number: int
    at: datetime
    role: str
    what: str
    reason: str


@dataclass(frozen=True)
class Looks:
    """`older` is the number to go on before; None on the last page."""

    rows: list[Look]
    older: int | None


def looks_at(person: InsuredPerson, *, before: int | None = None) -> Looks:
    """What staff, the desks of providers and allowed relatives did about this person, newest first, a page at a time. One query."""
    kind, ref = audit.reference_of(person)
    entries = (
        AuditEntry.objects.about(kind, ref)
        .filter(Q(actor_role__in=sorted(AT_WORK)) | Q(action__in=sorted(BY_RELATIVES)))
        .select_related("actor")
    )
    if before is not None:
        entries = entries.filter(pk__lt=before)
    found = list(entries.order_by("-id")[: PAGE_ROWS + 1])
    shown = found[:PAGE_ROWS]
    return Looks(
        [_look(entry) for entry in shown], shown[-1].pk if len(found) > PAGE_ROWS else None
    )


def _look(entry: AuditEntry) -> Look:
    return Look(
        number=entry.pk,
        at=entry.at,
        role=_who(entry),
        what=str(audit.LABELS.get(entry.action, entry.action)),
        reason=entry.reason,
    )


def _who(entry: AuditEntry) -> str:
    if entry.action in BY_RELATIVES and entry.actor is not None:
        return _("家人 %(name)s") % {"name": privacy.mask_name(entry.actor.name)}
    return str(Role(entry.actor_role).label)
