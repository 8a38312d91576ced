"""The persons of a chunk of register lines, and what they are found by."""

from collections.abc import Iterable, Sequence

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import audit, copying, keys
from accounts.models.identifiers import IdentifierKind, digest
from insurance.imports.items import Item
from insurance.models import InsuredPerson, PersonIdentifier

PERSON_FIELDS = (
    "name",
    "certificate",
    "id_number",
    "phone",
    "social_security_card",
    "sex",
    "birth_date",
)
IDENTIFIERS = (
    ("id_number", IdentifierKind.ID_NUMBER),
    ("phone", IdentifierKind.PHONE),
    ("social_security_card", IdentifierKind.SOCIAL_SECURITY_CARD),
)
# One live record each; a family may share a phone.
OWN = (IdentifierKind.ID_NUMBER, IdentifierKind.SOCIAL_SECURITY_CARD)
TAKEN = {
    IdentifierKind.ID_NUMBER: _("证件号码已属于另一个人员编号，请核对"),
    IdentifierKind.SOCIAL_SECURITY_CARD: _("社会保障卡号已属于另一个人员编号，请核对"),
}

audit.LABELS.setdefault("person.import", _("导入文件更新参保登记"))


class People:
    """Lines are given in their order; `save` writes the persons and their identifiers, and `changed` says whose moved."""

    def __init__(self, items: Sequence[Item]) -> None:
        self.by_number = {
            person.person_number: person
            for person in InsuredPerson.objects.filter(
                person_number__in={item["person_number"] for item in items}
            )
        }
        self._holders = _holders(items)
        self.new: dict[str, InsuredPerson] = {}
        self.changed: dict[str, list[str]] = {}

    def take(self, item: Item) -> bool:
        """Put what the line says into its person, or refuse the line (D21: one number, two persons)."""
        number = item["person_number"]
        for field, kind in IDENTIFIERS:
            holder = self._holders.get((kind, item[field]))
            if kind in OWN and item[field] and holder not in (None, number):
                item.refuse(field, TAKEN[kind])
        if item.is_bad:
            return False
        person = self.by_number.get(number)
        if person is None:
            person = self.by_number[number] = self.new[number] = _new_person(item)
        else:
            self._change(person, item)
        for field, kind in IDENTIFIERS:
            if item[field]:
                self._holders[kind, item[field]] = number
        return True

    def _change(self, person: InsuredPerson, item: Item) -> None:
        """An empty cell leaves what is registered."""
        number = person.person_number
        for field in PERSON_FIELDS:
            before, after = getattr(person, field), item[field]
            if after is None or before == after:
                continue
            for named, kind in IDENTIFIERS:
                if field == named and self._holders.get((kind, before)) == number:
                    del self._holders[kind, before]
            setattr(person, field, after)
            if number not in self.new:
                fields = self.changed.setdefault(number, [])
                if field not in fields:
                    fields.append(field)

    def save(self) -> None:
        # Numbers that are given up first: somebody else of the chunk may take them.
        for number, fields in self.changed.items():
            person = self.by_number[number]
            kinds = [kind for field, kind in IDENTIFIERS if field in fields]
            person.identifiers.live().filter(kind__in=kinds).update(ended_at=timezone.now())
            person.save(update_fields=[*fields, "updated_at"])
            audit.record(
                actor=None, action="person.import", subject=person, details={"fields": fields}
            )
        copying.add(list(self.new.values()))
        copying.add(list(self._identifiers()))

    def _identifiers(self) -> Iterable[PersonIdentifier]:
        for person in self.new.values():
            yield from _identifiers(person, PERSON_FIELDS)
        for number, fields in self.changed.items():
            yield from _identifiers(self.by_number[number], fields)


def _identifiers(person: InsuredPerson, fields: Sequence[str]) -> Iterable[PersonIdentifier]:
    for field, kind in IDENTIFIERS:
        if field in fields and (value := getattr(person, field)):
            identifier = PersonIdentifier(person=person)
            identifier.set_value(kind, value)
            yield identifier


def _new_person(item: Item) -> InsuredPerson:
    return InsuredPerson(
        person_number=item["person_number"],
        name=item["name"],
        certificate=item["certificate"],
        id_number=item["id_number"],
        phone=item["phone"] or "",
        social_security_card=item["social_security_card"] or "",
        sex=item["sex"] or item["sex_by_number"] or InsuredPerson.Sex.UNKNOWN,
        birth_date=item["birth_date"] or item["born_by_number"],
    )


def _holders(items: Sequence[Item]) -> dict[tuple[str, str], str]:
    """(kind, value) → the person number that has it now, for the numbers of these lines; any key of the ring."""
    wanted = {
        digest(kind, item[field], version=version): (str(kind), item[field])
        for item in items
        for field, kind in IDENTIFIERS
        if kind in OWN and item[field]
        for version in keys.index_keys().keys
    }
    rows = (
        PersonIdentifier.objects.live()
        .filter(digest__in=wanted)
        .values_list("digest", "person__person_number")
    )
    return {wanted[found]: number for found, number in rows}
