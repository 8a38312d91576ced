"""Why the balance did not grow: the last months of one person, each with its causes and what to do.

The catalogue is a rule; here the rows of the register and the ledger become its facts.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils import timezone

from accounts.models import IdentifierKind
from insurance import areas, diagnosis_sentences, policy_days, policy_reading
from insurance.holdings import Holdings, is_under_way
from insurance.models import ContributionPeriod, InsuredPerson, LedgerEntry, PersonIdentifier
from insurance.models.contributions import ContributionStatus
from insurance.models.enrolments import Scheme
from insurance.models.facts import FactKind
from insurance.models.ledger import EntryKind
from insurance.periods import Month, months
from insurance.policy_values import Policy
from insurance.rules import diagnosis
from insurance.rules.decision import Finding
from insurance.rules.diagnosis import Contribution, Diagnosis, Enrolled, Entry, MonthFacts
from insurance.standing import EnrolmentLine, FactLine, Standing, is_retired
from queries.selectors.credits import credits_between
from queries.selectors.statement import Row, rows_where, start_of

# A season: people ask about the money of this month, the last and the one before.
LATEST_MONTHS = 3
YEAR = 12
STOPS = (FactKind.DEATH, FactKind.ACCOUNT_FREEZE, FactKind.SETTLEMENT_SUSPENSION)


@dataclass(frozen=True)
class CauseLine:
    """`sources` are titles of documents."""

    code: str
    text: str
    step: str
    sources: tuple[str, ...]


@dataclass(frozen=True)
class MonthCauses:
    """`main` None: the data explain nothing; then `came` says whether money did come, `is_running` that it is this month."""

    month: Month
    main: CauseLine | None
    others: tuple[CauseLine, ...]
    came: bool
    is_running: bool


@dataclass(frozen=True)
class _Known:
    """All that was read, once for all months."""

    where: Standing
    held: Holdings
    paid: Sequence[ContributionPeriod]
    rows: Sequence[Row]
    share_until: Month | None
    two_numbers: bool
    today: date


def latest(
    *, person: InsuredPerson, where: Standing, held: Holdings, today: date
) -> tuple[MonthCauses, ...]:
    """Four queries and two for each place of these months. Newest month first."""
    last = Month.containing(today)
    first = last + (1 - LATEST_MONTHS)
    account_ids = [line.id for line in held.all]
    paid = _contributions(person.pk, first + -YEAR, last)
    posted = Q(account__in=account_ids, posted_at__gte=start_of(first.first_day))
    known = _Known(
        where=where,
        held=held,
        paid=paid,
        rows=rows_where(posted | credits_between(account_ids, first, last), person_id=person.pk),
        share_until=_share_until(account_ids),
        two_numbers=_has_two_numbers(person),
        today=today,
    )
    names = {line.area_code: line.area for line in where.enrolments}
    names |= {row.area_id: row.area.name for row in paid}
    policies: dict[str, Policy] = {}
    found = []
    for month in reversed(list(months(first, last))):
        code = _area_code(known, month)
        if code not in policies:
            policies[code] = policy_reading.values_all(code)
        rules = policy_days.on(policies[code], month.first_day)
        facts = _facts(known, month)
        found.append(_shown(diagnosis.diagnose(facts, rules, today), facts, names, today))
    return tuple(found)


def _contributions(person_id: int, first: Month, last: Month) -> list[ContributionPeriod]:
    rows = ContributionPeriod.objects.filter(person=person_id, scheme=Scheme.EMPLOYEE)
    return list(
        rows.exclude(status=ContributionStatus.VOID).touching(first, last).select_related("area")
    )


def _share_until(account_ids: Sequence[int]) -> Month | None:
    """The last month for which a part of the employer's money came in."""
    shares = LedgerEntry.objects.filter(
        account__in=account_ids, kind=EntryKind.CREDIT_EMPLOYER_SHARE
    )
    last = shares.order_by("-for_month").values_list("for_month", flat=True).first()
    return last if isinstance(last, Month) else None


def _has_two_numbers(person: InsuredPerson) -> bool:
    """Another record of the register is, or was, found by the same ID number."""
    if not person.id_number:
        return False
    same = PersonIdentifier.objects.for_value(IdentifierKind.ID_NUMBER, person.id_number)
    return bool(same.exclude(person=person.pk).exists())


