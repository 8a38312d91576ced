"""What a question about payers reads, each kind of row in one query for everybody at once."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from django.db.models import Exists, F, OuterRef, QuerySet, Subquery, TextField, Value
from django.db.models.functions import Cast, Coalesce

from accounts.statements import Asked, Query
from family.barring import Cover, Link, Party
from family.models import CapUse, Consent, DeductionOrder, OrderPlace
from family.models.consents import relation_ends
from family.moves import Side
from insurance import account_rows
from insurance.account_rows import AccountRow
from insurance.models import Enrolment, InsuredPerson, PersonalAccount, RegisterFact
from insurance.models.facts import FactKind
from insurance.periods import Month

# Texts of the uses that a family agreed on are few: each is read once.
MOST_USES = 500
# What the register says of somebody and a bill asks about.
ASKED_FACTS = (
    FactKind.DEATH,
    FactKind.ACCOUNT_FREEZE,
    FactKind.SETTLEMENT_SUSPENSION,
    FactKind.TRANSFER_OUT,
)


class Bound(NamedTuple):
    """Who gives by a binding, and up to what, by the names of its columns."""

    pk: int
    reference: str
    giver_id: int | None
    cap_month_fen: int | None
    cap_bill_fen: int | None
    limit_fen: int | None
    limit_used_fen: int
    limit_account_id: int | None
    shows_amounts: bool
    giver__phone: str | None


class Place(NamedTuple):
    """A binding in the order that holds: its money and what bars it. `used_fen` is what it paid in the month of the question."""

    binding: Bound
    link: Link
    used_fen: int

    def after(self, fen: int, *, from_limit: bool) -> "Place":
        """As it stands when it has paid so much more."""
        used = self.binding.limit_used_fen + fen
        binding = self.binding._replace(limit_used_fen=used) if from_limit else self.binding
        return Place(binding, self.link, self.used_fen + fen)


_OF_BINDING = len(Bound._fields)


@dataclass(frozen=True)
class People:
    """`names` are whole, and empty where nobody asked for them. `order_versions` are 0 where there never was a list."""

    parties: dict[int, Party]
    names: dict[int, str]
    order_versions: dict[int, int]


def ask_places(beneficiary_ids: Collection[int], day: date) -> Asked:
    return _PLACES.ask(list(beneficiary_ids), Month.containing(day).index, day)


def places(beneficiary_ids: Collection[int], asked: Asked) -> dict[int, list[Place]]:
    """The lists of these people, by person."""
    found: dict[int, list[Place]] = {one: [] for one in beneficiary_ids}
    for row in asked.rows():
        person_id, used_fen, uses, *columns = row
        link = Link(_uses(uses), *columns[_OF_BINDING:])
        found[person_id].append(Place(Bound(*columns[:_OF_BINDING]), link, used_fen or 0))
    return found


@lru_cache(maxsize=MOST_USES)
def _uses(text: str) -> frozenset[str]:
    return frozenset(json.loads(text))


class AskedPeople(NamedTuple):
    """What is asked about people, on its way."""

    persons: Asked
    covers: Asked
    facts: Asked


def ask_people(ids: Collection[int], day: date, *, named: bool) -> AskedPeople:
    """Three queries. A name has to be decrypted: a bill is paid without."""
    persons = _NAMED if named else _PERSONS
    wanted = list(ids)
    return AskedPeople(persons.ask(wanted), _COVERS.ask(wanted, day), _FACTS.ask(wanted, day))


def people(asked: AskedPeople) -> People:
    covers: dict[int, list[Cover]] = {}
    for person_id, area, scheme, has_account in asked.covers.rows():
        covers.setdefault(person_id, []).append(Cover(area, scheme, has_account))
    facts: dict[int, dict[str, str]] = {}
    for person_id, kind, other_area in asked.facts.rows():
        # Of several transfers the latest says where to.
        facts.setdefault(person_id, {}).setdefault(kind, other_area or "")
    parties, names, versions = {}, {}, {}
    for pk, version, *name in asked.persons.rows():
        versions[pk] = version or 0
        if name:
            [names[pk]] = name
        parties[pk] = _party(covers.get(pk, ()), facts.get(pk, {}))
    return People(parties, names, versions)


def _party(covers: Sequence[Cover], facts: Mapping[str, str]) -> Party:
    if not facts:  # of nearly everybody the register says nothing more
        return Party(covers=tuple(covers))
    return Party(
        covers=tuple(covers),
        dead=FactKind.DEATH in facts,
        frozen=FactKind.ACCOUNT_FREEZE in facts,
        settlement_suspended=FactKind.SETTLEMENT_SUSPENSION in facts,
        leaving=FactKind.TRANSFER_OUT in facts,
        leaving_to=facts.get(FactKind.TRANSFER_OUT, ""),
    )


def accounts(ids: Collection[int]) -> list[AccountRow]:
    """The open ones of these people, by id. One query."""
    return account_rows.of(_ACCOUNTS.rows(list(ids)))


def _agreed(side: Side, person: str) -> Exists:
    found = Consent.objects.filter(
        binding=OuterRef("binding"), side=str(side), person=OuterRef(person)
    )
    return Exists(found)


def _area(name: str) -> Coalesce:
    """Empty where there is none yet."""
    return Coalesce(name, Value(""), output_field=TextField())


def _places_of(
    beneficiary_ids: Collection[int], month: int, day: date
) -> QuerySet[Any, tuple[Any, ...]]:
    used = CapUse.objects.filter(binding=OuterRef("binding"), month=month).order_by()
    rows = OrderPlace.objects.filter(
        version__order__person__in=beneficiary_ids,
        version__number=F("version__order__version"),
    )
    return (
        rows.annotate(
            used_fen=Subquery(used.values("used_fen")[:1]),
            uses=Cast("binding__uses", TextField()),
            giver_area=_area("binding__giver_area"),
            beneficiary_area=_area("binding__beneficiary_area"),
            giver_agreed=_agreed(Side.GIVER, "binding__giver"),
            beneficiary_agreed=_agreed(Side.BENEFICIARY, "binding__beneficiary"),
            relation_ended=Exists(relation_ends(day, "binding__giver", "binding__beneficiary")),
        )
        .order_by("version_id", "position")
        .values_list(
            "version__order__person_id",
            "used_fen",
            "uses",
            *[f"binding__{name}" for name in Bound._fields],
            # As `Link` has them after the uses.
            "binding__state",
            "binding__relation",
            "binding__money_model",
            "giver_area",
            "beneficiary_area",
            "binding__from_day",
            "binding__to_day",
            "binding__usable_from",
            "binding__staff_reason",
            "binding__decision__verdict",
            "giver_agreed",
            "beneficiary_agreed",
            "relation_ended",
        )
    )


def _persons_of(ids: Collection[int]) -> QuerySet[Any, tuple[Any, ...]]:
    version = DeductionOrder.objects.filter(person=OuterRef("pk")).order_by().values("version")
    found = InsuredPerson.objects.filter(pk__in=ids).annotate(order_version=Subquery(version))
    return found.order_by("pk").values_list("pk", "order_version")


def _facts_of(ids: Collection[int], day: date) -> QuerySet[Any, tuple[Any, ...]]:
    """The latest first."""
    found = RegisterFact.objects.holding_on(day).filter(person__in=ids, kind__in=ASKED_FACTS)
    return found.order_by("-from_day", "-pk").values_list("person_id", "kind", "other_area_id")


def _covers_of(ids: Collection[int], day: date) -> QuerySet[Any, tuple[Any, ...]]:
    held = Enrolment.objects.active_on(day).filter(person__in=ids).order_by("-starts_on", "pk")
    return held.values_list("person_id", "area_id", "scheme", "has_account")


def _named_of(ids: Collection[int]) -> QuerySet[Any, tuple[Any, ...]]:
    return _persons_of(ids).values_list("pk", "order_version", "name")


_PLACES, _COVERS, _FACTS = Query(_places_of), Query(_covers_of), Query(_facts_of)
_PERSONS, _NAMED = Query(_persons_of), Query(_named_of)
_ACCOUNTS = Query(
    lambda ids: (
        PersonalAccount.objects.filter(person__in=ids, closed_on=None)
        .order_by("pk")
        .values_list(*account_rows.COLUMNS)
    )
)
