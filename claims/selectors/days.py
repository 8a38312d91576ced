"""A provider's day as its desk reads it, and as a file to be held against its own books."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from claims import bills, reconciling
from claims.models import Provider
from claims.reconciling import DayLine, DayTotals, UseTotals
from claims.selectors.receipts import use_name
from insurance.csv_cells import amount_cell, text_cell, written

PAGE_ROWS = 50


@dataclass(frozen=True)
class UseLine:
    name: str
    totals: UseTotals


@dataclass(frozen=True)
class Line:
    name: str
    row: DayLine


@dataclass(frozen=True)
class Lines:
    """`next_after` is the number to go on behind, None on the last page."""

    lines: tuple[Line, ...]
    next_after: int | None


@dataclass(frozen=True)
class Day:
    totals: DayTotals
    uses: tuple[UseLine, ...]
    settlements: Lines
    refunds: Lines

    @property
    def is_empty(self) -> bool:
        return not self.uses


def day_of(provider: Provider, day: date, *, after: int, refunds_after: int) -> Day:
    """Six queries, whatever the number of bills."""
    return Day(
        totals=reconciling.totals(provider=provider, day=day),
        uses=tuple(
            UseLine(use_name(one.use), one)
            for one in reconciling.by_use(provider=provider, day=day)
        ),
        settlements=_page(reconciling.settlements, provider, day, after),
        refunds=_page(reconciling.refunds, provider, day, refunds_after),
    )


def day_file(provider: Provider, day: date) -> Iterator[str]:
    """The lines of the file: what came, then what went back, below zero. Words are taken in the language of now."""
    head = [
        _("种类"),
        _("结算号"),
        _("退费号"),
        _("单据号"),
        _("用途"),
        _("时间"),
        _("个人负担（元）"),
        _("账户支付（元）"),
        _("现金（元）"),
    ]
    came, went = _("结算"), _("退费")
    both = (
        (came, 1, _all(reconciling.settlements, provider, day)),
        (went, -1, _all(reconciling.refunds, provider, day)),
    )
    names = {use: use_name(use) for uses in bills.USES.values() for use in uses}
    return written(
        head,
        (_cells(row, kind, sign, names[row.use]) for kind, sign, rows in both for row in rows),
    )


Read = Callable[..., Sequence[DayLine]]


def _page(read: Read, provider: Provider, day: date, after: int) -> Lines:
    found = read(provider=provider, day=day, after=after, most=PAGE_ROWS + 1)
    shown = found[:PAGE_ROWS]
    more = len(found) > PAGE_ROWS
    return Lines(
        lines=tuple(Line(use_name(one.use), one) for one in shown),
        next_after=shown[-1].number if more else None,
    )


def _all(read: Read, provider: Provider, day: date) -> Iterator[DayLine]:
    """In chunks: memory stays flat."""
    after = 0
    while found := read(provider=provider, day=day, after=after):
        yield from found
        after = found[-1].number


def _cells(row: DayLine, kind: str, sign: int, name: str) -> list[str]:
    return [
        kind,
        row.settlement,
        row.refund,
        text_cell(row.bill_no),
        text_cell(name),
        timezone.localtime(row.at).strftime("%Y-%m-%d %H:%M"),
        amount_cell(sign * row.amount_fen),
        amount_cell(sign * row.paid_fen),
        amount_cell(sign * row.cash_fen),
    ]
