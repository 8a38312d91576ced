"""What a run says: a line for each phase, a table of what is broken, and one line for all of it at the end."""

import json
import sys
from dataclasses import dataclass, field

INVARIANTS = 14


def say(text):
    """At once: whoever watches an hour wants to see where it is."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


@dataclass
class Phase:
    """`numbers` are counts by name; `broken` are {"invariant", "told"}; `troubles` are errors that nothing explains.

    `goals` are what numbers should have come to: what falls short is said, and is no fault of what is proved.
    """

    name: str
    seconds: float
    numbers: dict
    broken: list = field(default_factory=list)
    troubles: list = field(default_factory=list)
    goals: dict = field(default_factory=dict)

    @property
    def short(self):
        """(name, how many, how many there should be)."""
        found = ((name, self.numbers.get(name, 0), most) for name, most in self.goals.items())
        return [one for one in found if one[1] < one[2]]

    @property
    def is_clean(self):
        numbers = self.numbers
        return not (
            self.broken
            or self.troubles
            or numbers.get("retries")
            or numbers.get("trouble")
            or numbers.get("crashes")
            or numbers.get("lost")
        )

    @property
    def line(self):
        told = " ".join(f"{name}={value:.0f}" for name, value in self.numbers.items() if value)
        rate = self.numbers.get("operations", 0) / max(self.seconds, 0.001)
        state = "clean" if self.is_clean else "BROKEN"
        return f"{self.name}: {state} {self.seconds:.0f}s {told} rate={rate:.0f}/s"


class Report:
    def __init__(self, seed):
        self.seed, self.phases = seed, []

    def add(self, phase):
        self.phases.append(phase)
        say(phase.line)
        for name, times, most in phase.short:
            say(f"  SHORT {name}: {times:.0f} of {most}")
        for one in phase.broken[:20]:
            say(f"  BROKEN {one['invariant']} {one['told']}")
        for one in phase.troubles[:5]:
            say(f"  TROUBLE {json.dumps(one, ensure_ascii=False)[:2000]}")

    @property
    def is_clean(self):
        return bool(self.phases) and all(one.is_clean for one in self.phases)

    def total(self, name):
        return sum(one.numbers.get(name, 0) for one in self.phases)

    @property
    def last_line(self):
        """`ops` are operations and the verb calls of all schedules; `retries` are those that nothing explains."""
        unexplained = self.total("retries") + self.total("trouble")
        broken = sum(len(one.broken) for one in self.phases) + self.total("crashes")
        return (
            f"seed={self.seed} ops={self.total('operations')} kills={self.total('kills')} "
            f"restarts={self.total('restarts')} retries={unexplained} "
            f"invariants={INVARIANTS} broken={broken} lost_acks={self.total('lost')}"
        )

    def write(self, path):
        told = {
            "seed": self.seed,
            "line": self.last_line,
            "phases": [vars(one) | {"clean": one.is_clean} for one in self.phases],
        }
        with open(path, "w", encoding="utf-8") as file:
            json.dump(told, file, ensure_ascii=False, indent=1)
