"""What one side of a binding sees of the money that went into the wallet."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from accounts.privacy import mask_name
from claims import wallets
from claims.models import WalletTransfer
from claims.refusals import Refusal, Refused
from claims.wallets import Offer
from family import references
from family.models import Binding, MoneyModel
from family.moves import Side
from insurance.models import InsuredPerson, PersonalAccount
from insurance.models.ledger import AccountPart


@dataclass(frozen=True)
class TransferLine:
    """One transfer; `left_fen` of it has not come back."""

    pk: int
    spoken: str
    day: date
    amount_fen: int
    returned_fen: int

    @property
    def left_fen(self) -> int:
        return self.amount_fen - self.returned_fen


@dataclass(frozen=True)
class WalletSide:
    """`name` is the other side, masked. `offer` is None where `refusal` says why nothing can be sent, and for whoever receives.

    `wallet_fen` is what lies in the wallet of whoever receives, None for the giver: it may come from others too.
    """

    binding: Binding
    name: str
    gives: bool
    lines: Sequence[TransferLine]
    offer: Offer | None
    refusal: Refusal | None
    wallet_fen: int | None

    def line(self, transfer_id: int) -> TransferLine | None:
        return next((one for one in self.lines if one.pk == transfer_id), None)


def side(reference: str, person: InsuredPerson) -> WalletSide | None:
    """None for a stranger, and for a binding whose money goes another way."""
    mine = Binding.objects.of(person.pk).filter(money_model=MoneyModel.WALLET_TRANSFER)
    found = mine.select_related("giver", "beneficiary", "beneficiary_area")
    binding = found.filter(reference=references.normalise(reference)).first()
    if binding is None:
        return None
    gives = binding.side_of(person.pk) is Side.GIVER
    other = binding.beneficiary if gives else binding.giver
    offer, refusal = _offer(binding, person) if gives else (None, None)
    return WalletSide(
        binding=binding,
        name=mask_name(other.name) if other else "",
        gives=gives,
        lines=tuple(_line(one) for one in WalletTransfer.objects.filter(binding=binding)),
        offer=offer,
        refusal=refusal,
        wallet_fen=None if gives else _in_wallet(person),
    )


def _line(one: WalletTransfer) -> TransferLine:
    return TransferLine(
        one.pk, references.grouped(one.reference), one.day, one.amount_fen, one.returned_fen
    )


def _offer(binding: Binding, giver: InsuredPerson) -> tuple[Offer | None, Refusal | None]:
    try:
        return wallets.offer(binding=binding, giver=giver), None
    except Refused as refused:
        return None, refused.code


def _in_wallet(person: InsuredPerson) -> int:
    held = PersonalAccount.objects.filter(person=person, part=AccountPart.WALLET, closed_on=None)
    return sum(held.values_list("balance_fen", flat=True))
