"""A balance and the latest twenty entries, while the ledger grows: at 1, 10 and 50 million entries, each in a database of its own.

    python -m benchmarks.lookup [--scale F] [--rounds N] [--seconds S]

A hundred entries an account, month after month, so that those of one account lie far apart; the indexes are the project's own.
"""

import argparse
import os
import shutil
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from statistics import median

import psycopg

from benchmarks import contenders, postgres, table
from benchmarks.contenders import Measured
from benchmarks.postgres import Server
from benchmarks.settlement import django
from benchmarks.table import Line

ROUNDS, SECONDS = 5, 2.0
SIZES = (1_000_000, 10_000_000, 50_000_000)
ENTRIES_AN_ACCOUNT = 100
GOAL = 1.5
BASE = "bench_base"
WAYS = {"selector": "the project's selector", "sql": "its SQL alone"}
# Rows with all their indexes, and what building one of these takes besides.
BYTES_AN_ENTRY = 600
# Filling a table in the transaction that emptied it needs no log.
FILLING = {"wal_level": "minimal", "max_wal_senders": "0", "maintenance_work_mem": "1GB"}

# Names of columns as in the models; a hundred months up to the present.
ACCOUNTS = """
INSERT INTO insurance_personalaccount
    (id, person_id, part, area_id, balance_fen, reserved_fen, held_fen, last_sequence, last_posted_at, opened_on)
SELECT one, one, 'whole', '330100', 100 * %(entries)s, 0, 0, %(entries)s, now(), DATE '2015-01-01'
FROM generate_series(1, %(accounts)s) one
"""
ENTRIES = """
INSERT INTO insurance_ledgerentry
    (account_id, sequence, kind, amount_fen, reserved_change_fen, held_change_fen, balance_after_fen, reserved_after_fen,
     held_after_fen, for_month, posted_at, recorded_at, place, source_kind, source_ref)
SELECT one, %(step)s, 'credit_own', 100, 0, 0, 100 * %(step)s, 0, 0, 24200 + %(step)s,
    TIMESTAMPTZ '2016-01-01 02:00+08' + %(step)s * INTERVAL '1 month', now(), '', 'import', 'L' || %(step)s || '-' || one
FROM generate_series(1, %(accounts)s) one
"""
# Constraints go with their indexes; the primary key stays.
FOUND = """
SELECT format('ALTER TABLE %%s DROP CONSTRAINT %%I', conrelid::regclass, conname),
    format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s', conrelid::regclass, conname, pg_get_constraintdef(oid))
FROM pg_constraint WHERE conrelid = 'insurance_ledgerentry'::regclass AND contype = 'u'
UNION ALL
SELECT format('DROP INDEX %%I', indexname), indexdef FROM pg_indexes
WHERE tablename = 'insurance_ledgerentry' AND indexname NOT IN (SELECT conname FROM pg_constraint)
"""


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--seconds", type=float, default=SECONDS)
    chosen = parser.parse_args()
    with postgres.server(**FILLING) as server:
        server.create(BASE)
        postgres.migrate(server.uri(BASE))
        postgres.run_python(
            ["manage.py", "load_areas", "--verbosity", "0"], os.environ | django(server.uri(BASE))
        )
        sizes = affordable([round(one * chosen.scale) for one in SIZES])
        for size in sizes:
            fill(server, name_of(size), size // ENTRIES_AN_ACCOUNT)
        found = measured(server, sizes, chosen)
    return table.finish("lookup", lines(found, sizes, chosen.scale))


def affordable(sizes: Sequence[int]) -> list[int]:
    """Those that the disk has room for; raise SystemExit where nothing can be compared."""
    free = shutil.disk_usage("/tmp").free  # nosec B108: where the server's data are
    found = [one for one in sizes if sum(sizes[: sizes.index(one) + 1]) * BYTES_AN_ENTRY < free]
    if len(found) < len(sizes):
        sys.stderr.write(f"lookup: the disk has room for {found} entries only\n")
    if len(found) < 2:
        raise SystemExit("lookup: not enough room on the disk")
    return found


def name_of(size: int) -> str:
    return f"bench_{size}"


def fill(server: Server, name: str, accounts: int) -> None:
    """Entries in the order of posting, then the indexes as the migrations made them."""
    with (
        psycopg.connect(server.create(name, template=BASE)) as connection,
        connection.cursor() as cursor,
    ):
        # No trigger fires and no foreign key is looked up: the rows name people that are not there.
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(ACCOUNTS, {"accounts": accounts, "entries": ENTRIES_AN_ACCOUNT})
        cursor.execute("TRUNCATE insurance_ledgerentry CASCADE")
        indexes = cursor.execute(FOUND, {}).fetchall()
        for drop, _make in indexes:
            cursor.execute(drop)
        for step in range(1, ENTRIES_AN_ACCOUNT + 1):
            cursor.execute(ENTRIES, {"step": step, "accounts": accounts})
        for _drop, make in indexes:
            cursor.execute(make)
    with psycopg.connect(server.uri(name), autocommit=True) as connection:
        # As autovacuum would have: entries that never change are seen by everybody without a look at their page.
        connection.execute("VACUUM (ANALYZE) insurance_ledgerentry, insurance_personalaccount")
    sys.stderr.write(f"lookup: {accounts * ENTRIES_AN_ACCOUNT:,} entries are there\n")


def measured(
    server: Server, sizes: Sequence[int], chosen: argparse.Namespace
) -> dict[tuple[str, int], list[Measured]]:
    """By way and size, a number for each round."""
    with ExitStack() as stack:
        there = {}
        for way in WAYS:
            for size in sizes:
                worker = [sys.executable, "-m", "benchmarks.within", "looking", way]
                command = [*worker, str(size // ENTRIES_AN_ACCOUNT)]
                uri = django(server.uri(name_of(size)))
                there[way, size] = stack.enter_context(contenders.clients(server, command, 1, uri))
        found: dict[tuple[str, int], list[Measured]] = {one: [] for one in there}
        for turn in range(chosen.rounds):
            for one in list(there) if turn % 2 else reversed(there):
                found[one].append(there[one].run(chosen.seconds))
    return found


def lines(
    found: dict[tuple[str, int], list[Measured]], sizes: Sequence[int], scale: float
) -> list[Line]:
    return [_line(found, way, sizes[0], size, scale) for way in WAYS for size in sizes[1:]]


def _line(
    found: dict[tuple[str, int], list[Measured]], way: str, first: int, size: int, scale: float
) -> Line:
    base, grown = found[way, first], found[way, size]
    us = [1e6 / median(one.per_second for one in many) for many in (base, grown)]
    short_run = "" if scale == 1 else f", scale {scale:g}"
    return Line(
        name=f"balance and latest 20 at {size:,} entries, against {first:,}: {WAYS[way]}",
        values=table.ratios([one.per_second for one in base], [one.per_second for one in grown]),
        goal=GOAL,
        sense=table.AT_MOST,
        cpu={
            "ours": median(one.client_us for one in grown),
            "+ server": median(one.server_us for one in grown),
        },
        note=f"{us[0]:,.0f} and {us[1]:,.0f} µs each{short_run}",
    )


if __name__ == "__main__":
    sys.exit(main())
