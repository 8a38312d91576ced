"""An invitation as the invited person reads it, found by the digest of that person's own number."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise

from accounts.models import IdentifierKind
from accounts.privacy import mask_name
from family.models import Binding, Invitation
from family.moves import Side, State, other
from family.selectors.relatives import relation_of
from family.selectors.terms import Row, rows_of
from insurance.models import InsuredPerson

Words = str | Promise


@dataclass(frozen=True)
class Asked:
    """`side` is the invited person's. `name` is the initiator's, masked; `relation` is what they are to the invited."""

    binding: Binding
    side: Side
    name: str
    relation: Words
    until: datetime
    terms: tuple[Row, ...]

    @property
    def gives(self) -> bool:
        return self.side is Side.GIVER

    def is_open(self, now: datetime) -> bool:
        return self.binding.state == State.WAITING and now < self.until


def asked(person: InsuredPerson, reference: str) -> Asked | None:
    """Answered ones too; None for everybody whose number it doesn't carry. One query."""
    if not person.id_number:
        return None
    found = (
        Invitation.objects.for_value(IdentifierKind.ID_NUMBER, person.id_number)
        .filter(binding__reference=reference)
        .select_related("binding__giver", "binding__beneficiary")
        .first()
    )
    if found is None:
        return None
    binding = found.binding
    initiator = Side(binding.initiator)
    proposer = binding.giver if initiator is Side.GIVER else binding.beneficiary
    return Asked(
        binding=binding,
        side=other(initiator),
        name=mask_name(proposer.name if proposer else ""),
        relation=relation_of(binding, other(initiator)),
        until=found.expires_at,
        terms=rows_of(binding),
    )
