"""What follows from ending a binding, said before it is ended."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from family.models import Binding, Grant
from family.place_rules import place_rules
from insurance import policy_reading
from insurance.areas import NATION


@dataclass(frozen=True)
class Ending:
    """`returns_fen` is what of a limit is free again, None where there is none. `waits_days` until the two can be bound anew.

    `waits_days` None: no rule says so, or none is known. `is_helped`: one of the two may see or act for the other, which stays.
    """

    returns_fen: int | None
    waits_days: int | None
    is_helped: bool


def ending(binding: Binding, today: date) -> Ending:
    """Two queries."""
    area = binding.giver_area_id or NATION
    rules = place_rules(policy_reading.values_on(area, today), today)
    helped = Grant.objects.holding_on(today).filter(
        Q(owner=binding.giver_id, helper=binding.beneficiary_id)
        | Q(owner=binding.beneficiary_id, helper=binding.giver_id)
    )
    left = None if binding.limit_fen is None else binding.limit_fen - binding.limit_used_fen
    return Ending(left, rules.rebinding_wait_days, helped.exists())
