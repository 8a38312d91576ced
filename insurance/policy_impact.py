"""Whom a draft changes: which names say something else, and what each floor counts for them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from insurance import areas, month_totals, policy_reading
from insurance.models import Enrolment, PolicyVersion, StoredDecision
from insurance.models.enrolments import PersonType, Scheme
from insurance.policy_schema import as_raw
from insurance.policy_values import Value

Count = tuple[str | Promise, int]
# What a floor counts for an area and the names whose values change; dotted paths in settings.POLICY_IMPACT_COUNTERS.
Counter = Callable[[str, frozenset[str]], list[Count]]
PROVINCE_DIGITS = 2
NEEDED = "contribution_years.needed_months"
YEARS = (10, 15, 20, 25, 30)  # what places ask for, domain facts §3.4


@dataclass(frozen=True)
class Change:
    """One name: what is in force and what the draft says; an empty tuple is nothing."""

    name: str
    before: tuple[Value, ...]
    after: tuple[Value, ...]


@dataclass(frozen=True)
class Impact:
    changes: tuple[Change, ...]
    counts: tuple[Count, ...]


def preview(version: PolicyVersion) -> Impact:
    """The draft held against what is published for its area; nobody is counted where nothing changes."""
    published = PolicyVersion.objects.published().of_areas([version.area_id]).first()
    before = policy_reading.values_of(published) if published else ()
    changes = _changes(before, policy_reading.values_of(version))
    names = frozenset(one.name for one in changes)
    counters: list[Counter] = [import_string(path) for path in settings.POLICY_IMPACT_COUNTERS]
    counts = [one for counter in counters for one in counter(version.area_id, names)]
    return Impact(changes, tuple(counts) if names else ())


def _changes(before: Iterable[Value], after: Iterable[Value]) -> tuple[Change, ...]:
    old, new = _by_name(before), _by_name(after)
    return tuple(
        Change(name, old.get(name, ()), new.get(name, ()))
        for name in sorted({*old, *new})
        if _said(old.get(name, ())) != _said(new.get(name, ()))
    )


def _by_name(values: Iterable[Value]) -> dict[str, tuple[Value, ...]]:
    found: dict[str, tuple[Value, ...]] = {}
    for value in values:
        found[value.name] = (*found.get(value.name, ()), value)
    return found


def _said(values: tuple[Value, ...]) -> list[dict[str, Any]]:
    return [as_raw(one, one.checked_on) | {"checked_on": one.checked_on} for one in values]


def count_people(area_code: str, names: frozenset[str]) -> list[Count]:
    """Who is insured today where the area's rules reach, and the answers kept for there, which stay as they are."""
    kept = StoredDecision.objects.filter(area__startswith=_prefix(area_code))
    return [
        (_("今天在这里参保的人"), _enrolled(area_code).values("person").distinct().count()),
        (_("已经保存的决定（不会改变）"), kept.count()),
    ]


def count_by_years(area_code: str, names: frozenset[str]) -> list[Count]:
    """How many of those who still pay have reached the thresholds that places ask for, when these change."""
    if not any(name.startswith(NEEDED) for name in names):
        return []
    paying = _enrolled(area_code).filter(
        scheme=Scheme.EMPLOYEE, person_type__in=[PersonType.IN_SERVICE, PersonType.FLEXIBLE]
    )
    found = month_totals.reached(paying.values("person"), [12 * one for one in YEARS])
    return [
        (_("还在缴费、已经缴满%(years)d年的人") % {"years": years}, count)
        for years, count in zip(YEARS, found, strict=True)
    ]


def _prefix(area_code: str) -> str:
    if area_code == areas.NATION:
        return ""
    return area_code[:PROVINCE_DIGITS] if areas.level_of(area_code) == "province" else area_code


def _enrolled(area_code: str) -> QuerySet[Enrolment]:
    today = Enrolment.objects.active_on(timezone.localdate())
    return today.filter(area__code__startswith=_prefix(area_code))
