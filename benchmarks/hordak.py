"""django-hordak as a peer: its own virtual environment, made from PyPI when it is first needed, and its own database."""

import os
import subprocess
import sys
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks import contenders, table
from benchmarks.contenders import Clients
from benchmarks.postgres import Server

# The Django and psycopg of the project: what differs is the book-keeping.
PACKAGES = (
    "django-hordak==2.0.0",
    "dj-database-url==3.1.2",
    "Django==5.2.19",
    "psycopg[binary]==3.3.9",
)
SCRIPT = Path(__file__).parent / "peers" / "hordak_client.py"
DATABASE = "hordak"
# Making an account takes its tree some milliseconds; fewer families are in its favour.
MOST_FAMILIES = 300


def environment() -> Path:
    """The interpreter of the environment, which stays for the next run. Raise CalledProcessError without PyPI."""
    folder = table.cache() / f"hordak-{sys.version_info.major}.{sys.version_info.minor}"
    python, stamp = folder / "bin" / "python", folder / ".packages"
    if not stamp.exists() or stamp.read_text() != " ".join(PACKAGES):
        venv.create(folder, with_pip=True, clear=True)
        command = [
            str(python),
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            *PACKAGES,
        ]
        subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
        stamp.write_text(" ".join(PACKAGES))
    return python


def world(server: Server, families: int) -> dict[str, str]:
    """Its database, filled; the environment that names it."""
    named = {"DATABASE_URL": server.create(DATABASE)}
    command = [str(environment()), str(SCRIPT), "make", str(min(families, MOST_FAMILIES))]
    subprocess.run(command, check=True, env=os.environ | named)
    return named


@contextmanager
def clients(server: Server, count: int, named: dict[str, str]) -> Iterator[Clients]:
    command = [str(environment()), str(SCRIPT), "work"]
    with contenders.clients(server, command, count, named) as made:
        yield made
