"""What one side of a binding can see of the other: read the way the other side's pages read it."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.functional import Promise

from accounts.privacy import mask_name
from family import payer_words
from family.models import Binding
from family.payers import payers
from family.selectors.telling import USUAL_BILL_FEN, Told, alone, stop_of
from insurance.models import LedgerEntry

USE_ROWS = 10
USUAL_USE = "CARE"


@dataclass(frozen=True)
class Use:
    """One time somebody used a relative's money, in fen; below zero is what came back. `place` is a kind of place."""

    used_at: datetime
    what: str
    place: str
    amount_fen: int


@dataclass(frozen=True)
class SeenGiver:
    """`told` is what the beneficiary reads of the giver for a bill of `bill_fen`, None where they read nothing yet.

    `why` is for the giver alone: why nothing would be paid, "" where it would.
    """

    told: Told | None
    bill_fen: int
    use: str
    why: str | Promise


@dataclass(frozen=True)
class SeenBeneficiary:
    """`name` is the mask under which the giver sees the beneficiary; the newest uses first."""

    name: str
    uses: tuple[Use, ...]


def giver(binding: Binding, *, day: date, now: datetime) -> SeenGiver:
    """Seven queries at most. The bill goes to this giver alone, so that it tells nothing of other givers."""
    use = USUAL_USE if USUAL_USE in binding.uses else next(iter(binding.uses), USUAL_USE)
    if binding.beneficiary_id is None:
        return SeenGiver(None, USUAL_BILL_FEN, use, "")
    found = payers(beneficiary_id=binding.beneficiary_id, use=use, day=day, now=now)
    stop = stop_of(found, binding.pk)
    return SeenGiver(
        told=alone(found, binding.pk, USUAL_BILL_FEN),
        bill_fen=USUAL_BILL_FEN,
        use=use,
        why=payer_words.TO_GIVER[stop] if stop else "",
    )


def beneficiary(binding: Binding) -> SeenBeneficiary:
    """One query."""
    name = mask_name(binding.beneficiary.name) if binding.beneficiary else ""
    return SeenBeneficiary(name, uses(binding) if binding.giver_id else ())


def uses(binding: Binding) -> tuple[Use, ...]:
    """The newest uses of the giver's money by the beneficiary. One query."""
    rows = LedgerEntry.objects.filter(
        account__person=binding.giver_id, used_by=binding.beneficiary_id
    ).exclude(amount_fen=0)
    return tuple(
        Use(
            used_at=row.posted_at,
            what=str(row.get_kind_display()),
            place=row.place,
            amount_fen=-row.amount_fen,
        )
        for row in rows.order_by("-posted_at", "-pk")[:USE_ROWS]
    )
