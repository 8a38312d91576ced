"""Runs the tests marked `both_databases` on a real PostgreSQL, which this run starts and stops itself.

python -m tests.run_on_postgres [pytest's own arguments]
"""

import os
import subprocess
import sys

from tests.postgres import serving


def main(arguments: list[str]) -> int:
    with serving() as server:
        # The server's own socket; no port is opened.
        environment = os.environ | {"DATABASE_URL": server.get_uri()}
        command = [sys.executable, "-m", "pytest", "-m", "both_databases", *arguments]
        return subprocess.run(command, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
