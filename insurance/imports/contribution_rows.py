"""Contribution lines into their table, over what stands there under the same source numbers.

The one step of the import that is written twice: on PostgreSQL by COPY and a merge, elsewhere through the ORM. What a line says
and whether it may be taken is decided before, once.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from accounts import copying
from insurance.imports.items import Result
from insurance.models import ContributionPeriod

Key = tuple[int, str]
Content = tuple[Any, ...]
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
MONTHS = (CONTENT.index("from_month"), CONTENT.index("to_month"))
# The database looks for every person with every number of a query: many small queries beat one large one.
ASKED_AT_ONCE = 100


def write(keys: Sequence[Key], contents: Sequence[Content]) -> list[Result]:
    """What became of each row; a row that stands there with the same content is not written. No key comes twice."""
    return _copied(keys, contents) if copying.is_possible() else _saved(keys, contents)


def _copied(keys: Sequence[Key], contents: Sequence[Content]) -> list[Result]:
    stood = copying.merge(ContributionPeriod, KEY, CONTENT, _staged(keys, contents))
    results = [Result.NEW] * len(keys)
    for place, differs in stood.items():
        results[place] = Result.CHANGED if differs else Result.SAME
    return results


def _staged(keys: Sequence[Key], contents: Sequence[Content]) -> Iterator[Sequence[Any]]:
    first, last = MONTHS
    for place, (key, content) in enumerate(zip(keys, contents, strict=True)):
        row = [place, *key, *content]
        row[3 + first], row[3 + last] = content[first].index, content[last].index
        yield row


def _saved(keys: Sequence[Key], contents: Sequence[Content]) -> list[Result]:
    stored = _stored(keys)
    results, rows = [], []
    for key, content in zip(keys, contents, strict=True):
        before = stored.get(key)
        if before == content:
            results.append(Result.SAME)
            continue
        results.append(Result.NEW if before is None else Result.CHANGED)
        values = dict(zip(CONTENT, content, strict=True))
        rows.append(ContributionPeriod(person_id=key[0], source_ref=key[1], **values))
    ContributionPeriod.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["person", "source_ref"],
        update_fields=[name.removesuffix("_id") for name in CONTENT],
    )
    return results


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
