"""What the verbs of a settlement share: its numbers, its lines in the ledger, and the locks of one that is there."""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import TypeVar

from django.db import IntegrityError, transaction
from django.db.models import F, Model
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.models import User
from claims.bills import CARE, DENTISTRY, DRUG, PREMIUMS
from claims.deciding import Part
from claims.models import Deduction, Provider, ProviderKey, ProviderKind, Settlement
from claims.refusals import Refusal, Refused
from family import orders, references
from family.models import Binding, CapUse
from family.moves import IN_FORCE
from insurance.days import day_of
from insurance.ledger import Line
from insurance.models.ledger import EntryKind
from insurance.notice_texts import KEPT_LANGUAGE

SOURCE = "settlement"
# The pieces of a ledger line's name, after the receipt and the place in it.
HELD, FREED = "hold", "free"
# Numbers are drawn; that five in a row are taken does not happen.
DRAWS = 5
OWN_KINDS = dict.fromkeys(PREMIUMS, EntryKind.PREMIUM) | {
    CARE: EntryKind.SPEND_CARE,
    DENTISTRY: EntryKind.SPEND_CARE,
    DRUG: EntryKind.SPEND_DRUG,
}

audit.LABELS.update(
    {
        "settlement.settle": _("结算"),
        "settlement.refund": _("结算退费"),
        "settlement.hold": _("结算占用"),
        "settlement.post": _("占用转为扣款"),
        "settlement.void": _("取消占用"),
        "settlement.expire": _("占用过期"),
        "wallet.transfer": _("转到家人的医保钱包"),
        "wallet.return": _("从医保钱包退回"),
    }
)

Row = TypeVar("Row")


@dataclass(frozen=True)
class By:
    """Whose machine or which clerk; neither is a job."""

    key: ProviderKey | None = None
    user: User | None = None

    @property
    def details(self) -> dict[str, str]:
        """For the audit."""
        return {"key": str(self.key.public_id)} if self.key else {}


def lock_settlement(provider: Provider, settlement_id: int) -> tuple[Settlement, list[Deduction]]:
    """A provider's settlement and its deductions in order, read after the locks of everybody in it; raise `Refused`.

    Everything that changes a settlement comes through here, so the patient's order stands for its row too.
    """
    seen = Settlement.objects.of_provider(provider.pk).filter(pk=settlement_id)
    patient_id = seen.values_list("patient_id", flat=True).first()
    if patient_id is None:
        raise Refused(Refusal.UNKNOWN_SETTLEMENT)
    orders.lock([patient_id])
    used = Deduction.objects.filter(settlement=settlement_id, binding__isnull=False)
    # Read to the end: a queryset that nobody reads locks nothing.
    list(
        Binding.objects.select_for_update(no_key=True)
        .filter(pk__in=used.values("binding"))
        .order_by("pk")
        .values_list("pk")
    )
    settlement = seen.select_related("provider", "patient").get()
    deductions = Deduction.objects.filter(settlement=settlement_id).select_related("binding")
    return settlement, list(deductions.order_by("position"))


def goes_back_to_limit(deduction: Deduction) -> bool:
    """While the binding is in force a limit gets its money back; after its end the money is the giver's own again."""
    binding = deduction.binding
    return deduction.from_limit and binding is not None and binding.state in IN_FORCE


def draw(now: datetime) -> str:
    """A reference number that may be taken: a unique constraint decides."""
    return references.make(day_of(now), random=secrets.SystemRandom())


def with_number(model: type[Model], now: datetime | None, make: Callable[[str], Row]) -> Row:
    """What `make` makes of a reference number that no row of the model has yet, in one transaction."""
    for _draw in range(DRAWS):
        reference = draw(now or timezone.now())
        try:
            with transaction.atomic():
                return make(reference)
        except IntegrityError:
            if not model._default_manager.filter(reference=reference).exists():
                raise
    raise RuntimeError("no reference number is free")


def source_ref(reference: str, position: int, step: str = "") -> str:
    """What the ledger's line is called: the first piece is the receipt, the second the payer's place in it."""
    named = f"{reference}/{position}"
    return f"{named}/{step}" if step else named


def reference_of(text: str) -> str:
    """The receipt behind a line of the ledger with our source."""
    return text.partition("/")[0]


def taking(made: Settlement, part: Part, position: int, *, held: bool = False) -> Line:
    """The line that takes a part. Of a relative's bill the giver gets to know the kind of place, and not what it was for.

    A limit pays out of what is set aside; `held`: its money was taken out of that when it was held.
    """
    own = part.binding_id is None
    premium = made.use in PREMIUMS
    return Line(
        kind=OWN_KINDS[made.use] if own or premium else EntryKind.SPEND_AID,
        amount_fen=-part.amount_fen,
        reserved_change_fen=-part.amount_fen if part.from_limit and not held else 0,
        source_kind=SOURCE,
        source_ref=source_ref(made.reference, position),
        place=place_of(made.provider),
        used_by=None if own else made.patient,
    )


def holding(made: Settlement, part: Part, position: int) -> Line:
    """The line that keeps a part; a limit's money is kept out of what is set aside."""
    return Line(
        kind=EntryKind.HOLD,
        held_change_fen=part.amount_fen,
        reserved_change_fen=-part.amount_fen if part.from_limit else 0,
        source_kind=SOURCE,
        source_ref=source_ref(made.reference, position, HELD),
        place=place_of(made.provider),
        used_by=made.patient if part.binding_id else None,
    )


def freeing(made: Settlement, one: Deduction, *, back_to_limit: bool) -> Line:
    """The line that lets a kept part go."""
    return Line(
        kind=EntryKind.HOLD_RELEASE,
        held_change_fen=-one.amount_fen,
        reserved_change_fen=one.amount_fen if back_to_limit else 0,
        source_kind=SOURCE,
        source_ref=source_ref(made.reference, one.position, FREED),
        place=place_of(made.provider),
        used_by=made.patient if one.binding_id else None,
    )


def place_of(provider: Provider) -> str:
    """The kind of place, in the words that are kept."""
    return _kept_place(provider.kind)


@cache
def _kept_place(kind: str) -> str:
    with translation.override(KEPT_LANGUAGE):
        return str(ProviderKind(kind).label)


def part_of(one: Deduction, amount_fen: int | None = None) -> Part:
    """A stored deduction, or `amount_fen` of it."""
    fen = one.amount_fen if amount_fen is None else amount_fen
    return Part(one.account_id, fen, one.binding_id, one.from_limit)


def uncount_use(deductions: Sequence[Deduction], amounts: Sequence[int]) -> None:
    """What went back counts no more: in the month in which it was taken, and in the limit. Under the bindings' locks."""
    for one, fen in zip(deductions, amounts, strict=True):
        if one.binding_id is None:
            continue
        of_month = CapUse.objects.filter(binding=one.binding_id, month=one.month.index)
        of_month.update(used_fen=F("used_fen") - fen)
        if one.from_limit:
            limit = Binding.objects.filter(pk=one.binding_id)
            limit.update(limit_used_fen=F("limit_used_fen") - fen)


def record(settlement: Settlement, action: str, by: By) -> None:
    """In the audit: whose key or which clerk, for which receipt; the amounts stand in the receipt."""
    audit.record(actor=by.user, action=action, subject=settlement, details=by.details)
