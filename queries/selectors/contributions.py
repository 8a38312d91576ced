"""Contribution months as a timeline by year, with gaps, places and kinds. Whole months, nothing rounded.

What counts is decided by `insurance.counting`; how many months a place asks for is not decided here at all.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from insurance import counting
from insurance.models import ContributionPeriod
from insurance.models.contributions import ContributionKind, ContributionStatus
from insurance.models.enrolments import Scheme
from insurance.periods import Month, months


class Mark(TextChoices):
    """What stands in one month of the timeline: the letter of the picture, in the order in which one beats another."""

    ACTUAL = "actual", pgettext_lazy("month letter", "缴")
    MILITARY = "military", pgettext_lazy("month letter", "军")
    UNEMPLOYMENT = "unemployment", pgettext_lazy("month letter", "失")
    BACKPAID = "backpaid", pgettext_lazy("month letter", "补")
    LATER = "later", pgettext_lazy("month letter", "续")
    DEEMED = "deemed", pgettext_lazy("month letter", "视")
    PENDING = "pending", pgettext_lazy("month letter", "办")
    UNPAID = "unpaid", pgettext_lazy("month letter", "欠")
    REFUNDED = "refunded", pgettext_lazy("month letter", "退")
    RESIDENT = "resident", pgettext_lazy("month letter", "居")
    GAP = "gap", pgettext_lazy("month letter", "断")
    NONE = "none", ""


LEGEND = {
    Mark.ACTUAL: _("按月缴了费"),
    Mark.BACKPAID: _("后来补缴的"),
    Mark.DEEMED: _("按规定算交过的年限（视同缴费）"),
    Mark.MILITARY: _("当兵的时间"),
    Mark.UNEMPLOYMENT: _("失业保险基金替您缴的"),
    Mark.LATER: _("退休后按月续缴的"),
    Mark.PENDING: _("正在办理，还不算"),
    Mark.UNPAID: _("欠缴，不算"),
    Mark.REFUNDED: _("已经退费，不算"),
    Mark.RESIDENT: _("参加居民医保，一般不算职工医保年限"),
    Mark.GAP: _("中断，没有记录"),
}
_PAID_MARKS = {
    ContributionKind.ACTUAL: Mark.ACTUAL,
    ContributionKind.BACKPAID: Mark.BACKPAID,
    ContributionKind.DEEMED: Mark.DEEMED,
    ContributionKind.MILITARY: Mark.MILITARY,
    ContributionKind.UNEMPLOYMENT_FUND: Mark.UNEMPLOYMENT,
    ContributionKind.POST_RETIREMENT_MONTHLY: Mark.LATER,
}
_OTHER_MARKS = {
    ContributionStatus.UNPAID: Mark.UNPAID,
    ContributionStatus.PENDING: Mark.PENDING,
    ContributionStatus.REFUNDED: Mark.REFUNDED,
}
_RANK = {mark: place for place, mark in enumerate(Mark)}
# Flags of the region (domain facts §3.3). No area's rule is applied to the timeline, so its total takes in what most places
# count, and the page says that a place may see it differently.
MILITARY_IS_ACTUAL = False
BACKPAID_COUNTS = True


@dataclass(frozen=True)
class Cell:
    """One month of the timeline. `doubled` says that two places recorded a payment for it."""

    month: int
    mark: Mark
    doubled: bool = False


@dataclass(frozen=True)
class YearRow:
    """Twelve cells, January first; `counted` is how many of them count."""

    year: int
    cells: tuple[Cell, ...]
    counted: int


@dataclass(frozen=True)
class Run:
    """Whole months, both ends included. The places are names: of the stretch, of the month before and the month after."""

    first: Month
    last: Month
    mark: Mark
    places: tuple[str, ...]
    before: tuple[str, ...]
    after: tuple[str, ...]

    @property
    def count(self) -> int:
        return self.last - self.first + 1

    @property
    def legend(self) -> str:
        return str(LEGEND[self.mark])


@dataclass(frozen=True)
class Share:
    """Months under one heading: a place, a kind."""

    label: str
    months: int


@dataclass(frozen=True)
class Record:
    """One period as it was reported; `base_fen` is per month, None where it was not said."""

    first: Month
    last: Month
    place: str
    kind: str
    status: str
    payer: str
    base_fen: int | None

    @property
    def count(self) -> int:
        return self.last - self.first + 1


@dataclass(frozen=True)
class Summary:
    """Months. `deemed` are those that are not actual as well, so the two add up to the total."""

    total: int
    actual: int
    deemed: int


@dataclass(frozen=True)
class LegendLine:
    mark: Mark
    text: str


@dataclass(frozen=True)
class Contributions:
    """Everything newest first; `years` is empty where nothing was ever recorded. `last` is the last month that counts.

    `gaps` are told apart by their reason; `gap_runs` are the same months as unbroken interruptions.
    """

    counted: Summary
    years: tuple[YearRow, ...]
    gaps: tuple[Run, ...]
    overlaps: tuple[Run, ...]
    places: tuple[Share, ...]
    kinds: tuple[Share, ...]
    records: tuple[Record, ...]
    last: Month | None
    gap_runs: tuple[tuple[Month, Month], ...]

    month_numbers = range(1, 13)

    @property
    def gap_months(self) -> int:
        return sum(run.count for run in self.gaps)

    @property
    def legend(self) -> tuple[LegendLine, ...]:
        """The letters that occur, and no others."""
        found = {cell.mark for row in self.years for cell in row.cells}
        return tuple(LegendLine(mark, str(text)) for mark, text in LEGEND.items() if mark in found)

    @property
    def differs_by_place(self) -> bool:
        """Months whose worth is a matter of the place."""
        found = {cell.mark for row in self.years for cell in row.cells}
        return bool(found & {Mark.BACKPAID, Mark.MILITARY, Mark.LATER})


def summary(rows: Iterable[ContributionPeriod]) -> Summary:
    counted = _count(rows)
    return Summary(len(counted.total), len(counted.actual), len(counted.deemed))


def contributions(*, person_id: int) -> Contributions:
    """One query."""
    return of_rows(read_periods(person_id))


def of_rows(rows: Sequence[ContributionPeriod]) -> Contributions:
    """The same from what a page has read already."""
    counted = _count(rows)
    best = marks_by_month(rows)
    return Contributions(
        counted=summary(rows),
        years=_timeline(best, counted),
        gaps=_newest_first(counted.total.gaps(), best, rows),
        overlaps=_newest_first(counted.overlap, best, rows),
        places=_places_shares(rows, counted),
        kinds=_kind_shares(best, counted),
        records=tuple(_record(row) for row in reversed(rows)),
        last=max(
            (last for _first, last in counted.total.runs()),
            default=None,
        ),
        gap_runs=tuple(counted.total.gaps().runs()),
    )


def read_periods(person_id: int) -> list[ContributionPeriod]:
    """One query, oldest first, with the places."""
    return list(ContributionPeriod.objects.filter(person=person_id).select_related("area"))


def marks_by_month(rows: Iterable[ContributionPeriod]) -> dict[Month, Mark]:
    """The best of what was recorded for each month; void records leave no trace."""
    best: dict[Month, Mark] = {}
    for row in rows:
        mark = _mark(row)
        for month in months(row.from_month, row.to_month):
            if _RANK[mark] < _RANK[best.get(month, Mark.NONE)]:
                best[month] = mark
    return best


def plain_periods(rows: Iterable[ContributionPeriod]) -> tuple[counting.Period, ...]:
    """As the rules know them."""
    return tuple(
        counting.Period(
            area=row.area_id,
            from_month=row.from_month,
            to_month=row.to_month,
            scheme=row.scheme,
            kind=row.kind,
            status=row.status,
        )
        for row in rows
    )


def _count(rows: Iterable[ContributionPeriod]) -> counting.Count:
    return counting.count(
        plain_periods(rows),
        military_is_actual=MILITARY_IS_ACTUAL,
        backpaid_counts=BACKPAID_COUNTS,
    )


def _mark(row: ContributionPeriod) -> Mark:
    if row.status == ContributionStatus.VOID:
        return Mark.NONE
    if row.scheme == Scheme.RESIDENT:
        return Mark.RESIDENT
    if row.status == ContributionStatus.PAID:
        return _PAID_MARKS[ContributionKind(row.kind)]
    return _OTHER_MARKS[ContributionStatus(row.status)]


def _timeline(best: dict[Month, Mark], counted: counting.Count) -> tuple[YearRow, ...]:
    """Newest year first, from the first month with a record to the last; inside, an empty month is a gap."""
    if not best:
        return ()
    first, last = min(best), max(best)
    total, overlap = counted.total, counted.overlap

    def row(year: int) -> YearRow:
        cells = []
        for month in months(Month.of(year, 1), Month.of(year, 12)):
            empty = Mark.GAP if first <= month <= last else Mark.NONE
            cells.append(Cell(month.month, best.get(month, empty), month in overlap))
        counts = sum(month in total for month in months(Month.of(year, 1), Month.of(year, 12)))
        return YearRow(year, tuple(cells), counts)

    return tuple(row(year) for year in range(last.year, first.year - 1, -1))


def _newest_first(
    wanted: counting.Months, best: dict[Month, Mark], rows: Sequence[ContributionPeriod]
) -> tuple[Run, ...]:
    """Unbroken stretches, split where the mark or the places change."""
    found = [month for first, last in wanted.runs() for month in months(first, last)]
    described = [(month, best.get(month, Mark.GAP), _places(rows, month)) for month in found]
    runs: list[Run] = []
    for month, mark, places in described:
        if runs and (runs[-1].last + 1, runs[-1].mark, runs[-1].places) == (month, mark, places):
            runs[-1] = replace(runs[-1], last=month, after=_places(rows, month + 1))
        else:
            before, after = _places(rows, month + -1), _places(rows, month + 1)
            runs.append(Run(month, month, mark, places, before, after))
    return tuple(reversed(runs))


def _places(rows: Sequence[ContributionPeriod], month: Month) -> tuple[str, ...]:
    return tuple(
        dict.fromkeys(row.area.name for row in rows if row.from_month <= month <= row.to_month)
    )


def _places_shares(
    rows: Sequence[ContributionPeriod], counted: counting.Count
) -> tuple[Share, ...]:
    """Actual months by place, most first. A month that two places recorded stands with both."""
    names = {row.area_id: row.area.name for row in rows}
    shares = [Share(names[code], len(found)) for code, found in counted.by_area.items()]
    return tuple(sorted(shares, key=lambda share: -share.months))


def _kind_shares(best: dict[Month, Mark], counted: counting.Count) -> tuple[Share, ...]:
    """Counted months by their letter; they add up to the total."""
    total = counted.total
    found = Counter(mark for month, mark in best.items() if month in total)
    return tuple(Share(str(LEGEND[mark]), found[mark]) for mark in Mark if found[mark])


def _record(row: ContributionPeriod) -> Record:
    return Record(
        first=row.from_month,
        last=row.to_month,
        place=row.area.name,
        kind=str(row.get_kind_display()),
        status=str(row.get_status_display()),
        payer=row.payer,
        base_fen=row.base_fen,
    )
