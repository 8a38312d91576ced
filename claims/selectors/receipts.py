"""A settlement as the desk's receipt shows it: what was paid and what is cash, and nothing of who paid."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.text import capfirst

from accounts.privacy import mask_name
from claims.models import Provider, Refund, Settlement, SettlementState
from family import references
from insurance.policy_words import OPTIONS


@dataclass(frozen=True)
class RefundLine:
    """`back_fen` went into accounts, `cash_fen` is given back at the desk."""

    reference: str
    spoken: str
    amount_fen: int
    back_fen: int
    cash_fen: int
    made_at: datetime


@dataclass(frozen=True)
class DeskReceipt:
    """`name` and `proxy` are masked, `proxy` is "" where nobody bought for somebody else. `left_fen` can be given back today."""

    row: Settlement
    spoken: str
    name: str
    proxy: str
    use: str | Promise
    refunds: tuple[RefundLine, ...]
    left_fen: int
    cash_left_fen: int
    is_today: bool

    @property
    def may_give_back(self) -> bool:
        is_settled = self.row.state == SettlementState.SETTLED
        return is_settled and self.is_today and self.left_fen > 0


def desk_receipt(provider: Provider, reference: str) -> DeskReceipt | None:
    """Of that provider, by the number in any spelling; None for all others. Two queries."""
    row = _of(provider, reference)
    if row is None:
        return None
    found = refund_lines(row)
    return DeskReceipt(
        row=row,
        spoken=references.grouped(row.reference),
        name=mask_name(row.patient.name),
        proxy=mask_name(row.proxy_name),
        use=use_name(row.use),
        refunds=found,
        left_fen=row.amount_fen - row.refunded_fen,
        cash_left_fen=row.cash_fen - sum(one.cash_fen for one in found),
        is_today=timezone.localdate(row.settled_at) == timezone.localdate(),
    )


def by_bill(provider: Provider, bill_no: str) -> str:
    """The reference of the settlement under which this bill stands, "" where there is none."""
    rows = Settlement.objects.of_provider(provider.pk).filter(
        bill_no=bill_no, state__in=[SettlementState.HELD, SettlementState.SETTLED]
    )
    return rows.values_list("reference", flat=True).first() or ""


def refund_lines(row: Settlement) -> tuple[RefundLine, ...]:
    """Oldest first. One query."""
    return tuple(
        RefundLine(
            reference=one.reference,
            spoken=references.grouped(one.reference),
            amount_fen=one.amount_fen,
            back_fen=one.amount_fen - one.cash_fen,
            cash_fen=one.cash_fen,
            made_at=one.made_at,
        )
        for one in Refund.objects.filter(settlement=row).order_by("pk")
    )


def use_name(use: str) -> str:
    return str(capfirst(str(OPTIONS[use])))


def _of(provider: Provider, reference: str) -> Settlement | None:
    kept = references.normalise(reference)
    rows = Settlement.objects.of_provider(provider.pk).select_related("patient")
    return rows.filter(reference=kept).first() if kept else None
