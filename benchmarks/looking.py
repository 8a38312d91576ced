"""One process that looks up balances and the latest twenty entries, as long as it is told.

    python -m benchmarks.within looking selector|sql ACCOUNTS THREADS

It answers as `benchmarks.settling` does. `selector` is what a page calls; `sql` sends the same statements without Django.
"""

import json
import random
import sys
import time
from collections.abc import Callable
from typing import Any

import psycopg
from django.db import connection

from insurance.holdings import holdings
from queries.selectors import statement

# People look at their account again and again around the day of the credit: what they read is in memory.
HOT_ACCOUNTS = 1_000
ENTRIES = 20
SEED = 20261122


def look(person_id: int) -> int:
    """Two queries; how many entries there were."""
    held = holdings(person_id)
    ends = {one.id: one.last_sequence for one in held.live}
    return len(statement.rows_where(statement.latest(ends, ENTRIES), person_id=person_id))


class Raw:
    """The statements of `look`, sent by the driver alone."""

    def __init__(self, people: list[int]) -> None:
        self.statements = {one: self._statements(one) for one in people}
        # Texts with `%s`, and those that were numbered for the server.
        self.cursors = {
            numbered: (psycopg.RawCursor if numbered else psycopg.Cursor)(connection.connection)
            for numbered in (False, True)
        }

    def look(self, person_id: int) -> int:
        rows: list[Any] = []
        for numbered, sql, params in self.statements[person_id]:
            rows = self.cursors[numbered].execute(sql, params).fetchall()
        return len(rows)

    def _statements(self, person_id: int) -> list[tuple[bool, Any, Any]]:
        seen: list[tuple[bool, Any, Any]] = []

        def note(
            execute: Callable[..., Any], sql: Any, params: Any, many: Any, context: Any
        ) -> Any:
            numbered = isinstance(context["cursor"].cursor, psycopg.RawCursor)
            seen.append((numbered, sql, params))
            return execute(sql, params, many, context)

        with connection.execute_wrapper(note):
            look(person_id)
        return seen


def main(arguments: list[str]) -> int:
    how, accounts = arguments[0], int(arguments[1])
    people = random.Random(SEED).sample(range(1, accounts + 1), min(HOT_ACCOUNTS, accounts))
    if any(look(one) != ENTRIES for one in people):
        raise SystemExit("an account has fewer entries than are asked for")
    ask = look if how == "selector" else Raw(people).look
    for one in people:
        ask(one)
    print("ready", flush=True)  # noqa: T201
    for line in sys.stdin:
        print(json.dumps(run(ask, people, float(line))), flush=True)  # noqa: T201
    return 0


def run(ask: Callable[[int], int], people: list[int], seconds: float) -> dict[str, float]:
    start, work, done = time.perf_counter(), time.process_time(), 0
    while (now := time.perf_counter()) < start + seconds:
        ask(people[done % len(people)])
        done += 1
    return {"done": done, "seconds": now - start, "cpu_seconds": time.process_time() - work}
