"""The phases of an hour, and how much of it each gets; other lengths are shorter or longer in all of them alike.

First what has a goal: faults and interleavings, which end as soon as they are there. All the time that is left belongs to the
phases without faults, which do as many operations as the machine can.
"""

from dataclasses import asdict, dataclass

from tests.proof.soak.nemesis import Faults

HOUR = 3_600.0
NO_FAULTS = Faults()
DROPS, DISK_FULL = ("drops",), ("drops", "full")


@dataclass(frozen=True)
class Phase:
    """Numbers are those of an hour; `share` is the part of the time at most. `bills` are those of a batch.

    `goals` are (count, how many): where all are there the phase is over. With `world_seconds` worlds follow each other, each with
    its own seed, until the time is over; `share` is then the part of what is left when all others are done.
    """

    name: str
    vendor: str
    share: float
    workers: int
    faults: Faults = NO_FAULTS
    expects: tuple = ()
    every: float = 5.0
    bills: int = 0
    synced: bool = True
    goals: tuple = ()
    world_seconds: float = 0.0
    side_by_side: int = 1
    small_disk: bool = False


PHASES = (
    Phase(
        "faults-postgres",
        "postgres",
        0.26,
        8,
        Faults(kills=240, terminated=130, cuts=90, lost_answers=60, restarts=22, jumps=12),
        DROPS,
        bills=8,
        goals=(("settlements", 20_000), ("kills", 200), ("dropped", 200), ("restarts", 20)),
    ),
    Phase(
        "faults-sqlite",
        "sqlite",
        0.12,
        4,
        Faults(kills=240, lost_answers=60, jumps=12),
        DROPS,
        bills=8,
        goals=(("settlements", 10_000), ("kills", 200)),
    ),
    Phase("disk-full", "sqlite", 0.02, 3, Faults(kills=10), DISK_FULL, small_disk=True),
)
# Two processes share the scenarios: while one waits for the server the other goes on.
INTERLEAVINGS, SCHEDULES, STAGES = 0.17, 5_000, 2
# Many worlds, no faults. Two side by side: while one is inspected the other goes on.
OPERATIONS = (
    Phase(
        "operations-postgres",
        "postgres",
        0.4,
        2,
        every=20.0,
        bills=100,
        synced=False,
        world_seconds=90.0,
        side_by_side=2,
    ),
    Phase(
        "operations-sqlite",
        "sqlite",
        0.6,
        2,
        every=20.0,
        bills=100,
        synced=False,
        world_seconds=90.0,
        side_by_side=2,
    ),
)
# A world needs this much of its own time again to be built and inspected; a shorter one is not worth that.
AROUND, SHORTEST_WORLD = 0.4, 5.0


def seconds(phase, minutes):
    """Of a phase with faults, at most."""
    return minutes * 60 * phase.share


def world_seconds(phase, left):
    """Of the next world of a phase without faults, None where no more is worth it."""
    fits = left / (1 + AROUND)
    return min(phase.world_seconds, fits) if fits > SHORTEST_WORLD else None


def goals(phase, minutes):
    return {name: _scaled(times, minutes * 60 / HOUR) for name, times in phase.goals}


def plan(phase, *, seed, minutes, number, lasts):
    """What `crew.Plan` takes, as JSON carries it: of the phase's world of that number. `lasts` is in seconds."""
    part = minutes * 60 / HOUR
    return {
        "seed": f"{seed}/{phase.name}/{number}",
        "workers": phase.workers,
        "seconds": lasts,
        "most": None,
        "faults": {name: _scaled(times, part) for name, times in asdict(phase.faults).items()},
        "goals": goals(phase, minutes),
        "every": phase.every,
        "bills": phase.bills,
        "synced": phase.synced,
        "expects": list(phase.expects),
        "broken": "",
    }


def _scaled(times, part):
    """At least one of what an hour has at all."""
    return max(1, round(times * part)) if times else 0
