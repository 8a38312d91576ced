"""A file in chunks, each of which is written in one transaction: line by line, or column by column where millions come."""

from collections.abc import Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import islice
from typing import Protocol

from django.utils import translation

from insurance.imports import lines
from insurance.imports.columns import Fault
from insurance.imports.items import Item, ItemImporter, Tally
from insurance.imports.lines import LineImporter, Lines
from insurance.imports.source import Source

# What is cut into cells at a time: cells take ten times the room of the values that they become.
CUT_AT_ONCE = 4000


class Chunk(Protocol):
    """`last` is the number of its last line."""

    last: int

    def refused(self) -> Iterator[Item]:
        """Lines that were refused when they were read."""
        ...

    def write(self) -> None: ...

    def forget(self) -> None:
        """That it was written: it will be written anew."""
        ...

    def count(self, tally: Tally) -> None: ...

    def told(self) -> Iterator[Item]:
        """Lines that the report names, in their order."""
        ...


def chunks(
    importer: ItemImporter | LineImporter, source: Source, size: int
) -> Generator[Chunk, None, None]:
    """Of at most `size` lines."""
    if isinstance(importer, LineImporter):
        return _ahead(_of_lines(importer, source, size))
    return _of_items(importer, source, size)


def _ahead(found: Iterator[Chunk]) -> Generator[Chunk, None, None]:
    """The next chunk is read while the database writes this one. Reading asks the database nothing."""
    language = translation.get_language()

    def following() -> Chunk | None:
        """In a thread of its own, which knows no language by itself."""
        with translation.override(language):
            return next(found, None)

    with ThreadPoolExecutor(1, "import") as reader:
        coming = reader.submit(following)
        while (chunk := coming.result()) is not None:
            coming = reader.submit(following)
            yield chunk


def _of_items(importer: ItemImporter, source: Source, size: int) -> Generator[Chunk, None, None]:
    records = source.records()
    while found := list(islice(records, size)):
        items = [lines.alone(source, importer, number, cells) for number, cells in found]
        yield _Items(importer, items)


def _of_lines(importer: LineImporter, source: Source, size: int) -> Iterator[Chunk]:
    numbered = source.lines()
    while first := list(islice(numbered, min(size, CUT_AT_ONCE))):
        chunk, left = _Lines(importer, source), size
        stretch = first
        while stretch:
            chunk.bad += lines.read(source, importer, stretch, chunk.good)
            chunk.last, left = stretch[-1][0], left - len(stretch)
            stretch = list(islice(numbered, min(left, CUT_AT_ONCE)))
        yield chunk


class _Items:
    def __init__(self, importer: ItemImporter, items: list[Item]) -> None:
        self.last = items[-1].line
        self._importer, self._items = importer, items
        self._said = [list(item.faults) for item in items]

    def refused(self) -> Iterator[Item]:
        return (item for item in self._items if item.is_bad)

    def write(self) -> None:
        self._importer.write([item for item in self._items if not item.is_bad])

    def forget(self) -> None:
        for item, faults in zip(self._items, self._said, strict=True):
            item.faults, item.result = list(faults), None

    def count(self, tally: Tally) -> None:
        tally.count(self._items)

    def told(self) -> Iterator[Item]:
        return (item for item in self._items if item.faults)


@dataclass
class _Lines:
    importer: LineImporter
    source: Source
    last: int = 0
    good: Lines = field(default_factory=Lines)
    bad: list[Item] = field(default_factory=list)

    def refused(self) -> Iterator[Item]:
        return iter(self.bad)

    def write(self) -> None:
        self.importer.write(self.good)

    def forget(self) -> None:
        self.good.refused.clear()
        self.good.results.clear()

    def count(self, tally: Tally) -> None:
        tally.bad += len(self.bad) + len(self.good.refused)
        for result, count in self.good.results.items():
            tally.add(result, count)

    def told(self) -> Iterator[Item]:
        late = (self._told(place, fault) for place, fault in self.good.refused.items())
        return iter(sorted((*self.bad, *late), key=lambda item: item.line))

    def _told(self, place: int, fault: Fault) -> Item:
        """A line that was refused when it was written, with its cells."""
        cells = self.source.record(self.good.raws[place])
        return Item(
            self.good.numbers[place],
            cells=cells if isinstance(cells, list) else None,
            faults=[fault],
        )
