"""A month's credits through `post_credits`, against one SQL statement that moves the same money, in turns on one PostgreSQL.

    python -m benchmarks.credit_posting [--accounts N]

The statement knows two amounts by heart and asks no register fact, no rule and no earlier credit; `post_credits` decides each person
by the published rules and tells why somebody got nothing. Population and rules are the project's own.
"""

import argparse
import io
import json
import os
import sys
import time
from dataclasses import dataclass
from typing import Any

import psycopg

from benchmarks import copies, postgres, table
from benchmarks.import_copy import peak_mb

ACCOUNTS, ROUNDS, SEED = 1_000_000, 5, 1
# So many are generated, and copied as often as needed.
GENERATED = 100_000
GOAL_RATIO, MOST_GROWTH_MB = 0.9, 60
# Of a hundred people this many have no account: residents.
WITH_ACCOUNT = 83
LAST_MONTH = 2026 * 12 + 9
# The statement's entries are for months that nobody asks about.
LONG_AGO = 2000 * 12
RETIRED_FEN = 10_000

STATEMENT = """
WITH due AS (
    SELECT account.id, coalesce((period.base_fen * 2 + 50) / 100, %(retired)s) AS fen
    FROM insurance_personalaccount AS account
    JOIN insurance_enrolment AS enrolled
        ON enrolled.person_id = account.person_id AND enrolled.has_account AND enrolled.area_id = account.area_id
    LEFT JOIN insurance_contributionperiod AS period
        ON period.person_id = account.person_id AND period.status = 'paid'
        AND %(month)s BETWEEN period.from_month AND period.to_month
    WHERE account.closed_on IS NULL
        AND (period.base_fen IS NOT NULL OR enrolled.person_type = 'retired' AND account.area_id = '110000')
), moved AS (
    UPDATE insurance_personalaccount AS account
    SET balance_fen = balance_fen + due.fen, last_sequence = last_sequence + 1, last_posted_at = now()
    FROM due WHERE due.id = account.id
    RETURNING account.*, due.fen
)
INSERT INTO insurance_ledgerentry (
    account_id, sequence, kind, amount_fen, reserved_change_fen, held_change_fen, balance_after_fen,
    reserved_after_fen, held_after_fen, for_month, posted_at, recorded_at, place, source_kind, source_ref
)
SELECT id, last_sequence, 'credit_own', fen, 0, 0, balance_fen, reserved_fen, held_fen, %(for_month)s,
    last_posted_at, now(), '', 'statement', %(for_month)s || '/' || person_id
FROM moved
"""


@dataclass(frozen=True)
class Round:
    """Accounts credited a second by both; microseconds of processor for one, of the statement all in the server."""

    bare: float
    project: float
    growth_mb: float
    peak_mb: float
    client_us: float
    server_us: float
    bare_us: float

    @property
    def by_cpu(self) -> float:
        return self.bare_us / (self.client_us + self.server_us)


def rounds(
    server: postgres.Server, *, accounts: int = ACCOUNTS, count: int = ROUNDS
) -> list[Round]:
    """Each round posts another month, and each side goes first in every other one."""
    uri = server.create("credit_posting")
    postgres.migrate(uri)
    persons = min(accounts, GENERATED) * 100 // WITH_ACCOUNT
    environment = os.environ | {"DATABASE_URL": uri}
    for command in (
        ["load_areas", "--verbosity", "0"],
        ["load_policies", "--publish", "--verbosity", "0"],
        ["generate_population", f"--persons={persons}", f"--seed={SEED}", "--quiet"],
    ):
        postgres.run_python(["manage.py", *command], environment)
    copies.multiply(uri, max(accounts // GENERATED, 1))
    with psycopg.connect(uri, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")
    return [_round(server, uri, LAST_MONTH - number, first=number % 2) for number in range(count)]


def _round(server: postgres.Server, uri: str, month: int, *, first: int) -> Round:
    told: dict[str, Any] = {}
    rows, bare, bare_work, work = 0, 0.0, 0.0, 0.0
    for side in (first, 1 - first):
        server.checkpoint()
        before = server.cpu_seconds()
        if side:
            told = _posted(uri, month)
            work = server.cpu_seconds() - before
        else:
            rows, bare = _stated(uri, month)
            bare_work = server.cpu_seconds() - before
    credited = told["credited"]
    return Round(
        bare=rows / bare,
        project=credited / told["seconds"],
        growth_mb=told["growth_mb"],
        peak_mb=told["peak_mb"],
        client_us=told["cpu_seconds"] / credited * 1e6,
        server_us=work / credited * 1e6,
        bare_us=bare_work / rows * 1e6,
    )


def _stated(uri: str, month: int) -> tuple[int, float]:
    start = time.perf_counter()
    values = {"month": month, "for_month": LONG_AGO + LAST_MONTH - month, "retired": RETIRED_FEN}
    with psycopg.connect(uri) as connection:
        rows = connection.execute(STATEMENT, values).rowcount
    return rows, time.perf_counter() - start


def _posted(uri: str, month: int) -> dict[str, Any]:
    arguments = [
        "-m",
        "benchmarks.credit_posting",
        "--within",
        f"{month // 12}-{month % 12 + 1:02d}",
    ]
    told: dict[str, Any] = json.loads(
        postgres.run_python(arguments, os.environ | {"DATABASE_URL": uri})
    )
    return told


def within(month: str) -> None:
    """In a process of its own: what it took, without the start of the interpreter."""
    postgres.use(os.environ["DATABASE_URL"])
    from django.core.management import call_command  # noqa: PLC0415
    from django.db import connection  # noqa: PLC0415

    from insurance.models import CreditRun  # noqa: PLC0415
    from insurance.periods import Month  # noqa: PLC0415

    connection.ensure_connection()
    before, start, work = peak_mb(), time.perf_counter(), time.process_time()
    call_command("post_credits", month=month, quiet=True, stdout=io.StringIO())
    told = {
        "seconds": time.perf_counter() - start,
        "cpu_seconds": time.process_time() - work,
        "growth_mb": peak_mb() - before,
        "peak_mb": peak_mb(),
        "credited": CreditRun.objects.get(month=Month.parse(month).index).credited,
    }
    sys.stdout.write(json.dumps(told))


def lines(measured: list[Round], accounts: int) -> list[table.Line]:
    return [
        table.Line(
            name=f"credits of a month, {accounts:,} accounts, against one statement",
            values=table.ratios([one.project for one in measured], [one.bare for one in measured]),
            goal=GOAL_RATIO,
            cpu={
                "client": min(one.client_us for one in measured),
                "server": min(one.server_us for one in measured),
                "bare": min(one.bare_us for one in measured),
            },
            note=f"best {max(one.project for one in measured):,.0f} a second, "
            f"the statement {max(one.bare for one in measured):,.0f}",
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
    parser.add_argument("--accounts", type=int, default=ACCOUNTS)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--within")
    chosen = parser.parse_args()
    if chosen.within:
        within(chosen.within)
        return 0
    with postgres.server() as server:
        measured = rounds(server, accounts=chosen.accounts, count=chosen.rounds)
    return table.finish("credit_posting", lines(measured, chosen.accounts))


if __name__ == "__main__":
    sys.exit(main())
