"""What earlier lines of the same file said, in a file of its own so that memory stays flat.

Only digests are kept, made with a key that dies with the run: nothing in it can be read or guessed afterwards.
"""

import hashlib
import os
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

# Sixteen bytes: no two of any number of lines collide; contents are compared, not looked up, so four do.
KEY_BYTES = 16
CONTENT_BYTES = 4
NOTHING_SAID = b"\0" * CONTENT_BYTES


@dataclass(frozen=True)
class Earlier:
    """An earlier line with the same key, and which of its parts this line contradicts (their positions)."""

    line: int
    differing: tuple[int, ...] = ()


class Seen:
    """SQLite's own temporary database: on disk when it grows, and gone when it is closed, by whatever end."""

    def __init__(self) -> None:
        self._secret = os.urandom(KEY_BYTES)
        self._rows = sqlite3.connect("", isolation_level=None)
        self._rows.execute("PRAGMA journal_mode = OFF")
        self._rows.execute(
            "CREATE TABLE seen (key BLOB PRIMARY KEY, line INTEGER, content BLOB) WITHOUT ROWID"
        )
        self._rows.execute("BEGIN")

    def close(self) -> None:
        self._rows.close()

    def earlier(self, line: int, *key: str, parts: Sequence[object] = ()) -> Earlier | None:
        """The earlier line with this key, or None, and then this one is remembered.

        A part that is None says nothing and contradicts nothing. Asking again for the same line is answered as before: a
        chunk that is written anew finds itself.
        """
        digest = self._digest(key, KEY_BYTES)
        content = b"".join(self._part(part) for part in parts)
        written = self._rows.execute(
            "INSERT OR IGNORE INTO seen VALUES (?, ?, ?)", (digest, line, content)
        )
        if written.rowcount:
            return None
        row = self._rows.execute(
            "SELECT line, content FROM seen WHERE key = ?", (digest,)
        ).fetchone()
        if row[0] == line:
            return None
        return Earlier(row[0], _differing(row[1], content))

    def earlier_of_many(self, lines: Iterable[tuple[int, str]]) -> dict[int, int]:
        """As `earlier` for each line with its key: the lines that have an earlier one, and which."""
        secret, digest = self._secret, hashlib.blake2b
        rows = [
            (digest(key.encode(), digest_size=KEY_BYTES, key=secret).digest(), line)
            for line, key in lines
        ]
        before = self._rows.total_changes
        self._rows.executemany("INSERT OR IGNORE INTO seen VALUES (?, ?, '')", rows)
        if self._rows.total_changes - before == len(rows):
            return {}
        found = {}
        for key, line in rows:
            (first,) = self._rows.execute("SELECT line FROM seen WHERE key = ?", (key,)).fetchone()
            if first != line:
                found[line] = first
        return found

    def _part(self, part: object) -> bytes:
        return NOTHING_SAID if part is None else self._digest((str(part),), CONTENT_BYTES)

    def _digest(self, texts: Sequence[str], size: int) -> bytes:
        return hashlib.blake2b(
            "\0".join(texts).encode(), digest_size=size, key=self._secret
        ).digest()


def _differing(before: bytes, now: bytes) -> tuple[int, ...]:
    found = []
    for at in range(0, len(now), CONTENT_BYTES):
        old, new = before[at : at + CONTENT_BYTES], now[at : at + CONTENT_BYTES]
        if old != new and NOTHING_SAID not in (old, new):
            found.append(at // CONTENT_BYTES)
    return tuple(found)
