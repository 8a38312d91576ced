"""What the account pages cost beside a page that was tuned by hand: processor time of one request, Python and PostgreSQL together.

    python -m benchmarks.account_page [--rounds N] [--seconds S]

Whole requests through the WSGI handler. The peer is `benchmarks/peers/page.py`: a table of a hundred rows in a loop of its own, behind
Django's seven middlewares; ours bring their rules, two languages, all headers and 25 rows.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from statistics import median

from benchmarks import contenders, postgres, table
from benchmarks.contenders import Measured
from benchmarks.postgres import Server
from benchmarks.settlement import django
from benchmarks.table import Line

ROUNDS, SECONDS = 5, 2.0
GOAL = 1.0
OURS_ROWS, PEER_ROWS = 25, 100
PATHS = ("/balance/", "/balance/statement/")
PEER = "peer"


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--seconds", type=float, default=SECONDS)
    chosen = parser.parse_args()
    with postgres.server() as server, ExitStack() as stack:
        named, sessions = worlds(server)
        there = {
            path: stack.enter_context(_page(server, path, sessions[0], named[0])) for path in PATHS
        }
        settings = named[1] | {"DJANGO_SETTINGS_MODULE": "benchmarks.peers.page_settings"}
        there[PEER] = stack.enter_context(_page(server, "/balance/", sessions[1], settings))
        found: dict[str, list[Measured]] = {name: [] for name in there}
        for turn in range(chosen.rounds):
            for name in list(there) if turn % 2 else reversed(there):
                found[name].append(there[name].run(chosen.seconds))
    return table.finish("account_page", [_line(path, found[path], found[PEER]) for path in PATHS])


def worlds(server: Server) -> tuple[list[dict[str, str]], list[str]]:
    """A database for each of the two, with one citizen and the key of their session."""
    server.create("bench_base")
    postgres.migrate(server.uri("bench_base"))
    named, sessions = [], []
    for name, entries in (("ours", OURS_ROWS), (PEER, PEER_ROWS)):
        uri = server.create(name, template="bench_base")
        named.append(django(uri) | {"ALLOWED_HOSTS": "testserver"})
        command = ["-m", "benchmarks.within", "paging", "make", str(entries)]
        sessions.append(postgres.run_python(command, os.environ | named[-1]).strip())
    return named, sessions


def _page(server: Server, path: str, session: str, named: dict[str, str]):  # type: ignore[no-untyped-def]
    command = [sys.executable, "-m", "benchmarks.within", "paging", path, session]
    return contenders.clients(server, command, 1, named)


def _line(path: str, ours: Sequence[Measured], peer: Sequence[Measured]) -> Line:
    return Line(
        name=f"CPU of {path} with {OURS_ROWS} rows, against a hand-tuned page of {PEER_ROWS}",
        values=table.ratios([_cpu(one) for one in ours], [_cpu(one) for one in peer]),
        goal=GOAL,
        sense=table.AT_MOST,
        cpu={
            "ours": median(one.client_us for one in ours),
            "+ server": median(one.server_us for one in ours),
            "theirs": median(one.client_us for one in peer),
            "+ its server": median(one.server_us for one in peer),
        },
    )


def _cpu(one: Measured) -> float:
    return one.client_us + one.server_us


if __name__ == "__main__":
    sys.exit(main())
