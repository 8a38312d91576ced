"""`make bench`: every benchmark in a process of its own, one after the other, and one table of all they found.

    python -m benchmarks [--scale F | --trial] [NAME ...]

The scale shrinks what is large: rounds stay, sizes and seconds go down, and the table says so. A trial measures nothing: it says whether
each still runs, without the peer that comes from PyPI.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

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


class Run(NamedTuple):
    """`scaled` gives the arguments of a scale; `trial` are those of one round as small as it goes."""

    scaled: Callable[[float], list[str]]
    trial: str = ""


# In the order of the table. What measures time to the microsecond comes before what fills the disk.
RUNS = {
    "settlement": Run(_settlement, "--rounds 1 --seconds 0.5 --families 200 --without-hordak"),
    "account_page": Run(_seconds, "--rounds 1 --seconds 0.2"),
    "credit_posting": Run(_accounts, "--rounds 1 --accounts 300"),
    "import_copy": Run(_rows, "--rounds 1 --rows 300"),
    "lookup": Run(_lookup, "--rounds 1 --seconds 0.2 --scale 0.0005"),
    "counting": Run(_nothing),
    "month_totals": Run(_count(1_000_000), "300"),
    "statement_depth": Run(_nothing),
    "import_speed": Run(_count(200_000), "300"),
    "reading_room": Run(_count(10_000), "100"),
    "sign_in_timing": Run(_pairs, "2"),
    "invitation_timing": Run(_pairs, "2"),
}


def there() -> list[str]:
    return [one for one in RUNS if (Path(__file__).parent / f"{one}.py").exists()]


def main() -> int:
    """The number of benchmarks that missed a goal or broke; of a trial, that broke."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    size = parser.add_mutually_exclusive_group()
    size.add_argument("--scale", type=float, default=1.0)
    size.add_argument("--trial", action="store_true", help="whether they run at all, no goals")
    parser.add_argument("names", nargs="*", metavar="NAME")
    chosen = parser.parse_args()
    lines: list[Line] = []
    ended: dict[int, list[str]] = defaultdict(list)
    with tempfile.TemporaryDirectory(prefix="gongji-bench-") as folder:
        for name in chosen.names or there():
            one = RUNS[name]
            arguments = one.trial.split() if chosen.trial else one.scaled(chosen.scale)
            found, code = run(name, arguments, Path(folder))
            lines += found
            ended[code].append(name)
    missed = ended.pop(table.MISSED, [])
    broken = [name for code, names in ended.items() if code for name in names]
    if chosen.trial:
        sys.stdout.write(f"\ntried, not measured; broken: {', '.join(broken) or 'none'}\n")
        return len(broken)
    path = table.write("bench", lines, scale=chosen.scale, missed=missed, broken=broken)
    at_scale = "" if chosen.scale == 1 else f", at scale {chosen.scale:g}"
    told = f"missed: {', '.join(missed) or 'none'}; broken: {', '.join(broken) or 'none'}{at_scale}"
    sys.stdout.write(f"\n{table.text(lines)}\n\n{told}\n{path}\n")
    return len(missed) + len(broken)


def run(name: str, arguments: list[str], folder: Path) -> tuple[list[Line], int]:
    """Its lines, and how it ended. One that has no lines of its own says in one whether it met its goal."""
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
    missed = float(done.returncode == table.MISSED)
    told = Line(f"{name}: its own goals", (missed,), 0.0, table.AT_MOST, unit="missed")
    is_broken = done.returncode not in (0, table.MISSED)
    return lines or ([] if is_broken else [told]), done.returncode


if __name__ == "__main__":
    sys.exit(main())
