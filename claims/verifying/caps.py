"""No binding gave more in a month than its cap of the moment allowed."""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from django.db.models import Exists, OuterRef, Q

from claims.models import Deduction, Settlement
from claims.verifying import histories
from claims.verifying.reading import Fault, Reading, fault
from claims.verifying.settlements import STANDING
from family.models import BindingEvent
from family.moves import Move
from insurance.periods import Month


class Use(NamedTuple):
    """A deduction of a binding; the names are those of the columns."""

    pk: int
    binding_id: int
    month: Month
    amount_fen: int
    refunded_fen: int
    settlement__reference: str
    settlement__state: str
    settlement__settled_at: datetime
    settlement__held_until: datetime | None


def faults(reading: Reading) -> Iterator[Fault]:
    """I6: the first deduction of each binding and month that went over. Read in the order of the keys, which is that of the locks.

    What went back later counts as if it never had been taken: so nothing is named that was allowed. Of money that was held first
    the moment is not known here, and it counts without being asked itself.
    """
    changed = BindingEvent.objects.filter(binding=OuterRef("binding"), move=Move.CHANGE)
    rows = (
        Deduction.objects.filter(settlement__state__in=STANDING, binding__isnull=False)
        .filter(Q(binding__cap_month_fen__isnull=False) | Exists(changed))
        .order_by("binding_id", "month", "pk")
    )
    turn, used_fen, named = (0, 0), 0, False
    for chunk in reading.chunks(rows.values_list(*Use._fields)):
        uses = [Use(*row) for row in chunk]
        known = histories.of(one.binding_id for one in uses)
        for one in uses:
            if (one.binding_id, one.month.index) != turn:
                turn, used_fen, named = (one.binding_id, one.month.index), 0, False
            wanted_fen = used_fen + one.amount_fen
            used_fen += one.amount_fen - one.refunded_fen
            if named or one.settlement__held_until is not None:
                continue
            at = one.settlement__settled_at
            caps = known[one.binding_id].terms_at("cap_month_fen", at)
            if all(cap is not None and wanted_fen > cap for cap in caps):
                named = True
                yield fault(
                    "month_cap",
                    Settlement,
                    one.settlement__reference,
                    binding=one.binding_id,
                    month=str(one.month),
                    expected=max(caps),
                    found=wanted_fen,
                )
