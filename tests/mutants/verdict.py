"""What a run says about its mutant."""

from dataclasses import dataclass

from tests.mutants.child import FAILED
from tests.mutants.running import Run

KILLED, SURVIVED, CRASHED, HUNG = "killed", "SURVIVED", "CRASHED", "HUNG"
ASSERTIONS = frozenset({"AssertionError", FAILED})


@dataclass(frozen=True)
class Verdict:
    """`test` is the one that noticed; `why` says more where nobody did, or names the exception by which it was noticed."""

    word: str
    test: str = ""
    why: str = ""

    @property
    def is_good(self) -> bool:
        return self.word == KILLED


def of(run: Run) -> Verdict:
    outcome, mutant = run.outcome, run.mutant
    if outcome is None or mutant is None:
        return Verdict(HUNG if run.seconds >= run.limit else CRASHED, why=run.said[-2000:])
    if outcome.crashes:
        return Verdict(CRASHED, why=outcome.crashes[0])
    if not outcome.mutated:
        return Verdict(CRASHED, why=f"{mutant.module} was never imported")
    for test, error, text in outcome.failures:
        if error in ASSERTIONS:
            return Verdict(KILLED, test)
        if error in mutant.raises:
            return Verdict(KILLED, test, error)
        return Verdict(CRASHED, test, f"{error}: {text}")
    return Verdict(SURVIVED, why=f"{outcome.ran} tests passed")
