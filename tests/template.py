"""The migrated SQLite file of the tests: made once for each state of models and migrations, and copied after that.

To go through all migrations takes seconds, in every process of every run. Whatever a migration or a model says is part
of the file's name, and Django still looks for migrations that are missing. `make clean` removes it.
"""

import fcntl
import hashlib
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / ".pytest_cache" / "database"
# Whatever the tables are made of.
MADE_OF = (
    "requirements.txt",
    "config/settings.py",
    "accounts/append_only.py",
    "*/fields.py",
    "*/models.py",
    "*/models/*.py",
    "*/migrations/*.py",
)


def path() -> Path:
    digest = hashlib.sha256()
    for pattern in MADE_OF:
        for file in sorted(ROOT.glob(pattern)):
            digest.update(f"{file.relative_to(ROOT)}\n".encode() + file.read_bytes())
    return FOLDER / f"{digest.hexdigest()[:20]}.sqlite3"


class Copy:
    """The database of one process. The first process makes the template, and those that start meanwhile wait for it."""

    def __init__(self, database: str) -> None:
        self.database = database
        FOLDER.mkdir(parents=True, exist_ok=True)
        self.lock = (FOLDER / "lock").open("w")
        fcntl.flock(self.lock, fcntl.LOCK_EX)
        if path().exists():
            shutil.copyfile(path(), database)
            self.lock.close()

    def is_complete(self) -> None:
        """All migrations have run: keep this state, and none that is older."""
        if self.lock.closed:
            return
        for old in FOLDER.glob("*.sqlite3"):
            old.unlink()
        half = FOLDER / "half"
        half.unlink(missing_ok=True)
        with (
            closing(sqlite3.connect(self.database)) as made,
            closing(sqlite3.connect(half)) as copy,
        ):
            made.backup(copy)
        half.rename(path())
        self.lock.close()
