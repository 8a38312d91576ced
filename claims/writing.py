"""The locks that every verb of a settlement takes, and the rows that it writes.

Locks in one order everywhere: the patient's order of deduction, the bindings by id, the accounts by id. Whatever is decided by is
read in a statement after them: on PostgreSQL a statement that waited sees what it waited for, and the rest as it was before.
"""

import secrets
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from django.db import IntegrityError, transaction
from django.db.models import F, Model, Q
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.models import User
from claims.bills import CARE, DENTISTRY, DRUG, PREMIUMS, Bill
from claims.deciding import Decided
from claims.models import Deduction, Provider, ProviderKey, Settlement, SettlementState
from claims.refusals import Refusal, Refused
from family import orders, references
from family.models import Binding, CapUse, OrderPlace
from family.moves import IN_FORCE
from insurance import ledger
from insurance.ledger import Line
from insurance.models import InsuredPerson, LedgerEntry
from insurance.models.ledger import EntryKind
from insurance.notice_texts import KEPT_LANGUAGE
from insurance.periods import Month

SOURCE = "settlement"
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
    }
)


Row = TypeVar("Row")


@dataclass(frozen=True)
class Part:
    """One payer's share of something: of a bill, of a hold, of what is given back."""

    account_id: int
    amount_fen: int
    binding_id: int | None
    from_limit: bool


def lock_patients(patient_ids: Collection[int]) -> frozenset[int]:
    """Their orders, the bindings in these, and all open accounts of everybody concerned: the ids of the accounts."""
    orders.lock(patient_ids)
    places = OrderPlace.objects.filter(
        version__order__person__in=patient_ids, version__number=F("version__order__version")
    )
    bindings = Binding.objects.select_for_update().filter(pk__in=places.values("binding"))
    givers = [one for one in bindings.order_by("pk").values_list("giver_id", flat=True) if one]
    return frozenset(ledger.open_book(person_ids=[*patient_ids, *givers]).accounts)


