"""What earlier lines of the same file said, in a file of its own so that memory stays flat.

Only digests are kept, made with a key that dies with the run: nothing in it can be read or guessed afterwards.
"""

import hashlib
import os
import sqlite3
import tempfile
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

# Sixteen bytes: no two of any number of lines collide; contents are compared, not looked up, so four do.
KEY_BYTES = 16
CONTENT_BYTES = 4
NOTHING_SAID = b"\0" * CONTENT_BYTES
ENTERED_AT_ONCE = 10_000


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
        # What is remembered and not yet asked for. Files without a name: they are gone when they are closed, too.
        self._late_keys, self._late_lines = (
            tempfile.TemporaryFile()  # noqa: SIM115  open as long as the run
            for _file in range(2)
        )

    def close(self) -> None:
        for one in (self._rows, self._late_keys, self._late_lines):
            one.close()

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

    def remember(self, lines: Sequence[int], keys: Iterable[str]) -> None:
        """For `earlier_of_many`. An index costs more than all else of a line, and most files never ask: it is made when one does."""
        self._late_keys.write(b"".join(self._digests(keys)))
        array("q", lines).tofile(self._late_lines)

    def earlier_of_many(self, lines: Sequence[int], keys: Iterable[str]) -> dict[int, int]:
        """The lines whose key was remembered for an earlier one, and for which first. Nothing is remembered by it."""
        self._enter()
        found = {}
        for line, key in zip(lines, self._digests(keys), strict=True):
            row = self._rows.execute("SELECT line FROM seen WHERE key = ?", (key,)).fetchone()
            if row is not None and row[0] < line:
                found[line] = row[0]
        return found

    def _enter(self) -> None:
        """Put what was remembered into the index; of lines with one key the first counts."""
        for file in (self._late_keys, self._late_lines):
            file.seek(0)
        while keys := self._late_keys.read(ENTERED_AT_ONCE * KEY_BYTES):
            lines = array("q")
            lines.frombytes(self._late_lines.read(len(keys) // KEY_BYTES * lines.itemsize))
            starts = range(0, len(keys), KEY_BYTES)
            self._rows.executemany(
                "INSERT OR IGNORE INTO seen VALUES (?, ?, '')",
                zip((keys[at : at + KEY_BYTES] for at in starts), lines, strict=True),
            )
        for file in (self._late_keys, self._late_lines):
            file.seek(0)
            file.truncate()

    def _digests(self, keys: Iterable[str]) -> list[bytes]:
        """As `_digest` of each. Begun once and copied: the secret is then taken in only once."""
        begun, found = hashlib.blake2b(digest_size=KEY_BYTES, key=self._secret), []
        for key in keys:
            one = begun.copy()
            one.update(key.encode())
            found.append(one.digest())
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
