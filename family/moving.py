"""The step that every move of a binding shares: lock, hold against the table, write down, tell both sides.

Locks are taken in one order everywhere: the orders of deduction by person id, the bindings by id, the accounts by id. What a
verb decides by is read after them.
"""

from typing import Any, Unpack

from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts import audit
from family import moves, note_texts, notes, orders, words
from family.acting import Act, NotAllowed, Pressed, act_for
from family.models import Binding, BindingEvent
from family.models.bindings import BindingQuerySet
from family.moves import Move, Side, State
from insurance.models import InsuredPerson

for move, label in words.MOVES.items():
    audit.LABELS[f"binding.{move}"] = format_lazy("{}：{}", _("家庭共济"), label)
    audit.LABELS[f"counter.{move}"] = format_lazy("{}：{}", _("在窗口替您办家庭共济"), label)


class Stale(Exception):
    """The binding has moved on since the page was opened: look again, then decide."""


def lock(binding_id: int, *, joining: int | None = None, version: int | None = None) -> Binding:
    """The binding as it stands, after the orders of its parties; `joining` is somebody about to become one.

    Raises `Stale` where `version` is not the present one, and where a party came in while this waited.
    """
    seen = Binding.objects.only("giver_id", "beneficiary_id").get(pk=binding_id)
    parties = _parties(seen) | ({joining} if joining else set())
    orders.lock(parties)
    binding = Binding.objects.select_for_update().get(pk=binding_id)
    if not _parties(binding) <= parties or version not in (None, binding.version):
        raise Stale
    return binding


def act_of_party(
    binding: Binding, person: InsuredPerson, *, spends: bool = False, **pressed: Unpack[Pressed]
) -> Act:
    """Of the side that the person is. Raises `NotAllowed` for a stranger too."""
    side = binding.side_of(person.pk)
    if side is None:
        raise NotAllowed
    if spends:
        expect_no_own_gain(binding, side, pressed.get("guardian"))
    return act_for(person, side, spends=spends and side is Side.GIVER, **pressed)


def expect_no_own_gain(binding: Binding, side: Side, guardian: InsuredPerson | None) -> None:
    """A guardian gives nothing of the child's to himself (Civil Code art. 35). Raises `NotAllowed`."""
    if guardian is not None and side is Side.GIVER and binding.beneficiary_id == guardian.pk:
        raise NotAllowed


def lock_all(wanted: BindingQuerySet, *, person_id: int) -> list[Binding]:
    """Those bindings of one person that are wanted still, in the order of their ids."""
    orders.lock([person_id])
    return list(wanted.select_for_update().order_by("pk"))


def make(
    binding: Binding,
    move: Move,
    *,
    to: State,
    act: Act,
    reason: str = "",
    whose: Side | None = None,
    details: dict[str, Any] | None = None,
    tell: bool = True,
) -> BindingEvent:
    """Write the move down and tell both sides; the caller holds the locks and has set what else changes.

    Raises `moves.WrongMove`. `reason` is a code, and where it lies in the record of one side, `whose` names it: the other is not
    told. `details` are codes and fen, and of a refusal the words in which it was told.
    """
    before = State(binding.state) if binding.state else None
    moves.check(move, state=before, to=to, by=act.side)
    now = timezone.now()
    binding.state = to
    if to != before:
        binding.state_since = now
    binding.version = binding.version + 1 if binding.pk else 1
    binding.save()
    event = BindingEvent.objects.create(
        binding=binding,
        number=binding.version,
        move=move,
        from_state=before or "",
        to_state=to,
        side=act.side,
        channel=act.channel,
        acted_by=act.by,
        reason=reason,
        details=_told(act, whose) | (details or {}),
        happened_at=now,
    )
    _write_into_book(event, binding, act, whose)
    if tell:
        said = note_texts.said(event.details)
        notes.tell_both(binding, move, by=act.side, reason=reason, whose=whose, said=said)
    return event


def _write_into_book(event: BindingEvent, binding: Binding, act: Act, whose: Side | None) -> None:
    """Whatever a clerk does for somebody stands among what that person is shown of the visitors' book, too."""
    how = {"side": str(act.side), "channel": str(act.channel), "to": str(event.to_state)}
    audit.record(
        actor=act.by,
        action=f"binding.{event.move}",
        subject=binding.subject,
        reason=event.reason,
        details=how | _told(act, whose),
        request=act.request,
    )
    if act.presence and act.person:
        audit.record(
            actor=act.by,
            action=f"counter.{event.move}",
            subject=act.person,
            reason=act.grounds,
            details={"binding": binding.reference} | _told(act, None),
            request=act.request,
        )


def _told(act: Act, whose: Side | None) -> dict[str, Any]:
    return act.told | ({"whose": str(whose)} if whose else {})


def _parties(binding: Binding) -> set[int]:
    return {one for one in (binding.giver_id, binding.beneficiary_id) if one is not None}
