"""Run the mutants; the last line counts them. Ends with 1 where one survives, is stale, or dies of something else."""

import argparse
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence

from tests.mutants import mutant, running, seeded, server, verdict
from tests.mutants.mutant import Mutant
from tests.mutants.running import Run

# What they may take of a run on two cores.
MOST_SECONDS = 600


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument("--only", default="", help="only those with this in their name or kind")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--why", action="store_true", help="show the log of what was not killed")
    options = parser.parse_args(arguments)
    since = time.monotonic()
    chosen = [one for one in seeded.MUTANTS if options.only in f"{one.name} {one.kind}"]
    if stale := list(mutant.stale(chosen)):
        _say("\n".join(stale))
        return 1
    running.import_libraries()
    # Compiled once for all the processes, and nowhere in the checkout.
    with tempfile.TemporaryDirectory(prefix="compiled") as compiled, server.started() as pg:
        sys.pycache_prefix, sys.dont_write_bytecode = compiled, False
        if not _is_green_without(chosen, pg):
            return 1
        runs = [Run(one.name, list(one.killers), one, postgres=one.on_postgres) for one in chosen]
        killed = 0
        for run in running.all_of(runs, jobs=options.jobs, pg=pg):
            found = verdict.of(run)
            killed += found.is_good
            _say(_line(run, found))
            if options.why and not found.is_good:
                _say(run.said[-6000:])
            if time.monotonic() - since > MOST_SECONDS:
                _say(f"OUT OF TIME: {MOST_SECONDS} s")
                break
    kinds = Counter(one.kind for one in chosen)
    _say(", ".join(f"{kind} {count}" for kind, count in sorted(kinds.items())))
    seconds = time.monotonic() - since
    _say(f"mutants={len(chosen)} killed={killed} not_killed={len(chosen) - killed} {seconds:.0f} s")
    return 0 if chosen and killed == len(chosen) else 1


def _is_green_without(mutants: Sequence[Mutant], pg: server.Server) -> bool:
    """All the tests that shall notice something notice nothing now, on the database on which they are asked."""
    sets = {False: set[str](), True: set[str]()}
    for one in mutants:
        sets[one.on_postgres].update(one.killers)
    first = Run("template", [], work=lambda: server.make_template(pg))
    (made,) = running.all_of([first], jobs=1, pg=pg)
    if made.outcome is None:
        _say(f"no database: {made.said[-2000:]}")
        return False
    base = [
        Run("on-postgresql" if postgres else "on-sqlite", sorted(tests), postgres=postgres)
        for postgres, tests in sets.items()
        if tests
    ]
    good = True
    for run in running.all_of(base, jobs=len(base), pg=pg):
        outcome = run.outcome
        fine = outcome is not None and outcome.ran and not (outcome.failures or outcome.crashes)
        _say(f"{run.name}: {len(run.tests)} tests without a fault, {run.seconds:.1f} s")
        if not fine:
            _say(f"NOT GREEN WITHOUT A FAULT: {run.said[-4000:]}")
            good = False
    return good


def _line(run: Run, found: verdict.Verdict) -> str:
    told = found.test.rpartition("::")[2] or found.why
    return f"{found.word:9}{run.seconds:5.1f} s  {run.name}: {told}" + (
        f" ({found.why})" if found.test and found.why else ""
    )


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
