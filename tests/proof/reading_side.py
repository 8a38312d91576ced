"""What people read, against the ledger: pages of a statement and reports as of a moment."""

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone

from accounts.statements import Query
from claims import reconciling
from claims.models import Provider
from insurance.models import LedgerEntry, PersonalAccount
from queries.selectors import statement
from queries.selectors.entry_words import GROUPS
from queries.selectors.statement import Filter

PAGE_SIZES = (1, 7, 50)
# The accounts with the most entries are those that everybody writes to; their first pages are turned.
ACCOUNTS, ROWS = 3, 120
DIRECTIONS = ("", "in", "out")


@dataclass(frozen=True)
class Report:
    """As of `moment`: what each account held, and what each provider's last whole day came to."""

    moment: str
    balances: dict
    days: dict


def statement_faults():
    """I12, in one picture: rows of all pages add up to the totals, the totals to the ledger."""
    for account in _busiest():
        for chosen in _filters(account):
            told = statement.totals(account_id=account.pk, chosen=chosen)
            rows = statement.stream(
                account_id=account.pk, person_id=account.person_id, chosen=chosen
            )
            sums = [one.amount_fen for one in rows]
            total = told.in_fen - told.out_fen + told.corrected_fen
            if (len(sums), sum(sums)) != (told.count, total):
                yield f"account {account.pk} {chosen}: rows add up to {sum(sums)}, not {told}"
        whole = statement.totals(account_id=account.pk, chosen=Filter())
        if whole.in_fen - whole.out_fen + whole.corrected_fen != account.balance_fen:
            yield f"account {account.pk} holds {account.balance_fen}, its statement {whole}"


def turning_faults():
    """I12, while others write: every page goes on exactly where the one before ended."""
    shown = statement.PAGE_ROWS
    try:
        for size in PAGE_SIZES:
            _turn_to(size)
            for account in _busiest():
                yield from _turned(account)
    finally:
        _turn_to(shown)


def _turn_to(rows):
    """Pages have so many rows from now on; queries that were compiled for another number are forgotten."""
    statement.PAGE_ROWS = rows
    for one in vars(statement).values():
        if isinstance(one, Query):
            vars(one._known).clear()


def report(moment):
    """As anybody may ask for it, at any time after the moment."""
    day = timezone.localdate(moment) - dt.timedelta(days=1)
    return Report(
        moment=moment.isoformat(),
        balances={
            str(pk): LedgerEntry.objects.balance_at(pk, moment)
            for pk in PersonalAccount.objects.order_by("pk").values_list("pk", flat=True)
        },
        days={
            one.code: [
                _plain(reconciling.totals(provider=one, day=day)),
                len(reconciling.settlements(provider=one, day=day, most=100_000)),
            ]
            for one in Provider.objects.order_by("pk")
        },
    )


def changed(reports):
    """I13: asked again, each says what it said."""
    for one in reports:
        now = report(dt.datetime.fromisoformat(one.moment))
        # An account that was opened since held nothing then.
        balances = {pk: fen for pk, fen in now.balances.items() if pk in one.balances or fen}
        if (balances, now.days) != (one.balances, one.days):
            yield f"as of {one.moment}: {_difference(one, now)}"


def _busiest():
    return list(PersonalAccount.objects.order_by("-last_sequence", "pk")[:ACCOUNTS])


def _filters(account):
    last = account.last_posted_at
    yield Filter()
    for direction in DIRECTIONS[1:]:
        yield Filter(direction=direction)
    for group in sorted(GROUPS):
        yield Filter(group=group)
    if last is not None:
        day = timezone.localdate(last)
        yield Filter(first=day)
        yield Filter(last=day - dt.timedelta(days=1))


def _turned(account):
    """From the newest row backwards, whole pages, with the keys that the page itself gives."""
    before, expected, rows = None, None, 0
    while rows < ROWS:
        page = statement.page(
            account_id=account.pk, person_id=account.person_id, chosen=Filter(), before=before
        )
        for one in page.rows:
            if expected is not None and one.sequence != expected:
                yield f"account {account.pk}: after {expected + 1} comes {one.sequence}"
                return
            expected = one.sequence - 1
        rows += len(page.rows)
        if page.older_than is None:
            if expected not in (0, None):
                yield f"account {account.pk}: the last page ends at {expected + 1}"
            return
        before = page.older_than


def _plain(totals):
    return {name: str(value) for name, value in vars(totals).items()}


def _difference(old, new):
    for name, before in {**old.balances, **old.days}.items():
        after = {**new.balances, **new.days}.get(name)
        if after != before:
            return f"{name} was {before}, is {after}"
    return "something is new"
