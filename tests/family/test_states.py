"""The table of moves: which steps there are, and that nobody is kept from stopping money."""

from itertools import product

import pytest

from family import moves
from family.moves import IN_FORCE, MOVES, PARTIES, Move, Side, State

OVER = {State.ENDED, State.DECLINED, State.WITHDRAWN, State.LAPSED, State.REFUSED}


# --- the table itself


def test_the_table_allows_these_steps_and_no_others():
    """Every pair of states, so that a new move is seen here."""
    allowed = set()
    for move, before, after in product(Move, [None, *State], State):
        for side in MOVES[move].sides:
            try:
                moves.check(move, state=before, to=after, by=side)
            except moves.WrongMove:
                continue
            allowed.add((str(before or ""), str(after)))
    assert {after for before, after in allowed if before in OVER - {State.ENDED}} == set()
    assert {after for before, after in allowed if before == State.ENDED} == {"active", "paused"}
    assert {before for before, after in allowed if after == State.ACTIVE} >= {
        "waiting",
        "with_staff",
        "paused",
        "suspended",
    }
    assert ("waiting", "with_staff") in allowed
    assert ("", "waiting") in allowed
    assert {after for before, after in allowed if before == ""} == {"waiting"}


def test_every_state_can_be_reached_and_left_or_is_final():
    targets = {to for one in MOVES.values() for to in one.targets}
    sources = {state for one in MOVES.values() for state in one.sources}
    assert targets == set(State)
    assert sources == set(State) - (OVER - {State.ENDED})


@pytest.mark.parametrize("side", [Side.GIVER, Side.BENEFICIARY])
def test_either_party_stops_money_from_every_state_in_which_it_could_flow(side):
    for state in IN_FORCE:
        paused = State.SUSPENDED if state == State.SUSPENDED else State.PAUSED
        moves.check(Move.PAUSE, state=state, to=paused, by=side)
        moves.check(Move.END, state=state, to=State.ENDED, by=side)


@pytest.mark.parametrize("move", [Move.APPROVE, Move.REFUSE, Move.LAPSE, Move.SUSPEND, Move.LIFT])
def test_no_party_makes_the_moves_of_staff_and_site(move):
    assert not MOVES[move].sides & PARTIES
