"""Ledger lines into entries, through the ledger and by its rules.

After a line that couldn't be taken the later lines of its person wait: an account that went on without it could never take it
in, for the ledger has no way back in time.
"""

from collections.abc import Sequence
from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from insurance.imports import ledger_file, places
from insurance.imports.columns import Column
from insurance.imports.items import Item
from insurance.imports.ledger_batch import Batch, accounts_of
from insurance.imports.seen import Seen
from insurance.models import ImportRun, InsuredPerson


class LedgerFile:
    kind: ClassVar[str] = ImportRun.Kind.LEDGER
    columns: ClassVar[tuple[Column, ...]] = ledger_file.COLUMNS

    def __init__(self) -> None:
        self._seen = Seen()
        # (person) or (person, part) whose lines wait, and for which line: as many as have a fault, not as many as there are.
        self._waiting: dict[tuple[str, ...], int] = {}

    def close(self) -> None:
        self._seen.close()

    def check(self, item: Item) -> None:
        ledger_file.check(item)

    def miss(self, item: Item) -> None:
        """Remember the person of a bad line, where that can be read at all. Money moves between the parts: all of them wait."""
        if item["person_number"]:
            self._waiting.setdefault((item["person_number"],), item.line)

    def write(self, items: Sequence[Item]) -> None:
        people = _people(items)
        codes = places.settle(item["area"] for item in items)
        placed = [item for item in items if self._is_placed(item, people)]
        batches: dict[tuple[str, str, str], Batch] = {}
        for item in placed:
            key = (item["person_number"], item["part"], codes[item["area"]])
            if key not in batches:
                batches[key] = Batch(people[key[0]], *key[1:])
            item.values["user"] = people.get(item["used_by"])
            batches[key].items.append(item)
        accounts = accounts_of(batch.person for batch in batches.values())
        for (number, part, _area), batch in batches.items():
            waits = [
                self._waiting[key] for key in ((number,), (number, part)) if key in self._waiting
            ]
            gap = batch.post(accounts, waits_for=min(waits, default=None))
            if gap is not None:
                self._waiting.setdefault((number, part), gap)

    def _is_placed(self, item: Item, people: dict[str, InsuredPerson]) -> bool:
        number = item["person_number"]
        for key in ("person_number", "used_by"):
            if item[key] and item[key] not in people:
                item.refuse(key, _("登记里没有这个人员编号，请先导入参保登记"))
        if item.is_bad:
            self.miss(item)
            return False
        earlier = self._seen.earlier(item.line, number, item["part"], item["source_ref"])
        if earlier:
            # Its entry is there: nothing of the account is missing, and nothing waits.
            item.refuse("source_ref", _("来源编号与第 %(line)d 行重复") % {"line": earlier.line})
        return not item.is_bad


def _people(items: Sequence[Item]) -> dict[str, InsuredPerson]:
    """By their number; the encrypted columns are not read."""
    numbers = {item[key] for item in items for key in ("person_number", "used_by") if item[key]}
    rows = InsuredPerson.objects.filter(person_number__in=numbers).only("person_number")
    return {person.person_number: person for person in rows}
