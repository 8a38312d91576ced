"""Who belongs to whom: by a binding between the two, or by a guardianship that a clerk has recorded."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.privacy import mask_name
from family import words
from family.models import Binding, Guardianship
from family.moves import Side
from family.relations import Relation, inverse
from insurance.models import InsuredPerson


@dataclass(frozen=True)
class Relative:
    """`name` is masked; `relation` is what they are to whoever reads."""

    person: InsuredPerson
    name: str
    relation: str | Promise


def relation_of(binding: Binding, reader: Side) -> str | Promise:
    """What the other side is to the reader's side."""
    relation = Relation(binding.relation)
    return words.RELATIONS[relation if reader is Side.GIVER else inverse(relation)]


def relatives_of(person_id: int, day: date) -> list[Relative]:
    """Each once, in the order in which they were bound. Two queries."""
    found: dict[int, Relative] = {}
    for one in (*_by_binding(person_id), *_by_guardianship(person_id, day)):
        found.setdefault(one.person.pk, one)
    return list(found.values())


def are_relatives(one: int, other: int, day: date) -> bool:
    """Two queries at most."""
    bound = Binding.objects.live().filter(
        Q(giver=one, beneficiary=other) | Q(giver=other, beneficiary=one)
    )
    return (
        bound.exists()
        or _guardianships(one, day).filter(Q(guardian=other) | Q(child=other)).exists()
    )


def _by_binding(person_id: int) -> Iterator[Relative]:
    for row in Binding.objects.live().of(person_id).select_related("giver", "beneficiary"):
        side = Side.GIVER if row.giver_id == person_id else Side.BENEFICIARY
        other = row.beneficiary if side is Side.GIVER else row.giver
        if other is not None:
            yield _relative(other, relation_of(row, side))


def _by_guardianship(person_id: int, day: date) -> Iterator[Relative]:
    for row in _guardianships(person_id, day).select_related("guardian", "child"):
        if row.guardian_id == person_id:
            yield _relative(row.child, _("您是监护人"))
        else:
            yield _relative(row.guardian, _("您的监护人"))


def _guardianships(person_id: int, day: date) -> QuerySet[Guardianship]:
    found = Guardianship.objects.filter(ended_at=None, until__gt=day)
    return found.filter(Q(guardian=person_id) | Q(child=person_id))


def _relative(person: InsuredPerson, relation: str | Promise) -> Relative:
    return Relative(person, mask_name(person.name), relation)
