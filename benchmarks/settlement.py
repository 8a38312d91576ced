"""Settlements against what PostgreSQL can do at most, and against another ledger for Django, round by round on one server.

    python -m benchmarks.settlement [--rounds N] [--seconds S] [--families N] [--without-hordak]

Every round asks each contender once, there and back, so that noise hits all of them alike; a ratio is of one round. Each writes into
a database of its own, all copies of one; at the end the rows that a settlement left are counted and must be the same.
"""

import argparse
import os
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from statistics import median
from zoneinfo import ZoneInfo

from benchmarks import contenders, hordak, postgres, table
from benchmarks.contenders import Contender, Measured, Pgbench
from benchmarks.postgres import Server
from benchmarks.table import Line

AGENCY = ZoneInfo("Asia/Shanghai")
ROUNDS, SECONDS, FAMILIES = 5, 4.0, 5_000
CLIENTS = (1, 8)
SCRIPTS = Path(__file__).parent / "peers"
LIMIT, PROJECT, BATCHED = "bench_limit", "bench_project", "bench_batched"
POSTED, BASE = "bench_posted", "bench_base"
# What one settlement of three payers leaves, besides three accounts and three uses of caps that are written anew.
ROWS = {
    "claims_settlement": 1,
    "claims_deduction": 3,
    "claims_keyedrequest": 1,
    "insurance_ledgerentry": 3,
    "accounts_auditentry": 1,
    "insurance_notice": 4,
    "accounts_smsmessage": 3,
}
GOALS = {"1": 0.6, "8": 0.35}
# The last also of a whole settlement, which is out of reach: pgbench writes its rows 2.5 to 4 times as fast as that peer its own.
BATCH_GOAL, HORDAK_GOAL = 2.5, 5.0
PEER = "against django-hordak with key and checks"

Rounds = Mapping[str, Sequence[Measured]]


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--seconds", type=float, default=SECONDS)
    parser.add_argument("--families", type=int, default=FAMILIES)
    parser.add_argument("--without-hordak", action="store_true")
    chosen = parser.parse_args()
    with postgres.server() as server:
        build(server, chosen.families)
        counted = {name: rows_of(server, name) for name in (LIMIT, PROJECT, BATCHED)}
        found = measured(server, chosen)
        check_rows(server, counted)
    return table.finish("settlement", lines(found, chosen.families))


def build(server: Server, families: int) -> None:
    """Copies of one world, for each contender its own."""
    named = django(server.create(BASE))
    postgres.migrate(server.uri(BASE))
    command = ["-m", "benchmarks.within", "family_world", str(families)]
    postgres.run_python(command, os.environ | named)
    for name in (LIMIT, PROJECT, BATCHED, POSTED):
        server.create(name, template=BASE)
    server.checkpoint()


def django(uri: str) -> dict[str, str]:
    return {
        "DATABASE_URL": uri,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "SMS_BACKEND": "benchmarks.postgres.QuietBackend",
    }


def measured(server: Server, chosen: argparse.Namespace) -> Rounds:
    """What everybody did in each round."""
    with ExitStack() as stack:
        named = None if chosen.without_hordak else hordak.world(server, chosen.families)
        there: dict[str, Contender] = {}
        for count in CLIENTS:
            there |= everybody(stack, server, count, chosen.families)
            if named:
                there[f"hordak {count}"] = stack.enter_context(hordak.clients(server, count, named))
        found: dict[str, list[Measured]] = {name: [] for name in there}
        for turn in range(chosen.rounds):
            for name in list(there) if turn % 2 else reversed(there):
                found[name].append(there[name].run(chosen.seconds))
            sys.stderr.write(f"settlement: round {turn + 1} of {chosen.rounds}\n")
    return found


def everybody(stack: ExitStack, server: Server, count: int, families: int) -> dict[str, Contender]:
    """The limit and the project with so many clients."""
    today = datetime.now(AGENCY).date()
    variables = {"families": families, "month": today.year * 12 + today.month - 1}
    worker = [sys.executable, "-m", "benchmarks.within", "settling"]

    def project(how: str, database: str) -> Contender:
        environment = django(server.uri(database))
        return stack.enter_context(contenders.clients(server, [*worker, how], count, environment))

    return {
        f"pgbench {count}": Pgbench(server, LIMIT, SCRIPTS / "settlement.sql", count, variables),
        f"project {count}": project("single", PROJECT),
        f"batch {count}": project("batch", BATCHED),
        f"posting {count}": project("posting", POSTED),
    }


def rows_of(server: Server, database: str) -> dict[str, int]:
    uri = server.uri(database)
    # Names of our own tables.
    counts = ", ".join(f"(SELECT count(*) FROM {name})" for name in ROWS)  # nosec B608
    return dict(zip(ROWS, postgres.fetch(uri, f"SELECT {counts}")[0], strict=True))


def check_rows(server: Server, before: Mapping[str, Mapping[str, int]]) -> None:
    """Whoever leaves out a row is no peer: raise SystemExit."""
    for database, counted in before.items():
        now = rows_of(server, database)
        made = {name: now[name] - counted[name] for name in ROWS}
        settled = made["claims_settlement"]
        keyed = {} if database == BATCHED else {"claims_keyedrequest": settled}
        wanted = (
            {name: settled * each for name, each in ROWS.items()}
            | {"claims_keyedrequest": 0}
            | keyed
        )
        if made != wanted:
            raise SystemExit(f"{database} wrote {made} for {settled} settlements")


def lines(found: Rounds, families: int) -> list[Line]:
    made = []
    world = f"{families:,} families"
    for count in map(str, CLIENTS):
        limit, single, batch = (
            found[f"{name} {count}"] for name in ("pgbench", "project", "batch")
        )
        who = f"{count} client{'' if count == '1' else 's'}"
        made += [
            _line(f"settlement, {who}, against pgbench", single, limit, GOALS[count], world),
            _by_cpu(single, limit),
            _line(f"batches of 100, {who}, against pgbench", batch, limit, BATCH_GOAL, world),
            _by_cpu(batch, limit),
        ]
        if peer := found.get(f"hordak {count}"):
            for what, ours in (
                ("money of a settlement", found[f"posting {count}"]),
                ("settlements in batches of 100", batch),
                ("a whole settlement, 16 rows", single),
            ):
                note = "key, 3 accounts locked, 3 balances, 4 legs"
                made.append(_line(f"{what}, {who}, {PEER}", ours, peer, HORDAK_GOAL, note))
                made.append(_by_cpu(ours, peer))
    return made


def _line(
    name: str, ours: Sequence[Measured], theirs: Sequence[Measured], goal: float, note: str
) -> Line:
    cpu = {
        "ours": median(one.client_us for one in ours),
        "+ server": median(one.server_us for one in ours),
        "theirs": median(one.client_us for one in theirs),
        "+ its server": median(one.server_us for one in theirs),
    }
    speeds = [one.per_second for one in ours], [one.per_second for one in theirs]
    told = f"{median(speeds[0]):,.0f} against {median(speeds[1]):,.0f} a second, {note}"
    return Line(name, table.ratios(*speeds), goal, cpu=cpu, note=told)


def _by_cpu(ours: Sequence[Measured], theirs: Sequence[Measured]) -> Line:
    """What is left of the ratio when nobody waits for a disk, an answer or a neighbour."""
    cpu = ([one.client_us + one.server_us for one in many] for many in (theirs, ours))
    return Line("   the same by processor time", table.ratios(*cpu))


if __name__ == "__main__":
    sys.exit(main())
