"""Runs `main` of a benchmark's module that needs Django, on the database that DATABASE_URL names.

    python -m benchmarks.within MODULE [ARGUMENTS]

Such modules import models, so settings have to be read before them.
"""

import importlib
import sys

import django


def main(name: str, arguments: list[str]) -> int:
    django.setup()
    done: int = importlib.import_module(f"benchmarks.{name}").main(arguments)
    return done


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
