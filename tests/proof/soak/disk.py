"""A disk that is full again and again: each time it gets some more room, and everybody goes on.

As root a small file system holds the database. Without that no file of a worker may grow beyond a limit (RLIMIT_FSIZE), which
SQLite meets in the same place: a write that is refused.
"""

import resource
import signal
import subprocess

MEGABYTE = 1 << 20
FIRST_MEGABYTES, MORE_MEGABYTES = 6, 1
# So many refused writes, and it grows.
ENOUGH = 12


class Disk:
    """`place` is where the small file system is mounted, "" where there is none."""

    def __init__(self, place, board):
        self._place, self._board = place, board
        self._megabytes, self._seen, self.grown = FIRST_MEGABYTES, 0, 0
        if not place:
            board.room.value = FIRST_MEGABYTES * MEGABYTE

    def look(self):
        """By whoever watches over the workers, again and again."""
        full = self._board.total("full")
        if full - self._seen >= ENOUGH:
            self._seen = full
            self.grow()

    def grow(self):
        self._megabytes += MORE_MEGABYTES
        self.grown += 1
        if self._place:
            again = ["mount", "-o", f"remount,size={self._megabytes}m", self._place]
            subprocess.run(again, check=True)
        else:
            self._board.room.value = self._megabytes * MEGABYTE


class Limit:
    """In a worker: its own limit follows the board."""

    def __init__(self, board):
        self._board, self._room = board, 0

    def look(self):
        if self._board.room.value != self._room:
            self._room = self._board.room.value
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            _soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
            resource.setrlimit(resource.RLIMIT_FSIZE, (self._room, hard))
