"""The page after sign-in: the balance at once, what happened last, what needs doing."""

from dataclasses import dataclass
from datetime import date

from insurance.holdings import holdings
from insurance.models import ContributionPeriod
from insurance.periods import Month, months
from insurance.standing import Standing, standing
from queries.selectors.balance import Balance, weigh
from queries.selectors.contributions import Summary, read_periods, summary
from queries.selectors.credits import MonthLine, credits_between, month_lines
from queries.selectors.statement import Row, latest, rows_where
from queries.selectors.tasks import Task, brings_credit, tasks

LATEST_ENTRIES = 3
RECENT_MONTHS = 3


@dataclass(frozen=True)
class Latest:
    """An entry with the key of the part it stands in."""

    row: Row
    part_key: str


@dataclass(frozen=True)
class Home:
    """`latest` and `recent` newest first; `recent` is empty where no account is expected."""

    balance: Balance
    latest: tuple[Latest, ...]
    recent: tuple[MonthLine, ...]
    tasks: tuple[Task, ...]
    counted: Summary


def home(*, person_id: int, has_phone: bool, unread: int, today: date) -> Home:
    """Five queries, whatever the number of entries. `unread` notices were counted where the person was read."""
    held, where = holdings(person_id), standing(person_id)
    this_month = Month.containing(today)
    first = this_month + (1 - RECENT_MONTHS)
    keys = {line.id: line.key for line in held.all}
    rows = rows_where(
        latest({line.id: line.last_sequence for line in held.all}, LATEST_ENTRIES)
        | credits_between(list(keys), first, this_month),
        person_id=person_id,
    )
    periods = read_periods(person_id)
    recent = _recent(first, this_month, where, periods, rows)
    found = weigh(held=held, where=where, today=today)
    return Home(
        balance=found,
        latest=tuple(Latest(row, keys[row.account_id]) for row in reversed(rows[-LATEST_ENTRIES:])),
        recent=recent,
        tasks=tasks(
            reasons=found.reasons,
            where=where,
            contributions=periods,
            recent=recent,
            has_phone=has_phone,
            unread=unread,
        ),
        counted=summary(periods),
    )


def _recent(
    first: Month,
    last: Month,
    where: Standing,
    periods: list[ContributionPeriod],
    rows: list[Row],
) -> tuple[MonthLine, ...]:
    lines = month_lines(
        wanted=months(first, last),
        where=where,
        paid=[row for row in periods if brings_credit(row)],
        credits=[row for row in rows if row.is_credit],
        this_month=last,
    )
    return lines if any(line.expects_money for line in lines) else ()
