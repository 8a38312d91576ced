"""`make bench`: every benchmark in a process of its own, one after the other, and one table of all they found.

    python -m benchmarks [--scale F] [NAME ...]

The scale shrinks what is large: rounds stay, sizes and seconds go down, and the table says so.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks import table
from benchmarks.table import Line

SMALLEST_SECONDS = 1.0
CREDITED_ACCOUNTS = 1_000_000
# Fewer are told apart by nobody.
FEWEST_PAIRS = 20
# As in production: a message leaves by another process.
QUIET = {"SMS_BACKEND": "benchmarks.postgres.QuietBackend"}
# With fewer, batches of a hundred wait for each other.
FEWEST_FAMILIES = 500


def _nothing(_scale: float) -> list[str]:
    return []


def _settlement(scale: float) -> list[str]:
    families = max(FEWEST_FAMILIES, round(5_000 * scale))
    return ["--seconds", str(max(SMALLEST_SECONDS, 4 * scale)), "--families", str(families)]


def _seconds(scale: float) -> list[str]:
    return ["--seconds", str(max(SMALLEST_SECONDS, 2 * scale))]


def _lookup(scale: float) -> list[str]:
    return ["--scale", str(scale), *_seconds(scale)]


def _rows(scale: float) -> list[str]:
    return ["--rows", str(round(1_000_000 * scale))]


def _accounts(scale: float) -> list[str]:
    return ["--accounts", str(round(CREDITED_ACCOUNTS * scale))]


def _pairs(scale: float) -> list[str]:
    return [str(max(FEWEST_PAIRS, round(200 * scale)))]


def _count(whole: int) -> Callable[[float], list[str]]:
    return lambda scale: [str(round(whole * scale))]


# In the order of the table, with the arguments of a scale. What measures time to the microsecond comes before what fills the disk.
RUNS: dict[str, Callable[[float], list[str]]] = {
    "settlement": _settlement,
    "account_page": _seconds,
    "credit_posting": _accounts,
    "import_copy": _rows,
    "lookup": _lookup,
    "counting": _nothing,
    "month_totals": _count(1_000_000),
    "statement_depth": _nothing,
    "import_speed": _count(200_000),
    "reading_room": _count(10_000),
    "sign_in_timing": _pairs,
    "invitation_timing": _pairs,
}


def there() -> list[str]:
    return [one for one in RUNS if (Path(__file__).parent / f"{one}.py").exists()]


def main() -> int:
    """The number of benchmarks that missed a goal or failed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("names", nargs="*", metavar="NAME")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="gongji-bench-") as folder:
        lines, missed = [], []
        for name in chosen.names or there():
            found, failed = run(name, RUNS[name](chosen.scale), Path(folder))
            lines += found
            missed += [name] if failed else []
    path = table.write("bench", lines, scale=chosen.scale, missed=missed)
    size = "" if chosen.scale == 1 else f", at scale {chosen.scale:g}"
    sys.stdout.write(
        f"\n{table.text(lines)}\n\nmissed: {', '.join(missed) or 'none'}{size}\n{path}\n"
    )
    return len(missed)


def run(name: str, arguments: list[str], folder: Path) -> tuple[list[Line], bool]:
    """Its lines, and whether a goal was missed. One that has no lines of its own says in one whether it met its goal."""
    sys.stdout.write(f"== {name} {' '.join(arguments)}\n")
    sys.stdout.flush()
    start = time.perf_counter()
    before = set(folder.iterdir())
    command = [sys.executable, "-W", "ignore", "-m", f"benchmarks.{name}", *arguments]
    done = subprocess.run(
        command, check=False, env=os.environ | QUIET | {table.FOLDER: str(folder)}
    )
    lines = [line for one in sorted(set(folder.iterdir()) - before) for line in table.read(one)]
    sys.stdout.write(f"   {time.perf_counter() - start:.0f} s\n")
    failed = bool(done.returncode)
    told = Line(f"{name}: its own goals", (float(failed),), 0.0, table.AT_MOST, unit="missed")
    return lines or [told], failed


if __name__ == "__main__":
    sys.exit(main())
