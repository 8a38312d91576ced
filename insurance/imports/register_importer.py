"""Register lines into persons, enrolments and facts. The last file wins; what it changes of a person is audited."""

from collections.abc import Sequence
from operator import attrgetter
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from accounts import copying
from insurance.imports import places, register_file
from insurance.imports.columns import Column
from insurance.imports.items import Item, Result
from insurance.imports.register_facts import Facts, facts_of
from insurance.imports.register_people import PERSON_FIELDS, People
from insurance.imports.seen import Seen
from insurance.models import Enrolment, ImportRun
from insurance.models.enrolments import Scheme

# What lines of one person must agree on, with the column that the report names.
SAID_ONCE = (*PERSON_FIELDS, "died_on")
ENROLMENT_KEY = ("scheme", "area", "person_type", "tier", "starts_on")
ENROLMENT_CONTENT = ("has_account", "ends_on", "employer")


class RegisterFile:
    kind: ClassVar[str] = ImportRun.Kind.REGISTER
    columns: ClassVar[tuple[Column, ...]] = register_file.COLUMNS

    def __init__(self) -> None:
        self._seen = Seen()

    def close(self) -> None:
        self._seen.close()

    def check(self, item: Item) -> None:
        register_file.check(item)

    def miss(self, item: Item) -> None:
        """Lines stand for themselves: nothing waits for one."""

    def write(self, items: Sequence[Item]) -> None:
        codes = places.settle(
            code for item in items for code in (item["area"], item["transfer_out_area"]) if code
        )
        for item in items:
            item.values["area"] = codes[item["area"]]
            if item["transfer_out_area"]:
                item.values["transfer_out_area"] = codes[item["transfer_out_area"]]
        people = People(items)
        facts = Facts(items)
        taken = [
            item for item in items if self._agrees(item) and facts.fit(item) and people.take(item)
        ]
        people.save()
        _Enrolments(taken, people).save()
        facts.save(taken, people)
        for item in taken:
            if item.result is None:
                changed = item["person_number"] in people.changed
                item.result = Result.CHANGED if changed else Result.SAME

    def _agrees(self, item: Item) -> bool:
        """Whether earlier lines of the file leave room for this one: the file must mean the same each time it is read."""
        number = item["person_number"]
        key = [str(item[name] or "") for name in ENROLMENT_KEY]
        if earlier := self._seen.earlier(item.line, "enrolment", number, *key):
            item.refuse("", _("与第 %(line)d 行是同一段参保") % {"line": earlier.line})
            return False
        earlier = self._seen.earlier(
            item.line, "person", number, parts=[item[name] for name in SAID_ONCE]
        )
        if earlier:
            reason = _("与第 %(line)d 行同一人员的内容不一致") % {"line": earlier.line}
            for at in earlier.differing:
                item.refuse(SAID_ONCE[at], reason)
        for kind, first, last, area in facts_of(item):
            said = self._seen.earlier(
                item.line, "fact", number, kind, str(first), parts=[str(last), str(area)]
            )
            if said and said.differing:
                item.refuse("", _("与第 %(line)d 行同一事项的内容不一致") % {"line": said.line})
        return not item.is_bad


class _Enrolments:
    def __init__(self, items: Sequence[Item], people: People) -> None:
        self._items, self._people = items, people
        self._rows: list[Enrolment] = []

    def save(self) -> None:
        rows = Enrolment.objects.filter(person__in=_persons(self._items, self._people))
        stored = {_enrolment_key(row): row for row in rows}
        for item in self._items:
            row = _enrolment(item, self._people)
            before = stored.get(_enrolment_key(row))
            if before is not None:
                _keep_unsaid(item, row, before)
                if all(getattr(row, name) == getattr(before, name) for name in ENROLMENT_CONTENT):
                    continue
            item.result = Result.NEW if before is None else Result.CHANGED
            self._rows.append(row)
        _put(self._rows)


def _put(rows: Sequence[Enrolment]) -> None:
    """Written twice: on PostgreSQL by COPY and a merge, elsewhere through the ORM. What is in the rows is decided before, once."""
    if not copying.is_possible():
        Enrolment.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["person", *ENROLMENT_KEY],
            update_fields=ENROLMENT_CONTENT,
        )
        return
    key = [_attribute(name) for name in ("person", *ENROLMENT_KEY)]
    values = attrgetter(*key, *ENROLMENT_CONTENT)
    if rows:
        columns = list(zip(*map(values, rows), strict=True))
        copying.Staged(Enrolment, key, ENROLMENT_CONTENT, columns).put(without=frozenset())


def _attribute(name: str) -> str:
    return f"{name}_id" if name in ("person", "area") else name


def _persons(items: Sequence[Item], people: People) -> list[int]:
    return sorted({people.by_number[item["person_number"]].pk for item in items})


def _enrolment(item: Item, people: People) -> Enrolment:
    return Enrolment(
        person=people.by_number[item["person_number"]],
        area_id=item["area"],
        scheme=item["scheme"],
        person_type=item["person_type"],
        tier=item["tier"] or "",
        has_account=item["scheme"] == Scheme.EMPLOYEE
        if item["has_account"] is None
        else item["has_account"],
        starts_on=item["starts_on"],
        ends_on=item["ends_on"],
        employer=item["employer"] or "",
    )


def _enrolment_key(row: Enrolment) -> tuple[Any, ...]:
    return (row.person_id, row.scheme, row.area_id, row.person_type, row.tier, row.starts_on)


def _keep_unsaid(item: Item, row: Enrolment, before: Enrolment) -> None:
    """What the file doesn't say leaves what is registered; an empty end says that it lasts."""
    if item["has_account"] is None:
        row.has_account = before.has_account
    if not item.says("ends_on"):
        row.ends_on = before.ends_on
    if not item.says("employer"):
        row.employer = before.employer
