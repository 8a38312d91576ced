"""The desk: what there is of somebody's family matters, and what can be done about it."""

from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.admin.base import ReadOnlyAdmin
from accounts.privacy import mask_name
from family import changing, presence, references, words
from family.admin.at_desk import ACT, person_or_404
from family.models import Binding, Guardianship
from family.moves import OPEN, Move, Side, State
from family.selectors import summary
from family.selectors.helping import grants_of
from family.selectors.order_pages import order_list
from family.selectors.relatives import relation_of
from family.selectors.states import Shown, allows, shown
from insurance.admin import looking
from insurance.models import InsuredPerson
from insurance.selectors import masked_rows

Words = str | Promise
# What leads to a page of its own, in the order of its buttons.
OFFERED = (Move.PAUSE, Move.RESUME, Move.CHANGE, Move.END, Move.UNDO, Move.WITHDRAW)
OVER_SHOWN = 10


@dataclass(frozen=True)
class Line:
    """A binding as the person at the window reads it. `moves` are (code, words) of what may be pressed."""

    reference: str
    spoken: str
    gives: bool
    name: str
    relation: Words
    shown: Shown
    since: datetime
    is_open: bool
    takes_papers: bool
    moves: tuple[tuple[Move, Words], ...]


def desk(page: ReadOnlyAdmin, request: HttpRequest, person_id: int) -> HttpResponse:
    if not request.user.has_perm(ACT):
        raise PermissionDenied
    person = person_or_404(person_id)
    if answer := looking.ask_or_look(page, request, person):
        return answer
    today = timezone.localdate()
    found = summary.overview(person, today, alone=True)
    return page.page(
        request,
        "admin/family/desk.html",
        title=_("家人共用"),
        person=person,
        rows=masked_rows(person),
        known=presence.of(request, person),
        invited=[one for one in found.waiting if one.kind == summary.Waits.INVITED],
        lines=_lines(person, timezone.now()),
        order=order_list(person.pk),
        may_pause_all=found.may_pause_all,
        grants=grants_of(person.pk, today).all,
        guardians=_guardianships(person, today),
        back_url=reverse("admin:insurance_insuredperson_change", args=[person.pk]),
        back_text=_("参保人"),
    )


def _lines(person: InsuredPerson, now: datetime) -> list[Line]:
    """Open ones, and those that were over last. One query."""
    rows = (
        Binding.objects.of(person.pk)
        .select_related("giver", "beneficiary", "invitation")
        .order_by("-state_since", "-pk")
    )
    lines = [_line(row, person, now) for row in rows]
    over = [one for one in lines if not one.is_open]
    return [one for one in lines if one.is_open] + over[:OVER_SHOWN]


def _line(row: Binding, person: InsuredPerson, now: datetime) -> Line:
    side = row.side_of(person.pk) or Side.GIVER
    other = row.beneficiary if side is Side.GIVER else row.giver
    return Line(
        reference=row.reference,
        spoken=references.grouped(row.reference),
        gives=side is Side.GIVER,
        name=mask_name(other.name if other else row.invitation.name),
        relation=relation_of(row, side),
        shown=shown(row, side, now),
        since=row.state_since,
        is_open=row.state in OPEN,
        takes_papers=row.state in (State.WAITING, State.WITH_STAFF),
        moves=tuple((one, words.MOVES[one]) for one in OFFERED if _offers(row, one, side, now)),
    )


def _offers(row: Binding, move: Move, side: Side, now: datetime) -> bool:
    """Who ended it is asked of the history when undo is pressed; the time is seen here."""
    if move is Move.UNDO and now - row.state_since >= changing.UNDO_WITHIN:
        return False
    return allows(row, move, side) and not (
        move is Move.WITHDRAW and row.state == State.WAITING and row.initiator != side
    )


def _guardianships(person: InsuredPerson, today: date) -> list[dict[str, object]]:
    """Either way, until full age. One query."""
    rows = (
        Guardianship.objects.filter(Q(guardian=person) | Q(child=person))
        .filter(ended_at=None, until__gt=today)
        .select_related("guardian", "child")
        .order_by("pk")
    )
    return [
        {
            "pk": row.pk,
            "is_guardian": row.guardian_id == person.pk,
            "other": row.child if row.guardian_id == person.pk else row.guardian,
            "until": row.until,
        }
        for row in rows
    ]
