"""What an initiator types about a binding to be."""

from dataclasses import dataclass, field
from datetime import date

from family.models import Evidence


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """What the initiator typed. Money is fen, None no cap; `id_number` is normalised; "" in `said_…` is not said.

    `relation` is what the beneficiary is to the giver. `shows_amounts` counts where the initiator is the giver.
    """

    relation: str
    # Not in a `repr`: it would reach a log.
    name: str = field(repr=False)
    id_number: str = field(repr=False)
    uses: tuple[str, ...]
    from_day: date
    to_day: date | None = None
    said_scheme: str = ""
    said_area: str = ""
    cap_month_fen: int | None = None
    cap_bill_fen: int | None = None
    limit_fen: int | None = None
    shows_amounts: bool = False
    evidence: str = Evidence.COMMITMENT_LETTER
