"""What the rules say: for areas and a day, or all that was ever published for one. Two queries each."""

from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import cache
from itertools import count
from typing import Any

from django.db.models import TextField
from django.db.models import Value as Fixed
from django.db.models.functions import Cast, Concat

from accounts.statements import Asked, Query
from insurance import areas
from insurance.models import PolicyCitation, PolicySource, PolicyValue, PolicyVersion
from insurance.models.policies import PolicyValueQuerySet
from insurance.policy_names import CATALOGUE
from insurance.policy_values import SEED_ONLY, Answer, Citation, Policy, Source, Value, freeze

# A day has a few thousand sets of places at most that families live in; each is some kilobytes.
MOST_KEPT = 2000
# What was in force a moment ago may still be asked for by whoever began before.
MOST_STAMPS = 4
# A text for each version: neither its number nor its moment has a slash, so no two versions share one.
_PUBLISHED = Query(
    lambda: (
        PolicyVersion.objects.published()
        .order_by("pk")
        .values_list(
            Concat(
                Cast("pk", TextField()),
                Fixed("/"),
                "file_digest",
                Fixed("/"),
                Cast("published_at", TextField()),
                output_field=TextField(),
            )
        )
    )
)
_kept: dict[tuple[int, tuple[str, ...], date], dict[str, Policy]] = {}
_numbers = count()
# The versions that were in force, and the number that they are known by here; the newest last.
_stamps: deque[tuple[Sequence[Any], int]] = deque(maxlen=MOST_STAMPS)


def values_on(area_code: str, day: date) -> Policy:
    """What holds on that day, by name, the nearest level first. An unknown code has no answers.

    Values without a start are in it too: `Value.confidence_on(day)` says what they are worth on an early day.
    """
    return _policies((area_code,), day)[area_code]


def values_for(area_codes: Iterable[str], day: date) -> dict[str, Policy]:
    """`values_on` for several areas by their code, two queries for all of them together."""
    return _policies(tuple(area_codes), day)


def ask_stamp() -> Asked:
    """Which versions are in force, on its way: for `kept_for`."""
    return _PUBLISHED.ask()


def kept_for(
    area_codes: Iterable[str], day: date, *, stamp: Asked | None = None
) -> dict[str, Policy]:
    """`values_for`, kept in memory as long as the same versions are in force: one query.

    A version's values never change. What a source is called may; so this is for whoever decides, not for whoever cites.
    """
    in_force = [row[0] for row in (stamp or ask_stamp()).rows()]
    codes = tuple(sorted(set(area_codes)))
    if not in_force:  # nothing is published, so there is nothing to be known by
        return values_for(codes, day)
    known_by = _number_of(in_force)
    found = _kept.get((known_by, codes, day))
    if found is None:
        if len(_kept) >= MOST_KEPT:
            _kept.clear()
        found = _kept[known_by, codes, day] = values_for(codes, day)
    return found


def _number_of(in_force: Sequence[str]) -> int:
    """Of exactly these versions; another one for whatever else is in force, and none is used twice.

    They are compared with those seen last: to find them by a hash would be to read each of them once more at every bill.
    """
    for known, number in tuple(_stamps):
        if known == in_force:
            return number
    number = next(_numbers)
    _stamps.append((in_force, number))
    return number


def values_all(area_code: str) -> Policy:
    """Every published value of every day, for the page of the area: older values stand before newer ones."""
    return _policies((area_code,), None)[area_code]


def reader(drafts: Iterable[PolicyVersion] = ()) -> Callable[[str, date], Policy]:
    """`values_on` for many areas and days, two queries in all, as if these drafts were in force in their areas."""
    told = list(drafts)
    kept = PolicyValue.objects.in_force().exclude(
        version__area_id__in=[one.area_id for one in told]
    )
    rows = kept | PolicyValue.objects.filter(version__in=told)
    by_area: dict[str, list[Value]] = defaultdict(list)
    for value in _values(rows.order_by("version_id", "position")):
        by_area[value.area].append(value)

    @cache
    def policy_on(area_code: str, day: date) -> Policy:
        spoken = [one for code in areas.chain(area_code) for one in by_area[code]]
        return _assembled(area_code, day, [one for one in spoken if one.covers(day)])

    return policy_on


def values_of(version: PolicyVersion) -> tuple[Value, ...]:
    """One version's values, published or not, in the order of its file."""
    rows = PolicyValue.objects.filter(version=version).order_by("position")
    return _values(rows)


def source_of(row: PolicySource) -> Source:
    return Source(row.code, row.title, row.kind, row.number, row.date, row.url, row.how)


def _policies(area_codes: tuple[str, ...], day: date | None) -> dict[str, Policy]:
    """Two queries; none where no code is known."""
    chain = {level for code in area_codes for level in areas.chain(code)}
    rows = PolicyValue.objects.in_force().of_areas(chain)
    if day is not None:
        rows = rows.covering(day)
    values = _values(rows.order_by("version_id", "position")) if chain else ()
    return {code: _assembled(code, day, values) for code in area_codes}


def _assembled(area_code: str, day: date | None, values: Sequence[Value]) -> Policy:
    """`values` may be of more areas than those that speak here."""
    spoken = [one for code in areas.chain(area_code) for one in values if one.area == code]
    found: dict[str, list[Value]] = defaultdict(list)
    for value in spoken:
        if not _is_answered(value, found[value.name]):
            found[value.name].append(value)
    return Policy(
        area=area_code,
        day=day,
        answers={name: Answer(name, tuple(found[name])) for name in CATALOGUE if found[name]},
        versions=tuple(sorted({value.version for value in spoken if value.version})),
    )


def _is_answered(value: Value, nearer: list[Value]) -> bool:
    """A level that found nothing need not say so where a nearer one has a document, or found nothing either."""
    dated = value.valid_from or value.valid_to
    return (
        value.is_blank
        and not dated
        and any(one.confidence != SEED_ONLY for one in nearer if one.area != value.area)
    )


def _values(rows: PolicyValueQuerySet) -> tuple[Value, ...]:
    citations: dict[int, list[Citation]] = defaultdict(list)
    # The order of the values is of no use inside a subquery.
    cited = PolicyCitation.objects.filter(value__in=rows.order_by().values("pk"))
    for row in cited.select_related("source").order_by("value_id", "position"):
        citations[row.value_id].append(Citation(source_of(row.source), row.article))
    return tuple(_value(row, tuple(citations[row.pk])) for row in rows.select_related("version"))


def _value(row: PolicyValue, citations: tuple[Citation, ...]) -> Value:
    area = row.version.area_id
    return Value(
        area=area,
        level=areas.level_of(area),
        name=row.name,
        value=freeze(row.value),
        unit=row.unit,
        confidence=row.confidence,
        evidence=row.evidence,
        checked_on=row.checked_on,
        mark=row.mark,
        emptiness=row.emptiness,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        stated_validity_until=row.stated_validity_until,
        list_kind=row.list_kind,
        note=row.note,
        citations=citations,
        version=row.version_id,
    )