def lock_settlement(provider: Provider, settlement_id: int) -> tuple[Settlement, list[Deduction]]:
    """A provider's settlement and its deductions in order, read after the locks of everybody in it; raise `Refused`.

    Everything that changes a settlement comes through here, so the patient's order stands for its row too.
    """
    seen = Settlement.objects.of_provider(provider.pk).filter(pk=settlement_id)
    row = seen.values_list("patient_id", flat=True).first()
    if row is None:
        raise Refused(Refusal.UNKNOWN_SETTLEMENT)
    orders.lock([row])
    used = Deduction.objects.filter(settlement=settlement_id, binding__isnull=False)
    # Read to the end: a queryset that nobody reads locks nothing.
    list(
        Binding.objects.select_for_update()
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
    return references.make(timezone.localdate(now), random=secrets.SystemRandom())


def source_ref(reference: str, position: int, step: str = "") -> str:
    """What the ledger's line is called: the first piece is the receipt, the second the payer's place in it."""
    return "/".join(str(one) for one in (reference, position, step) if one)


def reference_of(text: str) -> str:
    """The receipt behind a line of the ledger with our source."""
    return text.partition("/")[0]


def drawn(
    provider: Provider, bill: Bill, now: datetime | None, make: Callable[[str], Settlement]
) -> Settlement:
    """What `make` makes under a free number; `Refused` where the bill was settled before.

    The database decides about both: nothing is asked beforehand that could have changed by then.
    """
    try:
        return with_number(Settlement, now, make)
    except IntegrityError:
        if is_settled(provider, bill):
            raise Refused(Refusal.BILL_ALREADY_SETTLED) from None
        raise


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


def is_settled(provider: Provider, bill: Bill) -> bool:
    """Whether the provider's bill of this number is held or settled."""
    return Settlement.objects.filter(
        provider=provider,
        bill_no=bill.bill_no,
        state__in=[SettlementState.HELD, SettlementState.SETTLED],
    ).exists()


def taking(made: Settlement, part: Part, position: int, *, reserved: bool) -> Line:
    """The line that takes a part. Of a relative's bill the giver gets to know the kind of place, and not what it was for.

    `reserved`: the money stands in what is set aside for the patient.
    """
    own = part.binding_id is None
    premium = made.use in PREMIUMS
    return Line(
        kind=OWN_KINDS[made.use] if own or premium else EntryKind.SPEND_AID,
        amount_fen=-part.amount_fen,
        reserved_change_fen=-part.amount_fen if reserved else 0,
        source_kind=SOURCE,
        source_ref=source_ref(made.reference, position),
        place=place_of(made.provider),
        used_by=None if own else made.patient,
    )


def place_of(provider: Provider) -> str:
    """The kind of place, in the words that are kept."""
    with translation.override(KEPT_LANGUAGE):
        return str(provider.get_kind_display())


def parts_of(decided: Decided) -> list[Part]:
    """Those who give something, in order."""
    return [
        Part(one.payer.account_id or 0, one.amount_fen, line.binding_id, one.payer.from_limit)
        for one, line in zip(decided.plan.taken, decided.lines, strict=True)
        if one.amount_fen
    ]


def part_of(one: Deduction, amount_fen: int | None = None) -> Part:
    """A stored deduction, or `amount_fen` of it."""
    fen = one.amount_fen if amount_fen is None else amount_fen
    return Part(one.account_id, fen, one.binding_id, one.from_limit)


def make(
    *,
    reference: str,
    provider: Provider,
    patient: InsuredPerson,
    bill: Bill,
    decided: Decided,
    state: SettlementState,
    by_key: ProviderKey | None,
    by_user: User | None,
    now: datetime,
    held_until: datetime | None = None,
) -> Settlement:
    """The row of the settlement. Raises IntegrityError where the bill or the reference stands there already."""
    told = [
        {"payer": one.key, "amount_fen": one.amount_fen, "stop": str(one.stop)}
        for one in decided.plan.taken
    ]
    return Settlement.objects.create(
        reference=reference,
        provider=provider,
        patient=patient,
        use=bill.use,
        bill_no=bill.bill_no,
        amount_fen=bill.amount_fen,
        paid_fen=decided.plan.paid_fen,
        cash_fen=decided.plan.cash_fen,
        state=state,
        order_version=decided.order_version,
        policies=list(decided.policies),
        told=told,
        proxy_name=bill.proxy.name if bill.proxy else "",
        proxy_id_number=bill.proxy.id_number if bill.proxy else "",
        by_key=by_key,
        by_user=by_user,
        occurred_at=bill.occurred_at,
        settled_at=now,
        held_until=held_until,
    )


def add_deductions(
    settlement: Settlement, parts: Sequence[Part], entries: Sequence[LedgerEntry], month: Month
) -> None:
    Deduction.objects.bulk_create(
        Deduction(
            settlement=settlement,
            position=position,
            account_id=part.account_id,
            binding_id=part.binding_id,
            month=month,
            amount_fen=part.amount_fen,
            from_limit=part.from_limit,
            entry=entry,
        )
        for position, (part, entry) in enumerate(zip(parts, entries, strict=True), start=1)
    )


def count_use(parts: Iterable[Part], month: Month, *, sign: int) -> None:
    """Move the caps of the month and the limits up (1) or down (-1), under the locks of the bindings."""
    used: dict[int, int] = {}
    limits: dict[int, int] = {}
    for part in parts:
        if part.binding_id is None:
            continue
        used[part.binding_id] = used.get(part.binding_id, 0) + sign * part.amount_fen
        if part.from_limit:
            limits[part.binding_id] = limits.get(part.binding_id, 0) + sign * part.amount_fen
    if not used:
        return
    there = CapUse.objects.filter(binding__in=used).filter(Q(month=month))
    before = dict(there.values_list("binding_id", "used_fen"))
    CapUse.objects.bulk_create(
        [
            CapUse(binding_id=pk, month=month, used_fen=before.get(pk, 0) + fen)
            for pk, fen in sorted(used.items())
        ],
        update_conflicts=True,
        unique_fields=["binding", "month"],
        update_fields=["used_fen"],
    )
    for pk, fen in sorted(limits.items()):
        Binding.objects.filter(pk=pk).update(limit_used_fen=F("limit_used_fen") + fen)


def uncount_use(deductions: Sequence[Deduction], amounts: Sequence[int]) -> None:
    """What went back counts no more: in the month in which it was taken, and in the limit."""
    by_month: dict[Month, list[Part]] = {}
    for one, fen in zip(deductions, amounts, strict=True):
        by_month.setdefault(one.month, []).append(part_of(one, fen))
    for month, parts in by_month.items():
        count_use(parts, month, sign=-1)


def record(
    settlement: Settlement, action: str, *, by_key: ProviderKey | None, by_user: User | None
) -> None:
    """In the audit: whose key or which clerk, for which receipt; the amounts stand in the receipt."""
    details = {"key": str(by_key.public_id)} if by_key else {}
    audit.record(actor=by_user, action=action, subject=settlement, details=details)
