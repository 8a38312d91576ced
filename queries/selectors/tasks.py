"""What needs doing, by whom, from data alone."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from insurance.models import ContributionPeriod
from insurance.models.contributions import ContributionStatus
from insurance.models.enrolments import Scheme
from insurance.periods import Month, months
from insurance.standing import Standing, pays_alone
from insurance.templatetags.insurance_format import month_name
from queries.selectors.credits import BRING_CREDIT, Duty, MonthLine, Outcome
from queries.selectors.reasons import Reason


@dataclass(frozen=True)
class Task:
    """`kind` is that of the tag, `who` its words; `page` is the name of an address."""

    title: str
    kind: str
    who: str
    page: str


def tasks(
    *,
    reasons: Sequence[Reason],
    where: Standing,
    contributions: Sequence[ContributionPeriod],
    recent: Sequence[MonthLine],
    has_phone: bool,
    unread: int,
) -> tuple[Task, ...]:
    """The urgent first."""
    return (
        *_stops(reasons),
        *_unread(unread),
        *_unpaid(where, contributions),
        *_missing(recent),
        *_phone(has_phone),
        *_waits(reasons),
    )


def _stops(reasons: Sequence[Reason]) -> Iterator[Task]:
    for reason in reasons:
        if reason.kind == "act":
            yield Task(reason.title, "act", _("到医保窗口"), "queries:balance")


def _unread(count: int) -> Iterator[Task]:
    if count:
        title = ngettext("您有 %(count)d 条未读消息", "您有 %(count)d 条未读消息", count)
        yield Task(title % {"count": count}, "wait", _("点开看一看"), "insurance:notices")


def _waits(reasons: Sequence[Reason]) -> Iterator[Task]:
    for reason in reasons:
        if reason.code in {"moving", "arriving"}:
            yield Task(reason.title, "wait", _("您等着就行"), "queries:balance")


def _unpaid(where: Standing, contributions: Sequence[ContributionPeriod]) -> Iterator[Task]:
    missing = {
        month
        for row in contributions
        if row.scheme == Scheme.EMPLOYEE and row.status == ContributionStatus.UNPAID
        for month in months(row.from_month, row.to_month)
    }
    if not missing:
        return
    enrolled = where.enrolment_in(max(missing))
    alone = enrolled is not None and pays_alone(enrolled)
    yield Task(
        title=_unpaid_title(missing),
        kind="act",
        who=_("您自己去缴") if alone else _("请催单位缴"),
        page="queries:contributions",
    )


def _unpaid_title(missing: set[Month]) -> str:
    if len(missing) == 1:
        return _("%(month)s欠缴") % {"month": month_name(max(missing))}
    return ngettext("有 %(count)d 个月欠缴", "有 %(count)d 个月欠缴", len(missing)) % {
        "count": len(missing)
    }


def _missing(recent: Sequence[MonthLine]) -> Iterator[Task]:
    for line in recent:
        if line.outcome == Outcome.NO_RECORD:
            who = _("请问单位") if line.duty == Duty.EMPLOYER else _("您去查一查")
            title = _("%(month)s没有缴费记录") % {"month": month_name(line.month)}
            yield Task(title, "act", who, "queries:credits")
        if line.outcome == Outcome.FUND_MISSING:
            title = _("%(month)s的钱没有到") % {"month": month_name(line.month)}
            yield Task(title, "act", _("打 12393 问"), "queries:credits")


def _phone(has_phone: bool) -> Iterator[Task]:
    if not has_phone:
        yield Task(_("医保没有登记您的手机号"), "act", _("带身份证到窗口登记"), "queries:help")


def brings_credit(row: ContributionPeriod) -> bool:
    """Whether this contribution may put money into the account."""
    return row.scheme == Scheme.EMPLOYEE and row.kind in BRING_CREDIT
