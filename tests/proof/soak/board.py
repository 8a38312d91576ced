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

    def stop(self):
        self._stop.value = 1

    @property
    def is_over(self):
        return bool(self._stop.value)
