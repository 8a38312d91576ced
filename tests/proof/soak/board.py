"""Numbers that all processes of a phase share: what each worker has done, and what is to happen to it."""

from multiprocessing import sharedctypes

# `operations` are bills and other verbs; of `calls` a batch of bills is one.
COUNTS = (
    "operations",
    "calls",
    "settlements",
    "refused",
    "asked_again",
    "retries",
    "dropped",
    "full",
    "trouble",
)
# What a worker finds here it does to itself at that statement of its next operation that has so many, counted from 1.
ORDERS = ("kill", "cut", "lose_answer")


class Board:
    def __init__(self, workers):
        self.workers = workers
        self._numbers = sharedctypes.RawArray("q", workers * len(COUNTS))
        self._orders = sharedctypes.RawArray("q", workers * len(ORDERS))
        self._stop = sharedctypes.RawValue("b", 0)
        # The number of the pause that is on, 0 for none; and the one in which each worker waits.
        self._paused = sharedctypes.RawValue("q", 0)
        self._idle = sharedctypes.RawArray("q", workers)
        self._pauses = 0
        # How large a file may become, in bytes; 0 is as large as the disk.
        self.room = sharedctypes.RawValue("q", 0)

    def count(self, worker, name, more=1):
        self._numbers[worker * len(COUNTS) + COUNTS.index(name)] += more

    def total(self, name):
        place = COUNTS.index(name)
        return sum(self._numbers[place :: len(COUNTS)])

    def totals(self):
        return {name: self.total(name) for name in COUNTS}

    def order(self, worker, name, statement):
        self._orders[worker * len(ORDERS) + ORDERS.index(name)] = statement

    def take_order(self, worker):
        """(name, statement), or None. It stays until `done`: an operation may end before that statement."""
        for place, name in enumerate(ORDERS):
            if statement := self._orders[worker * len(ORDERS) + place]:
                return name, statement
        return None

    def done(self, worker, name):
        self.order(worker, name, 0)

    def pause(self):
        """Between two operations everybody waits until `go_on`."""
        self._pauses += 1
        self._paused.value = self._pauses

    def go_on(self):
        self._paused.value = 0

    def wait_turn(self, worker, wait):
        while (pause := self._paused.value) and not self.is_over:
            self._idle[worker] = pause
            wait()

    def left(self, worker):
        """It is no more; whoever comes in its place is heard of when it waits."""
        self._idle[worker] = 0

    def all_wait(self):
        return all(one == self._pauses for one in self._idle)

    def stop(self):
        self._stop.value = 1

    @property
    def is_over(self):
        return bool(self._stop.value)
