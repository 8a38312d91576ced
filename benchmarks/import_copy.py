"""A million contribution lines through the import, against COPY and one merge of the same file in bare SQL, in turns on one PostgreSQL.

    python -m benchmarks.import_copy [--rows N]

Bare SQL believes the file: it knows no duplicate, no wrong cell and no report. The import says of every line what is wrong with it.
"""

import argparse
import io
import json
import os
import resource
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from benchmarks import import_speed, postgres, table

ROWS, ROUNDS, PEOPLE = 1_000_000, 5, 5_000
GOAL_RATIO, MOST_GROWTH_MB = 0.6, 64
BLOCK = 1 << 17

STAGE = """
CREATE TEMPORARY TABLE staging (
    psn_no text, area text, insutype text, kind text, status text, from_month text, to_month text,
    base numeric, own_amount numeric, paid_on date, source_ref text
) ON COMMIT DROP
"""
MERGE = """
INSERT INTO insurance_contributionperiod (
    person_id, area_id, scheme, kind, status, from_month, to_month, base_fen, own_fen, payer, paid_on, source_ref
)
SELECT person.id, staging.area,
    CASE insutype WHEN '310' THEN 'employee' ELSE 'resident' END,
    CASE kind WHEN '实际缴费' THEN 'actual' ELSE 'backpaid' END,
    CASE status WHEN '已缴' THEN 'paid' ELSE 'unpaid' END,
    left(from_month, 4)::int * 12 + right(from_month, 2)::int - 1,
    left(to_month, 4)::int * 12 + right(to_month, 2)::int - 1,
    (base * 100)::bigint, (own_amount * 100)::bigint, '', paid_on, source_ref
FROM staging JOIN insurance_insuredperson AS person ON person.person_number = staging.psn_no
ORDER BY person.id, source_ref
ON CONFLICT (person_id, source_ref) DO UPDATE SET
    area_id = excluded.area_id, scheme = excluded.scheme, kind = excluded.kind, status = excluded.status,
    from_month = excluded.from_month, to_month = excluded.to_month, base_fen = excluded.base_fen,
    own_fen = excluded.own_fen, payer = excluded.payer, paid_on = excluded.paid_on
"""


@dataclass(frozen=True)
class Round:
    """Lines a second of both; `growth_mb` is what the import added to the memory of its process, `peak_mb` all that it had."""

    bare: float
    project: float
    growth_mb: float
    peak_mb: float
    cpu_us: float
    server_us: float
    bare_us: float

    @property
    def by_cpu(self) -> float:
        """The ratio by processor time of both ends, which other work on the machine disturbs less."""
        return self.bare_us / (self.cpu_us + self.server_us)


def rounds(server: postgres.Server, *, rows: int = ROWS, count: int = ROUNDS) -> list[Round]:
    """Each side goes first in every other round. The table is empty before each."""
    uri = server.create("import_copy")
    postgres.migrate(uri)
    with tempfile.TemporaryDirectory(prefix="import-copy-") as name:
        people, path = Path(name) / "register.csv", Path(name) / "contributions.csv"
        import_speed.write(people, import_speed.register(PEOPLE))
        import_speed.write(path, import_speed.contributions(rows))
        imported(uri, "import_register", people)
        return [_round(server, uri, path, rows, first=number % 2) for number in range(count)]


def _round(server: postgres.Server, uri: str, path: Path, rows: int, *, first: int) -> Round:
    told: dict[str, Any] = {}
    bare = bare_work = work = 0.0
    for side in (first, 1 - first):
        _emptied(server, uri)
        before = server.cpu_seconds()
        if side:
            told = imported(uri, "import_contributions", path)
            work = server.cpu_seconds() - before
        else:
            own = time.process_time()
            bare = _bare(uri, path)
            bare_work = server.cpu_seconds() - before + time.process_time() - own
    return Round(
        bare=rows / bare,
        project=rows / told["seconds"],
        growth_mb=told["growth_mb"],
        peak_mb=told["peak_mb"],
        cpu_us=told["cpu_seconds"] / rows * 1e6,
        server_us=work / rows * 1e6,
        bare_us=bare_work / rows * 1e6,
    )


def _bare(uri: str, path: Path) -> float:
    """Seconds."""
    start = time.perf_counter()
    with psycopg.connect(uri) as connection, connection.cursor() as cursor:
        cursor.execute(STAGE)
        with (
            cursor.copy("COPY staging FROM STDIN (FORMAT csv, HEADER)") as copy,
            path.open("rb") as file,
        ):
            while block := file.read(BLOCK):
                copy.write(block)
        cursor.execute(MERGE)
    return time.perf_counter() - start


def _emptied(server: postgres.Server, uri: str) -> None:
    with psycopg.connect(uri, autocommit=True) as connection:
        connection.execute("TRUNCATE insurance_contributionperiod")
    server.checkpoint()


def imported(uri: str, command: str, path: Path) -> dict[str, Any]:
    """The command in a process of its own: what it took, without the start of the interpreter."""
    arguments = ["-m", "benchmarks.import_copy", "--within", command, "--file", str(path)]
    told: dict[str, Any] = json.loads(
        postgres.run_python(arguments, os.environ | {"DATABASE_URL": uri})
    )
    return told


def within(command: str, path: str) -> None:
    postgres.use(os.environ["DATABASE_URL"])
    from django.core.management import call_command  # noqa: PLC0415
    from django.db import connection  # noqa: PLC0415

    connection.ensure_connection()
    before, start, work = peak_mb(), time.perf_counter(), time.process_time()
    call_command(command, path, quiet=True, stdout=io.StringIO())
    told = {
        "seconds": time.perf_counter() - start,
        "cpu_seconds": time.process_time() - work,
        "growth_mb": peak_mb() - before,
        "peak_mb": peak_mb(),
    }
    sys.stdout.write(json.dumps(told))


def peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def lines(measured: list[Round], rows: int) -> list[table.Line]:
    best = max(one.project for one in measured)
    return [
        table.Line(
            name=f"contribution import, {rows:,} lines, against COPY and merge",
            values=table.ratios([one.project for one in measured], [one.bare for one in measured]),
            goal=GOAL_RATIO,
            cpu={
                "client": min(one.cpu_us for one in measured),
                "server": min(one.server_us for one in measured),
                "bare": min(one.bare_us for one in measured),
            },
            note=f"best {best:,.0f} lines a second, bare {max(one.bare for one in measured):,.0f}",
        ),
        table.Line(
            name="the same by processor time",
            values=tuple(one.by_cpu for one in measured),
        ),
        table.Line(
            name="its memory above the started process",
            values=tuple(one.growth_mb for one in measured),
            goal=MOST_GROWTH_MB,
            sense=table.AT_MOST,
            unit="MB",
            note=f"{max(one.peak_mb for one in measured):,.0f} MB with Django",
        ),
    ]


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--within")
    parser.add_argument("--file")
    chosen = parser.parse_args()
    if chosen.within:
        within(chosen.within, chosen.file)
        return 0
    with postgres.server() as server:
        measured = rounds(server, rows=chosen.rows, count=chosen.rounds)
    return table.finish("import_copy", lines(measured, chosen.rows))


if __name__ == "__main__":
    sys.exit(main())
