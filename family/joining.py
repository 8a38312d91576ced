"""What the verbs of a binding have in common: the rows of a proposal, a consent, the way into force and out of it."""

import secrets
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from accounts import names
from accounts.models import IdentifierKind
from family import letter, limits, moving, orders, references
from family.acting import Act
from family.eligibility import Check, not_covered
from family.models import Binding, Consent, Invitation, MoneyModel
from family.moves import Move, Side, State
from family.proposals import Proposal
from insurance import decisions
from insurance.models import InsuredPerson
from insurance.rules.decision import NO

RANDOM = secrets.SystemRandom()


def new(initiator: InsuredPerson, side: Side, proposal: Proposal) -> Binding:
    return Binding(
        reference=_reference(),
        initiator=side,
        relation=proposal.relation,
        evidence=proposal.evidence,
        uses=list(proposal.uses),
        cap_month_fen=proposal.cap_month_fen,
        cap_bill_fen=proposal.cap_bill_fen,
        limit_fen=proposal.limit_fen,
        from_day=proposal.from_day,
        to_day=proposal.to_day,
        shows_amounts=proposal.shows_amounts and side is Side.GIVER,
        **{str(side): initiator},
    )


def _reference() -> str:
    while True:
        drawn = references.make(timezone.localdate(), random=RANDOM)
        if not Binding.objects.filter(reference=drawn).exists():
            return drawn


def invite(binding: Binding, proposal: Proposal, *, days: int) -> None:
    invitation = Invitation(
        binding=binding,
        name=proposal.name,
        id_number=proposal.id_number,
        said_scheme=proposal.said_scheme,
        said_area=proposal.said_area,
        expires_at=timezone.now() + timedelta(days=days),
    )
    invitation.set_value(IdentifierKind.ID_NUMBER, proposal.id_number)
    invitation.save()


def consent(binding: Binding, person: InsuredPerson, act: Act, signed_name: str) -> Consent:
    if act.by is None:
        raise ValueError("nobody consents by a job")
    return Consent.objects.create(
        binding=binding,
        side=act.side,
        person=person,
        by_guardian=act.guardian,
        channel=act.channel,
        acted_by=act.by,
        letter=letter.CURRENT,
        signed_name=names.normalise(signed_name),
        given_at=timezone.now(),
    )


def keep_decision(binding: Binding, check: Check, act: Act) -> None:
    """As it was told on this day, with the rules it was made by."""
    clerk = act.by if act.by and act.by.is_staff else None
    binding.decision = decisions.keep(check.decision, subject=binding.subject, by=clerk)


def take_part(binding: Binding, check: Check, act: Act) -> Check:
    """Set the limit aside and take a seat. A check that says no: nothing was written."""
    binding.money_model = check.money_model
    if binding.money_model != MoneyModel.LIMIT:
        # What was used out of a limit stays written; nothing of it is left.
        binding.limit_fen = binding.limit_used_fen or None
    try:
        limits.reserve(binding, check.rules, by=act.by)
    except (limits.InsufficientFunds, limits.NoAccount):
        return check.adding(not_covered(limits.unused_fen(binding)))
    binding.seat = check.seat
    return check


def activate(
    binding: Binding,
    move: Move,
    check: Check,
    act: Act,
    *,
    agreed_at: datetime,
    reason: str = "",
) -> Check:
    """Into force, at the end of the order. A check that says no: nothing was written."""
    check = take_part(binding, check, act)
    if check.verdict == NO:
        return check
    binding.usable_from = agreed_at + timedelta(hours=check.rules.cool_down_hours)
    keep_decision(binding, check, act)
    moving.make(binding, move, to=State.ACTIVE, act=act, reason=reason)
    enter_order(binding, act)
    return check


def enter_order(binding: Binding, act: Act) -> None:
    orders.append(
        person_id=binding.beneficiary_id or 0,
        binding_id=binding.pk,
        channel=act.channel,
        by=act.by,
    )


def leave_order(binding: Binding, act: Act) -> None:
    orders.remove(
        person_id=binding.beneficiary_id or 0,
        binding_id=binding.pk,
        channel=act.channel,
        by=act.by,
    )


def close(
    binding: Binding,
    move: Move,
    to: State,
    act: Act,
    *,
    reason: str = "",
    told: dict[str, Any] | None = None,
) -> None:
    """To one of the states in which nobody waits any more."""
    binding.seat = None
    moving.make(binding, move, to=to, act=act, reason=reason, details=told)
    end_invitation(binding)


def end_invitation(binding: Binding) -> None:
    Invitation.objects.live().filter(binding=binding).update(ended_at=timezone.now())
