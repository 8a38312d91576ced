"""The overview: who may use my money, whose I may use, and what waits for whom."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.functional import Promise

from accounts.models import IdentifierKind
from accounts.privacy import mask_name
from family.models import (
    Binding,
    BindingEvent,
    CapUse,
    Grant,
    GrantKind,
    Guardianship,
    Invitation,
    OrderPlace,
)
from family.moves import IN_FORCE, OPEN, Move, Side, State
from family.selectors.relatives import relation_of
from family.selectors.states import Shown, review_is_due, shown
from insurance.models import InsuredPerson
from insurance.periods import Month

Words = str | Promise
# As long as an end can be taken back, it stands where people look.
JUST_NOW = timedelta(minutes=10)


class Waits:
    """What something waits for; the template has its sentences."""

    INVITED = "invited"
    OF_WARD = "of_ward"
    OTHER = "other"
    STAFF = "staff"
    SUSPENDED = "suspended"
    REVIEW = "review"
    ENDING = "ending"
    ENDED = "ended"


@dataclass(frozen=True)
class Waiting:
    """`kind` is one of `Waits`; `until` is its last moment or day, None where there is none.

    Of the child or relative who is helped there is no more than `ward`, the masked name, and the `count` of invitations:
    `query` leads to the page that tells them and writes the look down.
    """

    kind: str
    reference: str
    name: str
    relation: Words
    gives: bool
    until: datetime | date | None = None
    ward: str = ""
    query: str = ""
    count: int = 0


@dataclass(frozen=True)
class Line:
    """A binding as one side reads it; fen, None is no cap. `place` is the giver's in the reader's order, None outside of it.

    `used_fen` is of this month.
    """

    reference: str
    name: str
    relation: Words
    shown: Shown
    used_fen: int
    cap_month_fen: int | None
    limit_left_fen: int | None
    place: int | None


@dataclass(frozen=True)
class Helped:
    """Somebody the reader may act or look for. `query` is "" where the reader may not act."""

    reference: Any
    name: str
    is_ward: bool
    query: str
    sees: bool


@dataclass(frozen=True)
class Overview:
    """`helpers` are the masked names of whoever may see or act for the reader."""

    waiting: tuple[Waiting, ...]
    giving: tuple[Line, ...]
    using: tuple[Line, ...]
    helped: tuple[Helped, ...]
    helpers: tuple[str, ...]
    may_pause_all: bool

    @property
    def is_empty(self) -> bool:
        return not (self.waiting or self.giving or self.using)


def overview(
    person: InsuredPerson, today: date, *, alone: bool = False, reviews: bool = True
) -> Overview:
    """Five queries, whatever the number of bindings. `alone`: without those the person helps, for a helper's eyes.

    `reviews`: with what asks the giver whether it is still right, which no helper may answer.
    """
    now = timezone.now()
    rows = list(_bindings(person.pk, today, now))
    places = _places(person.pk)
    grants = [] if alone else list(_grants(person.pk, today))
    wards = [] if alone else list(_wards(person.pk, today))
    helped = _helped(person.pk, grants, wards)
    acted_for = {row.child_id: row.child for row in wards} | {
        row.owner_id: row.owner
        for row in grants
        if row.kind == GrantKind.ACT_FAMILY and row.owner_id != person.pk
    }
    invited = _invited([person, *acted_for.values()], person, now)
    given = [row for row in rows if row.giver_id == person.pk and row.state in IN_FORCE]
    return Overview(
        waiting=(
            *invited,
            *(
                one
                for one in _waiting(rows, person.pk, today)
                if reviews or one.kind != Waits.REVIEW
            ),
        ),
        giving=tuple(_line(row, Side.GIVER, now, None) for row in given),
        using=tuple(
            _line(row, Side.BENEFICIARY, now, places.get(row.pk))
            for row in sorted(rows, key=lambda row: places.get(row.pk, len(places) + 1))
            if row.beneficiary_id == person.pk and row.state in IN_FORCE
        ),
        helped=helped,
        helpers=tuple(
            dict.fromkeys(mask_name(row.helper.name) for row in grants if row.owner_id == person.pk)
        ),
        may_pause_all=any(row.paused_by != Side.GIVER for row in given),
    )


def _bindings(person_id: int, today: date, now: datetime) -> QuerySet[Binding]:
    month = Month.containing(today).index
    used = CapUse.objects.filter(binding=OuterRef("pk"), month=month).values("used_fen")
    last = BindingEvent.objects.filter(binding=OuterRef("pk")).order_by("-number")
    just_ended = Q(state__in=[State.ENDED, State.ENDING], state_since__gt=now - JUST_NOW)
    return (
        Binding.objects.of(person_id)
        .filter(Q(state__in=OPEN) | just_ended)
        .select_related("giver", "beneficiary", "invitation")
        .annotate(
            used_fen=Subquery(used[:1]),
            last_move=Subquery(last.values("move")[:1]),
            last_side=Subquery(last.values("side")[:1]),
        )
        .order_by("pk")
    )


def _places(person_id: int) -> dict[int, int]:
    """Places in the order that holds, by the ids of the bindings."""
    held = OrderPlace.objects.filter(
        version__order__person=person_id, version__number=F("version__order__version")
    )
    return dict(held.values_list("binding_id", "position"))


def _grants(person_id: int, today: date) -> QuerySet[Grant]:
    held = Grant.objects.held_on(today).filter(Q(owner=person_id) | Q(helper=person_id))
    return held.select_related("owner", "helper")


def _wards(person_id: int, today: date) -> QuerySet[Guardianship]:
    found = Guardianship.objects.filter(guardian=person_id, ended_at=None, until__gt=today)
    return found.select_related("child")


def _invited(
    people: list[InsuredPerson], reader: InsuredPerson, now: datetime
) -> tuple[Waiting, ...]:
    """The reader's own, the first to run out first; of the others how many carry their number."""
    by_number = {one.id_number: one for one in people if one.id_number}
    if not by_number:
        return ()
    live = Invitation.objects.live()
    found = reduce(or_, (live.for_value(IdentifierKind.ID_NUMBER, one) for one in by_number))
    rows = (
        found.filter(expires_at__gt=now, binding__state=State.WAITING)
        .select_related("binding__giver", "binding__beneficiary")
        .order_by("expires_at", "pk")
    )
    own, counts = [], Counter[str]()
    for row in rows:
        if by_number[row.id_number].pk == reader.pk:
            own.append(_invitation(row))
        else:
            counts[row.id_number] += 1
    return (*own, *(_of_ward(by_number[number], count) for number, count in counts.items()))


