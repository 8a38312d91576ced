"""Builds the demo world from the cast and its histories, through the verbs that the real work uses."""

from collections.abc import Callable

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from accounts.models import LoginIdentifier, TotpDevice, User
from accounts.models.identifiers import IdentifierKind
from accounts.roles import AT_WORK
from config.demo import family, providers
from config.demo.cast import STAFF
from config.demo.histories import History, Money, history_of, own_credit
from config.demo.kinds import DAY, PASSWORD, DemoPerson, DemoStaff
from config.demo.people import PEOPLE
from config.demo.providers import PROVIDERS
from insurance import ledger, register
from insurance.models import (
    IdentityLink,
    InsuredPerson,
    PersonalAccount,
    PoolingArea,
)

SOURCE = "demo"


def size() -> int:
    return len(PEOPLE) + len(STAFF) + len(PROVIDERS)


def person_number(person: DemoPerson) -> str:
    return f"DEMO-{person.key.upper()}"


def build(*, tell: Callable[[str], object]) -> int:
    """Add whoever isn't there, then what the ready family agreed on; return how many people, staff and providers are new.

    One transaction each: stopping it leaves whole people.
    """
    built = 0
    known = dict(InsuredPerson.objects.values_list("person_number", "pk"))
    people = sorted(PEOPLE, key=_spends_for_others)
    for person in people:
        if person_number(person) not in known:
            _add_person(person)
            tell(f"  {person.key}")
            built += 1
    there = {user.name for user in User.objects.filter(role__in=sorted(AT_WORK))}
    for member in STAFF:
        if member.name not in there:
            _add_staff(member)
            tell(f"  {member.key}")
            built += 1
    for provider in PROVIDERS:
        if providers.add(provider):
            tell(f"  {provider.key}")
            built += 1
    family.add(tell=tell)
    return built


def _spends_for_others(person: DemoPerson) -> bool:
    """Whoever is named in somebody's entries has to be there first."""
    return any(step.used_by for money in history_of(person).accounts for step in money.steps)


@transaction.atomic
def _add_person(person: DemoPerson) -> None:
    history = history_of(person)
    row = register.put_person(
        person_number=person_number(person),
        name=person.name,
        certificate=person.certificate,
        id_number=person.id_number,
        phone=person.phone,
        social_security_card=person.card,
        sex=person.sex,
        birth_date=person.birth_date,
    )
    _add_register(row, person, history)
    for money in history.accounts:
        _add_money(row, person, money)
    if person.can_sign_in:
        _add_login(row, person)


def _add_register(row: InsuredPerson, person: DemoPerson, history: History) -> None:
    for stay in history.stays:
        register.enrol(
            person=row,
            area=_area(stay.area or person.area),
            scheme=person.scheme,
            person_type=stay.person_type or person.person_type,
            tier=person.tier,
            has_account=person.has_account,
            starts_on=stay.starts_on,
            ends_on=stay.ends_on,
            employer=stay.employer or person.employer,
        )
    for number, run in enumerate(history.runs, start=1):
        register.put_contribution(
            person=row,
            source_ref=f"{person.key}-{number}",
            area=_area(run.area or person.area),
            scheme=person.scheme,
            kind=run.kind,
            status=run.status,
            from_month=run.first,
            to_month=run.last,
            base_fen=run.base_fen,
            own_fen=None if run.base_fen is None else own_credit(run.base_fen),
            payer=run.payer or person.employer,
        )
    for fact in history.facts:
        register.record_fact(
            person=row,
            kind=fact.kind,
            from_day=fact.from_day,
            to_day=fact.to_day,
            other_area=_area(fact.other_area) if fact.other_area else None,
            note=fact.note,
        )


def _area(code: str) -> PoolingArea:
    return PoolingArea.objects.get(code=code)


def _add_money(row: InsuredPerson, person: DemoPerson, money: Money) -> None:
    account = ledger.open_account(
        person=row,
        area=_area(person.area),
        part=money.part,
        opened_on=money.steps[0].posted_at.date() if money.steps else DAY,
    )
    users = {
        key: InsuredPerson.objects.get(person_number=f"DEMO-{key.upper()}")
        for key in {step.used_by for step in money.steps if step.used_by}
    }
    ledger.post_many(
        account_id=account.pk,
        lines=[
            ledger.Line(
                kind=step.kind,
                amount_fen=step.amount_fen,
                posted_at=step.posted_at,
                for_month=step.for_month,
                place=step.place,
                used_by=users.get(step.used_by),
                source_kind=SOURCE,
                source_ref=f"{person.key}-{money.part}-{number}",
            )
            for number, step in enumerate(money.steps, start=1)
        ],
    )
    if money.reserved_fen:
        _reserve(account, person, money)


def _reserve(account: PersonalAccount, person: DemoPerson, money: Money) -> None:
    ledger.reserve(
        account_id=account.pk,
        amount_fen=money.reserved_fen,
        posted_at=money.steps[-1].posted_at,
        source_kind=SOURCE,
        source_ref=f"{person.key}-{money.part}-reserve",
    )


def _add_login(row: InsuredPerson, person: DemoPerson) -> None:
    user = User.objects.create(name=person.name, role=person.role, password=make_password(PASSWORD))
    IdentityLink.objects.create(user=user, person=row, channel=IdentityLink.Channel.SLIP)
    _add_identifier(user, IdentifierKind.PHONE, person.phone)


@transaction.atomic
def _add_staff(member: DemoStaff) -> None:
    user = User.objects.create(
        name=member.name,
        role=member.role,
        password=make_password(PASSWORD),
        password_changed_at=timezone.now(),
    )
    _add_identifier(user, IdentifierKind.ID_NUMBER, member.id_number)
    _add_identifier(user, IdentifierKind.PHONE, member.phone)
    TotpDevice.objects.create(user=user, name="demo", secret=member.totp_secret)


def _add_identifier(user: User, kind: str, value: str) -> None:
    identifier = LoginIdentifier(user=user, value=value)
    identifier.set_value(kind, value)
    identifier.save()
