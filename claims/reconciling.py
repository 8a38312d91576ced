"""A provider's day, to be held against its own books. Reads only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, QuerySet, Sum
from django.utils import timezone

from claims.models import Provider, Refund, Settlement, SettlementState

PAGE = 200


@dataclass(frozen=True)
class DayTotals:
    """Fen. `paid_fen` came out of accounts, `back_fen` went into them; a refund counts on the day on which it was made."""

    day: date
    settlements: int
    amount_fen: int
    paid_fen: int
    cash_fen: int
    refunds: int
    refunded_fen: int
    back_fen: int
    refunded_cash_fen: int

    @property
    def net_fen(self) -> int:
        """What the agency owes the provider for the day; below 0 where more went back than came."""
        return self.paid_fen - self.back_fen


@dataclass(frozen=True)
class DayLine:
    """One settlement or refund. `bill_no` and `settlement` are those of the bill; `refund` is "" for the settlement itself."""

    number: int
    settlement: str
    refund: str
    bill_no: str
    use: str
    amount_fen: int
    paid_fen: int
    cash_fen: int
    at: datetime


def totals(*, provider: Provider, day: date) -> DayTotals:
    """Two queries."""
    came = _settled(provider, day).aggregate(
        count=Count("pk"), amount=Sum("amount_fen"), paid=Sum("paid_fen"), cash=Sum("cash_fen")
    )
    went = _refunded(provider, day).aggregate(
        count=Count("pk"), amount=Sum("amount_fen"), cash=Sum("cash_fen")
    )
    refunded_fen, cash_fen = went["amount"] or 0, went["cash"] or 0
    return DayTotals(
        day=day,
        settlements=came["count"],
        amount_fen=came["amount"] or 0,
        paid_fen=came["paid"] or 0,
        cash_fen=came["cash"] or 0,
        refunds=went["count"],
        refunded_fen=refunded_fen,
        back_fen=refunded_fen - cash_fen,
        refunded_cash_fen=cash_fen,
    )


@dataclass(frozen=True)
class UseTotals:
    """What came and went for one use, as `DayTotals` counts it."""

    use: str
    settlements: int
    amount_fen: int
    paid_fen: int
    cash_fen: int
    refunded_fen: int
    back_fen: int


def by_use(*, provider: Provider, day: date) -> Sequence[UseTotals]:
    """Those that there were, by their names. Two queries."""
    came = _settled(provider, day).order_by().values("use")
    came = came.annotate(
        count=Count("pk"), amount=Sum("amount_fen"), paid=Sum("paid_fen"), cash=Sum("cash_fen")
    )
    went = _refunded(provider, day).order_by().values("settlement__use")
    went = went.annotate(amount=Sum("amount_fen"), cash=Sum("cash_fen"))
    by_came = {row["use"]: row for row in came}
    by_went = {row["settlement__use"]: row for row in went}
    none: Mapping[str, Any] = {"count": 0, "amount": 0, "paid": 0, "cash": 0}
    return [
        _use(use, by_came.get(use, none), by_went.get(use, none))
        for use in sorted({*by_came, *by_went})
    ]


def _use(use: str, came: Mapping[str, Any], went: Mapping[str, Any]) -> UseTotals:
    return UseTotals(
        use=use,
        settlements=came["count"],
        amount_fen=came["amount"],
        paid_fen=came["paid"],
        cash_fen=came["cash"],
        refunded_fen=went["amount"],
        back_fen=went["amount"] - went["cash"],
    )


def settlements(
    *, provider: Provider, day: date, after: int = 0, most: int = PAGE
) -> Sequence[DayLine]:
    """Oldest first, from behind the line with that `number`. One query."""
    rows = _settled(provider, day).filter(pk__gt=after).order_by("pk")[:most]
    return [
        DayLine(
            number=one.pk,
            settlement=one.reference,
            refund="",
            bill_no=one.bill_no,
            use=one.use,
            amount_fen=one.amount_fen,
            paid_fen=one.paid_fen,
            cash_fen=one.cash_fen,
            at=one.settled_at,
        )
        for one in rows.defer("told", "policies", "proxy_name", "proxy_id_number")
    ]


def refunds(
    *, provider: Provider, day: date, after: int = 0, most: int = PAGE
) -> Sequence[DayLine]:
    """As `settlements`; `paid_fen` is what went back into accounts. One query."""
    rows = _refunded(provider, day).filter(pk__gt=after).order_by("pk")[:most]
    found = rows.values_list(
        "pk",
        "reference",
        "amount_fen",
        "cash_fen",
        "made_at",
        "settlement__reference",
        "settlement__bill_no",
        "settlement__use",
    )
    return [
        DayLine(number, settlement, refund, bill_no, use, amount, amount - cash, cash, at)
        for number, refund, amount, cash, at, settlement, bill_no, use in found
    ]


def _settled(provider: Provider, day: date) -> QuerySet[Settlement]:
    first, end = _bounds(day)
    return Settlement.objects.of_provider(provider.pk).filter(
        state=SettlementState.SETTLED, settled_at__gte=first, settled_at__lt=end
    )


def _refunded(provider: Provider, day: date) -> QuerySet[Refund]:
    first, end = _bounds(day)
    return Refund.objects.filter(settlement__provider=provider, made_at__gte=first, made_at__lt=end)


def _bounds(day: date) -> tuple[datetime, datetime]:
    """The day on the wall clock of the agency."""
    first = timezone.make_aware(datetime.combine(day, time()))
    return first, timezone.make_aware(datetime.combine(day + timedelta(days=1), time()))