def _of_ward(ward: InsuredPerson, count: int) -> Waiting:
    return Waiting(
        kind=Waits.OF_WARD,
        reference="",
        name="",
        relation="",
        gives=False,
        ward=mask_name(ward.name),
        query=f"?for={ward.reference}",
        count=count,
    )


def _invitation(row: Invitation) -> Waiting:
    binding = row.binding
    gives = binding.initiator == Side.BENEFICIARY
    proposer = binding.beneficiary if gives else binding.giver
    return Waiting(
        kind=Waits.INVITED,
        reference=binding.reference,
        name=mask_name(proposer.name if proposer else ""),
        relation=relation_of(binding, Side.GIVER if gives else Side.BENEFICIARY),
        gives=gives,
        until=row.expires_at,
    )


def _waiting(rows: Iterable[Binding], person_id: int, today: date) -> Iterator[Waiting]:
    for row in rows:
        side = Side.GIVER if row.giver_id == person_id else Side.BENEFICIARY
        kind, until = _what_waits(row, side, today)
        if kind:
            yield Waiting(
                kind=kind,
                reference=row.reference,
                name=_name(row, side),
                relation=relation_of(row, side),
                gives=side is Side.GIVER,
                until=until,
            )


def _what_waits(row: Any, side: Side, today: date) -> tuple[str, datetime | date | None]:
    if row.state == State.WAITING:
        return Waits.OTHER, row.invitation.expires_at
    if row.state == State.WITH_STAFF:
        return Waits.STAFF, None
    if row.state == State.SUSPENDED:
        return Waits.SUSPENDED, None
    if row.last_move == Move.END and row.last_side == side and _is_new(row):
        return Waits.ENDED, row.state_since + JUST_NOW
    if row.state == State.ENDING:
        return Waits.ENDING, row.formal_end
    if side is Side.GIVER and row.state in IN_FORCE and review_is_due(row, today):
        return Waits.REVIEW, None
    return "", None


def _is_new(row: Binding) -> bool:
    return timezone.now() - row.state_since < JUST_NOW


def _line(row: Any, side: Side, now: datetime, place: int | None) -> Line:
    left = None if row.limit_fen is None else row.limit_fen - row.limit_used_fen
    return Line(
        reference=row.reference,
        name=_name(row, side),
        relation=relation_of(row, side),
        shown=shown(row, side, now),
        used_fen=row.used_fen or 0,
        cap_month_fen=row.cap_month_fen,
        limit_left_fen=left,
        place=place,
    )


def _name(row: Binding, reader: Side) -> str:
    """Masked; somebody who has not answered yet as the initiator typed it."""
    other = row.beneficiary if reader is Side.GIVER else row.giver
    return mask_name(other.name if other else row.invitation.name)


def _helped(
    person_id: int, grants: Iterable[Grant], wards: Iterable[Guardianship]
) -> tuple[Helped, ...]:
    found: dict[int, Helped] = {}
    for ward in wards:
        child = ward.child
        query = f"?for={child.reference}"
        found[child.pk] = Helped(child.reference, mask_name(child.name), True, query, sees=False)
    for one in grants:
        if one.owner_id == person_id:
            continue
        so_far = found.get(one.owner_id)
        acts = one.kind == GrantKind.ACT_FAMILY
        found[one.owner_id] = Helped(
            reference=one.owner.reference,
            name=mask_name(one.owner.name),
            is_ward=bool(so_far and so_far.is_ward),
            query=f"?for={one.owner.reference}" if acts else (so_far.query if so_far else ""),
            sees=bool(so_far and so_far.sees) or not acts,
        )
    return tuple(found.values())
