"""What each page of the reading room costs, at 10 entries or at as many as asked for.

    python -m benchmarks.reading_room [ENTRIES]

Whole requests through every middleware: the session, the login, the page. Numbers of different machines don't compare; the
ratio to the start page, which reads nothing about anybody, does.
"""

import sys

from benchmarks.reading_world import milliseconds, signed_in

ENTRIES = 10_000
START = "/"
PATHS = (
    START,
    "/home/",
    "/balance/",
    "/balance/statement/",
    "/balance/statement/?group=care&direction=out",
    "/balance/statement/2/",
    "/balance/statement/print/",
    "/balance/statement/csv/",
    "/balance/credits/",
    "/contributions/",
    "/policies/",
)


def main(entries: int) -> int:
    with signed_in(entries) as client:
        medians = milliseconds(client, PATHS)
    print(f"{entries:,} entries")  # noqa: T201
    for path, median in medians.items():
        print(f"{path:46} {median:8.1f} ms {median / medians[START]:6.1f}x")  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else ENTRIES))
