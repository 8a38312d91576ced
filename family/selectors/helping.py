"""What an owner has opened to a helper, read only; and who helps whom."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Max, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.privacy import mask_name
from family.models import Grant, GrantKind
from insurance import month_totals
from insurance.holdings import Holdings, holdings
from insurance.models import ContributionPeriod, InsuredPerson, LedgerEntry
from insurance.models.contributions import ContributionStatus
from insurance.models.enrolments import Scheme
from insurance.periods import Month

Words = str | Promise
LATEST = 10
# As both of the two say it; the labels of the model are the owner's.
HELP: dict[str, Words] = {
    GrantKind.SEE_BALANCE: _("看余额和最近的明细"),
    GrantKind.SEE_YEARS: _("看缴费年限"),
    GrantKind.ACT_FAMILY: _("替办家庭共济的事，不能花钱"),
}


@dataclass(frozen=True)
class Entry:
    """Amounts in fen. Of a relative's use it says that, and not whose: the helper was asked in by the owner alone."""

    posted_at: datetime
    what: Words
    place: str
    amount_fen: int


@dataclass(frozen=True)
class Balance:
    held: Holdings
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Years:
    """`months` in employee insurance that count; `last` is the last of them, None where there is none."""

    months: int
    last: Month | None


@dataclass(frozen=True)
class GrantLine:
    """`owner` and `helper` are public references; `name` is the masked name of the other one, `is_owner` is the reader."""

    pk: int
    is_owner: bool
    owner: Any
    helper: Any
    kind: str
    what: Words
    name: str
    from_day: date
    to_day: date | None
    sees: bool


@dataclass(frozen=True)
class Grants:
    all: tuple[GrantLine, ...]

    @property
    def given(self) -> tuple[GrantLine, ...]:
        return tuple(line for line in self.all if line.is_owner)

    @property
    def received(self) -> tuple[GrantLine, ...]:
        return tuple(line for line in self.all if not line.is_owner)


def balance(person_id: int) -> Balance:
    """Two queries."""
    held = holdings(person_id)
    rows = LedgerEntry.objects.filter(account__in=[line.id for line in held.all])
    rows = rows.exclude(amount_fen=0).order_by("-posted_at", "-pk")[:LATEST]
    return Balance(held, tuple(_entry(row) for row in rows))


def years(person_id: int) -> Years:
    """Two queries; counted as on the owner's own page."""
    person = InsuredPerson.objects.filter(pk=person_id).values("pk")
    last = ContributionPeriod.objects.filter(
        person=person_id, scheme=Scheme.EMPLOYEE, status=ContributionStatus.PAID
    ).aggregate(last=Max("to_month"))["last"]
    return Years(month_totals.totals(person).get(person_id, 0), last)


def grants_of(person_id: int, today: date) -> Grants:
    """Those that hold or are to come. One query."""
    rows = (
        Grant.objects.filter(revoked_at=None)
        .filter(Q(to_day=None) | Q(to_day__gte=today))
        .filter(Q(owner=person_id) | Q(helper=person_id))
        .select_related("owner", "helper")
        .order_by("pk")
    )
    return Grants(tuple(_line(row, person_id) for row in rows))


def _entry(row: LedgerEntry) -> Entry:
    return Entry(
        posted_at=row.posted_at,
        what=row.get_kind_display(),
        place=row.place,
        amount_fen=row.amount_fen,
    )


def _line(row: Grant, person_id: int) -> GrantLine:
    other = row.helper if row.owner_id == person_id else row.owner
    return GrantLine(
        pk=row.pk,
        is_owner=row.owner_id == person_id,
        owner=row.owner.reference,
        helper=row.helper.reference,
        kind=row.kind,
        what=HELP[row.kind],
        name=mask_name(other.name),
        from_day=row.from_day,
        to_day=row.to_day,
        sees=row.kind != GrantKind.ACT_FAMILY,
    )
