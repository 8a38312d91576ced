"""Values of a query, and what stands for them while it is compiled."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count
from typing import Any

from accounts.statements import cursors

# Stand for the values while a query is compiled, and are found again by what they are: so they are nothing that a query names
# itself. The numbers fit into the smallest column.
FIRST_NUMBER, FIRST_DAY, TEXT = 29_000, date(1, 1, 1), "\ue000"
# A family's lists are shorter, those of a batch longer.
MOST_SINGLE = 8
NUMBERS, TEXTS = "bigint[]", "text[]"

Value = int | str | date | Sequence[int] | Sequence[str]


@dataclass(frozen=True)
class Array:
    """A list as one parameter of that type."""

    kind: str
    value: str | list[str]


def shaped(value: Value, vendor: str) -> Any:
    """As it goes into a query: a short list as its values, a long one on PostgreSQL as one.

    The server keeps a plan for either: of a few values it knows how many there are, and an array can have any length. Lists grow by
    doubling, the last value repeated, so there are few texts.
    """
    if isinstance(value, int | str | date):
        return value
    if not value:
        raise ValueError("a list has a number at least")
    if len(value) > MOST_SINGLE and vendor == "postgresql":
        return _array(value)
    size = 1 << (len(value) - 1).bit_length()
    return (*value, *[value[-1]] * (size - len(value)))


def _array(value: Sequence[int] | Sequence[str]) -> Array:
    """Numbers are spelled here: the driver would choose the type by the largest, and the server plan for each type."""
    if isinstance(value[0], str):
        return Array(TEXTS, [str(one) for one in value])
    return Array(NUMBERS, f"{{{','.join(map(str, value))}}}")


def shape(one: Any) -> Any:
    """Values of one shape share a text."""
    if isinstance(one, Array):
        return one.kind
    return len(one) if isinstance(one, tuple) else type(one)


def marked(given: Iterable[Any]) -> list[Any]:
    """A stand-in for each value, no two alike."""
    numbers = count()
    return [_marked(one, numbers) for one in given]


def _marked(one: Any, numbers: Iterator[int]) -> Any:
    if isinstance(one, Array):
        return (_mark(TEXT if one.kind == TEXTS else 0, next(numbers)),)
    if isinstance(one, tuple):
        return tuple(_mark(item, next(numbers)) for item in one)
    return _mark(one, next(numbers))


def _mark(value: int | str | date, number: int) -> Any:
    if isinstance(value, date):
        return FIRST_DAY + timedelta(days=number)
    return f"{TEXT}{number}" if isinstance(value, str) else FIRST_NUMBER + number


def flat(values: Iterable[Any]) -> list[Any]:
    """One for each parameter."""
    return [item for one in values for item in (one if isinstance(one, tuple) else (one,))]


def adapted(value: Any) -> Any:
    """As the database's driver wants it."""
    if isinstance(value, Array):
        return value.value
    return cursors.own().ops.adapt_datefield_value(value) if isinstance(value, date) else value
