"""One line of a file on its way into the database."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, ClassVar, Protocol

from insurance.imports.cells import Reason
from insurance.imports.columns import Column, Fault, Values


class Result(Enum):
    NEW = "new"
    CHANGED = "changed"
    SAME = "same"


@dataclass(slots=True, eq=False)
class Item:
    """`cells` is None where the line could not be cut into cells. A line without a fault that is no warning is taken."""

    line: int
    cells: Sequence[str] | None = None
    values: Values = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    result: Result | None = None

    @property
    def is_bad(self) -> bool:
        return bool(self.faults) and any(not fault.warning for fault in self.faults)

    def __getitem__(self, key: str) -> Any:
        """The value of a column, None where the file or the line has none."""
        return self.values.get(key)

    def says(self, key: str) -> bool:
        """Whether the file has the column at all: an empty cell of it then means empty."""
        return key in self.values

    def refuse(self, key: str, reason: Reason) -> None:
        self.faults.append(Fault(key, reason))

    def warn(self, key: str, reason: Reason) -> None:
        self.faults.append(Fault(key, reason, warning=True))


@dataclass
class Tally:
    """Lines. `new`, `changed` and `same` are nought after a strict run with bad lines; `warned` lines are taken."""

    new: int = 0
    changed: int = 0
    same: int = 0
    bad: int = 0
    warned: int = 0

    def count(self, items: Iterable[Item]) -> None:
        for item in items:
            if item.is_bad:
                self.bad += 1
                continue
            self.warned += bool(item.faults)
            if item.result is not None:
                self.add(item.result, 1)

    def add(self, result: Result, lines: int) -> None:
        setattr(self, result.value, getattr(self, result.value) + lines)

    def take_back(self) -> None:
        self.new = self.changed = self.same = self.warned = 0


class Importer(Protocol):
    """One kind of file. `check` looks at a line alone.

    `miss` hears of a line that was refused before, so that what hangs on it can wait. Which of the two `write` there is follows
    from the class.
    """

    kind: ClassVar[str]
    columns: ClassVar[tuple[Column, ...]]

    def check(self, item: Item) -> None: ...

    def miss(self, item: Item) -> None: ...

    def close(self) -> None: ...


class ItemImporter(Importer, Protocol):
    """`write` looks at the good lines of a chunk and the database, in one transaction, and gives each item a result or a fault."""

    def write(self, items: Sequence[Item]) -> None: ...
