"""One binding as one of its two sides reads it: where it stands, what was agreed, what happened, what was used."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.privacy import mask_name
from family import note_texts, reasons, words
from family.models import Binding, BindingEvent, CapUse, Channel, OrderPlace
from family.moves import PARTIES, Move, Side, State
from family.reasons import Code
from family.selectors.relatives import relation_of
from family.selectors.states import Shown, allows, review_is_due, shown
from family.selectors.terms import Row, changes, rows_of
from insurance.models import IdentityLink
from insurance.periods import Month

Words = str | Promise
MONTHS_SHOWN = 12
HOW: dict[str, Words] = {
    Channel.WEB: _("在网上"),
    Channel.COUNTER: _("在医保窗口，由工作人员录入"),
    Channel.PHONE: _("打电话，由工作人员录入"),
}
BY_GUARDIAN, BY_HELPER = _("监护人在网上"), _("请来帮忙的家人在网上")
# The move that led to a state of which people ask why.
_BROUGHT_BY = {
    State.SUSPENDED: Move.SUSPEND,
    State.ENDING: Move.END,
    State.ENDED: Move.END,
    State.REFUSED: Move.REFUSE,
}
# Whose record sends a case to staff; the other side isn't told.
_STAFF_WHOSE = {Code.NAME_DIFFERS: "invited", Code.MEMBER_CAP_STAFF: Side.GIVER}


@dataclass(frozen=True)
class Step:
    """One thing that happened. `why` and `changes` are empty where there is nothing to say."""

    what: Words
    who: Words
    how: Words
    why: Words
    changes: tuple[str, ...]
    at: datetime
    at_counter: bool


@dataclass(frozen=True)
class Used:
    """Fen in a month."""

    month: Month
    fen: int


@dataclass(frozen=True)
class Case:
    """`may` are the moves this side has; `steps` the newest first; `place` and `order_version` the beneficiary's, None else.

    `why` says why it is suspended or with staff, as far as this side may know.
    """

    binding: Binding
    side: Side
    name: str
    relation: Words
    shown: Shown
    why: Words
    terms: tuple[Row, ...]
    steps: tuple[Step, ...]
    used: tuple[Used, ...]
    may: frozenset[Move]
    last: BindingEvent | None
    place: int | None
    order_version: int | None
    review_is_due: bool

    @property
    def gives(self) -> bool:
        return self.side is Side.GIVER

    @property
    def at_counter(self) -> bool:
        """Something here was written by staff."""
        return any(one.at_counter for one in self.steps)


def case(binding: Binding, side: Side, now: datetime) -> Case:
    """Four queries. The binding comes with `giver`, `beneficiary` and `invitation`; `side` is the reader's."""
    events = list(binding.events.order_by("number"))
    place, version = _place(binding) if side is Side.BENEFICIARY else (None, None)
    today = timezone.localtime(now).date()
    return Case(
        binding=binding,
        side=side,
        name=name_of_other(binding, side),
        relation=relation_of(binding, side),
        shown=shown(binding, side, now),
        why=_why(binding, side, events),
        terms=rows_of(binding),
        steps=tuple(_steps(binding, side, events))[::-1],
        used=tuple(_used(binding)),
        may=frozenset(one for one in Move if side in PARTIES and allows(binding, one, side)),
        last=events[-1] if events else None,
        place=place,
        order_version=version,
        review_is_due=side is Side.GIVER
        and State(binding.state) in {State.ACTIVE, State.PAUSED}
        and review_is_due(binding, today),
    )


def name_of_other(binding: Binding, reader: Side) -> str:
    """Masked; somebody who has not answered yet as the initiator typed it."""
    other = binding.beneficiary if reader is Side.GIVER else binding.giver
    return mask_name(other.name if other else binding.invitation.name)


def _place(binding: Binding) -> tuple[int | None, int | None]:
    found = OrderPlace.objects.filter(
        binding=binding, version__number=F("version__order__version")
    ).values_list("position", "version__number")
    return next(iter(found), (None, None))


def _used(binding: Binding) -> Iterator[Used]:
    for one in CapUse.objects.filter(binding=binding).order_by("-month")[:MONTHS_SHOWN]:
        yield Used(one.month, one.used_fen)


def _steps(binding: Binding, side: Side, events: Iterable[BindingEvent]) -> Iterator[Step]:
    found = list(events)
    linked = _people_of({one.acted_by_id for one in found if one.channel == Channel.WEB})
    for one in found:
        yield Step(
            what=words.MOVES[one.move],
            who=_who(binding, side, one),
            how=_how(binding, one, linked),
            why=_reason(one, side),
            changes=tuple(changes(one.details)) if one.move == Move.CHANGE else (),
            at=one.happened_at,
            at_counter=one.channel in (Channel.COUNTER, Channel.PHONE),
        )


def _who(binding: Binding, side: Side, event: BindingEvent) -> Words:
    if event.side == side:
        return _("您")
    if event.side in PARTIES:
        return name_of_other(binding, side)
    return words.SIDES[event.side]


def _how(binding: Binding, event: BindingEvent, linked: dict[int | None, set[int]]) -> Words:
    if event.side not in PARTIES:
        return ""
    if event.channel == Channel.WEB:
        if event.details.get("by_guardian"):
            return BY_GUARDIAN
        party = binding.giver_id if event.side == Side.GIVER else binding.beneficiary_id
        # Who declined never became a side, and nobody is named for it.
        if party is not None and party not in linked.get(event.acted_by_id, {party}):
            return BY_HELPER
    return HOW.get(event.channel, "")


def _people_of(users: set[int | None]) -> dict[int | None, set[int]]:
    """Ended links too: what somebody did with a login of old was done by them."""
    found: dict[int | None, set[int]] = {}
    links = IdentityLink.objects.filter(user__in=users - {None})
    for user_id, person_id in links.values_list("user_id", "person_id"):
        found.setdefault(user_id, set()).add(person_id)
    return found


def _reason(event: BindingEvent, side: Side) -> Words:
    """What lies in the other side's record is no more than that to this side."""
    known = note_texts.said(event.details) or note_texts.WHYS.get(event.reason, "")
    if known and event.details.get("whose") not in (None, str(side)):
        return note_texts.OTHER_SIDE
    return known


def _why(binding: Binding, side: Side, events: Iterable[BindingEvent]) -> Words:
    if binding.state == State.WITH_STAFF:
        return _staff_reason(binding, side)
    move = _BROUGHT_BY.get(State(binding.state))
    brought = [one for one in events if one.move == move]
    return _reason(brought[-1], side) if brought else ""


def _staff_reason(binding: Binding, side: Side) -> Words:
    code = binding.staff_reason
    if code not in reasons.REASONS:
        return ""
    whose = _STAFF_WHOSE.get(Code(code))
    if whose == "invited":
        whose = Side.GIVER if binding.initiator == Side.BENEFICIARY else Side.BENEFICIARY
    if whose not in (None, side):
        return _now("原因在对方那边，对方登录后能看到。")
    params: dict[str, Any] = {}
    return reasons.sentence(Code(code), params, who=None)
