"""One citizen with a long ledger, signed in, on a database of its own; and a way to time pages against each other."""

import os
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROUNDS = 15
WARM_UP = 3  # imports, templates and the page cache of the database


@contextmanager
def signed_in(entries: int) -> Iterator[Any]:
    """A client whose person has that many ledger entries and forty years of contributions.

    DATABASE_URL names an *empty* database; without it a SQLite file is made and thrown away.
    """
    with tempfile.TemporaryDirectory(prefix="reading-") as folder:
        os.environ.setdefault("DATABASE_URL", f"sqlite:///{Path(folder) / 'reading.sqlite3'}")
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
        os.environ.setdefault("ALLOWED_HOSTS", "testserver")
        import django  # noqa: PLC0415  settings read the database from the environment

        django.setup()
        from django.core.management import call_command  # noqa: PLC0415
        from django.db import connections  # noqa: PLC0415
        from django.test import Client  # noqa: PLC0415

        from tests.factories import insurance, reading  # noqa: PLC0415

        call_command("migrate", verbosity=0)
        person = insurance.make_person(phone="13800005678")
        insurance.make_enrolment(person=person)
        for year in range(1986, 2026):
            insurance.make_period(person=person, first=(year, 1), last=(year, 12))
        account = insurance.make_account(person=person, balance_fen=10**10)
        reading.fill(account, entries - 1, first_day=account.opened_on.replace(month=2))
        try:
            yield reading.sign_in(Client(), reading.make_citizen(person=person))
        finally:
            connections.close_all()


def milliseconds(client: Any, paths: Sequence[str]) -> dict[str, float]:
    """The median of each page; the pages take turns, there and back, so that noise hits all of them alike."""
    taken: dict[str, list[float]] = {path: [] for path in paths}
    for path in list(paths) * WARM_UP:
        opened(client, path)
    for round_number in range(ROUNDS):
        for path in paths if round_number % 2 else reversed(paths):
            taken[path].append(opened(client, path))
    return {path: statistics.median(found) * 1000 for path, found in taken.items()}


def opened(client: Any, path: str) -> float:
    """Seconds of one page, read to its end."""
    start = time.perf_counter()
    answer = client.get(path)
    b"".join(answer)
    if answer.status_code != 200:
        raise SystemExit(f"{path} answered {answer.status_code}")
    return time.perf_counter() - start
