"""Contribution lines into their table, over what stands there under the same source numbers.

The one step of the import that is written twice: on PostgreSQL by COPY and a merge, elsewhere through the ORM. What a line says
and whether it may be taken is decided before, once.
"""

from collections.abc import Mapping, Sequence, Set
from operator import attrgetter
from typing import Any, Protocol

from accounts import copying
from insurance.models import ContributionPeriod

Key = tuple[int, str]
Content = tuple[Any, ...]
Columns = Sequence[Sequence[Any]]
KEY = ("person_id", "source_ref")
CONTENT = (
    "area_id",
    "scheme",
    "kind",
    "status",
    "from_month",
    "to_month",
    "base_fen",
    "own_fen",
    "payer",
    "paid_on",
)
MONTHS = ("from_month", "to_month")
# The database looks for every person with every number of a query: many small queries beat one large one.
ASKED_AT_ONCE = 100


class Rows(Protocol):
    """Rows of which no two have one key, by their places; they are written in one transaction."""

    def add(self) -> bool:
        """Write them all if none stands there; say whether that was so, or could not be found out at little cost."""
        ...

    def standing(self) -> Mapping[int, bool]:
        """Those whose key stands there, and whether the content differs."""
        ...

    def put(self, *, without: Set[int]) -> None:
        """Write the others, over what stands there."""
        ...


def rows(columns: Columns) -> Rows:
    """Of these values, column by column, in the order of `KEY` and `CONTENT`."""
    if not copying.is_possible():
        return _Saved(columns)
    plain = [
        list(map(attrgetter("index"), values)) if name in MONTHS else values
        for name, values in zip((*KEY, *CONTENT), columns, strict=True)
    ]
    return copying.Staged(ContributionPeriod, KEY, CONTENT, plain)


class _Saved:
    def __init__(self, columns: Columns) -> None:
        self._keys: list[Key] = list(zip(*columns[: len(KEY)], strict=True))
        self._contents: list[Content] = list(zip(*columns[len(KEY) :], strict=True))

    def add(self) -> bool:
        return False

    def standing(self) -> Mapping[int, bool]:
        stored = _stored(self._keys)
        return {
            place: stored[key] != self._contents[place]
            for place, key in enumerate(self._keys)
            if key in stored
        }

    def put(self, *, without: Set[int]) -> None:
        ContributionPeriod.objects.bulk_create(
            [
                ContributionPeriod(**dict(zip((*KEY, *CONTENT), (*key, *content), strict=True)))
                for place, (key, content) in enumerate(zip(self._keys, self._contents, strict=True))
                if place not in without
            ],
            update_conflicts=True,
            unique_fields=["person", "source_ref"],
            update_fields=[name.removesuffix("_id") for name in CONTENT],
        )


def _stored(keys: Sequence[Key]) -> dict[Key, Content]:
    """What stands under these keys now. Sorted, so that a few lines ask for few persons."""
    found = {}
    ordered = sorted(keys)
    for start in range(0, len(ordered), ASKED_AT_ONCE):
        asked = ordered[start : start + ASKED_AT_ONCE]
        rows = ContributionPeriod.objects.filter(
            person_id__in={person for person, _ref in asked},
            source_ref__in=[ref for _person, ref in asked],
        )
        for row in rows.values_list(*KEY, *CONTENT):
            found[row[:2]] = row[2:]
    return found
