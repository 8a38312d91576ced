"""The phases of an hour, and how much of it each gets; other lengths are shorter or longer in all of them alike."""

from dataclasses import asdict, dataclass

from tests.proof.soak.nemesis import Faults

HOUR = 3_600.0
NO_FAULTS = Faults()
DROPS, DISK_FULL = ("drops",), ("drops", "full")


@dataclass(frozen=True)
class Phase:
    """Numbers are those of an hour. `share` is the part of the time. `seeds` worlds follow each other, each its own seed."""

    name: str
    vendor: str
    share: float
    workers: int
    faults: Faults = NO_FAULTS
    expects: tuple = ()
    every: float = 5.0
    batches: bool = False
    synced: bool = True
    seeds: int = 1
    small_disk: bool = False
    side_by_side: int = 1

    def seeds_in(self, part):
        return max(self.side_by_side, round(self.seeds * part))


PHASES = (
    # Many worlds, no faults: as many operations as the machine can do.
    Phase(
        "operations-sqlite",
        "sqlite",
        0.25,
        2,
        batches=True,
        synced=False,
        seeds=40,
        every=20,
        side_by_side=2,
    ),
    Phase(
        "operations-postgres", "postgres", 0.10, 4, batches=True, synced=False, seeds=10, every=20
    ),
    Phase(
        "faults-postgres",
        "postgres",
        0.30,
        8,
        Faults(kills=240, terminated=120, cuts=80, lost_answers=60, restarts=22, jumps=12),
        DROPS,
    ),
    Phase("faults-sqlite", "sqlite", 0.13, 4, Faults(kills=240, lost_answers=60, jumps=12), DROPS),
    Phase(
        "disk-full",
        "sqlite",
        0.03,
        3,
        Faults(kills=20),
        DISK_FULL,
        small_disk=True,
    ),
)
# Two processes share the scenarios: while one waits for the server the other goes on.
INTERLEAVINGS, SCHEDULES, STAGES = 0.17, 5_000, 2


def plan(phase, *, seed, minutes, number):
    """What `crew.Plan` takes, as JSON carries it: of the phase's world of that number."""
    part = minutes * 60 / HOUR
    return {
        "seed": f"{seed}/{phase.name}/{number}",
        "workers": phase.workers,
        "seconds": minutes * 60 * phase.share * phase.side_by_side / phase.seeds_in(part),
        "most": None,
        "faults": {name: _scaled(times, part) for name, times in asdict(phase.faults).items()},
        "every": phase.every,
        "batches": phase.batches,
        "synced": phase.synced,
        "expects": list(phase.expects),
        "broken": "",
    }


def _scaled(times, part):
    """At least one of what an hour has at all."""
    return max(1, round(times * part)) if times else 0
