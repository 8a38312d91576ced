"""The people of a made-up population into register and ledger, chunk by chunk: one transaction each, and a run that was stopped goes on.

Rows are written many at once (`accounts.copying`); money goes through the ledger, as all money does.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db import transaction
from django.utils import timezone

from accounts import copying
from accounts.models.identifiers import IdentifierKind
from config.population import families
from config.population.people import MOST_PEOPLE, PREFIX, Person, draw
from insurance import ledger
from insurance.imports import places
from insurance.models import (
    ContributionPeriod,
    Enrolment,
    InsuredPerson,
    PersonalAccount,
    PersonIdentifier,
)
from insurance.models.ledger import EntryKind
from insurance.periods import Month

CHUNK_PEOPLE = 2000
SOURCE = "generated"
# Everything is the same whenever it is made: contributions run to this month, the money came in on the first of January.
LAST_MONTH, OPENED = Month.of(2026, 10), Month.of(2026, 1)
OWN_PERCENT = 2


class NotEmpty(Exception):
    """Other people stand in the register: made-up ones never join them."""


class TooMany(Exception):
    """More people than there are made-up numbers."""


@dataclass(frozen=True)
class Plan:
    """`family_share`: of a hundred people, how many are in a family of two that shares an account."""

    persons: int
    seed: int
    areas: tuple[str, ...]
    family_share: int = 0


def begin(plan: Plan) -> int:
    """How many of the people are there already. Raise `NotEmpty` or `TooMany`."""
    if not 0 < plan.persons <= MOST_PEOPLE:
        raise TooMany
    own = InsuredPerson.objects.filter(person_number__startswith=f"{PREFIX}{plan.seed}-")
    there = own.count()
    if InsuredPerson.objects.count() != there:
        raise NotEmpty
    return there


def build(plan: Plan, *, done: int = 0) -> Iterator[int]:
    """Add the people from number `done` on; yields how many there are after each committed chunk."""
    areas = [code for _asked, code in sorted(places.settle(plan.areas).items())]
    for start in range(done, plan.persons, CHUNK_PEOPLE):
        end = min(start + CHUNK_PEOPLE, plan.persons)
        _add([draw(plan.seed, number, areas) for number in range(start, end)], plan)
        yield end


@transaction.atomic
def _add(people: Sequence[Person], plan: Plan) -> None:
    rows = [_row(one) for one in people]
    copying.add(rows)
    copying.add(
        [made for one, row in zip(people, rows, strict=True) for made in _found_by(one, row)]
    )
    copying.add([_enrolment(one, row) for one, row in zip(people, rows, strict=True)])
    copying.add(
        [made for one, row in zip(people, rows, strict=True) for made in _periods(one, row)]
    )
    _add_money([(one, row) for one, row in zip(people, rows, strict=True) if one.has_account])
    families.add(list(zip(people, rows, strict=True)), share=plan.family_share, seed=plan.seed)


def _row(one: Person) -> InsuredPerson:
    return InsuredPerson(
        person_number=one.person_number,
        name=one.name,
        certificate=InsuredPerson.Certificate.IDENTITY_CARD,
        id_number=one.id_number,
        phone=one.phone,
        social_security_card=one.card,
        sex=one.sex,
        birth_date=one.birth_date,
    )


def _found_by(one: Person, row: InsuredPerson) -> Iterator[PersonIdentifier]:
    for kind, value in (
        (IdentifierKind.ID_NUMBER, one.id_number),
        (IdentifierKind.PHONE, one.phone),
        (IdentifierKind.SOCIAL_SECURITY_CARD, one.card),
    ):
        made = PersonIdentifier(person=row)
        made.set_value(kind, value)
        yield made


def _enrolment(one: Person, row: InsuredPerson) -> Enrolment:
    return Enrolment(
        person=row,
        area_id=one.area,
        scheme=one.scheme,
        person_type=one.person_type,
        has_account=one.has_account,
        starts_on=one.insured_on,
        employer=one.employer,
    )


def _periods(one: Person, row: InsuredPerson) -> Iterator[ContributionPeriod]:
    """One run of months, or two with a gap before the last year; the retired paid until they retired."""
    first = Month.containing(one.insured_on)
    last = LAST_MONTH
    if one.person_type == "retired":
        last = max(first, Month.containing(one.birth_date) + 59 * 12)
    runs = [(first, last)]
    if one.gap and last.index - first.index > 24:
        runs = [(first, last + -(12 + one.gap)), (last + -11, last)]
    for number, (begin, end) in enumerate(runs, start=1):
        yield ContributionPeriod(
            person=row,
            area_id=one.area,
            scheme=one.scheme,
            kind="actual",
            status="paid",
            from_month=begin,
            to_month=end,
            base_fen=one.base_fen,
            own_fen=None if one.base_fen is None else one.base_fen * OWN_PERCENT // 100,
            payer=one.employer,
            source_ref=f"{SOURCE}-{number}",
        )


def _add_money(people: Sequence[tuple[Person, InsuredPerson]]) -> None:
    day = OPENED.first_day
    accounts = [PersonalAccount(person=row, area_id=one.area, opened_on=day) for one, row in people]
    copying.add(accounts)
    moment = timezone.make_aware(datetime.combine(day, time())) + timedelta(hours=2)
    lines = [
        (
            account.pk,
            ledger.Line(
                kind=EntryKind.OPENING,
                amount_fen=one.balance_fen,
                posted_at=moment,
                source_kind=SOURCE,
                source_ref=one.person_number,
            ),
        )
        for (one, _row_of), account in zip(people, accounts, strict=True)
    ]
    if lines:
        ledger.post_to_many(lines=lines)
