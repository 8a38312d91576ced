"""A code as a picture that a scanner reads: one path of an SVG, which a page carries in itself. Pure.

A picture at an address of its own would need the code in that address, and so in every log on the way.
"""

from dataclasses import dataclass
from itertools import groupby

import segno

# Screens are scratched and held at an angle: a seventh of the squares may be unreadable.
ERROR = "m"
# Four squares of white, which readers need to find the picture.
QUIET = 4


@dataclass(frozen=True)
class Picture:
    """`path` is the `d` of an SVG path in a square of `side` units, its white edge included."""

    side: int
    path: str


def draw(text: str) -> Picture:
    rows = segno.make(text, error=ERROR, micro=False).matrix
    path = "".join(_row(row, y) for y, row in enumerate(rows, start=QUIET))
    return Picture(len(rows) + 2 * QUIET, path)


def _row(row: bytearray, y: int) -> str:
    """Neighbouring dark squares as one bar."""
    bars, x = [], QUIET
    for dark, run in groupby(row):
        width = len(list(run))
        if dark:
            bars.append(f"M{x} {y}h{width}v1h-{width}z")
        x += width
    return "".join(bars)
