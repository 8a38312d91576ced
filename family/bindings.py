"""How a binding comes about: one side proposes, the other answers, and where the rules say so staff decide.

`Stale`, `NotPossible` and the others here are for the page to tell; `moves.WrongMove` is a page that offered what the table
doesn't allow. Nothing of the person who was named is looked up before that person comes.
"""

from typing import Unpack

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from accounts import limits as numbers
from accounts import names, throttling
from accounts.models import IdentifierKind, LoginIdentifier, User
from family import eligibility, joining, moves, moving, notes, orders
from family.acting import SYSTEM, Act, NotAllowed, Pressed, act_for
from family.eligibility import Check
from family.models import Binding, Channel, Invitation
from family.moves import Move, Side, State, WrongMove, other
from family.moving import Stale
from family.proposals import Proposal
from family.records import Said, spoken_for
from insurance.models import InsuredPerson, PersonIdentifier
from insurance.rules.decision import NO, YES

__all__ = [
    "AlreadyProposed",
    "Expired",
    "NotAllowed",
    "NotPossible",
    "Proposal",
    "SelfApproval",
    "Stale",
    "TooMany",
    "WrongMove",
    "WrongSignature",
    "approve",
    "confirm",
    "decline",
    "lapse",
    "propose",
    "refuse",
    "withdraw",
]


class NotPossible(Exception):
    """Something stands in the way; everything typed is kept. `check` says what, and who may be told."""

    def __init__(self, check: Check) -> None:
        self.check = check
        super().__init__(", ".join(one.code for one in check.problems))


class AlreadyProposed(Exception):
    """The same person has an open invitation of the same direction by the same initiator."""

    def __init__(self, reference: str) -> None:
        self.reference = reference
        super().__init__(reference)


class TooMany(Exception):
    """More proposals in a day than anybody has relatives."""


class WrongSignature(ValueError):
    """The name typed under the letter is not that of whoever signs."""


class Expired(Exception):
    """The time to answer is over."""


class SelfApproval(NotAllowed):
    """Whoever took a consent, or is one of the two, doesn't decide the case."""


def propose(
    *,
    initiator: InsuredPerson,
    side: Side,
    proposal: Proposal,
    signed_name: str,
    **pressed: Unpack[Pressed],
) -> Binding:
    """A binding that waits for the other side. The same queries and writes whoever that is, or is not.

    Raises `WrongSignature`, `TooMany`, `NotAllowed`, `AlreadyProposed`, `NotPossible`, ValueError for what no form lets through.
    Not inside a transaction: the count of proposals must stand whatever becomes of this one.
    """
    proposal.expect_sound()
    _expect_signature(signed_name, pressed.get("guardian") or initiator)
    if not throttling.spend(numbers.PROPOSALS_DAY, str(initiator.pk)):
        raise TooMany
    with transaction.atomic():
        orders.lock([initiator.pk])
        act = act_for(initiator, side, spends=side is Side.GIVER, **pressed)
        _expect_not_the_guardians(side, proposal, act)
        if twin := _open_twin(initiator, side, proposal.id_number):
            raise AlreadyProposed(twin.reference)
        check = _precheck(initiator, side, proposal, act)
        if check.verdict == NO:
            raise NotPossible(check)
        binding = joining.new(initiator, side, proposal)
        moving.make(binding, Move.PROPOSE, to=State.WAITING, act=act, tell=False)
        joining.invite(binding, proposal, days=check.rules.invitation_days)
        joining.consent(binding, initiator, act, signed_name)
        notes.tell(binding, side, Move.PROPOSE, by=side)
    return binding


def confirm(
    *,
    binding_id: int,
    person: InsuredPerson,
    signed_name: str,
    shows_amounts: bool | None = None,
    limit_fen: int | None = None,
    version: int | None = None,
    **pressed: Unpack[Pressed],
) -> Binding:
    """The invited side says yes: active at once, or with staff where they have to decide.

    `shows_amounts` and `limit_fen` are the giver's to say, None leaves what was proposed. Raises `WrongSignature`, `NotAllowed`,
    `Expired`, `Stale`, `WrongMove`, and `NotPossible` where something is in the way: then all stays as it was, and the initiator
    gets a notice if it lies in that record.
    """
    _expect_signature(signed_name, pressed.get("guardian") or person)
    with transaction.atomic():
        binding, act = _answering(binding_id, person, Move.CONFIRM, version, pressed)
        if binding.consents.filter(side=Side.GIVER, by_guardian=person).exists():
            raise NotAllowed
        if act.side is Side.GIVER:
            binding.shows_amounts = bool(
                binding.shows_amounts if shows_amounts is None else shows_amounts
            )
            binding.limit_fen = binding.limit_fen if limit_fen is None else limit_fen
        check = eligibility.examine(
            binding, day=timezone.localdate(), joining=person, guarded=_guarded(act)
        )
        if check.may_go_on:
            check = _join(binding, person, check, act, signed_name)
    if not check.may_go_on:
        _tell_blocked(binding_id, check, act.side)
        raise NotPossible(check)
    return binding


