"""What the steps of the machine are drawn from, and how they hear a no."""

from hypothesis import strategies as st

from claims.refusals import Refused
from family import bindings, moves, orders
from family.moves import Side
from insurance.ledger import LedgerError
from tests.proof.world import CAST

SAID_NO = (
    LedgerError,
    ValueError,
    bindings.Expired,
    bindings.NotPossible,
    bindings.Stale,
    moves.WrongMove,
    orders.Stale,
)
people = st.sampled_from(sorted(CAST))
patients = st.sampled_from(["ann", "ann", "bob", "cai", "cai", "dan"])
uses = st.sampled_from(["CARE", "CARE", "DRUG"])
# Some of a fen or two, so that remainders meet; most of a size that empties an account within a few.
fens = st.one_of(st.integers(1, 3), st.integers(1, 6_000))
places = st.integers(0, 63)
sides = st.sampled_from([Side.GIVER, Side.BENEFICIARY])


def pick(found, place):
    """A place in whatever there is by now; shorter to draw and to shrink than one of a bundle."""
    found = list(found)
    return found[place % len(found)]


def outcome(call):
    """(what it gave, why not)."""
    try:
        return call(), None
    except Refused as error:
        return None, str(error.code)
    except SAID_NO as error:
        return None, type(error).__name__
