"""A settlement as the families see it: the patient payer by payer, somebody else who paid only the own part."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Q, Sum
from django.utils.functional import Promise

from accounts.privacy import mask_name
from claims.models import Deduction, RefundPart, Settlement
from claims.selectors.receipts import RefundLine, refund_lines, use_name
from claims.words import NOT_NEEDED, PAID_UP
from family import payer_words, references, words
from family.deduction import Stop
from family.models import Binding
from family.relations import Relation, inverse
from insurance.models.ledger import AccountPart

OWN, BINDING = "own", "binding"


@dataclass(frozen=True)
class PayerLine:
    """One who was asked, in turn. `name` is masked and "" for one's own account; `label` is the relation, or the part of the account.

    `why` says why no more came from there, and so why the next was asked.
    """

    name: str
    label: str | Promise
    is_own: bool
    amount_fen: int
    refunded_fen: int
    why: str | Promise


@dataclass(frozen=True)
class PatientReceipt:
    """`proxy` is masked, "" where nobody bought for the patient."""

    row: Settlement
    spoken: str
    use: str
    proxy: str
    payers: tuple[PayerLine, ...]
    refunds: tuple[RefundLine, ...]


@dataclass(frozen=True)
class Back:
    """What came back to one payer."""

    amount_fen: int
    made_at: datetime


@dataclass(frozen=True)
class GiverReceipt:
    """All that somebody else who paid may know: `name` is the patient's, masked; `place` a kind of place."""

    spoken: str
    name: str
    place: str
    settled_at: datetime
    amount_fen: int
    backs: tuple[Back, ...]
    bindings: tuple[str, ...]


def reference_of(text: str, *, person_id: int) -> str:
    """The settlement that a number of a settlement or a refund, in any spelling, leads this person to; "" for a stranger."""
    kept = references.normalise(text)
    if not kept:
        return ""
    mine = Q(patient=person_id) | Q(deductions__binding__giver=person_id)
    named = Q(reference=kept) | Q(refunds__reference=kept)
    rows = Settlement.objects.filter(mine, named).order_by("pk")
    return rows.values_list("reference", flat=True).first() or ""


def as_patient(reference: str, *, person_id: int) -> PatientReceipt | None:
    """None for whoever wasn't the patient. Four queries."""
    rows = Settlement.objects.of_patient(person_id).select_related("provider", "provider__area")
    row = rows.filter(reference=reference).first()
    if row is None:
        return None
    return PatientReceipt(
        row=row,
        spoken=references.grouped(row.reference),
        use=use_name(row.use),
        proxy=mask_name(row.proxy_name),
        payers=tuple(_payers(row)),
        refunds=refund_lines(row),
    )


def as_giver(reference: str, *, person_id: int) -> GiverReceipt | None:
    """None for whoever gave nothing. Two queries."""
    given = Deduction.objects.filter(settlement__reference=reference, binding__giver=person_id)
    rows = list(
        given.select_related("settlement__provider", "settlement__patient", "binding").order_by(
            "position"
        )
    )
    if not rows:
        return None
    made = rows[0].settlement
    parts = RefundPart.objects.filter(deduction__in=rows).values("refund__made_at", "refund")
    sums = parts.annotate(amount=Sum("amount_fen")).order_by("refund")
    return GiverReceipt(
        spoken=references.grouped(made.reference),
        name=mask_name(made.patient.name),
        place=made.provider.get_kind_display(),
        settled_at=made.settled_at,
        amount_fen=sum(one.amount_fen for one in rows),
        backs=tuple(Back(one["amount"], one["refund__made_at"]) for one in sums),
        bindings=tuple(dict.fromkeys(one.binding.reference for one in rows if one.binding)),
    )


def _payers(row: Settlement) -> Iterator[PayerLine]:
    """What was told at the time, in its order. A giver's accounts are one line: the last of them says why no more came."""
    given = iter(Deduction.objects.filter(settlement=row).order_by("position"))
    bindings = _bindings(row.told)
    lines: list[tuple[str, PayerLine]] = []
    for one in row.told:
        source, _sep, rest = one["payer"].partition(":")
        back = next(given).refunded_fen if one["amount_fen"] else 0
        binding_id = rest.partition(":")[0] if source == BINDING else ""
        line = _line(one, back, bindings.get(binding_id), part="" if binding_id else rest)
        if binding_id and lines and lines[-1][0] == binding_id:
            before = lines.pop()[1]
            line = replace(
                line,
                amount_fen=before.amount_fen + line.amount_fen,
                refunded_fen=before.refunded_fen + line.refunded_fen,
            )
        lines.append((binding_id, line))
    return (line for _binding, line in lines)


def _line(
    told: dict[str, str | int], refunded_fen: int, binding: Binding | None, *, part: str
) -> PayerLine:
    stop, amount_fen = Stop(str(told["stop"])), int(told["amount_fen"])
    is_own = str(told["payer"]).partition(":")[0] == OWN
    label: str | Promise = ""
    if binding is not None:
        label = words.RELATIONS[inverse(Relation(binding.relation))]
    elif part and part != AccountPart.WHOLE:
        label = AccountPart(part).label
    return PayerLine(
        name=mask_name(binding.giver.name) if binding and binding.giver else "",
        label=label,
        is_own=is_own,
        amount_fen=amount_fen,
        refunded_fen=refunded_fen,
        why=_why(stop, amount_fen, is_own=is_own),
    )


def _why(stop: Stop, amount_fen: int, *, is_own: bool) -> str | Promise:
    if stop == Stop.BILL_PAID:
        return PAID_UP if amount_fen else NOT_NEEDED
    reasons = payer_words.OF_OWN if is_own else payer_words.OF_RELATIVE
    return reasons[stop]


def _bindings(told: Sequence[dict[str, str | int]]) -> dict[str, Binding]:
    """By their keys as text."""
    ids = {str(one["payer"]).split(":")[1] for one in told if str(one["payer"]).startswith(BINDING)}
    rows = Binding.objects.filter(pk__in=ids).select_related("giver")
    return {str(one.pk): one for one in rows}