@transaction.atomic
def decline(
    *,
    binding_id: int,
    person: InsuredPerson,
    version: int | None = None,
    **pressed: Unpack[Pressed],
) -> Binding:
    """The invited side says no. Raises `NotAllowed`, `Expired`, `Stale`, `WrongMove`."""
    binding, act = _answering(binding_id, person, Move.DECLINE, version, pressed)
    joining.close(binding, Move.DECLINE, State.DECLINED, act)
    # No side of it, and so not told with the others: whoever was pressed for sees that somebody pressed.
    notes.tell_invited(binding, person, f"{Move.DECLINE}.own", once=binding.reference)
    return binding


@transaction.atomic
def withdraw(
    *,
    binding_id: int,
    person: InsuredPerson,
    version: int | None = None,
    **pressed: Unpack[Pressed],
) -> Binding:
    """The initiator takes a proposal back; either side, while staff have it. Raises `NotAllowed`, `Stale`, `WrongMove`."""
    binding = moving.lock(binding_id, version=version)
    act = moving.act_of_party(binding, person, **pressed)
    joining.close(binding, Move.WITHDRAW, State.WITHDRAWN, act)
    return binding


@transaction.atomic
def approve(
    *,
    binding_id: int,
    reason: str,
    by: User,
    money_model: str = "",
    version: int | None = None,
    request: HttpRequest | None = None,
) -> Binding:
    """Staff say yes. `reason` is a code; `money_model` has to be given where the rules don't settle it (ValueError).

    Raises `NotPossible` where a cause that nobody can overrule came up since, `SelfApproval`, `Stale`, `WrongMove`.
    """
    binding = moving.lock(binding_id, version=version)
    act = Act(side=Side.STAFF, channel=Channel.COUNTER, by=by, request=request)
    moves.check(Move.APPROVE, state=State(binding.state), to=State.ACTIVE, by=act.side)
    _expect_neutral(binding, by)
    check = eligibility.examine(
        binding, day=timezone.localdate(), guarded=spoken_for(binding), model_said=money_model
    )
    if check.verdict == NO:
        raise NotPossible(check)
    if not check.money_model:
        raise ValueError("money_model: the rules leave it open, so it has to be said")
    binding.giver_area_id, binding.beneficiary_area_id = check.areas
    agreed = max(binding.consents.values_list("given_at", flat=True))
    check = joining.activate(binding, Move.APPROVE, check, act, agreed_at=agreed, reason=reason)
    if check.verdict == NO:
        raise NotPossible(check)
    return binding


@transaction.atomic
def refuse(
    *,
    binding_id: int,
    reason: str,
    by: User,
    sentence: str = "",
    clause: str = "",
    version: int | None = None,
    request: HttpRequest | None = None,
) -> Binding:
    """Staff say no; both sides are told why: the `sentence` with its `clause`, or what the code `reason` stands for.

    Raises `SelfApproval`, `Stale`, `WrongMove`.
    """
    binding = moving.lock(binding_id, version=version)
    _expect_neutral(binding, by)
    act = Act(side=Side.STAFF, channel=Channel.COUNTER, by=by, request=request)
    told = {"sentence": sentence, "clause": clause} if sentence else None
    joining.close(binding, Move.REFUSE, State.REFUSED, act, reason=reason, told=told)
    return binding


@transaction.atomic
def lapse(*, binding_id: int) -> Binding:
    """Nobody answered in time. Raises `WrongMove` where somebody did, or time is left."""
    binding = moving.lock(binding_id)
    if binding.state == State.WAITING and timezone.now() < binding.invitation.expires_at:
        raise WrongMove(Move.LAPSE, State.WAITING, Side.SYSTEM)
    joining.close(binding, Move.LAPSE, State.LAPSED, SYSTEM)
    return binding


