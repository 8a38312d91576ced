"""Why an account gives nothing at all to a bill of a day. Pure: facts and published rules in, the reason out.

Of several reasons the one comes first that lasts longest or weighs most: nobody is told of a pause when the money is gone for good.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import NamedTuple

from family.deduction import Stop
from family.moves import State
from insurance.policy_values import Policy
from insurance.rules import family_aid, spending
from insurance.rules.decision import NO, STAFF_DECIDES, UNKNOWN, YES
from insurance.rules.evidence import listed, read
from insurance.rules.family_aid import LIMIT, WALLET_TRANSFER, FamilyAidFacts
from insurance.rules.spending import SpendingFacts

SELF, RELATIVE = "self", "relative"
EMPLOYEE = "employee"
# Verdicts that leave it to staff.
OPEN = frozenset({STAFF_DECIDES, UNKNOWN})
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


class Party(NamedTuple):
    """What the register says of somebody on the day. `leaving_to` is where a transfer goes, "" where that isn't said."""

    covers: tuple[Cover, ...] = ()
    dead: bool = False
    frozen: bool = False
    settlement_suspended: bool = False
    leaving: bool = False
    leaving_to: str = ""

    def cover_in(self, area: str) -> Cover | None:
        """Employee before resident, who have no account."""
        found = None
        for one in self.covers:
            if one.area == area:
                if one.scheme == EMPLOYEE:
                    return one
                found = found or one
        return found

    @property
    def area(self) -> str:
        """Where the own account is used; "" for somebody who is insured nowhere."""
        employed = (one.area for one in self.covers if one.scheme == EMPLOYEE)
        return next(employed, self.covers[0].area if self.covers else "")

    def leaves(self, area: str) -> bool:
        """A register may leave the end of a transfer open when it is plain: insured over there."""
        return self.leaving and self.leaving_to != area


class Link(NamedTuple):
    """A binding. `verdict` is that of the rules when staff looked at it, if they did."""

    uses: frozenset[str]
    state: str
    relation: str
    money_model: str
    giver_area: str
    beneficiary_area: str
    from_day: date
    to_day: date | None
    usable_from: datetime | None
    staff_reason: str
    verdict: str | None
    giver_agreed: bool
    beneficiary_agreed: bool
    relation_ended: bool

    @property
    def consented(self) -> bool:
        return self.giver_agreed and self.beneficiary_agreed

    @property
    def staff_agreed(self) -> bool:
        """The rules alone did not decide, and staff did; these are asked about names and numbers of members, too."""
        return bool(self.staff_reason) and self.verdict in OPEN


class Bill(NamedTuple):
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
    if found := _by_register(giver, beneficiary):
        return found
    mine, theirs = giver.cover_in(link.giver_area), beneficiary.cover_in(link.beneficiary_area)
    if mine is None or theirs is None or giver.leaves(link.giver_area):
        return Stop.AREA
    return (
        _by_binding(link, bill)
        or _by_rule(link, mine, theirs, bill, policies)
        or (None if bill.use in link.uses else Stop.USE_NOT_COVERED)
        or _spending(RELATIVE, link.giver_area, bill, policies)
        or _limit_uses(link, bill, policies)
    )


def _facts(person: Party) -> Stop | None:
    if person.dead:
        return Stop.DEAD
    return Stop.FROZEN if person.frozen else None


def _by_register(giver: Party, beneficiary: Party) -> Stop | None:
    if beneficiary.dead:
        return Stop.DEAD
    if found := _facts(giver):
        return found
    # Whoever can't settle at a counter can't with somebody else's money either.
    if giver.settlement_suspended or beneficiary.settlement_suspended:
        return Stop.SETTLEMENT_SUSPENDED
    return None


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
    link: Link, giver: Cover, beneficiary: Cover, bill: Bill, policies: Policies
) -> Stop | None:
    """The rules of the day, asked again: they may have changed since the binding was made."""
    verdict, model = _aid(link, giver.scheme, beneficiary.scheme, bill, policies)
    if verdict == NO:
        return Stop.AREA
    if verdict != YES:
        return None if link.staff_agreed else Stop.RULE_UNKNOWN
    return None if model == link.money_model else Stop.AREA


def _aid(
    link: Link, giver_scheme: str, beneficiary_scheme: str, bill: Bill, policies: Policies
) -> tuple[str, str | None]:
    """The verdict and the money model."""
    giver, beneficiary = policies[link.giver_area], policies[link.beneficiary_area]
    whose = (giver_scheme, beneficiary.area, beneficiary_scheme, beneficiary.versions)
    asked = (family_aid.RULE, bill.day, link.relation, *whose)
    found: tuple[str, str | None] | None = giver.concluded.get(asked)
    if found is None:
        facts = FamilyAidFacts(
            relation=link.relation,
            giver_scheme=giver_scheme,
            giver_has_account=True,  # whether there is one is seen by the account itself
            giver_area=link.giver_area,
            beneficiary_scheme=beneficiary_scheme,
            beneficiary_area=link.beneficiary_area,
        )
        made = family_aid.decide(facts, giver, beneficiary, bill.day)
        found = giver.concluded[asked] = (made.verdict, made.figures["money_model"])
    return found


def _spending(person: str, area: str, bill: Bill, policies: Policies) -> Stop | None:
    policy = policies[area]
    asked = (spending.RULE, bill.day, bill.use, person, bill.designated)
    verdict = policy.concluded.get(asked)
    if verdict is None:
        facts = SpendingFacts(bill.use, person, bill.designated)
        verdict = policy.concluded[asked] = spending.decide(facts, policy, bill.day).verdict
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
