"""Monthly credits: what was expected of whom, and what became of it, month by month.

No posting day of an area is known for sure, so "paid but not here yet" is all that can be said, and is said.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, TextChoices
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from insurance.models import ContributionPeriod
from insurance.models.contributions import ContributionKind, ContributionStatus
from insurance.models.enrolments import Scheme
from insurance.models.facts import FactKind
from insurance.models.ledger import CREDITS
from insurance.periods import Month, months
from insurance.standing import Standing, is_retired, pays_alone
from queries.selectors.statement import Row, rows_where

# A credit for a month comes in that month or the next (domain facts §5.1); after that it is late.
USUAL_DELAY_MONTHS = 1
# Places differ in what these bring (Guangdong credits nothing to people who go on paying after retirement age).
MAY_BRING_NOTHING = frozenset(
    {ContributionKind.POST_RETIREMENT_MONTHLY, ContributionKind.UNEMPLOYMENT_FUND}
)
BRING_CREDIT = MAY_BRING_NOTHING | {ContributionKind.ACTUAL, ContributionKind.BACKPAID}


class Outcome(TextChoices):
    CREDITED = "credited", _("已到账")
    CREDITED_LATER = "credited_later", _("补到账")
    CORRECTED = "corrected", _("到账后又更正了")
    PAID_WAITING = "paid_waiting", _("已缴费，还没到账")
    UNPAID = "unpaid", _("欠缴")
    PENDING = "pending", _("正在办理")
    REFUNDED = "refunded", _("已退费")
    EXPECTED = "expected", _("还没有记录")
    NO_RECORD = "no_record", _("没有缴费记录")
    MAY_BRING_NOTHING = "may_bring_nothing", _("这种缴费不一定打钱")
    FUND_MISSING = "fund_missing", _("没有到账记录")
    NO_ACCOUNT = "no_account", _("这个险种没有个人账户")
    NOT_INSURED = "not_insured", _("没有参保")


TAGS: dict[str, str] = {
    Outcome.CREDITED: "ok",
    Outcome.CREDITED_LATER: "ok",
    Outcome.CORRECTED: "wait",
    Outcome.PAID_WAITING: "wait",
    Outcome.UNPAID: "act",
    Outcome.PENDING: "wait",
    Outcome.REFUNDED: "quiet",
    Outcome.EXPECTED: "wait",
    Outcome.NO_RECORD: "act",
    Outcome.MAY_BRING_NOTHING: "quiet",
    Outcome.FUND_MISSING: "act",
    Outcome.NO_ACCOUNT: "quiet",
    Outcome.NOT_INSURED: "quiet",
}


class Duty(TextChoices):
    """Who has to do something so that money comes."""

    EMPLOYER = "employer", _("单位申报并缴费")
    SELF = "self", _("您自己缴费")
    UNEMPLOYMENT_FUND = "unemployment_fund", _("失业保险基金替您缴")
    FUND = "fund", _("医保基金打入，您不用缴")
    NOBODY = "nobody", _("没有人要缴")


@dataclass(frozen=True)
class MonthLine:
    """`amount_fen` is what stayed after corrections, None where nothing came. `posted_at` is the last credit's moment."""

    month: Month
    outcome: Outcome
    duty: Duty
    payer: str
    amount_fen: int | None
    posted_at: datetime | None
    paid_on: date | None

    @property
    def tag(self) -> str:
        return TAGS[self.outcome]

    @property
    def expects_money(self) -> bool:
        return self.outcome not in {Outcome.NO_ACCOUNT, Outcome.NOT_INSURED}

    @property
    def is_open(self) -> bool:
        """Somebody still has to do something."""
        return self.tag == "act"


@dataclass(frozen=True)
class CreditYear:
    """Newest month first. `total_fen` is what came for the months of this year, whenever it came."""

    year: int
    lines: tuple[MonthLine, ...]
    total_fen: int
    years: tuple[int, ...]

    @property
    def older(self) -> int | None:
        return self.year - 1 if self.year > self.years[0] else None

    @property
    def newer(self) -> int | None:
        return self.year + 1 if self.year < self.years[-1] else None

    @property
    def unpaid(self) -> tuple[MonthLine, ...]:
        return tuple(line for line in self.lines if line.is_open)


def years_of(where: Standing, today: date) -> tuple[int, ...]:
    """From the first enrolment to this year, oldest first; this year where there is no enrolment."""
    first = min([line.starts_on.year for line in where.enrolments], default=today.year)
    return tuple(range(min(first, today.year), today.year + 1))


def credit_year(
    *, person_id: int, account_ids: Sequence[int], where: Standing, year: int, today: date
) -> CreditYear:
    """Two queries. The months of the year that have begun, all twelve of a past one."""
    this_month = Month.containing(today)
    first, last = Month.of(year, 1), min(Month.of(year, 12), this_month)
    lines = month_lines(
        wanted=list(months(first, last)),
        where=where,
        paid=bringing_credit(person_id, first, last),
        credits=rows_where(credits_between(account_ids, first, last), person_id=person_id),
        this_month=this_month,
    )
    return CreditYear(
        year=year,
        lines=lines,
        total_fen=sum(line.amount_fen or 0 for line in lines),
        years=years_of(where, today),
    )


