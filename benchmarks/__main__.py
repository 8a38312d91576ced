"""`make bench`: every benchmark, one after the other, each in a process of its own."""

import subprocess
import sys

BENCHMARKS = (
    "statement_depth",
    "reading_room",
    "counting",
    "month_totals",
    "import_speed",
    "sign_in_timing",
    "invitation_timing",
)


def main() -> int:
    """The number of benchmarks that missed their goal."""
    missed = []
    for name in BENCHMARKS:
        sys.stdout.write(f"\n== {name}\n")
        sys.stdout.flush()
        if subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], check=False).returncode:
            missed.append(name)
    sys.stdout.write(f"\nmissed: {', '.join(missed) or 'none'}\n")
    return len(missed)


if __name__ == "__main__":
    sys.exit(main())
