"""What becomes of a binding that is in force: paused, resumed, changed, ended, and ended by mistake.

Whoever wants money to stop is let through at once. Facts, dates and rules are asked again by every use (`family.payers`): a
binding in force is no promise that a bill is paid.
"""

from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from typing import Any, Unpack

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from family import eligibility, joining, limits, moves, moving
from family.acting import SYSTEM, Act, NotAllowed, Pressed, act_for
from family.bindings import NotPossible
from family.models import Binding, BindingEvent, Channel, MoneyModel
from family.moves import IN_FORCE, Move, Side, State, WrongMove
from family.moving import Stale
from family.note_texts import TOO_SOON
from family.records import spoken_for
from family.selectors.ending import formal_end
from insurance.models import InsuredPerson
from insurance.policy_names import USES
from insurance.rules.decision import NO

__all__ = [
    "UNDO_WITHIN",
    "NotAllowed",
    "NotPossible",
    "Stale",
    "Terms",
    "WrongMove",
    "change",
    "close",
    "end",
    "finish",
    "lift",
    "may_undo",
    "pause",
    "pause_all",
    "resume",
    "suspend",
    "undo",
]

# Long enough to see a slip on the receipt, too short for a bill to be planned around it.
UNDO_WITHIN = timedelta(minutes=10)


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What the giver may change. Money is fen, None no cap; `limit_fen` counts in the limit model alone."""

    uses: tuple[str, ...]
    cap_month_fen: int | None
    cap_bill_fen: int | None
    limit_fen: int | None
    to_day: date | None
    shows_amounts: bool

    @classmethod
    def of(cls, binding: Binding) -> "Terms":
        """As they are: take these and `dataclasses.replace` what changes."""
        return cls(
            uses=tuple(binding.uses),
            cap_month_fen=binding.cap_month_fen,
            cap_bill_fen=binding.cap_bill_fen,
            limit_fen=binding.limit_fen,
            to_day=binding.to_day,
            shows_amounts=binding.shows_amounts,
        )


@transaction.atomic
def pause(
    *,
    binding_id: int,
    person: InsuredPerson,
    version: int | None = None,
    **pressed: Unpack[Pressed],
) -> Binding:
    """From now on nothing is paid. The giver's pause goes before the beneficiary's, and hers stands behind it; again changes nothing.

    Raises `NotAllowed`, `Stale`, `WrongMove`.
    """
    binding = moving.lock(binding_id, version=version)
    act = moving.act_of_party(binding, person, **pressed)
    _pause(binding, act)
    return binding


@transaction.atomic
def pause_all(*, person: InsuredPerson, **pressed: Unpack[Pressed]) -> int:
    """Everything this person gives; how many there were to pause. Raises `NotAllowed`."""
    wanted = Binding.objects.in_force().given_by(person.pk).exclude(paused_by=Side.GIVER)
    bindings = moving.lock_all(wanted, person_id=person.pk)
    act = act_for(person, Side.GIVER, **pressed)
    for binding in bindings:
        _pause(binding, act)
    return len(bindings)


@transaction.atomic
def resume(
    *,
    binding_id: int,
    person: InsuredPerson,
    version: int | None = None,
    **pressed: Unpack[Pressed],
) -> Binding:
    """Only by the side that paused; the page asks for the password first. Paused it stays where the other side had paused, too.

    Raises `NotAllowed`, `Stale`, `WrongMove`.
    """
    binding = moving.lock(binding_id, version=version)
    act = moving.act_of_party(binding, person, spends=True, **pressed)
    if binding.paused_by != act.side:
        raise WrongMove(Move.RESUME, State(binding.state), act.side)
    behind = moves.other(act.side)
    stays = _has_paused(binding, behind)
    binding.paused_by = behind if stays else ""
    to = _unless_suspended(binding, State.PAUSED if stays else State.ACTIVE)
    # The notice says that money flows again.
    moving.make(binding, Move.RESUME, to=to, act=act, tell=not stays)
    return binding


@transaction.atomic
def change(
    *,
    binding_id: int,
    person: InsuredPerson,
    terms: Terms,
    version: int | None = None,
    **pressed: Unpack[Pressed],
) -> Binding:
    """The giver's new terms, from the next bill on; the same ones change nothing.

    Raises ValueError for terms that no form lets through, `NotPossible` where a higher limit can't be set aside, `NotAllowed`,
    `Stale`, `WrongMove`.
    """
    binding = moving.lock(binding_id, version=version)
    act = moving.act_of_party(binding, person, spends=True, **pressed)
    if act.side is not Side.GIVER or binding.state not in IN_FORCE:
        raise WrongMove(Move.CHANGE, State(binding.state), act.side)
    if binding.money_model != MoneyModel.LIMIT:
        terms = replace(terms, limit_fen=None)
    _expect_sound(terms, binding)
    changed = _differences(Terms.of(binding), terms)
    if not changed:
        return binding
    if terms.limit_fen is not None and terms.limit_fen != binding.limit_fen:
        _change_limit(binding, terms.limit_fen, act)
    for name in changed:
        if name != "limit_fen":
            value = getattr(terms, name)
            setattr(binding, name, list(value) if name == "uses" else value)
    moving.make(binding, Move.CHANGE, to=State(binding.state), act=act, details=changed)
    return binding


@transaction.atomic
def end(
    *,
    binding_id: int,
    person: InsuredPerson,
    version: int | None = None,
    **pressed: Unpack[Pressed],
) -> Binding:
    """Nothing new is paid from now on and what is left of a limit is free, also where by a rule of the place the end itself waits.

    Raises `NotAllowed`, `Stale`, `WrongMove`.
    """
    binding = moving.lock(binding_id, version=version)
    act = moving.act_of_party(binding, person, **pressed)
    day = formal_end(binding, timezone.localdate())
    _end(binding, act, reason=TOO_SOON if day else "", until=day)
    return binding


@transaction.atomic
def close(
    *,
    binding_id: int,
    reason: str,
    whose: Side | None = None,
    by: User | None = None,
) -> Binding:
    """The same by the site itself, or by staff where `by` is given, and never with a wait. Raises `WrongMove`.

    `reason` is a code of `note_texts.WHYS`; both sides are told it, or only that of whose record it is.
    """
    binding = moving.lock(binding_id)
    act = Act(side=Side.STAFF, channel=Channel.COUNTER, by=by) if by else SYSTEM
    _end(binding, act, reason=reason, whose=whose)
    return binding


@transaction.atomic
def undo(
    *,
    binding_id: int,
    person: InsuredPerson,
    version: int | None = None,
    **pressed: Unpack[Pressed],
) -> Binding:
    """Back into force as it was, by the side that ended it, within ten minutes.

    Raises `NotPossible` where something came in between: the pair is bound anew, the seat or the money is gone, the register says
    otherwise; `WrongMove` for the other side or too late; `NotAllowed`, `Stale`.
    """
    binding = moving.lock(binding_id, version=version)
    act = moving.act_of_party(binding, person, spends=True, **pressed)
    last = binding.events.order_by("-number").first()
    if last is None or not may_undo(last, act.side):
        raise WrongMove(Move.UNDO, State(binding.state), act.side)
    check = eligibility.examine(binding, day=timezone.localdate(), guarded=_guarded(binding, act))
    if check.verdict != NO:
        check = joining.take_part(binding, check, act)
    if check.verdict == NO:
        raise NotPossible(check)
    binding.formal_end = None
    to = State.PAUSED if binding.paused_by else State.ACTIVE
    moving.make(binding, Move.UNDO, to=to, act=act)
    joining.enter_order(binding, act)
    return binding


def may_undo(last: BindingEvent, side: Side) -> bool:
    """Whether the last thing that happened to a binding is an end that this side can still take back."""
    # A moment from the future (the clock was set back) is no reason to take something back for years.
    age = timezone.now() - last.happened_at
    return last.move == Move.END and last.side == side and timedelta(0) <= age < UNDO_WITHIN


@transaction.atomic
def suspend(*, binding_id: int, reason: str, whose: Side | None = None) -> Binding:
    """What the register says of a side stops it until that is over; where it is stopped already nothing changes.

    `reason` and `whose` as for `close`. Raises `WrongMove`.
    """
    binding = moving.lock(binding_id)
    if binding.state != State.SUSPENDED:
        moving.make(
            binding, Move.SUSPEND, to=State.SUSPENDED, act=SYSTEM, reason=reason, whose=whose
        )
    return binding


@transaction.atomic
def lift(*, binding_id: int, reason: str = "") -> Binding:
    """Back to where it was; what somebody has paused stays paused. Raises `WrongMove`."""
    binding = moving.lock(binding_id)
    to = State.PAUSED if binding.paused_by else State.ACTIVE
    moving.make(binding, Move.LIFT, to=to, act=SYSTEM, reason=reason)
    return binding


@transaction.atomic
def finish(*, binding_id: int) -> Binding:
    """The formal end has come. Raises `WrongMove` before its day."""
    binding = moving.lock(binding_id)
    if binding.formal_end is None or timezone.localdate() < binding.formal_end:
        raise WrongMove(Move.FINISH, State(binding.state), Side.SYSTEM)
    binding.seat = None
    moving.make(binding, Move.FINISH, to=State.ENDED, act=SYSTEM)
    return binding


def _pause(binding: Binding, act: Act) -> None:
    if binding.state in IN_FORCE and (
        binding.paused_by == act.side or (binding.paused_by and _has_paused(binding, act.side))
    ):
        return
    if binding.paused_by != Side.GIVER:
        binding.paused_by = act.side
    moving.make(binding, Move.PAUSE, to=_unless_suspended(binding, State.PAUSED), act=act)


def _has_paused(binding: Binding, side: Side) -> bool:
    """Whether that side paused and has not resumed since, by what is written: the column holds one side alone."""
    own = binding.events.filter(side=side, move__in=[Move.PAUSE, Move.RESUME])
    last = own.order_by("-number").first()
    if last is None or last.move == Move.RESUME:
        return False
    return not binding.events.filter(number__gt=last.number, to_state=State.ACTIVE).exists()


def _unless_suspended(binding: Binding, to: State) -> State:
    return State.SUSPENDED if binding.state == State.SUSPENDED else to


def _end(
    binding: Binding,
    act: Act,
    *,
    reason: str = "",
    whose: Side | None = None,
    until: date | None = None,
) -> None:
    to = State.ENDING if until else State.ENDED
    moves.check(Move.END, state=State(binding.state), to=to, by=act.side)
    limits.release(binding, by=act.by)
    binding.formal_end = until
    binding.seat = binding.seat if until else None
    moving.make(binding, Move.END, to=to, act=act, reason=reason, whose=whose)
    joining.leave_order(binding, act)


def _expect_sound(terms: Terms, binding: Binding) -> None:
    first = max(binding.from_day, timezone.localdate())
    caps = [one for one in (terms.cap_month_fen, terms.cap_bill_fen) if one is not None]
    faults = {
        "uses": not terms.uses or not set(terms.uses) <= set(USES),
        "caps": any(one <= 0 for one in caps),
        "to_day": terms.to_day is not None and terms.to_day < first,
        "limit_fen": binding.limit_fen is not None
        and (terms.limit_fen or 0) < max(binding.limit_used_fen, 1),
    }
    if wrong := [name for name, is_wrong in faults.items() if is_wrong]:
        raise ValueError(", ".join(wrong))


def _differences(before: Terms, after: Terms) -> dict[str, Any]:
    """Each changed field with what it was and what it is, as an event keeps it."""
    pairs = {
        one.name: (getattr(before, one.name), getattr(after, one.name)) for one in fields(Terms)
    }
    return {name: [_plain(old), _plain(new)] for name, (old, new) in pairs.items() if old != new}


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return list(value)
    return value.isoformat() if isinstance(value, date) else value


def _change_limit(binding: Binding, limit_fen: int, act: Act) -> None:
    """Giving money back is always possible; setting more aside is asked like a new binding."""
    more = limit_fen - (binding.limit_fen or 0)
    if more > 0:
        check = eligibility.examine(
            binding, day=timezone.localdate(), guarded=_guarded(binding, act), limit_fen=more
        )
        if check.verdict == NO:
            raise NotPossible(check)
    try:
        limits.change(binding, limit_fen=limit_fen, by=act.by)
    except limits.InsufficientFunds:
        raise NotPossible(check.adding(eligibility.not_covered(more))) from None


def _guarded(binding: Binding, act: Act) -> frozenset[Side]:
    """For whom a guardian signed then, or presses now."""
    return spoken_for(binding) | ({act.side} if act.guardian else frozenset())
