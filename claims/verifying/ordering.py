"""Whose money came first: the explanation of each settlement against its deductions and the order of its day."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby

from claims.models import Settlement
from claims.verifying import settlements
from claims.verifying.reading import Fault, Reading, fault
from claims.verifying.settlements import SKEW, Settled
from family.deduction import BARS, Stop
from family.models import DeductionOrder, OrderPlace, OrderVersion

OWN = "own"


@dataclass(frozen=True)
class Order:
    """Somebody's versions: since when each held, and which bindings stood in it."""

    since: dict[int, datetime] = field(default_factory=dict)
    places: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))

    def held_at(self, number: int, moment: datetime) -> bool:
        """Whether the version held within `SKEW` of the moment; 0 is no list at all."""
        began, ended = self.since.get(number), self.since.get(number + 1)
        if number and (began is None or began > moment + SKEW):
            return False
        return ended is None or ended >= moment - SKEW


def faults(reading: Reading) -> Iterator[Fault]:
    """I6: a later payer gave something only where those before gave all they could, in the version of the order that held.

    The data prove it by the stop of each payer, and for the patient's own account by what was left in it. That a relative's account
    was empty is known by its stop alone: what must stay in it is a value of the rules.
    """
    for chunk in settlements.chunks(reading):
        orders = _orders({one.charge.patient_id for one in chunk})
        for one in chunk:
            wrong = _wrong_told(one) or _wrong_left(one)
            code = wrong or _wrong_order(one, orders.get(one.charge.patient_id, Order()))
            if code:
                yield fault(
                    code, Settlement, one.charge.reference, version=one.charge.order_version
                )
    yield from _versions(reading)


def _wrong_told(one: Settled) -> str:
    """Whether the explanation contradicts the deductions or itself."""
    told = one.charge.told
    gave = [(_binding_of(each["payer"]), each["amount_fen"]) for each in told if each["amount_fen"]]
    if gave != [(share.binding_id, share.amount_fen) for share in one.shares]:
        return "told"
    paid_up = False
    for each in told:
        if each["amount_fen"] and (paid_up or each["stop"] in BARS):
            return "out_of_turn"
        paid_up = paid_up or each["stop"] == Stop.BILL_PAID
    return "cash_too_early" if paid_up and one.charge.cash_fen else ""


def _wrong_left(one: Settled) -> str:
    """Whether something was left in an own account that is said to be used up. Of a posted hold the entry is of a later day."""
    if one.has_spent and one.was_held:
        return ""
    gave = [each for each in one.charge.told if each["amount_fen"]]
    for each, share in zip(gave, one.shares, strict=True):
        used_up = share.binding_id is None and each["stop"] == Stop.BALANCE_USED
        if used_up and share.free_after_fen != 0:
            return "not_used_up"
    return ""


def _wrong_order(one: Settled, order: Order) -> str:
    number = one.charge.order_version
    asked = [_binding_of(each["payer"]) for each in one.charge.told]
    in_turn = [binding for binding, _same in groupby(asked) if binding is not None]
    if in_turn != order.places.get(number, []):
        return "order_places"
    if one.was_held and one.has_spent and not one.shares:
        return ""  # all of it was cash: no entry says when it was held, and the order may have changed since
    return "" if order.held_at(number, one.decided_at) else "order_version"


def _binding_of(payer: str) -> int | None:
    """`own:whole` or `binding:12:whole`: the key of the binding, None for one's own."""
    kind, _colon, rest = payer.partition(":")
    number = rest.partition(":")[0]
    return None if kind == OWN else int(number)


def _orders(person_ids: set[int]) -> dict[int, Order]:
    """Two queries."""
    found: dict[int, Order] = defaultdict(Order)
    versions = OrderVersion.objects.filter(order__person__in=sorted(person_ids))
    for person_id, number, made_at in versions.values_list("order__person_id", "number", "made_at"):
        found[person_id].since[number] = made_at
    places = OrderPlace.objects.filter(version__order__person__in=sorted(person_ids))
    rows = places.order_by("version", "position").values_list(
        "version__order__person_id", "version__number", "binding_id"
    )
    for person_id, number, binding_id in rows:
        found[person_id].places[number].append(binding_id)
    return found


def _versions(reading: Reading) -> Iterator[Fault]:
    """The versions of every list are numbered without a gap, up to the one that holds; so are the places of each."""
    rows = DeductionOrder.objects.order_by("person_id").values_list("person_id", "version")
    for chunk in reading.chunks(rows):
        ids = [person_id for person_id, _version in chunk]
        numbers: dict[int, list[int]] = defaultdict(list)
        versions = OrderVersion.objects.filter(order__person__in=ids).order_by("number")
        for person_id, number in versions.values_list("order__person_id", "number"):
            numbers[person_id].append(number)
        places = _places(ids)
        for person_id, version in chunk:
            if numbers[person_id] != list(range(1, version + 1)):
                number = _first_gap(numbers[person_id])
                yield fault("order_gap", DeductionOrder, person_id, expected=number, found=version)
            elif bad := next((one for one in places[person_id] if one[1] != one[2]), None):
                number, expected, found = bad
                yield fault(
                    "order_place_gap",
                    DeductionOrder,
                    person_id,
                    version=number,
                    expected=expected,
                    found=found,
                )


def _first_gap(numbers: Sequence[int]) -> int:
    """The number that should come next after those that follow each other."""
    return next((at for at, one in enumerate(numbers, start=1) if one != at), len(numbers) + 1)


def _places(person_ids: Sequence[int]) -> dict[int, list[tuple[int, int, int]]]:
    """(version, place by counting, place as stored) of these people."""
    found: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
    rows = (
        OrderPlace.objects.filter(version__order__person__in=person_ids)
        .order_by("version__order__person_id", "version__number", "position")
        .values_list("version__order__person_id", "version__number", "position")
    )
    for (person_id, number), group in groupby(rows, key=lambda row: row[:2]):
        for place, row in enumerate(group, start=1):
            found[person_id].append((number, place, row[2]))
    return found
