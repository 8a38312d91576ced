"""What a binding was at a moment that is over: its states and terms from its events, who had agreed and when."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from claims.verifying.reading import Fault, Reading, fault
from claims.verifying.settlements import SKEW
from family.models import Binding, BindingEvent, Consent
from family.moves import Move


class Bound(NamedTuple):
    """A binding as it is now; the names are those of the columns."""

    pk: int
    reference: str
    giver_id: int | None
    beneficiary_id: int | None
    state: str
    version: int
    uses: list[str]
    cap_month_fen: int | None
    cap_bill_fen: int | None
    from_day: date
    to_day: date | None
    usable_from: datetime | None


class Event(NamedTuple):
    """A move; the names are those of the columns."""

    binding_id: int
    number: int
    move: str
    from_state: str
    to_state: str
    happened_at: datetime
    details: dict[str, Any]


class Agreed(NamedTuple):
    """A consent; the names are those of the columns."""

    binding_id: int
    side: str
    person_id: int
    given_at: datetime


@dataclass(frozen=True)
class History:
    """`events` in the order of their numbers."""

    bound: Bound
    events: Sequence[Event]
    consents: Mapping[str, Agreed]

    def states_at(self, moment: datetime) -> set[str]:
        """The state of that moment; of two that follow each other within `SKEW` both."""
        changes = [(one.happened_at, one.to_state) for one in self.events]
        return set(_around(moment, "", changes))

    def terms_at(self, name: str, moment: datetime) -> list[Any]:
        """As `states_at`, for a column that the giver may change."""
        now = getattr(self.bound, name)
        changes: list[tuple[datetime, Any]] = []
        for one in reversed(self.events):
            if one.move == Move.CHANGE and name in one.details:
                changes.append((one.happened_at, now))
                now = one.details[name][0]
        return list(_around(moment, now, reversed(changes)))


def _around(moment: datetime, first: Any, changes: Iterable[tuple[datetime, Any]]) -> Iterator[Any]:
    """What held within `SKEW` of the moment, of something that began as `first`."""
    before = first
    for at, value in changes:
        if at > moment + SKEW:
            break
        if at >= moment - SKEW:
            yield before
        before = value
    yield before


def of(binding_ids: Iterable[int]) -> dict[int, History]:
    """Three queries."""
    wanted = sorted(set(binding_ids))
    events: dict[int, list[Event]] = defaultdict(list)
    rows = BindingEvent.objects.filter(binding__in=wanted).order_by("binding_id", "number")
    for row in rows.values_list(*Event._fields):
        event = Event(*row)
        events[event.binding_id].append(event)
    consents: dict[int, dict[str, Agreed]] = defaultdict(dict)
    for row in Consent.objects.filter(binding__in=wanted).values_list(*Agreed._fields):
        agreed = Agreed(*row)
        consents[agreed.binding_id][agreed.side] = agreed
    bindings = Binding.objects.filter(pk__in=wanted).values_list(*Bound._fields)
    return {row[0]: History(Bound(*row), events[row[0]], consents[row[0]]) for row in bindings}


def faults(reading: Reading) -> Iterator[Fault]:
    """I7: the events of every binding follow each other without a gap, up to its present state and version."""
    rows = Binding.objects.order_by("pk").values_list("pk", flat=True)
    for chunk in reading.chunks(rows):
        for history in of(chunk).values():
            if found := _wrong(history):
                yield found


def _wrong(history: History) -> Fault | None:
    bound, state = history.bound, ""

    def told(code: str, number: int, expected: object, found: object) -> Fault:
        return fault(code, Binding, bound.reference, event=number, expected=expected, found=found)

    for number, event in enumerate(history.events, start=1):
        if event.number != number:
            return told("event_number", number, number, event.number)
        if event.from_state != state:
            return told("event_state", number, state, event.from_state)
        state = event.to_state
    if (len(history.events), state) != (bound.version, bound.state):
        return told("binding_state", bound.version, state, bound.state)
    return None