def credits_between(account_ids: Sequence[int], first: Month, last: Month) -> Q:
    """Credits for these months, whenever they were posted."""
    return Q(
        account__in=account_ids,
        kind__in=sorted(CREDITS),
        for_month__gte=first,
        for_month__lte=last,
    )


def bringing_credit(person_id: int, first: Month, last: Month) -> list[ContributionPeriod]:
    """One query: contributions that may put money into the account; deemed years and military service don't."""
    return list(
        ContributionPeriod.objects.filter(
            person=person_id, scheme=Scheme.EMPLOYEE, kind__in=sorted(BRING_CREDIT)
        ).touching(first, last)
    )


def month_lines(
    *,
    wanted: Iterable[Month],
    where: Standing,
    paid: Sequence[ContributionPeriod],
    credits: Sequence[Row],
    this_month: Month,
) -> tuple[MonthLine, ...]:
    """Newest first. `paid` holds what may bring credit and nothing else."""
    return tuple(
        _line(
            month,
            where=where,
            paid=[one for one in paid if one.from_month <= month <= one.to_month],
            credits=[one for one in credits if one.for_month == month],
            this_month=this_month,
        )
        for month in sorted(wanted, reverse=True)
    )


def _line(
    month: Month,
    *,
    where: Standing,
    paid: Sequence[ContributionPeriod],
    credits: Sequence[Row],
    this_month: Month,
) -> MonthLine:
    enrolled = where.enrolment_in(month)
    standing_credits = [one for one in credits if one.reversed_by is None]
    record = _deciding(paid)
    return MonthLine(
        month=month,
        outcome=_outcome(month, where, paid, credits, this_month),
        duty=_duty(month, where, paid),
        payer=(record.payer if record else "") or (enrolled.employer if enrolled else ""),
        amount_fen=sum(one.amount_fen for one in standing_credits) if credits else None,
        posted_at=standing_credits[-1].posted_at if standing_credits else None,
        paid_on=record.paid_on if record else None,
    )


def _deciding(own: Sequence[ContributionPeriod]) -> ContributionPeriod | None:
    """Of several records of one month, the one that brings money: paid before everything else."""
    return min(own, key=lambda one: one.status != ContributionStatus.PAID, default=None)


def _duty(month: Month, where: Standing, own: Sequence[ContributionPeriod]) -> Duty:
    enrolled = where.enrolment_in(month)
    if any(one.kind == ContributionKind.POST_RETIREMENT_MONTHLY for one in own):
        return Duty.SELF
    if any(one.kind == ContributionKind.UNEMPLOYMENT_FUND for one in own):
        return Duty.UNEMPLOYMENT_FUND
    if enrolled is None or not enrolled.has_account:
        return Duty.NOBODY
    if is_retired(enrolled):
        return Duty.FUND
    return Duty.SELF if pays_alone(enrolled) else Duty.EMPLOYER


def _outcome(
    month: Month,
    where: Standing,
    own: Sequence[ContributionPeriod],
    credits: Sequence[Row],
    this_month: Month,
) -> Outcome:
    if credits:
        return _credited(month, credits)
    enrolled = where.enrolment_in(month)
    record = _deciding(own)
    dead = where.fact(FactKind.DEATH, month.first_day) is not None
    if record is None and (enrolled is None or dead):
        return Outcome.NOT_INSURED
    if enrolled is not None and not enrolled.has_account:
        return Outcome.NO_ACCOUNT
    if record is not None and record.kind in MAY_BRING_NOTHING:
        return Outcome.MAY_BRING_NOTHING
    if enrolled is not None and is_retired(enrolled):
        late = this_month - month > USUAL_DELAY_MONTHS
        return Outcome.FUND_MISSING if late else Outcome.EXPECTED
    if record is None or record.status == ContributionStatus.VOID:
        return Outcome.EXPECTED if month == this_month else Outcome.NO_RECORD
    return _AWAITED[ContributionStatus(record.status)]


_AWAITED = {
    ContributionStatus.PAID: Outcome.PAID_WAITING,
    ContributionStatus.UNPAID: Outcome.UNPAID,
    ContributionStatus.PENDING: Outcome.PENDING,
    ContributionStatus.REFUNDED: Outcome.REFUNDED,
}


def _credited(month: Month, credits: Sequence[Row]) -> Outcome:
    kept = [one for one in credits if one.reversed_by is None]
    if not kept:
        return Outcome.CORRECTED
    delay = Month.containing(_local_day(kept[-1].posted_at)) - month
    return Outcome.CREDITED_LATER if delay > USUAL_DELAY_MONTHS else Outcome.CREDITED


def _local_day(moment: datetime) -> date:
    return timezone.localtime(moment).date()
