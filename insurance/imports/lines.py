"""Good lines of a file many at once, column by column; a line that isn't as almost all are is read by itself."""

from collections import Counter
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from itertools import compress
from typing import Any, Protocol, runtime_checkable

from insurance.imports.cells import Reason
from insurance.imports.columns import Fault, LineError
from insurance.imports.items import Importer, Item, Result
from insurance.imports.source import Source

OWNER = "person_number"  # the column that every kind of file has


@dataclass
class Lines:
    """`values` are those of the columns that the file has, each in the order of the lines; `raws` are the lines themselves.

    Places count from 0. `refused` and `results` are what became of the lines when they were written.
    """

    numbers: list[int] = field(default_factory=list)
    raws: list[bytes] = field(default_factory=list)
    values: dict[str, list[Any]] = field(default_factory=dict)
    refused: dict[int, Fault] = field(default_factory=dict)
    results: Counter[Result] = field(default_factory=Counter)

    def __getitem__(self, key: str) -> Sequence[Any]:
        """The values of a column, None for every line where the file lacks it."""
        return self.values.get(key) or [None] * len(self.numbers)

    def refuse(self, place: int, key: str, reason: Reason) -> None:
        self.refused.setdefault(place, Fault(key, reason))

    def extend(
        self, numbers: Sequence[int], raws: Sequence[bytes], values: Mapping[str, Sequence[Any]]
    ) -> None:
        self.numbers.extend(numbers)
        self.raws.extend(raws)
        for key, column in values.items():
            self.values.setdefault(key, []).extend(column)


@runtime_checkable
class LineImporter(Importer, Protocol):
    """Where millions of lines come. No line of it has a warning: it is taken or refused.

    `doubtful` names the places of the lines that `check` would refuse; their cells are good. `write` takes the good lines of a
    chunk, in one transaction, and says of each what became of it.
    """

    def doubtful(self, values: Mapping[str, Sequence[Any]]) -> Set[int]: ...

    def write(self, lines: Lines) -> None: ...


def read(
    source: Source, importer: LineImporter, stretch: Sequence[tuple[int, bytes]], lines: Lines
) -> list[Item]:
    """Add the good ones of some consecutive lines to `lines`; give the others."""
    numbers, raws = [number for number, _raw in stretch], [raw for _number, raw in stretch]
    places, cells = source.ordinary(raws)
    values: Mapping[str, Sequence[Any]]
    values, faulty = source.layout.read_many(cells) if places else ({}, set())
    places, values = _kept(places, values, without=faulty)
    if places:
        places, values = _kept(places, values, without=importer.doubtful(values))
    if len(places) == len(raws):
        lines.extend(numbers, raws, values)
        return []
    rows = dict(zip(places, zip(*values.values(), strict=True), strict=True)) if places else {}
    bad = _closer(source, importer, stretch, rows)
    good = sorted(rows)
    if good:
        keys = (column.key for column in source.layout.columns)
        columns = zip(*(rows[place] for place in good), strict=True)
        lines.extend(
            [numbers[place] for place in good],
            [raws[place] for place in good],
            dict(zip(keys, columns, strict=True)),
        )
    return bad


def _kept(
    places: Sequence[int], values: Mapping[str, Sequence[Any]], *, without: Set[int]
) -> tuple[Sequence[int], Mapping[str, Sequence[Any]]]:
    """`without` counts within `places`."""
    if not without:
        return places, values
    chosen = [at not in without for at in range(len(places))]
    return list(compress(places, chosen)), {
        key: list(compress(column, chosen)) for key, column in values.items()
    }


def _closer(
    source: Source,
    importer: LineImporter,
    stretch: Sequence[tuple[int, bytes]],
    rows: dict[int, tuple[Any, ...]],
) -> list[Item]:
    """Look at the lines whose places are not in `rows`: put the good ones there, give the bad ones, leave out the blank ones."""
    bad = []
    for place, (number, raw) in enumerate(stretch):
        if place in rows or (cells := source.record(raw)) is None:
            continue
        item = alone(source, importer, number, cells)
        if item.faults:
            bad.append(item)
        else:
            rows[place] = tuple(item.values.values())
    return bad


def alone(source: Source, importer: Importer, number: int, cells: list[str] | LineError) -> Item:
    """A line by itself, with the words for what is wrong with it."""
    item = Item(number)
    if isinstance(cells, LineError):
        item.faults.extend(cells.faults)
        item.values = {OWNER: source.layout.glimpse(OWNER, cells.cells)}
    else:
        item.cells = cells
        item.values, item.faults = source.layout.read(cells)
        importer.check(item)
    return item
