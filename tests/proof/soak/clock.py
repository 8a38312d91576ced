"""The time of the rig: one clock for all of its processes, which only the nemesis moves, and only forward.

It lies in shared memory as seconds ahead of the machine's. A worker looks at it between two operations.
"""

import datetime as dt
import time
from multiprocessing import sharedctypes
from zoneinfo import ZoneInfo

import time_machine

SHANGHAI = ZoneInfo("Asia/Shanghai")
# A Monday before all the edges; a run begins there whatever the machine's date.
FIRST = dt.datetime(2026, 11, 16, 10, 0, tzinfo=SHANGHAI)
BEFORE = FIRST - dt.timedelta(hours=1)  # when its families bound each other
# Two seconds before midnight, a month's end, a year's end, and around a leap day.
EDGES = (
    (2026, 11, 16),
    (2026, 11, 30),
    (2026, 12, 31),
    (2027, 2, 28),
    (2027, 12, 31),
    (2028, 2, 28),
    (2028, 2, 29),
    (2028, 12, 31),
)
# Much less than what the checks of the data allow between two machines.
CLOSE_SECONDS = 0.05
JUST_BEFORE = dt.time(23, 59, 58)


def machine_now():
    """The machine's own, also where the process has travelled."""
    hatch = time_machine.escape_hatch
    return hatch.time.time() if hatch.is_travelling() else time.time()


class Clock:
    """`traveller` is None until the process has set out."""

    def __init__(self, first=FIRST):
        self._ahead = sharedctypes.RawValue("d", first.timestamp() - machine_now())
        self._seen = None
        self._traveller = None

    def now(self):
        return machine_now() + self._ahead.value

    def jump_to(self, moment):
        """Never back: what was written would lie in the future."""
        self._ahead.value = max(self._ahead.value, moment.timestamp() - machine_now())

    def jump_to_next_edge(self):
        now = self.now()
        for edge in EDGES:
            moment = dt.datetime.combine(dt.date(*edge), JUST_BEFORE, tzinfo=SHANGHAI)
            if moment.timestamp() > now:
                self.jump_to(moment)
                return
        self._ahead.value += dt.timedelta(days=1).total_seconds()

    def set_out(self):
        """This process takes the rig's time from now on."""
        self._traveller = time_machine.travel(self.now(), tick=True).start()
        self._arrive()

    def look(self):
        if self._ahead.value != self._seen:
            self._arrive()

    def _arrive(self):
        """Again, where the machine had no time for this process just between reading one clock and setting the other."""
        while True:
            self._seen = self._ahead.value
            self._traveller.move_to(self.now())
            if abs(self.now() - time.time()) < CLOSE_SECONDS:
                return
