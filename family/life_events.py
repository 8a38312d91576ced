"""What the register and the calendar do to bindings: ended, stopped for a while, or asked about, and always told.

A job runs these; each binding is one transaction, so a job can be stopped anywhere and run again. Nothing waits for it: every
bill asks the register anew (`family.payers`).
"""

from dataclasses import dataclass
from datetime import date
from typing import Unpack

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce, TruncDate
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import audit
from family import changing, grants, moving, notes, orders, records
from family.acting import NotAllowed, Pressed
from family.models import Binding, Grant, Guardianship
from family.models.bindings import BindingQuerySet
from family.models.consents import relation_ends
from family.moves import IN_FORCE, Move, Side, State, WrongMove
from family.place_rules import place_rules
from family.records import Party
from family.selectors.states import REVIEW_AFTER
from insurance import policy_reading
from insurance.areas import NATION
from insurance.models import Enrolment, InsuredPerson, RegisterFact
from insurance.models.facts import FactKind
from insurance.rules.decision import YES
from insurance.rules.evidence import listed, read

INSURANCE_ENDED, MOVED_AREA, RELATION_ENDED, TO_DAY = (
    "insurance_ended",
    "moved_area",
    "relation_ended",
    "to_day",
)
# Why it only stops, where no rule says that it ends: another sentence than that of an end.
STOPPED_AS = {MOVED_AREA: "moved_away"}
# The policy's word for an ending, by ours.
ENDS_ON = {INSURANCE_ENDED: "INSURANCE_ENDED", MOVED_AREA: "MOVED_AREA"}
audit.LABELS["binding.review"] = _("确认家庭共济还对")
PASSING = (*records.FOR_A_WHILE, FactKind.TRANSFER_OUT)


@dataclass(frozen=True)
class Event:
    """What has to happen to a binding, and why. `whose` None is nobody's record in particular."""

    ends: bool
    reason: str
    whose: Side | None = None


def touched(day: date) -> BindingQuerySet:
    """Whatever might have to change, found by the database: those stopped now, those whose day is over, those with a fact."""
    found = Q(state=State.SUSPENDED) | Q(to_day__lt=day)
    found |= Q(Exists(relation_ends(day, "giver", "beneficiary")))
    for side in ("giver", "beneficiary"):
        found |= Q(Exists(_facts(day, side))) | Q(~Exists(_insured(day, side)))
    return Binding.objects.in_force().filter(found)


@transaction.atomic
def follow(binding_id: int, day: date) -> Event | None:
    """End, stop or free one binding as register and calendar say; None where nothing stands against it."""
    binding = moving.lock(binding_id)
    if binding.state not in IN_FORCE or binding.giver is None or binding.beneficiary is None:
        return None
    event = event_of(
        binding, records.party(binding.giver, day), records.party(binding.beneficiary, day), day
    )
    if event is None:
        if binding.state == State.SUSPENDED:
            changing.lift(binding_id=binding_id)
    elif event.ends:
        changing.close(binding_id=binding_id, reason=event.reason, whose=event.whose)
        if event.reason == RELATION_ENDED:
            grants.end_between(binding.giver, binding.beneficiary)
    else:
        reason = STOPPED_AS.get(event.reason, event.reason)
        changing.suspend(binding_id=binding_id, reason=reason, whose=event.whose)
    return event


def estranged(day: date) -> QuerySet[Grant]:
    """What outlived a relation: the binding of the two may have ended long before, for another reason."""
    return Grant.objects.of_the_estranged(day)


def end_estranged(grant_id: int, day: date) -> None:
    """Whatever either of the two lets the other do; nothing where that has ended meanwhile."""
    found = estranged(day).filter(pk=grant_id).select_related("owner", "helper").first()
    if found is not None:
        grants.end_between(found.owner, found.helper)


def ending(day: date) -> BindingQuerySet:
    """Those whose formal end has come."""
    return Binding.objects.filter(state=State.ENDING, formal_end__lte=day)


def guarded(day: date) -> QuerySet[Guardianship]:
    """Every child that somebody acts for: few, and their birthdays are encrypted as often as not."""
    return Guardianship.objects.filter(ended_at=None)


