"""Page 400 of a statement against page 1: keyset pages cost the same at any depth.

python -m benchmarks.statement_depth
"""

import sys

from benchmarks import table
from benchmarks.reading_world import milliseconds, signed_in

PAGE = 50  # rows; the site's own number
DEPTH = 400
MOST_RATIO = 3.0


def main() -> int:
    entries = PAGE * DEPTH
    first = "/balance/statement/"
    deep = f"{first}?before={entries - PAGE * (DEPTH - 1) + 1}"
    with signed_in(entries) as client:
        medians = milliseconds(client, [first, deep])
    ratio = medians[deep] / medians[first]
    print(f"page 1   {medians[first]:7.1f} ms")  # noqa: T201
    print(f"page {DEPTH} {medians[deep]:7.1f} ms")  # noqa: T201
    print(f"ratio    {ratio:7.2f} (bound {MOST_RATIO})")  # noqa: T201
    return table.ending(ratio <= MOST_RATIO)


if __name__ == "__main__":
    sys.exit(main())