def _area_code(known: _Known, month: Month) -> str:
    enrolled = known.where.enrolment_in(month) or next(iter(known.where.enrolments), None)
    if enrolled:
        return enrolled.area_code
    return next((line.area_code for line in known.held.all), areas.NATION)


def _facts(known: _Known, month: Month) -> MonthFacts:
    enrolled = known.where.enrolment_in(month)
    year_ago = [one for one in _records(known.paid, month + -YEAR) if one.status == "paid"]
    entries = [_entry(row) for row in known.rows]
    return MonthFacts(
        month=month,
        enrolled=_enrolled(enrolled) if enrolled else None,
        contributions=_records(known.paid, month),
        credits=tuple(
            one for one in entries if one.for_month == month and one.kind in diagnosis.CREDITS
        ),
        moved=tuple(one for one in entries if Month.containing(one.posted) == month),
        base_year_ago_fen=year_ago[0].base_fen if len(year_ago) == 1 else None,
        share_until=_earlier(known.share_until, month),
        retired_since=_retired_since(enrolled, known.where),
        reserved_fen=known.held.reserved_fen,
        moving_since=_moving_since(known, month),
        stopped=tuple(kind for kind in STOPS if _touching(known.where.facts, kind, month)),
        two_numbers=known.two_numbers,
    )


def _earlier(found: Month | None, month: Month) -> Month | None:
    return found if found is not None and found < month else None


def _enrolled(line: EnrolmentLine) -> Enrolled:
    return Enrolled(
        area=line.area_code,
        scheme=line.scheme,
        person_type=line.person_type,
        has_account=line.has_account,
        since=Month.containing(line.starts_on),
    )


def _records(rows: Iterable[ContributionPeriod], month: Month) -> tuple[Contribution, ...]:
    return tuple(
        Contribution(row.area_id, row.kind, row.status, row.base_fen)
        for row in rows
        if row.from_month <= month <= row.to_month
    )


def _entry(row: Row) -> Entry:
    return Entry(
        kind=row.kind,
        amount_fen=row.amount_fen,
        for_month=row.for_month,
        posted=timezone.localtime(row.posted_at).date(),
        by_relative=bool(row.user),
        undone=row.reversed_by is not None,
    )


def _retired_since(enrolled: EnrolmentLine | None, where: Standing) -> Month | None:
    """Where the same register knew the person in service before."""
    if enrolled is None or not is_retired(enrolled):
        return None
    before = [
        line
        for line in where.enrolments
        if line.scheme == Scheme.EMPLOYEE
        and not is_retired(line)
        and line.starts_on < enrolled.starts_on
    ]
    return Month.containing(enrolled.starts_on) if before else None


def _touching(facts: Iterable[FactLine], kind: FactKind, month: Month) -> FactLine | None:
    first, after = month.first_day, (month + 1).first_day
    return next(
        (
            one
            for one in facts
            if one.kind == kind and one.from_day < after and (one.to_day or first) >= first
        ),
        None,
    )


def _moving_since(known: _Known, month: Month) -> date | None:
    leaving = _touching(known.where.facts, FactKind.TRANSFER_OUT, month)
    if leaving and (leaving.to_day or is_under_way(leaving, known.held, known.where, known.today)):
        return leaving.from_day
    coming = _touching(known.where.facts, FactKind.TRANSFER_IN, month)
    return coming.from_day if coming else None


def _shown(found: Diagnosis, facts: MonthFacts, names: dict[str, str], today: date) -> MonthCauses:
    return MonthCauses(
        month=found.month,
        main=_line(found.main, names) if found.main else None,
        others=tuple(_line(one, names) for one in found.others),
        came=bool(facts.kept),
        is_running=found.month == Month.containing(today),
    )


def _line(finding: Finding, names: dict[str, str]) -> CauseLine:
    titles = dict.fromkeys(one.citation.source.title for one in finding.sources)
    return CauseLine(
        code=finding.code,
        text=diagnosis_sentences.message(finding, names),
        step=diagnosis_sentences.next_step(finding),
        sources=tuple(titles),
    )
