"""The states of a binding and the moves between them, in one table. Pure."""

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """`ENDING`: nothing new is paid, and the formal end waits for a day that a rule names."""

    WAITING = "waiting"
    WITH_STAFF = "with_staff"
    ACTIVE = "active"
    PAUSED = "paused"
    SUSPENDED = "suspended"
    ENDING = "ending"
    ENDED = "ended"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"
    REFUSED = "refused"


class Move(StrEnum):
    PROPOSE = "propose"
    CONFIRM = "confirm"
    HAND_OVER = "hand_over"
    DECLINE = "decline"
    WITHDRAW = "withdraw"
    LAPSE = "lapse"
    APPROVE = "approve"
    REFUSE = "refuse"
    PAUSE = "pause"
    RESUME = "resume"
    SUSPEND = "suspend"
    LIFT = "lift"
    CHANGE = "change"
    END = "end"
    FINISH = "finish"
    UNDO = "undo"


class Side(StrEnum):
    """Who makes a move; the two parties, staff for nobody's side, and the site itself."""

    GIVER = "giver"
    BENEFICIARY = "beneficiary"
    STAFF = "staff"
    SYSTEM = "system"


PARTIES = frozenset({Side.GIVER, Side.BENEFICIARY})
# Both sides are known, and the pair and the money model are taken.
LIVE = frozenset({State.WITH_STAFF, State.ACTIVE, State.PAUSED, State.SUSPENDED, State.ENDING})
# In force, whether or not money may flow at this moment: they count as members and keep their places in the order.
IN_FORCE = frozenset({State.ACTIVE, State.PAUSED, State.SUSPENDED})
OPEN = LIVE | {State.WAITING}


@dataclass(frozen=True)
class Rule:
    """A move: from where, to where, by whom. Several targets: the verb chooses by the facts."""

    sources: frozenset[State]
    targets: frozenset[State]
    sides: frozenset[Side]


class WrongMove(Exception):
    """The binding isn't in a state from which, or the side isn't one by which, this can be done."""

    def __init__(self, move: Move, state: State | None, side: Side) -> None:
        self.move, self.state, self.side = move, state, side
        super().__init__(f"{move} from {state} by {side}")


def _rule(sources: set[State], targets: set[State], sides: set[Side] | frozenset[Side]) -> Rule:
    return Rule(frozenset(sources), frozenset(targets), frozenset(sides))


_SYSTEM, _STAFF = {Side.SYSTEM}, {Side.STAFF}
MOVES: dict[Move, Rule] = {
    Move.PROPOSE: _rule(set(), {State.WAITING}, PARTIES),
    Move.CONFIRM: _rule({State.WAITING}, {State.ACTIVE}, PARTIES),
    Move.HAND_OVER: _rule({State.WAITING}, {State.WITH_STAFF}, PARTIES),
    Move.DECLINE: _rule({State.WAITING}, {State.DECLINED}, PARTIES),
    Move.WITHDRAW: _rule({State.WAITING, State.WITH_STAFF}, {State.WITHDRAWN}, PARTIES),
    Move.LAPSE: _rule({State.WAITING, State.WITH_STAFF}, {State.LAPSED}, _SYSTEM),
    Move.APPROVE: _rule({State.WITH_STAFF}, {State.ACTIVE}, _STAFF),
    Move.REFUSE: _rule({State.WITH_STAFF}, {State.REFUSED}, _STAFF),
    # Also while suspended, and over the other side's pause: nobody else lets flow what somebody has stopped.
    Move.PAUSE: _rule(set(IN_FORCE), {State.PAUSED, State.SUSPENDED}, PARTIES),
    # To paused where the other side's pause stands behind the one that is lifted.
    Move.RESUME: _rule(
        {State.PAUSED, State.SUSPENDED}, {State.ACTIVE, State.PAUSED, State.SUSPENDED}, PARTIES
    ),
    Move.SUSPEND: _rule({State.ACTIVE, State.PAUSED}, {State.SUSPENDED}, _SYSTEM),
    Move.LIFT: _rule({State.SUSPENDED}, {State.ACTIVE, State.PAUSED}, _SYSTEM),
    Move.CHANGE: _rule(set(IN_FORCE), {State.ACTIVE, State.PAUSED, State.SUSPENDED}, {Side.GIVER}),
    Move.END: _rule(
        set(IN_FORCE), {State.ENDED, State.ENDING}, PARTIES | {Side.SYSTEM, Side.STAFF}
    ),
    Move.FINISH: _rule({State.ENDING}, {State.ENDED}, _SYSTEM),
    Move.UNDO: _rule({State.ENDED, State.ENDING}, {State.ACTIVE, State.PAUSED}, PARTIES),
}


def check(move: Move, *, state: State | None, to: State, by: Side) -> None:
    """Raise `WrongMove` unless the table allows it; `state` None is a binding that is not there yet."""
    rule = MOVES[move]
    from_here = state in rule.sources if state is not None else not rule.sources
    stays = move is not Move.CHANGE or to == state
    if not (from_here and to in rule.targets and by in rule.sides and stays):
        raise WrongMove(move, state, by)


def other(side: Side) -> Side:
    """The other party."""
    return Side.BENEFICIARY if side is Side.GIVER else Side.GIVER
