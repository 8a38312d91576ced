"""May the account pay it: the rule on spending as a page shows it."""

from datetime import date

from insurance import explaining
from insurance.rules import spending
from insurance.rules.spending import SpendingFacts
from queries.selectors import decisions
from queries.selectors.decisions import DecisionView
from queries.selectors.withdrawal import area_name


def answer(facts: SpendingFacts, *, area: str, on: date) -> DecisionView:
    """Three queries: the rules, and the name of the place."""
    decision = explaining.decide(spending.RULE, area=area, on=on, facts=facts)
    return decisions.view(decision, area=area_name(area))
