"""In which order transactions go on: first all orders that interrupt one of them once, then drawn ones with more. Pure.

A schedule is a list of (actor, statements); where it is over, or the actor waits for a lock, the next one goes on, and at the end
everybody does in turn.
"""

from itertools import permutations
from random import Random

# Of those with more interruptions than one: how many times somebody is interrupted at most.
MOST_CUTS = 6


def serial(actors):
    """Nobody is interrupted."""
    for order in permutations(range(actors)):
        yield tuple((one, None) for one in order)


def once_interrupted(lengths):
    """One of them stops before each of its statements, and the others go through in every order."""
    for first, length in enumerate(lengths):
        others = [one for one in range(len(lengths)) if one != first]
        for order in permutations(others):
            for steps in range(1, length):
                yield ((first, steps), *((one, None) for one in order), (first, None))


def drawn(seed, lengths):
    """Without end: two or more interruptions, at places that the seed draws."""
    draw = Random(seed)
    while True:
        cuts = draw.randint(2, MOST_CUTS)
        segments = []
        for _cut in range(cuts):
            actor = draw.randrange(len(lengths))
            segments.append((actor, draw.randint(1, max(1, lengths[actor] - 1))))
        order = draw.sample(range(len(lengths)), len(lengths))
        yield (*segments, *((one, None) for one in order))


def chosen(seed, lengths, most):
    """No more than `most`, no two alike; of the once interrupted an even part where they are more than half of that."""
    simple = list(once_interrupted(lengths))
    if len(simple) > most // 2:
        simple = Random(f"{seed}/simple").sample(simple, most // 2)
    known = set(simple)
    yield from simple
    for one in drawn(f"{seed}/drawn", lengths):
        if len(known) >= most:
            return
        if one not in known:
            known.add(one)
            yield one
