"""All that was ever published for an area, seen on one day. Pure.

A page that asks about several days of one area reads the rules once and looks at them here.
"""

from datetime import date

from insurance.policy_values import Answer, Policy


def on(policy: Policy, day: date) -> Policy:
    """What holds on that day out of the values of every day; names that nothing covers have no answer."""
    found = {
        name: Answer(name, tuple(value for value in answer if value.covers(day)))
        for name, answer in policy.answers.items()
    }
    answers = {name: answer for name, answer in found.items() if answer.values}
    return Policy(policy.area, day, answers, policy.versions)
