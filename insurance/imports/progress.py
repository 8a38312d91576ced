"""How far a run is: a bar on a terminal, a plain line now and then elsewhere."""

import sys
from typing import TextIO

from django.utils.translation import gettext as _
from tqdm import tqdm

# One line for every ten seconds or so of a large file.
LINES_BETWEEN_WORDS = 50_000


class Progress:
    """Counts lines of the file; says nothing when `quiet`."""

    def __init__(self, total: int, *, quiet: bool, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
        self._total, self._done, self._said, self._quiet = total, 0, 0, quiet
        on_terminal = self._stream.isatty() and not quiet
        self._bar = (
            tqdm(total=total, unit=_("行"), unit_scale=False, file=self._stream)
            if on_terminal
            else None
        )

    def reach(self, line: int) -> None:
        """The run has dealt with this line and all before it."""
        if self._bar is not None:
            self._bar.update(line - self._done)
        self._done = line
        if self._bar is None and not self._quiet and line - self._said >= LINES_BETWEEN_WORDS:
            self._said = line
            self._stream.write(
                _("已处理 %(done)d / %(total)d 行") % {"done": line, "total": self._total} + "\n"
            )
            self._stream.flush()

    def close(self) -> None:
        if self._bar is not None:
            self._bar.close()
