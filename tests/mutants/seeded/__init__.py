"""The mutants by floor; each file is a table."""

from tests.mutants.mutant import Mutant
from tests.mutants.seeded import after, credits, family, ledger, settling

MUTANTS: tuple[Mutant, ...] = (
    *ledger.MUTANTS,
    *credits.MUTANTS,
    *family.MUTANTS,
    *settling.MUTANTS,
    *after.MUTANTS,
)
