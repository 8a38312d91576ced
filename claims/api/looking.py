"""The requests that only read: one settlement, one day."""

from datetime import date
from typing import Annotated

from django.http import HttpResponse
from django.utils import timezone
from ninja import Path, Query, Router
from pydantic import WithJsonSchema

from claims import reconciling
from claims.api import answering
from claims.api.bodies import DayOut, LineOut, StateOut, TotalsOut
from claims.api.charging import Ref
from claims.api.guard import BearerKey, Keyed
from claims.api.problems import Code, Problem
from claims.models import Provider, Refund, Settlement
from claims.provider_keys import Scope
from claims.reconciling import DayLine
from family import references

router = Router(tags=["对账"])

# The first accounts that this system keeps are younger; a calendar has to begin somewhere.
FIRST_DAY = date(2000, 1, 1)
Day = Annotated[str, Path(), WithJsonSchema({"type": "string", "format": "date"})]
After = Annotated[str, Query(description="`next` of the page before")]


@router.get(
    "settlements/{ref}",
    auth=BearerKey(Scope.RECONCILE, Scope.SETTLE, Scope.REFUND),
    response=StateOut,
    summary="查一笔结算",
)
def see_settlement(request: Keyed, ref: Ref) -> HttpResponse:
    """How one of your own settlements or holds stands."""
    return answering.shown(_state(answering.settlement_of(request.auth.provider, ref)))


@router.get("days/{day}", auth=BearerKey(Scope.RECONCILE), response=DayOut, summary="日对账")
def see_day(request: Keyed, day: Day, after: After = "") -> HttpResponse:
    """What was settled and reversed on a day of Beijing time: totals, and the lines page by page."""
    provider, asked = request.auth.provider, _day(day)
    lines = _lines(provider, asked, after)
    totals = reconciling.totals(provider=provider, day=asked)
    return answering.shown(
        DayOut(
            day=asked,
            totals=TotalsOut(**{name: getattr(totals, name) for name in TotalsOut.model_fields}),
            lines=lines,
            next=lines[-1].ref if len(lines) == reconciling.PAGE else None,
        )
    )


def _day(text: str) -> date:
    """A day of the past or today, as 2026-11-21; everything else is not there."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise Problem(Code.NOT_FOUND) from None
    if day.isoformat() != text or not FIRST_DAY <= day <= timezone.localdate():
        raise Problem(Code.NOT_FOUND)
    return day


def _lines(provider: Provider, day: date, after: str) -> list[LineOut]:
    """A page from behind the line `after`: all settlements in the order of their making, then all reversals."""
    left = reconciling.PAGE
    settled, behind = _place(provider, after)
    lines: list[DayLine] = []
    if settled:
        lines += reconciling.settlements(provider=provider, day=day, after=behind, most=left)
        left, behind = left - len(lines), 0
    if left:
        lines += reconciling.refunds(provider=provider, day=day, after=behind, most=left)
    return [_line(one) for one in lines]


def _place(provider: Provider, after: str) -> tuple[bool, int]:
    """Whether settlements are still to come, and the number of the line behind which to go on."""
    if not after:
        return True, 0
    if references.normalise(after) == after:
        settlement = Settlement.objects.of_provider(provider.pk).filter(reference=after)
        if number := settlement.values_list("pk", flat=True).first():
            return True, number
        refund = Refund.objects.filter(settlement__provider=provider, reference=after)
        if number := refund.values_list("pk", flat=True).first():
            return False, number
    raise Problem(Code.NOT_FOUND)


def _line(one: DayLine) -> LineOut:
    return LineOut(
        kind="reversal" if one.refund else "settlement",
        ref=one.refund or one.settlement,
        settlement=one.settlement,
        bill_no=one.bill_no,
        use=one.use,
        amount_fen=one.amount_fen,
        paid_fen=one.paid_fen,
        cash_fen=one.cash_fen,
        at=timezone.localtime(one.at),
    )


def _state(made: Settlement) -> StateOut:
    return StateOut(
        ref=made.reference,
        state=made.state,
        bill_no=made.bill_no,
        use=made.use,
        personal_burden_fen=made.amount_fen,
        paid_fen=made.paid_fen,
        cash_fen=made.cash_fen,
        refunded_fen=made.refunded_fen,
        occurred_at=timezone.localtime(made.occurred_at),
        settled_at=timezone.localtime(made.settled_at),
        held_until=timezone.localtime(made.held_until) if made.held_until else None,
    )
