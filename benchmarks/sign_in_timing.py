"""Does the time of an answer tell who exists? Somebody and nobody take turns at each open form.

    python -m benchmarks.sign_in_timing [PAIRS]

DATABASE_URL names an *empty* database; without it a SQLite file is made and thrown away. Goal: by the Mann-Whitney test the two
are not told apart (p above 0.01) in 200 pairs. One run in a hundred fails by chance: run it again before believing it.
"""

import math
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks import table

PAIRS = 200
WARM_UP = 5
LEAST_P = 0.01
SHORTEST = 1e-6  # a clock that stands still would make every pair a tie


class LaterBackend:
    """As in production, where another process sends what was written."""

    at_once = False
    keeps_body = False

    def send(self, *, phone: str, body: str) -> None:
        raise NotImplementedError


@contextmanager
def world() -> Iterator[dict[str, str]]:
    """Zhang has a login, the other number is nobody's; nothing is limited, for a closed door costs less."""
    with tempfile.TemporaryDirectory(prefix="timing-") as folder:
        os.environ.setdefault("DATABASE_URL", f"sqlite:///{Path(folder) / 'timing.sqlite3'}")
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
        os.environ.setdefault("ALLOWED_HOSTS", "testserver")
        os.environ["SMS_BACKEND"] = "benchmarks.sign_in_timing.LaterBackend"
        import django  # noqa: PLC0415  settings read the database from the environment

        django.setup()
        from django.core.management import call_command  # noqa: PLC0415
        from django.db import connections  # noqa: PLC0415

        from accounts import limits  # noqa: PLC0415
        from tests import cast  # noqa: PLC0415
        from tests.factories import insurance  # noqa: PLC0415

        call_command("migrate", verbosity=0)
        for limit in limits.LIMITS:
            name = limit.name.replace("-", "_").upper()
            setattr(limits, name, replace(limit, count=10**9))
        cast.zhang()
        nobody = insurance.make_id_number(area="110000", born="19900101", sequence=5)
        try:
            yield {"somebody": cast.ZHANG_ID, "nobody": nobody}
        finally:
            connections.close_all()


def forms(id_number: str) -> dict[str, dict[str, str]]:
    """What is sent to each open form, by its path."""
    signing_up = {"name": "张建国", "id_number": id_number, "phone": "15400000001"}
    return {
        "/accounts/sign-in/": {"box": id_number, "password": "wrong wrong"},
        "/accounts/sign-in/sms/": {"box": id_number},
        "/accounts/reset/": {"box": id_number},
        "/accounts/sign-up/": signing_up,
        "/accounts/sign-up/slip/": {"id_number": id_number, "slip": "ABCDE-FGHJK"},
    }


def seconds(path: str, typed: dict[str, str]) -> float:
    """Of work, not of the clock: neighbours on the machine would drown what is looked for."""
    from django.test import Client  # noqa: PLC0415  after django.setup()

    client: Any = Client()
    start = time.process_time()
    client.post(path, typed)
    return max(time.process_time() - start, SHORTEST)


def p_value(one: Sequence[float], other: Sequence[float]) -> float:
    """Mann-Whitney, two-sided, by the normal approximation, which is good from 20 values up."""
    ranked = sorted([(value, 0) for value in one] + [(value, 1) for value in other])
    rank_sum = sum(rank for rank, (_value, group) in enumerate(ranked, start=1) if group == 0)
    size, other_size = len(one), len(other)
    statistic = rank_sum - size * (size + 1) / 2
    spread = math.sqrt(size * other_size * (size + other_size + 1) / 12)
    return math.erfc(abs(statistic - size * other_size / 2) / spread / math.sqrt(2))


def main(pairs: int) -> int:
    worst = 1.0
    with world() as numbers:
        sent = {who: forms(number) for who, number in numbers.items()}
        for path in sent["nobody"]:
            taken: dict[str, list[float]] = {"somebody": [], "nobody": []}
            for turn in range(WARM_UP + pairs):
                for who in sorted(taken, reverse=bool(turn % 2)):
                    spent = seconds(path, sent[who][path])
                    if turn >= WARM_UP:
                        taken[who].append(spent)
            medians = {who: statistics.median(values) * 1000 for who, values in taken.items()}
            p = p_value(taken["somebody"], taken["nobody"])
            worst = min(worst, p)
            words = "  ".join(f"{who} {median:7.2f} ms" for who, median in medians.items())
            print(f"{path:26} {words}  p={p:.3f}")  # noqa: T201
    return table.ending(worst > LEAST_P)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else PAIRS))
