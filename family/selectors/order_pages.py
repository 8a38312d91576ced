"""The pages about whose money comes first: the list as it is, and the lists that were."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import F
from django.utils.functional import Promise

from accounts.privacy import mask_name
from family import relations, words
from family.models import Binding, DeductionOrder, OrderPlace, OrderVersion
from family.moves import State
from family.payer_words import OrderReason
from family.relations import Relation

VERSION_ROWS = 20
TAGS = {State.ACTIVE: "ok", State.PAUSED: "wait", State.SUSPENDED: "wait"}


@dataclass(frozen=True)
class Row:
    """One payer. `name` is masked, `relation` is what the payer is to oneself, `place` counts from 1.

    `was` is the place in the list that holds, which is another where a new order isn't saved yet.
    """

    place: int
    was: int
    binding_id: int
    reference: str
    name: str
    relation: str | Promise
    state: str | Promise
    tag: str
    is_last: bool


@dataclass(frozen=True)
class OrderList:
    """`version` 0 where there never was a list."""

    version: int
    rows: tuple[Row, ...]

    @property
    def binding_ids(self) -> tuple[int, ...]:
        return tuple(row.binding_id for row in self.rows)

    @property
    def places(self) -> tuple[int, ...]:
        """The rows by their places in the list that holds: (1, 2, 3) is the list itself."""
        return tuple(row.was for row in self.rows)

    @property
    def is_changed(self) -> bool:
        return self.places != tuple(sorted(self.places))

    def ordered(self, places: Sequence[int]) -> "OrderList":
        """The rows in this order, by their places in the list that holds. Raise ValueError unless each is named once."""
        if sorted(places) != sorted(self.places):
            raise ValueError("not the places of this list")
        by_place = {row.was: row for row in self.rows}
        return replace(self, rows=_numbered(by_place[was] for was in places))

    def moved(self, place: int, step: int) -> "OrderList":
        """With the row at `place` one up (-1) or down (1); as it is where there is no further place."""
        other = place + step
        if not (1 <= place <= len(self.rows) and 1 <= other <= len(self.rows)):
            return self
        places = list(self.places)
        places[place - 1], places[other - 1] = places[other - 1], places[place - 1]
        return self.ordered(places)


@dataclass(frozen=True)
class Version:
    """A list as it was, the first payer first. `names` are masked."""

    number: int
    reason: str | Promise
    channel: str | Promise
    made_at: datetime
    names: tuple[str, ...]
    row: OrderVersion


@dataclass(frozen=True)
class History:
    """Newest first. `older` is the number to go on before; None on the last page."""

    versions: tuple[Version, ...]
    older: int | None


def current_version(person_id: int) -> int:
    """The number of the list that holds, 0 where there never was one."""
    found = DeductionOrder.objects.filter(person=person_id).values_list("version", flat=True)
    return found.first() or 0


def order_list(person_id: int) -> OrderList:
    """Two queries."""
    places = (
        OrderPlace.objects.filter(
            version__order__person=person_id, version__number=F("version__order__version")
        )
        .select_related("binding")
        .annotate(giver_name=F("binding__giver__name"))
        .order_by("position")
    )
    rows = _numbered(_row(one.binding, one.giver_name) for one in places)
    return OrderList(
        version=current_version(person_id),
        rows=tuple(replace(row, was=row.place) for row in rows),
    )


def history(person_id: int, *, before: int | None = None) -> History:
    """Three queries, whatever the number of payers; `before` is the number of a version."""
    rows = OrderVersion.objects.filter(order__person=person_id)
    if before is not None:
        rows = rows.filter(number__lt=before)
    found = list(rows.order_by("-number")[: VERSION_ROWS + 1])
    shown = found[:VERSION_ROWS]
    older = shown[-1].number if len(found) > VERSION_ROWS else None
    return History(tuple(_versions(shown)), older)


def version(person_id: int, number: int) -> Version | None:
    """One list as it was; None where there is none of that number."""
    rows = OrderVersion.objects.filter(order__person=person_id, number=number)
    return next(iter(_versions(list(rows))), None)


def _row(binding: Binding, name: str) -> Row:
    return Row(
        place=0,
        was=0,
        binding_id=binding.pk,
        reference=binding.reference,
        name=mask_name(name),
        relation=words.RELATIONS[relations.inverse(Relation(binding.relation))],
        state=words.STATES[binding.state],
        tag=TAGS.get(State(binding.state), "quiet"),
        is_last=False,
    )


def _numbered(rows: Iterable[Row]) -> tuple[Row, ...]:
    found = list(rows)
    return tuple(
        replace(row, place=place, is_last=place == len(found))
        for place, row in enumerate(found, start=1)
    )


def _versions(rows: Sequence[OrderVersion]) -> list[Version]:
    """Each name is read once, however many lists it stands in."""
    places = list(
        OrderPlace.objects.filter(version__in=rows)
        .order_by("version_id", "position")
        .values_list("version_id", "binding_id")
    )
    names = dict(
        Binding.objects.filter(pk__in={binding_id for _, binding_id in places}).values_list(
            "pk", "giver__name"
        )
    )
    return [
        Version(
            number=row.number,
            reason=OrderReason(row.reason).label,
            channel=row.get_channel_display(),
            made_at=row.made_at,
            names=tuple(
                mask_name(names[one]) for version_id, one in places if version_id == row.pk
            ),
            row=row,
        )
        for row in rows
    ]
