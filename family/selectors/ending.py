"""What follows from ending a binding, said before it is ended."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Max, Q
from django.utils import timezone

from family.models import Binding, Grant
from family.place_rules import PlaceRules, place_rules
from insurance import policy_reading
from insurance.areas import NATION


@dataclass(frozen=True)
class Ending:
    """`returns_fen` is what of a limit is free again, None where there is none. `waits_days` until the two can be bound anew.

    `waits_days` None: no rule says so, or none is known. `formal_end` is the day for which the end itself has to wait, None where it
    holds at once: because `bound_days`, the days that a place asks for, are over, or because no rule is known (None).
    `is_helped`: one of the two may see or act for the other, which stays.
    """

    returns_fen: int | None
    waits_days: int | None
    formal_end: date | None
    bound_days: int | None
    is_helped: bool


def formal_end(binding: Binding, today: date) -> date | None:
    """The day for which an end pressed today has to wait by the rule of the giver's place. Two queries."""
    return _formal_end(binding, _rules(binding, today).bound_at_least_days, today)


def ending(binding: Binding, today: date) -> Ending:
    """Three queries."""
    rules = _rules(binding, today)
    helped = Grant.objects.holding_on(today).filter(
        Q(owner=binding.giver_id, helper=binding.beneficiary_id)
        | Q(owner=binding.beneficiary_id, helper=binding.giver_id)
    )
    left = None if binding.limit_fen is None else binding.limit_fen - binding.limit_used_fen
    return Ending(
        returns_fen=left,
        waits_days=rules.rebinding_wait_days,
        formal_end=_formal_end(binding, rules.bound_at_least_days, today),
        bound_days=rules.bound_at_least_days,
        is_helped=helped.exists(),
    )


def _rules(binding: Binding, today: date) -> PlaceRules:
    return place_rules(policy_reading.values_on(binding.giver_area_id or NATION, today), today)


def _formal_end(binding: Binding, bound_days: int | None, today: date) -> date | None:
    """Counted from the day on which the second of the two agreed."""
    agreed = binding.consents.aggregate(last=Max("given_at"))["last"] if bound_days else None
    if agreed is None or bound_days is None:
        return None
    day = timezone.localtime(agreed).date() + timedelta(days=bound_days)
    return day if today < day else None
