"""The numbers of a place that family aid runs by, out of its published rules."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from insurance.policy_values import Policy
from insurance.rules.evidence import read


class MissingRule(ImproperlyConfigured):
    """A number without which nothing can go on is not published for that place and day."""

    def __init__(self, name: str, policy: Policy) -> None:
        self.name = name
        super().__init__(
            f"{name} is not published for {policy.area or 'no area'} on {policy.day}: run load_policies --publish"
        )


@dataclass(frozen=True)
class PlaceRules:
    """None: nothing is known, and nothing is asked for.

    `max_members` counts the members of one giver; `max_members_said` is the lowest number said where nobody has decided between
    several. Ages are whole years; without `guardian_below_age` it is not known from which one a minor acts without a guardian.
    """

    max_members: int | None
    max_members_said: int | None
    rebinding_wait_days: int | None
    bound_at_least_days: int | None
    min_kept_fen: int | None
    shared_part: str | None
    cool_down_hours: int
    invitation_days: int
    guardian_below_age: int | None
    adult_age: int


def place_rules(policy: Policy, day: date) -> PlaceRules:
    """Raise `MissingRule` where one of this service's own numbers is not published."""
    members = read(policy.get("family_aid.max_members"), day)
    said = [one.value for one in members.values if one.value is not None]
    return PlaceRules(
        max_members=members.settled,
        max_members_said=None if members.is_decided else min(said, default=None),
        rebinding_wait_days=_known(policy, day, "family_aid.rebinding_wait_days"),
        bound_at_least_days=_known(policy, day, "family_aid.bound_at_least_days"),
        min_kept_fen=_known(policy, day, "family_aid.min_kept_fen"),
        shared_part=_known(policy, day, "family_aid.shared_part"),
        cool_down_hours=_needed(policy, day, "family_aid.cool_down_hours"),
        invitation_days=_needed(policy, day, "family_aid.invitation_days"),
        guardian_below_age=_known(policy, day, "family_aid.guardian_below_age"),
        adult_age=_needed(policy, day, "family_aid.adult_age"),
    )


def _known(policy: Policy, day: date, name: str) -> Any:
    return read(policy.get(name), day).settled


def _needed(policy: Policy, day: date, name: str) -> int:
    value = _known(policy, day, name)
    if value is None:
        raise MissingRule(name, policy)
    return int(value)
