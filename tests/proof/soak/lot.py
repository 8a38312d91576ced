"""Families by the lot, row by row as the verbs would have left them in January."""

import datetime as dt
from dataclasses import dataclass
from itertools import count

from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from claims.bills import Bill
from claims.models import Provider, Settlement
from family.models import (
    Binding,
    BindingEvent,
    Channel,
    Consent,
    DeductionOrder,
    MoneyModel,
    OrderPlace,
    OrderVersion,
)
from family.moves import Move, Side, State
from family.payer_words import OrderReason
from insurance.models import (
    Enrolment,
    IdentityLink,
    InsuredPerson,
    LedgerEntry,
    PersonalAccount,
)
from insurance.models.ledger import EntryKind
from tests.factories.claims import make_provider
from tests.factories.insurance import at
from tests.proof.soak.rules import HERE

numbers = count(1)
ROLES = {"me": 12_000, "sister": 1_000, "wife": 50_000, "father": 7_000}
SIGNED_IN = ("me", "wife")
# Giver, beneficiary, what she is to the giver, cap of a month. In this order they stand in the lists.
BINDINGS = {
    "by_wife": ("wife", "me", "spouse", 30_000),
    "by_father": ("father", "me", "child", None),
    "sister_by_wife": ("wife", "sister", "child", None),
    "wife_by_me": ("me", "wife", "spouse", None),
}
SINCE, OPENED = at(2026, 1, 5), at(2020, 1, 2)


@dataclass
class Family:
    """`me` and `sister` are patients; `wife` gives to both, `father` to me, and I to the wife."""

    provider: Provider
    me: InsuredPerson
    sister: InsuredPerson
    wife: InsuredPerson
    father: InsuredPerson
    by_wife: Binding
    by_father: Binding
    sister_by_wife: Binding
    wife_by_me: Binding
    login: object
    wife_login: object
    settled: Settlement | None = None
    held: Settlement | None = None

    def bill(self, amount_fen, name):
        return Bill("CARE", amount_fen, f"{name}-{self.me.pk}", timezone.now())


def make(size):
    """In the caller's transaction."""
    provider = Provider.objects.first() or make_provider()
    people = [_people(next(numbers)) for _one in range(size)]
    everybody = [one for row in people for one in row.values()]
    InsuredPerson.objects.bulk_create(everybody)
    Enrolment.objects.bulk_create(_enrolment(one) for one in everybody)
    _accounts(people)
    logins = _logins(people)
    bindings = [_bindings(row) for row in people]
    Binding.objects.bulk_create(one for row in bindings for one in row.values())
    _agreed(bindings, logins)
    _orders(bindings)
    return [
        Family(provider=provider, **row, **bound, login=login["me"], wife_login=login["wife"])
        for row, bound, login in zip(people, bindings, logins, strict=True)
    ]


def _people(number):
    return {
        role: InsuredPerson(
            person_number=f"S{number:07d}{place}",
            name=f"张{role}",
            certificate=InsuredPerson.Certificate.IDENTITY_CARD,
            phone=f"15{place}{number:08d}",
        )
        for place, role in enumerate(ROLES)
    }


def _enrolment(person):
    return Enrolment(
        person=person,
        area_id=HERE,
        scheme="employee",
        person_type="in_service",
        has_account=True,
        starts_on=dt.date(2010, 7, 1),
    )


def _accounts(people):
    made = [
        PersonalAccount(
            person=row[role],
            area_id=HERE,
            balance_fen=fen,
            last_sequence=1,
            last_posted_at=OPENED,
            opened_on=OPENED.date(),
        )
        for row in people
        for role, fen in ROLES.items()
    ]
    PersonalAccount.objects.bulk_create(made)
    LedgerEntry.objects.bulk_create(
        LedgerEntry(
            account=one,
            sequence=1,
            kind=EntryKind.OPENING,
            amount_fen=one.balance_fen,
            balance_after_fen=one.balance_fen,
            posted_at=OPENED,
            source_kind="soak",
            source_ref="opening",
        )
        for one in made
    )


def _logins(people):
    made = [
        {role: User(name=row[role].name, role=Role.CITIZEN, password="!") for role in SIGNED_IN}
        for row in people
    ]
    User.objects.bulk_create(one for row in made for one in row.values())
    IdentityLink.objects.bulk_create(
        IdentityLink(user=row[role], person=persons[role], channel=IdentityLink.Channel.SMS)
        for row, persons in zip(made, people, strict=True)
        for role in SIGNED_IN
    )
    return made


def _bindings(row):
    number = row["me"].pk
    return {
        name: Binding(
            reference=f"SOAK-{number}-{place}",
            giver=row[giver],
            beneficiary=row[beneficiary],
            initiator=Side.GIVER,
            relation=relation,
            money_model=MoneyModel.DIRECT_DEBIT,
            giver_area_id=HERE,
            beneficiary_area_id=HERE,
            uses=["CARE", "DRUG"],
            cap_month_fen=cap,
            from_day=SINCE.date(),
            usable_from=SINCE,
            state=State.ACTIVE,
            state_since=SINCE,
        )
        for place, (name, (giver, beneficiary, relation, cap)) in enumerate(BINDINGS.items())
    }


def _agreed(bindings, logins):
    consents, events = [], []
    for row, login in zip(bindings, logins, strict=True):
        for one in row.values():
            for side, person in ((Side.GIVER, one.giver), (Side.BENEFICIARY, one.beneficiary)):
                consents.append(
                    Consent(
                        binding=one,
                        side=side,
                        person=person,
                        channel=Channel.WEB,
                        acted_by=login["me"],
                        letter="1",
                        signed_name=person.name,
                        given_at=SINCE,
                    )
                )
            events.append(
                BindingEvent(
                    binding=one,
                    number=one.version,
                    move=Move.CONFIRM,
                    to_state=State.ACTIVE,
                    side=Side.BENEFICIARY,
                    channel=Channel.WEB,
                    happened_at=SINCE,
                )
            )
    Consent.objects.bulk_create(consents)
    BindingEvent.objects.bulk_create(events)


def _orders(bindings):
    """A version for each payer that joined, as when they join one after the other."""
    lists = {}
    for row in bindings:
        for one in row.values():
            lists.setdefault(one.beneficiary, []).append(one)
    orders = [DeductionOrder(person=one, version=len(row)) for one, row in lists.items()]
    DeductionOrder.objects.bulk_create(orders)
    versions = [
        (
            OrderVersion(
                order=order,
                number=number,
                reason=OrderReason.JOIN,
                channel=Channel.WEB,
                made_at=SINCE,
            ),
            row[:number],
        )
        for order, row in zip(orders, lists.values(), strict=True)
        for number in range(1, len(row) + 1)
    ]
    OrderVersion.objects.bulk_create(version for version, _row in versions)
    OrderPlace.objects.bulk_create(
        OrderPlace(version=version, position=position, binding=one)
        for version, row in versions
        for position, one in enumerate(row, start=1)
    )
