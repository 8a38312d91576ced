"""Runs `main` of a benchmark's module that needs Django, on the database that DATABASE_URL names.

    python -m benchmarks.within MODULE [ARGUMENTS]

Such modules import models, so settings have to be read before them.
"""

import importlib
import sys

import django

from config import gunicorn


def main(name: str, arguments: list[str]) -> int:
    django.setup()
    made = importlib.import_module(f"benchmarks.{name}")
    gunicorn.post_worker_init(None)  # what works here stands for a worker
    done: int = made.main(arguments)
    return done


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