def _expect_signature(signed_name: str, signer: InsuredPerson) -> None:
    if not names.same(signed_name, signer.name):
        raise WrongSignature


def _expect_neutral(binding: Binding, by: User) -> None:
    """Four eyes: who took a consent, and the two themselves should they work here, do not decide."""
    own = LoginIdentifier.objects.live().filter(user=by).values("digest")
    parties = PersonIdentifier.objects.live().filter(
        person__in=[binding.giver_id, binding.beneficiary_id], digest__in=own
    )
    if binding.consents.filter(acted_by=by).exists() or parties.exists():
        raise SelfApproval


def _expect_not_the_guardians(side: Side, proposal: Proposal, act: Act) -> None:
    """As `moving.expect_no_own_gain`, while the other side is no more than a number."""
    guardian = act.guardian
    if guardian and side is Side.GIVER and proposal.id_number == guardian.id_number:
        raise NotAllowed


def _open_twin(initiator: InsuredPerson, side: Side, number: str) -> Binding | None:
    wanted = Invitation.objects.live().for_value(IdentifierKind.ID_NUMBER, number)
    own = wanted.filter(binding__state=State.WAITING, binding__initiator=side).filter(
        **{f"binding__{side}": initiator}
    )
    found = own.select_related("binding").first()
    return found.binding if found else None


def _precheck(initiator: InsuredPerson, side: Side, proposal: Proposal, act: Act) -> Check:
    said = Said(
        relation=proposal.relation,
        scheme=proposal.said_scheme,
        area=proposal.said_area,
        id_number=proposal.id_number,
    )
    return eligibility.precheck(
        person=initiator,
        side=side,
        said=said,
        day=timezone.localdate(),
        from_day=proposal.from_day,
        to_day=proposal.to_day,
        asks_limit=side is Side.GIVER,
        limit_fen=proposal.limit_fen,
        guarded=act.guardian is not None,
    )


def _answering(
    binding_id: int, person: InsuredPerson, move: Move, version: int | None, pressed: Pressed
) -> tuple[Binding, Act]:
    """The locked binding and the invited side's act, if this person is the one whose number was typed."""
    binding = moving.lock(binding_id, joining=person.pk, version=version)
    side = other(Side(binding.initiator))
    if binding.state != State.WAITING:
        raise WrongMove(move, State(binding.state), side)
    invited = Invitation.objects.live().for_value(IdentifierKind.ID_NUMBER, person.id_number)
    invitation = invited.filter(binding=binding).first()
    if invitation is None:
        raise NotAllowed
    if invitation.expires_at <= timezone.now():
        raise Expired
    moving.expect_no_own_gain(binding, side, pressed.get("guardian"))
    return binding, act_for(person, side, spends=side is Side.GIVER, **pressed)


def _guarded(act: Act) -> frozenset[Side]:
    """The initiator's side was looked at when it proposed."""
    return frozenset({act.side} if act.guardian else ()) | {other(act.side)}


def _join(
    binding: Binding, person: InsuredPerson, check: Check, act: Act, signed_name: str
) -> Check:
    """Take the invited side in; the check that stands then, where the money was gone meanwhile."""
    setattr(binding, str(act.side), person)
    binding.giver_area_id, binding.beneficiary_area_id = check.areas
    binding.money_model = check.money_model
    if check.verdict == YES:
        check = joining.activate(binding, Move.CONFIRM, check, act, agreed_at=timezone.now())
        if check.verdict == NO:
            return check
    else:
        binding.seat = check.seat
        joining.keep_decision(binding, check, act)
        binding.staff_reason = check.problems[0].code
        moving.make(
            binding, Move.HAND_OVER, to=State.WITH_STAFF, act=act, reason=binding.staff_reason
        )
    joining.consent(binding, person, act, signed_name)
    joining.end_invitation(binding)
    return check


def _tell_blocked(binding_id: int, check: Check, side: Side) -> None:
    """The initiator hears once a day that something of the own record is in the way, and sees there what exactly."""
    if check.hides_from(side):
        binding = Binding.objects.get(pk=binding_id)
        notes.tell(
            binding, other(side), "blocked", once=f"{binding.reference}-{timezone.localdate()}"
        )
