"""The dated facts of a chunk of register lines."""

from collections.abc import Iterator, Sequence
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import copying
from insurance.imports import register_file
from insurance.imports.items import Item, Result
from insurance.imports.register_people import People
from insurance.models import RegisterFact
from insurance.models.facts import FactKind

Stated = tuple[str, date, date | None, str | None]
OVERLAPS = _("与已登记的同类事项日期重叠，请核对")


def facts_of(item: Item) -> Iterator[Stated]:
    """Kind, first day, last day and other area of each fact that the line states."""
    for kind, first, last, area in register_file.FACTS:
        if item[first] is not None:
            yield kind, item[first], item[last] if last else None, item[area] if area else None


class Facts:
    """A fact with the same first day takes the new last day; a death with another day replaces the one before.

    Two facts of one kind never hold on the same day, as in `insurance.register`: `fit` refuses the line before anything of it
    is written.
    """

    def __init__(self, items: Sequence[Item]) -> None:
        stating = {item["person_number"] for item in items if any(facts_of(item))}
        self._known: dict[tuple[str, str], dict[date, RegisterFact]] = {}
        for row in RegisterFact.objects.filter(
            person__person_number__in=stating, withdrawn_at=None
        ).select_related("person"):
            self._rows(row.person.person_number, row.kind)[row.from_day] = row
        # First and last days by person and kind, of stored facts and of those that earlier lines state.
        self._days = {
            key: {first: row.to_day for first, row in rows.items()}
            for key, rows in self._known.items()
        }

    def fit(self, item: Item) -> bool:
        for kind, first, last, _area in facts_of(item):
            if kind == FactKind.DEATH:
                continue
            days = self._days.setdefault((item["person_number"], kind), {})
            if any(
                day != first and day <= (last or date.max) and first <= (end or date.max)
                for day, end in days.items()
            ):
                item.refuse(_column_of(kind), OVERLAPS)
            else:
                days[first] = last
        return not item.is_bad

    def save(self, items: Sequence[Item], people: People) -> None:
        new: list[RegisterFact] = []
        for item in items:
            number = item["person_number"]
            for kind, first, last, area in facts_of(item):
                rows = self._rows(number, kind)
                before = rows.get(first)
                if before is None:
                    _withdraw_deaths(kind, rows)
                    rows[first] = RegisterFact(
                        person=people.by_number[number],
                        kind=kind,
                        from_day=first,
                        to_day=last,
                        other_area_id=area,
                    )
                    new.append(rows[first])
                    item.result = item.result or Result.NEW
                elif (before.to_day, before.other_area_id) != (last, area):
                    before.to_day, before.other_area_id = last, area
                    before.save(update_fields=["to_day", "other_area"])
                    item.result = item.result or Result.CHANGED
        copying.add(new)

    def _rows(self, number: str, kind: str) -> dict[date, RegisterFact]:
        return self._known.setdefault((number, kind), {})


def _column_of(kind: str) -> str:
    return next(first for one, first, _last, _area in register_file.FACTS if one == kind)


def _withdraw_deaths(kind: str, rows: dict[date, RegisterFact]) -> None:
    if kind != FactKind.DEATH:
        return
    for row in rows.values():
        row.withdrawn_at = timezone.now()
        row.save(update_fields=["withdrawn_at"])
    rows.clear()
