"""The phases of an hour, and how much of it each gets; other lengths are shorter or longer in all of them alike."""

from dataclasses import asdict, dataclass

from tests.proof.soak.nemesis import Faults

HOUR = 3_600.0
NO_FAULTS = Faults()
DROPS, DISK_FULL = ("drops",), ("drops", "full")


@dataclass(frozen=True)
class Phase:
    """Numbers are those of an hour; `share` is the part of the time. `bills` are those of a batch.

    With `world_seconds` worlds follow each other, each with its own seed, until the time is over; otherwise there is one.
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
    world_seconds: float = 0.0
    side_by_side: int = 1
    small_disk: bool = False


PHASES = (
    # Many worlds, no faults: as many operations as the machine can do.
    Phase(
        "operations-sqlite",
        "sqlite",
        0.28,
        2,
        every=30.0,
        bills=100,
        synced=False,
        world_seconds=60.0,
        side_by_side=2,
    ),
    Phase(
        "operations-postgres",
        "postgres",
        0.08,
        4,
        every=30.0,
        bills=100,
        synced=False,
        world_seconds=90.0,
    ),
    Phase(
        "faults-postgres",
        "postgres",
        0.26,
        8,
        Faults(kills=240, terminated=130, cuts=90, lost_answers=60, restarts=22, jumps=12),
        DROPS,
        bills=8,
    ),
    Phase(
        "faults-sqlite",
        "sqlite",
        0.12,
        4,
        Faults(kills=240, lost_answers=60, jumps=12),
        DROPS,
        bills=8,
    ),
    Phase("disk-full", "sqlite", 0.02, 3, Faults(kills=10), DISK_FULL, small_disk=True),
)
# Two processes share the scenarios: while one waits for the server the other goes on.
INTERLEAVINGS, SCHEDULES, STAGES = 0.17, 5_000, 2


def seconds(phase, minutes):
    """Of the whole phase."""
    return minutes * 60 * phase.share


def plan(phase, *, seed, minutes, number):
    """What `crew.Plan` takes, as JSON carries it: of the phase's world of that number."""
    part = minutes * 60 / HOUR
    whole = seconds(phase, minutes)
    return {
        "seed": f"{seed}/{phase.name}/{number}",
        "workers": phase.workers,
        "seconds": min(phase.world_seconds or whole, whole),
        "most": None,
        "faults": {name: _scaled(times, part) for name, times in asdict(phase.faults).items()},
        "every": phase.every,
        "bills": phase.bills,
        "synced": phase.synced,
        "expects": list(phase.expects),
        "broken": "",
    }


def _scaled(times, part):
    """At least one of what an hour has at all."""
    return max(1, round(times * part)) if times else 0
