"""Lines of the table: a ratio of two measurements of one round, over several rounds, and the goal it is held against."""

import json
import os
import sys
import tempfile
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

COLUMNS = ("", "median", "min", "max", "goal", "", "CPU µs", "with")
AT_LEAST, AT_MOST = ">=", "<="
# How a benchmark ends that missed a goal; with anything else above 0 it broke.
MISSED = 3
# The folder in which `make bench` gathers what each benchmark found.
FOLDER = "GONGJI_BENCH"


@dataclass(frozen=True)
class Line:
    """`values` has one number for each round. `goal` None: told for comparison, held against nothing.

    `cpu` names microseconds of processor for one operation, such as {"client": 900, "server": 700}. `note` says what else was
    measured, and at which size.
    """

    name: str
    values: tuple[float, ...]
    goal: float | None = None
    sense: str = AT_LEAST
    unit: str = "x"
    cpu: dict[str, float] = field(default_factory=dict)
    note: str = ""

    @property
    def met(self) -> bool:
        if self.goal is None:
            return True
        return (
            median(self.values) >= self.goal if self.sense == AT_LEAST else self.median <= self.goal
        )

    @property
    def median(self) -> float:
        return median(self.values)

    def cells(self) -> tuple[str, ...]:
        numbers = (self.median, min(self.values), max(self.values))
        verdict = "" if self.goal is None else "met" if self.met else "MISSED"
        return (
            self.name,
            *(f"{short(one)} {self.unit}".strip() for one in numbers),
            "" if self.goal is None else f"{self.sense} {self.goal:g}",
            verdict,
            ", ".join(f"{name} {value:,.0f}" for name, value in self.cpu.items()),
            self.note,
        )


def short(number: float) -> str:
    return (
        f"{number:,.0f}" if number >= 100 else f"{number:.1f}" if number >= 10 else f"{number:.2f}"
    )


def ratios(over: Sequence[float], under: Sequence[float]) -> tuple[float, ...]:
    """Round by round."""
    return tuple(one / other for one, other in zip(over, under, strict=True))


def text(lines: Sequence[Line]) -> str:
    """Columns as wide as they need to be."""
    rows = [COLUMNS, *(one.cells() for one in lines)]
    widths = [max(_width(row[place]) for row in rows) for place in range(len(COLUMNS))]
    return "\n".join(
        "  ".join(
            cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)
        ).rstrip()
        for row in rows
    )


def _width(cell: str) -> int:
    return sum(2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in cell)


def finish(name: str, lines: Sequence[Line]) -> int:
    """Write the lines as JSON and, unless `make bench` gathers them, print them; how the benchmark ends."""
    path = write(name, lines)
    if FOLDER not in os.environ:
        sys.stdout.write(f"{text(lines)}\n\n{path}\n")
    return ending(all(one.met for one in lines))


def ending(is_met: bool) -> int:
    return 0 if is_met else MISSED


def write(name: str, lines: Iterable[Line], **more: Any) -> Path:
    """A JSON file of this run, outside the project; GONGJI_BENCH names another folder."""
    folder = Path(os.environ.get(FOLDER) or cache())
    moment = datetime.now(UTC)
    path = folder / f"{name}-{moment:%Y%m%d-%H%M%S}.json"
    told = [asdict(one) | {"median": one.median, "met": one.met} for one in lines]
    content = {"run": name, "at": moment.isoformat(timespec="seconds"), **more, "lines": told}
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")
    return path


def cache() -> Path:
    """Where results and environments of peers stay between two runs."""
    folder = Path(tempfile.gettempdir()) / "gongji-bench"
    folder.mkdir(exist_ok=True)
    return folder


def read(path: Path) -> list[Line]:
    """The lines of a file that `write` made."""
    names = Line.__dataclass_fields__
    told = json.loads(path.read_text(encoding="utf-8"))["lines"]
    return [
        Line(
            **{key: value for key, value in one.items() if key in names}
            | {"values": tuple(one["values"])}
        )
        for one in told
    ]
