"""Lines a second and memory of the three imports, on a database of its own.

    python -m benchmarks.import_speed [LINES]

DATABASE_URL names an *empty* database; without it a SQLite file is made and thrown away. Goals: 5,000 contribution lines a second on
SQLite, and a peak of memory that doesn't grow with the file.
"""

import io
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks import table

LINES = 200_000
PEOPLE = 5_000
ENTRIES_A_PERSON = 20
# Above what Django and the interpreter take by themselves; a chunk is two thousand lines.
MOST_GROWTH_MB = 48


def register(count: int) -> Iterator[str]:
    yield "psn_no,psn_name,psn_cert_type,certno,tel,insu_admdvs,insutype,psn_type,psn_insu_date\n"
    for number in range(count):
        # Passports: numbers without a check digit that belong to nobody.
        yield f"B{number:07d},样例,08,X{number:08d},154{number:08d},340100,310,11,2010-07-01\n"


def contributions(lines: int) -> Iterator[str]:
    yield "psn_no,insu_admdvs,insutype,kind,status,from_month,to_month,base,own_amount,paid_on,source_ref\n"
    for line in range(lines):
        month = f"{2010 + line % 15}-{line % 12 + 1:02d}"
        yield (
            f"B{line % PEOPLE:07d},340100,310,实际缴费,已缴,{month},{month},{5000 + line % 3000}.00,"
            f"{100 + line % 60}.00,2025-01-15,C{line}\n"
        )


def ledger(lines: int) -> Iterator[str]:
    yield "psn_no,insu_admdvs,kind,amount,accrym,setl_time,setl_id\n"
    for line in range(lines):
        number, step = divmod(line, ENTRIES_A_PERSON)
        month = f"{2020 + step // 12}-{step % 12 + 1:02d}"
        yield f"B{number % PEOPLE:07d},340100,个人缴费划入,170.00,{month},{month}-18 02:00:00,L{line}\n"


def write(path: Path, lines: Iterator[str]) -> Path:
    with path.open("w", encoding="utf-8") as file:
        file.writelines(lines)
    return path


def peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def timed(command: Callable[..., object], name: str, path: Path, lines: int) -> float:
    """Print lines a second, by the clock and by the processor's own, and what the run added to the peak; return the latter."""
    before, start, work = peak_mb(), time.perf_counter(), time.process_time()
    command(name, str(path), quiet=True, stdout=io.StringIO())
    seconds, work = time.perf_counter() - start, time.process_time() - work
    grown = peak_mb() - before
    print(  # noqa: T201
        f"{name:22} {lines:9,} lines {lines / seconds:9,.0f} a second"
        f" {lines / work:9,.0f} a second of processor   peak +{grown:.1f} MB"
    )
    return grown


def main(lines: int) -> int:
    with tempfile.TemporaryDirectory(prefix="import-speed-") as name:
        folder = Path(name)
        os.environ.setdefault("DATABASE_URL", f"sqlite:///{folder / 'speed.sqlite3'}")
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
        import django  # noqa: PLC0415  settings read the database from the environment

        django.setup()
        from django.core.management import call_command  # noqa: PLC0415

        call_command("migrate", verbosity=0)
        timed(call_command, "import_register", write(folder / "r.csv", register(PEOPLE)), PEOPLE)
        # A small file first: what is loaded once is not what the file costs.
        timed(
            call_command, "import_contributions", write(folder / "s.csv", contributions(4000)), 4000
        )
        path = write(folder / "c.csv", contributions(lines))
        grown = timed(call_command, "import_contributions", path, lines)
        grown += timed(call_command, "import_contributions", path, lines)
        entries = min(lines // 4, PEOPLE * ENTRIES_A_PERSON)
        grown += timed(
            call_command, "import_ledger", write(folder / "l.csv", ledger(entries)), entries
        )
    print(f"peak of all: {peak_mb():.0f} MB, grown by {grown:.1f} MB (bound {MOST_GROWTH_MB})")  # noqa: T201
    return table.ending(grown <= MOST_GROWTH_MB)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else LINES))
