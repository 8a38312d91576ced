"""What an initiator types about a binding to be."""

from dataclasses import dataclass, field
from datetime import date

from family.models import Evidence
from family.relations import Relation
from insurance.policy_names import USES


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

    def expect_sound(self) -> None:
        """Raise ValueError, with the names of the fields, for what can only come past the forms."""
        faults = {
            "relation": self.relation not in set(Relation),
            "id_number": not self.id_number,
            "uses": not self.uses or not set(self.uses) <= set(USES),
            "cap_month_fen": self.cap_month_fen is not None and self.cap_month_fen <= 0,
            "cap_bill_fen": self.cap_bill_fen is not None and self.cap_bill_fen <= 0,
            "limit_fen": self.limit_fen is not None and self.limit_fen <= 0,
        }
        wrong = [name for name, is_wrong in faults.items() if is_wrong]
        if wrong:
            raise ValueError(", ".join(wrong))
