"""Every month is credited once to everybody, into the account of the one whose number the entry bears."""

from collections.abc import Iterator

from django.db.models import Count, Min

from claims.verifying.reading import Fault, Reading, differs, fault
from insurance import credit_rows
from insurance.models import InsuredPerson, LedgerEntry
from insurance.models.ledger import CREDITS


def faults(reading: Reading) -> Iterator[Fault]:
    """The run's entries: one for each person and month, named after both, and of a kind that is a credit."""
    rows = LedgerEntry.objects.filter(source_kind=credit_rows.SOURCE_KIND).order_by("pk")
    columns = ("pk", "kind", "for_month", "source_ref", "account__person_id")
    for pk, kind, month, source_ref, person_id in reading.each(rows.values_list(*columns)):
        expected = f"{month}/{person_id}"
        if kind not in CREDITS:
            yield fault("credit_kind", LedgerEntry, pk, found=kind)
        elif source_ref != expected:
            yield differs("credit_ref", LedgerEntry, pk, expected=expected, found=source_ref)
    twice = (
        rows.order_by()
        .values_list("account__person__reference", "for_month")
        .annotate(count=Count("pk"), first=Min("pk"))
        .filter(count__gt=1)
        .order_by("first")
    )
    for person, month, count, first in twice:
        yield fault(
            "credit_twice", InsuredPerson, person, month=str(month), entry=first, found=count
        )
