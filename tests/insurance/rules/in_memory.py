"""The policy of an area and a day out of the files, without a database: what `policy_reading` does with rows."""

from collections import defaultdict
from functools import cache

from insurance import areas, policy_folder
from insurance.policy_values import SEED_ONLY, Answer, Policy


@cache
def by_area():
    return {one.area: one.values for one in policy_folder.read().files}


def _is_answered(value, nearer):
    return (
        value.is_blank
        and not (value.valid_from or value.valid_to)
        and any(one.confidence != SEED_ONLY for one in nearer if one.area != value.area)
    )


def policy_on(area, day):
    found = defaultdict(list)
    for code in areas.chain(area):
        for value in by_area().get(code, ()):
            if value.covers(day) and not _is_answered(value, found[value.name]):
                found[value.name].append(value)
    return Policy(area, day, {name: Answer(name, tuple(values)) for name, values in found.items()})
