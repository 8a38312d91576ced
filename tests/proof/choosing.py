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
patients = st.sampled_from(["ann", "ann", "ann", "bob", "cai", "cai", "cai", "dan"])
uses = st.sampled_from(["CARE", "CARE", "DRUG"])
# Spread, since what Hypothesis draws is mostly small: a remainder of a fen or two, or what empties an account within a few bills.
MOST_FEN = 3_000
spread = st.integers(0, 2**16 - 1).map(lambda drawn: 1 + drawn * 40_503 % 2**16 * MOST_FEN // 2**16)
fens = st.one_of(st.integers(1, 3), spread, spread)
places = st.integers(0, 63)
# Beside an edge: what those who are asked first can give together, and a fen or a few more or less.
beside = st.sampled_from([-1, 0, 1, 1, 2, 300])
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