@transaction.atomic
def follow_birthdays(guardianship_id: int, day: date) -> None:
    """At 14 a child may speak for itself, at 18 the guardian's part is over; both are told, once."""
    seen = Guardianship.objects.only("child_id", "guardian_id").get(pk=guardianship_id)
    # The lock under which everybody else asks for it and ends it, and before any other.
    orders.lock([seen.child_id, seen.guardian_id])
    held = guarded(day).select_related("child", "guardian").filter(pk=guardianship_id).first()
    if held is None:
        return
    born = records.born(held.child)
    speaks_at = place_rules(policy_reading.values_on(NATION, day), day).guardian_below_age
    if held.until <= day:
        held.ended_at = timezone.now()
        held.save(update_fields=["ended_at"])
        grants.end_of_guardian(held.child, held.guardian, held.until)
        notes.tell_of_age(held, "of_age", once=f"{held.pk}-of-age")
    elif born and speaks_at is not None and records.age_on(born, day) >= speaks_at:
        notes.tell_of_age(held, "speaks_too", once=f"{held.pk}-{speaks_at}")


def unreviewed(day: date) -> BindingQuerySet:
    """Nobody has said for a year that they are as they should be."""
    since = Coalesce("reviewed_on", TruncDate("created_at"))
    in_force = Binding.objects.in_force().annotate(since=since)
    return in_force.filter(since__lte=day - REVIEW_AFTER)


def ask_to_review(binding_id: int, day: date) -> None:
    """ "Is this still right?", to the giver, whose money it is, once for every year without an answer."""
    binding = Binding.objects.select_related("giver", "beneficiary").get(pk=binding_id)
    since = binding.reviewed_on or timezone.localtime(binding.created_at).date()
    year = (day - since).days // REVIEW_AFTER.days
    notes.tell(binding, Side.GIVER, "review", once=f"{binding.pk}-{since}-{year}")


@transaction.atomic
def confirm_still_right(
    *, binding_id: int, person: InsuredPerson, **pressed: Unpack[Pressed]
) -> Binding:
    """The giver says that the binding is still as it should be. Raises `NotAllowed`, also for a helper, and `WrongMove`."""
    binding = moving.lock(binding_id)
    act = moving.act_of_party(binding, person, spends=True, **pressed)
    if act.side is not Side.GIVER:
        raise NotAllowed
    if binding.state not in IN_FORCE:
        # To leave the terms as they are is asked like a change of them.
        raise WrongMove(Move.CHANGE, State(binding.state), act.side)
    binding.reviewed_on = timezone.localdate()
    binding.save(update_fields=["reviewed_on"])
    audit.record(
        actor=act.by,
        action="binding.review",
        subject=binding.subject,
        details={"side": str(act.side), "channel": str(act.channel)},
        request=act.request,
    )
    return binding


def event_of(binding: Binding, giver: Party, beneficiary: Party, day: date) -> Event | None:
    """The one that lasts longest; None where nothing stands against the binding."""
    parties = ((Side.GIVER, giver), (Side.BENEFICIARY, beneficiary))
    for side, party in parties:
        if FactKind.DEATH in _stops(party):
            return Event(True, str(FactKind.DEATH), side)
    if _relation_has_ended(binding, day):
        return Event(True, RELATION_ENDED)
    if binding.to_day is not None and binding.to_day < day:
        return Event(True, TO_DAY)
    areas = (binding.giver_area_id, binding.beneficiary_area_id)
    for (side, party), area in zip(parties, areas, strict=True):
        if reason := _left(party, area):
            return Event(_ends_by_rule(reason, binding, day), reason, side)
    for side, party in parties:
        for kind in PASSING:
            # What stops the other's own account stops nothing of the giver's; a transfer of theirs ends when they have moved.
            reaches = side is Side.GIVER or kind == FactKind.SETTLEMENT_SUSPENSION
            if reaches and kind in _stops(party):
                return Event(False, str(kind), side)
    return None


def _facts(day: date, side: str) -> QuerySet[RegisterFact]:
    kinds = (FactKind.DEATH, *PASSING)
    return RegisterFact.objects.holding_on(day).filter(person=OuterRef(side), kind__in=kinds)


def _insured(day: date, side: str) -> QuerySet[Enrolment]:
    return Enrolment.objects.active_on(day).filter(
        person=OuterRef(side), area=OuterRef(f"{side}_area")
    )


def _relation_has_ended(binding: Binding, day: date) -> bool:
    ended = relation_ends(day, "giver", "beneficiary")
    return Binding.objects.filter(pk=binding.pk).filter(Exists(ended)).exists()


def _stops(party: Party) -> set[str]:
    return {kind for kind, _since in party.stops}


def _left(party: Party, area: str | None) -> str:
    if party.scheme == records.UNINSURED:
        return INSURANCE_ENDED
    return MOVED_AREA if party.area != area else ""


def _ends_by_rule(reason: str, binding: Binding, day: date) -> bool:
    """Where no rule of the place says that it ends the binding, it only stops it."""
    policy = policy_reading.values_on(binding.giver_area_id or "", day)
    return read(policy.get("family_aid.ends_on"), day, listed(ENDS_ON[reason])).verdict == YES
