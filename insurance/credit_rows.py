"""What the register and the ledger say of some people and a month: five queries, however many people."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from django.db.models import Q

from insurance.account_rows import Account
from insurance.counting import ACTUAL, BACKPAID, PAID
from insurance.credit_plan import MAY_BRING_NOTHING, CreditCase, Enrolled
from insurance.credit_plan import Paid as PaidRecord
from insurance.models import (
    ContributionPeriod,
    Enrolment,
    InsuredPerson,
    LedgerEntry,
    PersonalAccount,
    RegisterFact,
)
from insurance.models.enrolments import PersonType, Scheme
from insurance.models.facts import FactKind
from insurance.models.ledger import CREDITS, AccountPart
from insurance.periods import Month

SOURCE_KIND = "credit"
ALREADY = "already"
BRINGING = sorted({ACTUAL, BACKPAID, *MAY_BRING_NOTHING})
BARRING = [FactKind.DEATH, FactKind.ACCOUNT_FREEZE, FactKind.TRANSFER_OUT]
# Where a place splits the account by years, what comes is this year's.
TAKING = {AccountPart.WHOLE, AccountPart.CURRENT_YEAR}


class Span(NamedTuple):
    """The keys of the first and of the last person of a chunk."""

    first: int
    last: int

    def parts(self, most: int) -> list["Span"]:
        """The same keys in so many spans at most, of one width, however far apart the people's keys are."""
        width = -(-(self.last - self.first + 1) // most)
        starts = range(self.first, self.last + 1, width)
        return [Span(one, min(one + width - 1, self.last)) for one in starts]


class Person(NamedTuple):
    id: int
    birth_date: date | None


def span(*, after: int, most: int) -> Span | None:
    """The next people by key; None where nobody is left."""
    keys = InsuredPerson.objects.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)
    last = keys[most - 1 : most].first() or keys.last()
    return None if last is None else Span(after + 1, last)


def people(within: Span, *, only: Sequence[int] | None = None) -> list[Person]:
    """By key; `only` those with these keys."""
    rows = InsuredPerson.objects.filter(pk__range=within).order_by("pk")
    if only is not None:
        rows = rows.filter(pk__in=only)
    return [Person(*row) for row in rows.values_list("pk", "birth_date")]


def numbers(within: Span) -> dict[int, str]:
    """By which the agency knows them."""
    return dict(InsuredPerson.objects.filter(pk__range=within).values_list("pk", "person_number"))


def open_accounts(chunk: Sequence[Person]) -> list[PersonalAccount]:
    """Unlocked, for whoever only looks."""
    return list(PersonalAccount.objects.filter(_of(chunk), closed_on=None))


def taking(accounts: Iterable[Account]) -> dict[int, Account]:
    """The account that credits go to, by person."""
    return {one.person_id: one for one in accounts if one.part in TAKING}


def cases(
    chunk: Sequence[Person], accounts: Mapping[int, Account], month: Month
) -> list[CreditCase]:
    """One for each person, in their order."""
    enrolled, paid = _enrolled(chunk, month), _paid(chunk, month)
    barred = _facts(chunk, month, enrolled) | _credits(chunk, month)
    return [
        CreditCase(
            birth_date=one.birth_date,
            enrolled=frozenset(enrolled[one.id]),
            paid=tuple(paid[one.id]),
            account_area=accounts[one.id].area_id if one.id in accounts else "",
            barred=barred.get(one.id, ""),
        )
        for one in chunk
    ]


def last_day(month: Month) -> date:
    return (month + 1).first_day - timedelta(days=1)


def _of(chunk: Sequence[Person], field: str = "person") -> Q:
    """A range says them all where nobody stands between them."""
    first, last = chunk[0].id, chunk[-1].id
    if last - first + 1 == len(chunk):
        return Q(**{f"{field}__gte": first, f"{field}__lte": last})
    return Q(**{f"{field}__in": [one.id for one in chunk]})


def _enrolled(chunk: Sequence[Person], month: Month) -> dict[int, set[Enrolled]]:
    rows = Enrolment.objects.filter(_of(chunk), starts_on__lte=last_day(month)).exclude(
        ends_on__lt=month.first_day
    )
    employee: dict[int, set[Enrolled]] = defaultdict(set)
    other: dict[int, set[Enrolled]] = defaultdict(set)
    fields = ("person_id", "scheme", "area_id", "person_type", "has_account")
    for person, scheme, area, kind, has_account in rows.order_by().values_list(*fields):
        found = employee if scheme == Scheme.EMPLOYEE else other
        found[person].add(Enrolled(area, kind == PersonType.RETIRED, has_account))
    return defaultdict(set, {**other, **employee})


def _paid(chunk: Sequence[Person], month: Month) -> dict[int, list[PaidRecord]]:
    rows = ContributionPeriod.objects.filter(
        _of(chunk), scheme=Scheme.EMPLOYEE, status=PAID, kind__in=BRINGING
    ).touching(month, month)
    found: dict[int, list[PaidRecord]] = defaultdict(list)
    fields = ("person_id", "area_id", "kind", "base_fen")
    for person, area, kind, base_fen in rows.order_by().values_list(*fields):
        found[person].append(PaidRecord(area, kind, base_fen))
    return found


def _facts(
    chunk: Sequence[Person], month: Month, enrolled: dict[int, set[Enrolled]]
) -> dict[int, str]:
    """A death before the month, and what stops the account or moves it away on any day of the month."""
    rows = RegisterFact.objects.filter(
        _of(chunk), kind__in=BARRING, withdrawn_at=None, from_day__lte=last_day(month)
    ).exclude(to_day__lt=month.first_day)
    found: dict[int, str] = {}
    fields = ("person_id", "kind", "from_day", "other_area_id")
    for person, kind, since, other_area in rows.order_by("kind").values_list(*fields):
        # Registers leave the end of a transfer open: whoever is insured over there has arrived.
        arrived = other_area in {one.area for one in enrolled[person]}
        if kind == FactKind.DEATH and since < month.first_day:
            found[person] = "died"
        elif kind == FactKind.ACCOUNT_FREEZE:
            found.setdefault(person, "account_frozen")
        elif kind == FactKind.TRANSFER_OUT and not arrived:
            found.setdefault(person, "moving")
    return found


def _credits(chunk: Sequence[Person], month: Month) -> dict[int, str]:
    """What came for the month before, into any account of the person. One that stands outweighs a corrected one."""
    rows = LedgerEntry.objects.filter(
        _of(chunk, "account__person"), for_month=month.index, kind__in=sorted(CREDITS)
    ).order_by("pk")
    found: dict[int, str] = {}
    fields = ("account__person_id", "source_kind", "reversed_by__id")
    for person, source, reversed_by in rows.values_list(*fields):
        if reversed_by is not None:
            found.setdefault(person, "corrected")
        else:
            found[person] = ALREADY if source == SOURCE_KIND else "credited_by_file"
    return found
