"""What every check shares: a fault, a check, and the reading of many rows with few in memory."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from django.utils.functional import Promise

from accounts.sealing import Head

# Rows that are fetched at a time, and whose relations are looked up together: well below the number of parameters SQLite takes.
CHUNK = 500

Row = TypeVar("Row")
Key = TypeVar("Key", int, tuple[int, int])


@dataclass(frozen=True)
class Fault:
    """What is wrong, in which row. `subject_ref` is a reference number or a key, never a number of a person.

    `details` are codes, keys and fen: what was expected and what was found, where there are two such things.
    """

    code: str
    subject_kind: str
    subject_ref: str
    details: Mapping[str, Any] = field(default_factory=dict, hash=False)

    def __str__(self) -> str:
        told = " ".join(f"{name}={value}" for name, value in self.details.items())
        return f"{self.subject_kind} {self.subject_ref}: {self.code} {told}".rstrip()


class Reading:
    """One going through the data. `rows` counts what was read so far, `heads` are exported seal heads to hold against."""

    def __init__(self, *, heads: Iterable[Head] = ()) -> None:
        self.rows = 0
        self.heads = tuple(heads)

    def each(self, rows: QuerySet[Any, Row]) -> Iterator[Row]:
        """One after the other, a chunk in memory."""
        for row in rows.iterator(chunk_size=CHUNK):
            self.rows += 1
            yield row

    def chunks(self, rows: QuerySet[Any, Row]) -> Iterator[Sequence[Row]]:
        """As lists of no more than `CHUNK`."""
        rest = self.each(rows)
        while chunk := list(islice(rest, CHUNK)):
            yield chunk


@dataclass(frozen=True)
class Check:
    """One question to the stored data. `invariants` are the numbers of the laws of money it answers for."""

    key: str
    label: str | Promise
    invariants: tuple[str, ...]
    find: Callable[[Reading], Iterator[Fault]]

    def faults(self, reading: Reading | None = None) -> Iterator[Fault]:
        """The first fault of each subject, in the order of the rows. Writes nothing."""
        return self.find(reading or Reading())


def fault(code: str, model: type[Model], ref: object, **details: Any) -> Fault:
    """Of a row of that model."""
    return Fault(code, model._meta.label_lower, str(ref), details)


def differs(code: str, model: type[Model], ref: object, *, expected: Any, found: Any) -> Fault:
    """Two numbers that should be one."""
    return fault(code, model, ref, expected=expected, found=found)


def joined(
    left: Iterable[tuple[Key, int]], right: Iterable[tuple[Key, int]]
) -> Iterator[tuple[Key, int, int]]:
    """Two sides in the order of their keys, each key once, as one; 0 where a side has nothing."""
    nothing: tuple[Any, int] = (None, 0)
    ours, theirs = iter(left), iter(right)
    one, other = next(ours, nothing), next(theirs, nothing)
    while one[0] is not None or other[0] is not None:
        if other[0] is None or (one[0] is not None and one[0] < other[0]):
            yield one[0], one[1], 0
            one = next(ours, nothing)
        elif one[0] is None or other[0] < one[0]:
            yield other[0], 0, other[1]
            other = next(theirs, nothing)
        else:
            yield one[0], one[1], other[1]
            one, other = next(ours, nothing), next(theirs, nothing)
