"""What goes wrong when: drawn from the seed before a phase begins, so that its numbers don't hang on the machine's speed."""

from dataclasses import dataclass
from random import Random

# So many statements a verb has at most that is worth to be stopped in: a settlement has about twenty.
STATEMENTS = 24


@dataclass(frozen=True)
class Faults:
    """How many of each in a phase. `kills` are from outside and, every other one, in the middle of a transaction."""

    kills: int = 0
    terminated: int = 0
    cuts: int = 0
    lost_answers: int = 0
    restarts: int = 0
    jumps: int = 0

    @property
    def drops(self):
        return self.terminated + self.cuts + self.lost_answers + self.restarts


@dataclass(frozen=True)
class Stroke:
    """`at` is the part of the phase that has gone by. `place` chooses among workers or connections."""

    at: float
    kind: str
    place: int
    statement: int


def strokes(seed, faults):
    """In the order of their time; those of one kind are spread evenly, each somewhere in its own stretch."""
    draw = Random(f"{seed}/nemesis")
    made = []
    for kind, times in (
        ("kill_outside", faults.kills - faults.kills // 2),
        ("kill", faults.kills // 2),
        ("terminate", faults.terminated),
        ("cut", faults.cuts),
        ("lose_answer", faults.lost_answers),
        ("restart", faults.restarts),
        ("jump", faults.jumps),
    ):
        for number in range(times):
            at = (number + draw.random()) / times
            made.append(Stroke(at, kind, draw.randrange(1_000), draw.randint(1, STATEMENTS)))
    return sorted(made, key=lambda one: one.at)
