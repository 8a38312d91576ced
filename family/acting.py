"""Who may press for whom: the party, a guardian whose papers a clerk has seen, a helper, or a clerk beside the citizen."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NotRequired, TypedDict, Unpack

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils import timezone

from accounts.models import User
from family.models import Channel, Grant, GrantKind, Guardianship
from family.moves import Side
from family.place_rules import place_rules
from family.records import AgeGroup, Party, born
from insurance import policy_reading
from insurance.areas import NATION
from insurance.models import IdentityLink, InsuredPerson


class NotAllowed(PermissionDenied):
    """Whoever pressed does not speak for this person in this."""


@dataclass(frozen=True, kw_only=True)
class Act:
    """Who moves: for which side, by which way, who pressed; `by` None is a job.

    `presence` is the code of how somebody at the counter was known to be there, `seen` what of it is kept with the move (codes
    alone), `grounds` the clerk's sentence for the visitors' book; `guardian` spoke for `person`, who is the party.
    """

    side: Side
    channel: Channel
    by: User | None = None
    request: HttpRequest | None = None
    presence: str = ""
    seen: Mapping[str, Any] = field(default_factory=dict)
    grounds: str = ""
    person: InsuredPerson | None = None
    guardian: InsuredPerson | None = None

    @property
    def told(self) -> dict[str, Any]:
        """How it is known who spoke, as it is kept with whatever was done: codes alone."""
        seen = {"presence": self.presence} | dict(self.seen) if self.presence else {}
        return seen | ({"by_guardian": True} if self.guardian else {})


class Pressed(TypedDict):
    """What every verb of a party is told about who pressed; the fields mean what they mean for `Act`."""

    by: User
    channel: Channel
    request: NotRequired[HttpRequest | None]
    presence: NotRequired[str]
    seen: NotRequired[Mapping[str, Any]]
    grounds: NotRequired[str]
    guardian: NotRequired[InsuredPerson | None]


SYSTEM = Act(side=Side.SYSTEM, channel=Channel.SYSTEM)


def act_for(
    person: InsuredPerson, side: Side, *, spends: bool = False, **pressed: Unpack[Pressed]
) -> Act:
    """Raise `NotAllowed`. `spends`: the person's money may flow by this, and then no helper will do.

    To be asked under the lock of the person's order (`orders.lock`), by which grants and guardianships end.

    Three queries at most, and two more for a child.
    """
    act = Act(side=side, person=person, **pressed)
    today = timezone.localdate()
    if act.guardian is None:
        _may_act_alone(person, today)
    else:
        _may_act_for_child(act.guardian, person, today)
    if act.channel in (Channel.COUNTER, Channel.PHONE):
        if not (pressed["by"].is_staff and act.presence):
            raise NotAllowed
    elif not (
        _is_login_of(pressed["by"], act.guardian or person)
        or (not spends and _helps(pressed["by"], person, today))
    ):
        raise NotAllowed
    return act


def is_guardian(guardian_id: int, child_id: int, day: date) -> bool:
    """By papers that a clerk has seen, until the day before full age."""
    return Guardianship.objects.filter(
        guardian=guardian_id, child=child_id, ended_at=None, until__gt=day
    ).exists()


def _may_act_alone(person: InsuredPerson, today: date) -> None:
    """Without a recorded guardian no child is party to anything, and there is nothing to ask."""
    if not Guardianship.objects.filter(child=person.pk, ended_at=None, until__gt=today).exists():
        return
    if _age_group(person, today) in (AgeGroup.CHILD, AgeGroup.MINOR):
        raise NotAllowed


def _may_act_for_child(guardian: InsuredPerson, child: InsuredPerson, today: date) -> None:
    """The papers name a day, and the register a birthday: neither may be over."""
    of_age = _age_group(child, today) is AgeGroup.ADULT and born(child) is not None
    if of_age or not is_guardian(guardian.pk, child.pk, today):
        raise NotAllowed


def _age_group(person: InsuredPerson, today: date) -> AgeGroup:
    rules = place_rules(policy_reading.values_on(NATION, today), today)
    return Party(born=born(person)).group_on(
        today, guardian_below=rules.guardian_below_age, adult=rules.adult_age
    )


def _is_login_of(user: User, person: InsuredPerson) -> bool:
    return IdentityLink.objects.filter(user=user, person=person, ended_at=None).exists()


def _helps(user: User, person: InsuredPerson, today: date) -> bool:
    grants = Grant.objects.held_on(today).filter(
        owner=person.pk,
        kind=GrantKind.ACT_FAMILY,
        helper__identity_links__user=user,
        helper__identity_links__ended_at=None,
    )
    return grants.exists()
