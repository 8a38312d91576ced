"""The two sides of a question as they stand on a day: by the register, or by what somebody says."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from django.utils import timezone

from accounts.id_number import IdNumber
from family.models import Binding
from family.moves import LIVE, Side, State, other
from insurance.holdings import AccountLine, Holdings, holdings, is_under_way
from insurance.models import InsuredPerson
from insurance.models.facts import FactKind
from insurance.models.ledger import AccountPart
from insurance.standing import Standing, standing

UNINSURED = "none"
# What stops a binding as long as it holds, whatever else the register says.
FOR_A_WHILE = (FactKind.ACCOUNT_FREEZE, FactKind.SETTLEMENT_SUSPENSION)


class AgeGroup(StrEnum):
    """Below the age under which a guardian acts alone; from there to full age; of age. MINOR: one of the first two, and no rule says which."""

    CHILD = "child"
    YOUTH = "youth"
    MINOR = "minor"
    ADULT = "adult"


@dataclass(frozen=True, kw_only=True)
class Party:
    """One side. `scheme` and `area` are "" where nobody said; `scheme` "none" is insured nowhere.

    `free` is what of each part of the own account is not spoken for, None where it is not known. `stops` are the kinds of facts that hold, with their first day. Of `born` and `group` one is
    known at most; neither is taken for an adult.
    """

    person_id: int | None = None
    name: str = field(default="", repr=False)
    scheme: str = ""
    area: str = ""
    has_account: bool = True
    free: Mapping[str, int] | None = None
    stops: tuple[tuple[str, date], ...] = ()
    born: date | None = field(default=None, repr=False)
    group: AgeGroup | None = None

    @property
    def is_of_record(self) -> bool:
        return self.person_id is not None

    def group_on(self, day: date, *, guardian_below: int | None, adult: int) -> AgeGroup:
        if self.born is None:
            return self.group or AgeGroup.ADULT
        age = age_on(self.born, day)
        if age >= adult:
            return AgeGroup.ADULT
        if guardian_below is None:
            return AgeGroup.MINOR
        return AgeGroup.YOUTH if age >= guardian_below else AgeGroup.CHILD


@dataclass(frozen=True)
class Said:
    """What the initiator says of the other side. "" is not said; `relation` is what the beneficiary is to the giver.

    `id_number` is as typed and normalised, "" where it was not asked yet.
    """

    relation: str
    scheme: str = ""
    area: str = ""
    group: AgeGroup = AgeGroup.ADULT
    id_number: str = field(default="", repr=False)

    @property
    def party(self) -> Party:
        return Party(scheme=self.scheme, area=self.area, group=self.group)


@dataclass(frozen=True)
class Ties:
    """The bindings that matter to a new one: how many live ones the giver has, in which seats; those of this very pair."""

    members: int = 0
    seats: frozenset[int] = frozenset()
    pair_models: frozenset[str] = frozenset()
    pair_reference: str = ""
    ended_on: date | None = None


def party(person: InsuredPerson, day: date) -> Party:
    """Three queries."""
    where, held = standing(person.pk), holdings(person.pk)
    now = where.enrolment_on(day)
    return Party(
        person_id=person.pk,
        name=person.name,
        scheme=now.scheme if now else UNINSURED,
        area=now.area_code if now else "",
        has_account=_has_account(held, where, day),
        free={line.key: line.available_fen for line in _own(held)},
        stops=_stops(where, held, day),
        born=born(person),
    )


def born(person: InsuredPerson) -> date | None:
    """By the register, else by the number; None where neither says it."""
    return person.birth_date or (IdNumber(person.id_number).born if person.id_number else None)


def age_on(born_on: date, day: date) -> int:
    """Whole years; the birthday itself counts. Who was born on 29 February has it on 1 March in other years."""
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))


def ties(giver_id: int, beneficiary_id: int, *, without: int | None = None) -> Ties:
    """Two queries. `without` is the binding that is asked about."""
    live = [
        row for row in Binding.objects.live().given_by(giver_id).order_by("pk") if row.pk != without
    ]
    pair = [row for row in live if row.beneficiary_id == beneficiary_id]
    return Ties(
        members=len(live),
        seats=frozenset(row.seat for row in live if row.seat),
        pair_models=frozenset(row.money_model for row in pair),
        pair_reference=pair[0].reference if pair else "",
        ended_on=_ended_on(
            row
            for row in Binding.objects.given_by(giver_id).used_by(beneficiary_id)
            if row.pk != without
        ),
    )


def own_ties(person_id: int, side: Side, number: str) -> Ties:
    """The same as far as one person's own bindings tell it, the other side known by its number alone. One query."""
    rows = Binding.objects.of(person_id).select_related("giver", "beneficiary").order_by("pk")
    own = [row for row in rows if row.side_of(person_id) is side]
    given = [row for row in own if side is Side.GIVER and row.state in LIVE]
    pair = [row for row in own if number and number == _number(row, other(side))]
    live_pair = [row for row in pair if row.state in LIVE]
    return Ties(
        members=len(given),
        seats=frozenset(row.seat for row in given if row.seat),
        pair_models=frozenset(row.money_model for row in live_pair),
        pair_reference=live_pair[0].reference if live_pair else "",
        ended_on=_ended_on(pair),
    )


def _number(row: Binding, side: Side) -> str:
    somebody = row.giver if side is Side.GIVER else row.beneficiary
    return somebody.id_number if somebody else ""


def _ended_on(rows: Iterable[Binding]) -> date | None:
    moments = [row.state_since for row in rows if row.state == State.ENDED]
    return max((timezone.localtime(one).date() for one in moments), default=None)


def _own(held: Holdings) -> list[AccountLine]:
    """A wallet holds what others gave; what one gives comes out of an account of one's own."""
    return [line for line in held.live if not line.key.startswith(AccountPart.WALLET)]


def _has_account(held: Holdings, where: Standing, day: date) -> bool:
    now = where.enrolment_on(day)
    return bool(_own(held)) and (now is None or now.has_account)


def _stops(where: Standing, held: Holdings, day: date) -> tuple[tuple[str, date], ...]:
    found = [
        (str(kind), fact.from_day)
        for kind in (FactKind.DEATH, *FOR_A_WHILE)
        if (fact := where.fact(kind, day)) is not None
    ]
    leaving = where.fact(FactKind.TRANSFER_OUT, day)
    if leaving and is_under_way(leaving, held, where, day):
        found.append((str(FactKind.TRANSFER_OUT), leaving.from_day))
    return tuple(found)


def spoken_for(binding: Binding) -> frozenset[Side]:
    """The sides for which a guardian signed. One query."""
    signed = binding.consents.filter(by_guardian__isnull=False)
    return frozenset(Side(one) for one in signed.values_list("side", flat=True))
