"""Why an account gives nothing at all to a bill of a day. Pure: facts and published rules in, the reason out.

Of several reasons the one comes first that lasts longest or weighs most: nobody is told of a pause when the money is gone for good.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from family.deduction import Stop
from family.moves import State
from insurance.policy_values import Policy
from insurance.rules import family_aid, spending
from insurance.rules.decision import NO, YES
from insurance.rules.evidence import listed, read
from insurance.rules.family_aid import LIMIT, WALLET_TRANSFER, FamilyAidFacts
from insurance.rules.spending import SpendingFacts

SELF, RELATIVE = "self", "relative"
EMPLOYEE = "employee"
STATES = {
    State.PAUSED: Stop.PAUSED,
    State.SUSPENDED: Stop.SUSPENDED,
    State.ENDING: Stop.ENDED,
    State.ENDED: Stop.ENDED,
}


class Cover(NamedTuple):
    """Where somebody is insured on the day."""

    area: str
    scheme: str
    has_account: bool


def _first(covers: Iterable[Cover]) -> Cover | None:
    """Employee before resident."""
    found = None
    for one in covers:
        if one.scheme == EMPLOYEE:
            return one
        found = found or one
    return found


@dataclass(frozen=True)
class Party:
    """What the register says of somebody on the day. `leaving_to` is where a transfer goes, "" where that isn't said."""

    covers: tuple[Cover, ...] = ()
    dead: bool = False
    frozen: bool = False
    settlement_suspended: bool = False
    leaving: bool = False
    leaving_to: str = ""

    def cover_in(self, area: str) -> Cover | None:
        """Employee before resident, who have no account."""
        return _first(one for one in self.covers if one.area == area)

    @property
    def area(self) -> str:
        """Where the own account is used; "" for somebody who is insured nowhere."""
        found = _first(self.covers)
        return found.area if found else ""

    def leaves(self, area: str) -> bool:
        """A register may leave the end of a transfer open when it is plain: insured over there."""
        return self.leaving and self.leaving_to != area


class Link(NamedTuple):
    """A binding. `staff_agreed`: the rules alone did not decide, and staff did."""

    state: str
    consented: bool
    relation_ended: bool
    relation: str
    money_model: str
    giver_area: str
    beneficiary_area: str
    uses: frozenset[str]
    from_day: date
    to_day: date | None
    usable_from: datetime | None
    staff_agreed: bool


@dataclass(frozen=True)
class Bill:
    """What is asked: a kind of spending, on a day. `designated` None: not known whether the provider is."""

    use: str
    designated: bool | None
    day: date
    now: datetime


Policies = Mapping[str, Policy]


def bars_own(person: Party, area: str, bill: Bill, policies: Policies) -> Stop | None:
    """For the person's own accounts, by the rules of the place that keeps them."""
    facts = _facts(person) or (Stop.SETTLEMENT_SUSPENDED if person.settlement_suspended else None)
    return facts or _spending(SELF, area, bill, policies)


def bars_giver(
    link: Link, giver: Party, beneficiary: Party, bill: Bill, policies: Policies
) -> Stop | None:
    """For an account of somebody else, through a binding."""
    return (
        _by_register(link, giver, beneficiary)
        or _by_binding(link, bill)
        or _by_rule(link, giver, beneficiary, bill, policies)
        or (None if bill.use in link.uses else Stop.USE_NOT_COVERED)
        or _spending(RELATIVE, link.giver_area, bill, policies)
        or _limit_uses(link, bill, policies)
    )


def _facts(person: Party) -> Stop | None:
    if person.dead:
        return Stop.DEAD
    return Stop.FROZEN if person.frozen else None


def _by_register(link: Link, giver: Party, beneficiary: Party) -> Stop | None:
    if beneficiary.dead:
        return Stop.DEAD
    if found := _facts(giver):
        return found
    # Whoever can't settle at a counter can't with somebody else's money either.
    if giver.settlement_suspended or beneficiary.settlement_suspended:
        return Stop.SETTLEMENT_SUSPENDED
    moved = (
        giver.cover_in(link.giver_area) is None
        or beneficiary.cover_in(link.beneficiary_area) is None
        or giver.leaves(link.giver_area)
    )
    return Stop.AREA if moved else None


def _by_binding(link: Link, bill: Bill) -> Stop | None:
    if not link.consented:
        return Stop.NOT_CONSENTED
    if link.relation_ended:
        return Stop.ENDED
    if link.state != State.ACTIVE:
        return STATES.get(State(link.state), Stop.NOT_CONSENTED)
    if bill.day < link.from_day:
        return Stop.NOT_STARTED
    if link.to_day is not None and link.to_day < bill.day:
        return Stop.ENDED
    if link.usable_from is not None and bill.now < link.usable_from:
        return Stop.COOLING_DOWN
    return Stop.BY_WALLET if link.money_model == WALLET_TRANSFER else None


def _by_rule(
    link: Link, giver: Party, beneficiary: Party, bill: Bill, policies: Policies
) -> Stop | None:
    """The rules of the day, asked again: they may have changed since the binding was made."""
    mine, theirs = giver.cover_in(link.giver_area), beneficiary.cover_in(link.beneficiary_area)
    if mine is None or theirs is None:
        return Stop.AREA
    facts = FamilyAidFacts(
        relation=link.relation,
        giver_scheme=mine.scheme,
        giver_has_account=True,  # whether there is one is seen by the account itself
        giver_area=link.giver_area,
        beneficiary_scheme=theirs.scheme,
        beneficiary_area=link.beneficiary_area,
    )
    verdict, model = _aid(facts, policies[link.giver_area], policies[link.beneficiary_area], bill)
    if verdict == NO:
        return Stop.AREA
    if verdict != YES:
        return None if link.staff_agreed else Stop.RULE_UNKNOWN
    return None if model == link.money_model else Stop.AREA


def _aid(
    facts: FamilyAidFacts, giver: Policy, beneficiary: Policy, bill: Bill
) -> tuple[str, str | None]:
    """The verdict and the money model."""
    asked = (family_aid.RULE, facts, bill.day, beneficiary.area, beneficiary.versions)
    if asked not in giver.concluded:
        made = family_aid.decide(facts, giver, beneficiary, bill.day)
        giver.concluded[asked] = (made.verdict, made.figures["money_model"])
    verdict, model = giver.concluded[asked]
    return verdict, model


def _spending(person: str, area: str, bill: Bill, policies: Policies) -> Stop | None:
    policy = policies[area]
    facts = SpendingFacts(bill.use, person, bill.designated)
    asked = (spending.RULE, facts, bill.day)
    if asked not in policy.concluded:
        policy.concluded[asked] = spending.decide(facts, policy, bill.day).verdict
    verdict = policy.concluded[asked]
    if verdict == YES:
        return None
    return Stop.USE_NOT_PAYABLE if verdict == NO else Stop.RULE_UNKNOWN


def _limit_uses(link: Link, bill: Bill, policies: Policies) -> Stop | None:
    """A limit across provinces pays for less than an account does."""
    if link.money_model != LIMIT:
        return None
    answer = policies[link.giver_area].get("family_aid.limit.uses")
    verdict = read(answer, bill.day, listed(bill.use)).verdict
    return Stop.USE_NOT_PAYABLE if verdict == NO else None
