"""May the account pay it: the rule on spending as a page shows it."""

from datetime import date

from insurance import decision_view, explaining
from insurance.decision_view import DecisionView
from insurance.places import area_name
from insurance.rules import spending
from insurance.rules.spending import SpendingFacts


def answer(facts: SpendingFacts, *, area: str, on: date) -> DecisionView:
    """Three queries: the rules, and the name of the place."""
    decision = explaining.decide(spending.RULE, area=area, on=on, facts=facts)
    return decision_view.view(decision, area=area_name(area))
