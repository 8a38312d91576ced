"""The filter of the statement as links: each keeps the rest of what was chosen."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlencode

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from insurance.holdings import AccountLine, Holdings
from insurance.periods import Month
from queries.selectors.statement import Filter

RECENT_MONTHS = 3


@dataclass(frozen=True)
class Choice:
    """A link of a row of links; `query` begins with a question mark."""

    label: str | Promise
    query: str
    current: bool


def query(part: AccountLine, chosen: Filter, **cursor: int | None) -> str:
    """`?` and what is not the default, in a fixed order."""
    values: dict[str, object] = {
        "part": part.key,
        "first": chosen.first.isoformat() if chosen.first else None,
        "last": chosen.last.isoformat() if chosen.last else None,
        "group": chosen.group or None,
        "direction": chosen.direction or None,
        **cursor,
    }
    return "?" + urlencode({name: value for name, value in values.items() if value is not None})


def parts(held: Holdings, part: AccountLine, chosen: Filter) -> list[Choice]:
    """One for each part, none where there is only one."""
    if len(held.all) < 2:
        return []
    return [Choice(_part_label(one), query(one, chosen), one.key == part.key) for one in held.all]


def periods(part: AccountLine, chosen: Filter, today: date) -> list[Choice]:
    return [
        Choice(label, query(part, span), (span.first, span.last) == (chosen.first, chosen.last))
        for label, span in _spans(chosen, today)
    ]


def _spans(chosen: Filter, today: date) -> Iterator[tuple[Promise, Filter]]:
    recent = (Month.containing(today) + (1 - RECENT_MONTHS)).first_day
    this_year, last_year = date(today.year, 1, 1), date(today.year - 1, 1, 1)
    yield _("全部时间"), replace(chosen, first=None, last=None)
    yield _("最近三个月"), replace(chosen, first=recent, last=today)
    yield _("今年"), replace(chosen, first=this_year, last=today)
    yield _("去年"), replace(chosen, first=last_year, last=date(last_year.year, 12, 31))


def _part_label(one: AccountLine) -> str:
    return f"{one.label} · {one.area}"
