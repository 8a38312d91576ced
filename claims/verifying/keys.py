"""One settlement for one key of a provider, and the answer that was given names what is there."""

import json
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from django.db.models import Count, Min

from claims.models import KeyedRequest, Refund, Settlement
from claims.verifying.reading import Fault, Reading, differs, fault

# The verbs that make a settlement: for each settlement one such answer, and no more.
MAKING = ("settle", "hold", "desk-settle")
REFUNDING = ("refund", "desk-refund")


class Asked(NamedTuple):
    """A request with a key; the names are those of the columns. The key itself is the provider's and is not told."""

    pk: int
    provider_id: int
    verb: str
    answer: str
    settlement_id: int | None


def faults(reading: Reading) -> Iterator[Fault]:
    """I8: every answer names a settlement or refund that exists, of the provider who asked; none is the answer to two keys."""
    rows = KeyedRequest.objects.filter(settlement__isnull=False).order_by("pk")
    for chunk in reading.chunks(rows.values_list(*Asked._fields)):
        yield from _wrong([Asked(*row) for row in chunk])
    twice = (
        KeyedRequest.objects.filter(settlement__isnull=False, verb__in=MAKING)
        .values_list("settlement__reference")
        .annotate(count=Count("pk"), first=Min("pk"))
        .filter(count__gt=1)
        .order_by("first")
    )
    for reference, count, _first in twice:
        yield differs("two_keys", Settlement, reference, expected=1, found=count)


def _wrong(chunk: Sequence[Asked]) -> Iterator[Fault]:
    wanted = {one.settlement_id for one in chunk if one.settlement_id}
    there = Settlement.objects.filter(pk__in=wanted).values_list("pk", "provider_id", "reference")
    known = {pk: (provider_id, reference) for pk, provider_id, reference in there}
    refunds = set(
        Refund.objects.filter(settlement__in=wanted).values_list("settlement_id", "reference")
    )
    for one in chunk:
        provider_id, reference = known.get(one.settlement_id or 0, (None, ""))
        said = _reference_in(one)
        if provider_id is None:
            yield fault("no_settlement", KeyedRequest, one.pk, found=one.settlement_id)
        elif provider_id != one.provider_id:
            yield fault("other_provider", KeyedRequest, one.pk, settlement=reference)
        elif one.verb in REFUNDING and said and (one.settlement_id, said) not in refunds:
            yield fault("answer", KeyedRequest, one.pk, settlement=reference, found=said)
        elif one.verb not in REFUNDING and said and said != reference:
            yield differs("answer", KeyedRequest, one.pk, expected=reference, found=said)


def _reference_in(one: Asked) -> str:
    """What the answer calls it; the desk keeps the refund's number alone. "" for an answer that has none."""
    try:
        said: Any = json.loads(one.answer)
    except ValueError:
        return one.answer if one.verb in REFUNDING else ""
    return str(said.get("ref", "")) if isinstance(said, dict) else ""
