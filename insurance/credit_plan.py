"""What one person's account gets for a month, or why nothing. Pure; in doubt nothing is credited and the reason is told."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import cache, lru_cache
from typing import NamedTuple

from insurance.counting import POST_RETIREMENT_MONTHLY, UNEMPLOYMENT_FUND
from insurance.periods import Month
from insurance.policy_values import Policy
from insurance.rules import monthly_credit
from insurance.rules.decision import YES, Decision
from insurance.rules.evidence import read
from insurance.rules.monthly_credit import IN_SERVICE, RETIRED, CreditFacts

OWN, RETIREE = "credit_own", "credit_retiree"
# Places differ in what these bring: Guangdong credits nothing to people who go on paying after retirement age.
MAY_BRING_NOTHING = {POST_RETIREMENT_MONTHLY, UNEMPLOYMENT_FUND}
# People of one place and age get the same; this many answers are some megabytes.
MOST_KEPT = 20_000
# Any that is known: what a place's rule says of one, it says of all.
ANY_BASE = 100_000
PolicyOf = Callable[[str], Policy]


class Enrolled(NamedTuple):
    """What of an enrolment decides about the month."""

    area: str
    is_retired: bool
    has_account: bool


class Paid(NamedTuple):
    """A record of the month that is paid; deemed years and military service are none."""

    area: str
    kind: str
    base_fen: int | None


class CreditCase(NamedTuple):
    """`enrolled` are the different ones of the month, those of the employee scheme where there are any.

    `barred` is the reason that the register or the ledger gives already, "" for none. `account_area` is "" where no account is open.
    """

    birth_date: date | None
    enrolled: frozenset[Enrolled]
    paid: tuple[Paid, ...]
    account_area: str
    barred: str = ""


class Answer(NamedTuple):
    """Fen and the kind of entry, or the reason why nothing is credited; a key of `credit_words.REASONS`."""

    fen: int = 0
    kind: str = ""
    reason: str = ""


class Planner:
    """Answers for one month by the policies of its first day, each read once."""

    def __init__(self, month: Month, policy_of: PolicyOf) -> None:
        self.month = month
        self._policy_of = policy_of
        self._asked = lru_cache(MOST_KEPT)(self._ask)
        self._rate = cache(self._ask_rate)

    def answer(self, case: CreditCase) -> Answer:
        """The first reason that stands against a credit, else the credit."""
        if reason := case.barred or _not_placed(case):
            return Answer(reason=reason)
        (enrolled,) = case.enrolled
        if not enrolled.is_retired:
            (paid,) = case.paid
            return self._of_base(enrolled.area, paid.base_fen)
        first, last = self.month.first_day, (self.month + 1).first_day - timedelta(days=1)
        born = case.birth_date
        ages = {None if born is None else _age(born, day) for day in (first, last)}
        answers = {self._asked(enrolled.area, RETIRED, age, None) for age in ages}
        # No document found says from which day of the month a birthday counts.
        return answers.pop() if len(answers) == 1 else Answer(reason="birthday_changes_amount")

    def _of_base(self, area: str, base_fen: int | None) -> Answer:
        """Nearly everybody has another base: the rule is asked for its rate, once for each place."""
        if base_fen is None:
            return self._asked(area, IN_SERVICE, None, None)
        if (rate := self._rate(area)) is None:
            return self._asked(area, IN_SERVICE, None, ANY_BASE)
        fen = monthly_credit.share_fen(base_fen, rate)
        return Answer(fen, OWN) if fen else Answer(reason="nothing_due")

    def _ask(self, area: str, person_type: str, age: int | None, base_fen: int | None) -> Answer:
        if reason := self._not_monthly(area):
            return Answer(reason=reason)
        decision = self._decide(area, person_type, age, base_fen)
        fen = decision.figures["expected_fen"]
        if decision.verdict == YES and fen:
            return Answer(fen, RETIREE if person_type == RETIRED else OWN)
        deciding = (one.code for one in decision.findings if one.verdict == decision.verdict)
        return Answer(reason="nothing_due" if decision.verdict == YES else next(deciding))

    def _ask_rate(self, area: str) -> str | None:
        if self._not_monthly(area):
            return None
        return monthly_credit.rate_of(self._decide(area, IN_SERVICE, None, ANY_BASE))

    def _not_monthly(self, area: str) -> str:
        posting = read(
            self._policy_of(area).get("account_credit.posting_rule"), self.month.first_day
        )
        if not any(one.value == "annual" for one in posting.values):
            return ""
        return "annual" if posting.is_decided else "posting_not_settled"

    def _decide(
        self, area: str, person_type: str, age: int | None, base_fen: int | None
    ) -> Decision:
        facts = CreditFacts(self.month, person_type, age, base_fen, paid=True)
        return monthly_credit.decide(facts, self._policy_of(area), self.month.first_day)


def _not_placed(case: CreditCase) -> str:
    """Why the facts of the person name no single amount in a single account."""
    if not case.enrolled:
        return "not_enrolled"
    if len(case.enrolled) > 1:
        return "enrolment_changed"
    (enrolled,) = case.enrolled
    if not enrolled.has_account:
        return "scheme_has_no_account"
    if not case.account_area:
        return "no_open_account"
    if case.account_area != enrolled.area:
        return "account_elsewhere"
    if any(one.kind in MAY_BRING_NOTHING for one in case.paid):
        return "may_bring_nothing"
    return "" if enrolled.is_retired else _not_paid_once(case.paid, enrolled.area)


def _not_paid_once(paid: tuple[Paid, ...], area: str) -> str:
    if not paid:
        return "unpaid"
    if len(paid) > 1:
        return "paid_twice"
    return "" if paid[0].area == area else "paid_elsewhere"


def _age(born: date, day: date) -> int:
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
