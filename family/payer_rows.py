"""What a question about payers reads, each kind of row in one query for everybody at once."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from family.barring import Cover, Link, Party
from family.models import Binding, CapUse, Consent, DeductionOrder, OrderPlace
from family.moves import Side
from insurance.models import Enrolment, InsuredPerson, PersonalAccount, RegisterFact
from insurance.models.facts import FactKind
from insurance.periods import Month


@dataclass(frozen=True)
class Place:
    """A binding in the order that holds. `used_fen` is what it paid in the month of the question."""

    binding: Binding
    link: Link
    used_fen: int


@dataclass(frozen=True)
class People:
    """`names` are whole. `order_version` is the beneficiary's, 0 where there never was a list."""

    parties: dict[int, Party]
    names: dict[int, str]
    accounts: dict[int, list[PersonalAccount]]
    order_version: int


def places(beneficiary_id: int, day: date) -> list[Place]:
    """One query."""
    used = CapUse.objects.filter(
        binding=OuterRef("binding"), month=Month.containing(day).index
    ).values("used_fen")
    rows = (
        OrderPlace.objects.filter(
            version__order__person=beneficiary_id,
            version__number=F("version__order__version"),
        )
        .select_related("binding")
        .annotate(
            giver_agreed=_agreed(Side.GIVER, "binding__giver"),
            beneficiary_agreed=_agreed(Side.BENEFICIARY, "binding__beneficiary"),
            used_fen=Subquery(used[:1]),
            relation_ended=Exists(relation_ends(day, "binding__giver", "binding__beneficiary")),
        )
        .order_by("position")
    )
    return [
        Place(
            binding=row.binding,
            link=_link(
                row.binding, row.giver_agreed and row.beneficiary_agreed, row.relation_ended
            ),
            used_fen=row.used_fen or 0,
        )
        for row in rows
    ]


def people(beneficiary_id: int, ids: Collection[int], day: date) -> People:
    """Three queries."""
    rows = {row["pk"]: row for row in _persons(beneficiary_id, ids, day)}
    covers: dict[int, list[Cover]] = {}
    for one in Enrolment.objects.active_on(day).filter(person__in=ids).order_by("-starts_on", "pk"):
        cover = Cover(one.area_id, one.scheme, one.has_account)
        covers.setdefault(one.person_id, []).append(cover)
    accounts: dict[int, list[PersonalAccount]] = {}
    for account in PersonalAccount.objects.filter(person__in=ids, closed_on=None).order_by("pk"):
        accounts.setdefault(account.person_id, []).append(account)
    return People(
        parties={pk: _party(row, covers.get(pk, ())) for pk, row in rows.items()},
        names={pk: row["name"] for pk, row in rows.items()},
        accounts=accounts,
        order_version=rows[beneficiary_id]["order_version"] or 0,
    )


def relation_ends(day: date, one: str, other: str) -> QuerySet[RegisterFact]:
    """For `Exists`: the register says on that day that the two are no relatives any more, whichever of them it names."""
    ended = RegisterFact.objects.holding_on(day).filter(kind=FactKind.RELATION_ENDED)
    return ended.filter(
        Q(person=OuterRef(one), other_person=OuterRef(other))
        | Q(person=OuterRef(other), other_person=OuterRef(one))
    )


def _agreed(side: Side, person: str) -> Exists:
    found = Consent.objects.filter(
        binding=OuterRef("binding"), side=str(side), person=OuterRef(person)
    )
    return Exists(found)


def _link(binding: Binding, consented: bool, relation_ended: bool) -> Link:
    return Link(
        state=binding.state,
        consented=consented,
        relation_ended=relation_ended,
        relation=binding.relation,
        money_model=binding.money_model,
        giver_area=binding.giver_area_id or "",
        beneficiary_area=binding.beneficiary_area_id or "",
        uses=frozenset(binding.uses),
        from_day=binding.from_day,
        to_day=binding.to_day,
        usable_from=binding.usable_from,
        staff_agreed=bool(binding.staff_reason),
    )


def _persons(beneficiary_id: int, ids: Collection[int], day: date) -> Iterable[Mapping[str, Any]]:
    def facts(kind: FactKind) -> QuerySet[RegisterFact]:
        return RegisterFact.objects.holding_on(day).filter(person=OuterRef("pk"), kind=kind)

    leaving = facts(FactKind.TRANSFER_OUT)
    version = DeductionOrder.objects.filter(person=OuterRef("pk"), person_id=beneficiary_id)
    return InsuredPerson.objects.filter(pk__in=ids).values(
        "pk",
        "name",
        dead=Exists(facts(FactKind.DEATH)),
        frozen=Exists(facts(FactKind.ACCOUNT_FREEZE)),
        settlement_suspended=Exists(facts(FactKind.SETTLEMENT_SUSPENSION)),
        leaving=Exists(leaving),
        leaving_to=Subquery(leaving.order_by("-from_day", "-pk").values("other_area")[:1]),
        order_version=Subquery(version.values("version")),
    )


def _party(row: Mapping[str, Any], covers: Iterable[Cover]) -> Party:
    return Party(
        covers=tuple(covers),
        dead=row["dead"],
        frozen=row["frozen"],
        settlement_suspended=row["settlement_suspended"],
        leaving=row["leaving"],
        leaving_to=row["leaving_to"] or "",
    )
