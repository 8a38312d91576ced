"""A PostgreSQL for one run: migrated once, and copied for each mutant, which may leave it as it likes."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import django
import psycopg
from django.db import connection

from tests.postgres import PostgresServer, serving

URL = "DATABASE_URL"
TEMPLATE = "template"


# What is tested here need not outlive a power cut; and two who wait for each other are told soon.
SETTINGS = {"fsync": "off", "full_page_writes": "off", "deadlock_timeout": "200ms"}


class Server:
    def __init__(self, server: PostgresServer) -> None:
        self._server = server
        for name, value in SETTINGS.items():
            self._execute(f"ALTER SYSTEM SET {name} = '{value}'")
        self._execute("SELECT pg_reload_conf()")

    def use(self, name: str) -> None:
        """For this process: the tests' database is called `test_` and the name."""
        os.environ[URL] = self._server.get_uri(database=name)

    def copy(self, name: str) -> None:
        self._execute(
            f'CREATE DATABASE "test_{name}" TEMPLATE "test_{TEMPLATE}" STRATEGY FILE_COPY'
        )

    def drop(self, name: str) -> None:
        self._execute(f'DROP DATABASE IF EXISTS "test_{name}" WITH (FORCE)')

    def _execute(self, statement: str) -> None:
        with psycopg.connect(self._server.get_uri(), autocommit=True) as session:
            session.execute(statement)


def make_template(server: Server) -> None:
    """In a process of its own: all migrations, as pytest would run them."""
    server.use(TEMPLATE)
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    django.setup()
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    connection.close()


@contextmanager
def started() -> Iterator[Server]:
    with serving() as server:
        yield Server(server)
