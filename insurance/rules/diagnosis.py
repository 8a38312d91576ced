"""Why the balance did not grow in a month: the catalogue of domain facts §5.3 on one person's data. Pure.

The causes are tried in the order of the catalogue and all that hold are told; the first is the main one. What the data do not
say is no cause: whether a pension is drawn while the register still says in service (the second half of D10) is in no record.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from insurance import counting
from insurance.periods import Month
from insurance.policy_values import Policy
from insurance.rules import monthly_credit
from insurance.rules.decision import NO, UNKNOWN, YES, Finding
from insurance.rules.evidence import Reading, read
from insurance.rules.monthly_credit import CreditFacts

RESIDENT, RETIRED, FLEXIBLE = "resident", "retired", "flexible"
UNPAID, VOID, WITHOUT_MONEY = "unpaid", "void", frozenset({counting.DEEMED, counting.MILITARY})
OWN, EMPLOYER_SHARE, RETIREE = "credit_own", "credit_employer_share", "credit_retiree"
CREDITS = frozenset({OWN, EMPLOYER_SHARE, RETIREE})
# Money that leaves because somebody uses it.
USED = frozenset({"spend_care", "spend_drug", "spend_aid", "premium", "wallet_out"})
# A half fen is rounded up by some agencies and down by others.
TOLERANCE_FEN = 1
# How long smaller sums after retiring or after the reform are still news to somebody.
NEWS_MONTHS = 12
# Codes whose finding explains without being a cause.
NO_CAUSE = frozenset({"D23_WAITING_PERIOD"})


@dataclass(frozen=True)
class Enrolled:
    area: str
    scheme: str
    person_type: str
    has_account: bool
    since: Month


@dataclass(frozen=True)
class Contribution:
    """The record of one month. `base_fen` None: not said."""

    area: str
    kind: str
    status: str
    base_fen: int | None


@dataclass(frozen=True)
class Entry:
    """`posted` is the day by the agency's clock; `undone` says that a mirror entry took it back."""

    kind: str
    amount_fen: int
    for_month: Month | None
    posted: date
    by_relative: bool = False
    undone: bool = False


@dataclass(frozen=True)
class MonthFacts:
    """`credits` are for this month whenever they came; `moved` is all that was posted in it. `stopped` are the kinds of facts
    that stop the account, `moving_since` the first day of a transfer under way, `share_until` the last month before this one
    that still held a share of the employer; None where there is none.
    """

    month: Month
    enrolled: Enrolled | None
    contributions: tuple[Contribution, ...] = ()
    credits: tuple[Entry, ...] = ()
    moved: tuple[Entry, ...] = ()
    base_year_ago_fen: int | None = None
    share_until: Month | None = None
    retired_since: Month | None = None
    reserved_fen: int = 0
    moving_since: date | None = None
    stopped: tuple[str, ...] = ()
    two_numbers: bool = False

    @property
    def paid(self) -> tuple[Contribution, ...]:
        return tuple(one for one in self.contributions if one.status == counting.PAID)

    @property
    def kept(self) -> tuple[Entry, ...]:
        return tuple(one for one in self.credits if not one.undone)

    @property
    def is_retired(self) -> bool:
        return self.enrolled is not None and self.enrolled.person_type == RETIRED

    @property
    def has_no_account(self) -> bool:
        return self.enrolled is not None and not self.enrolled.has_account

    @property
    def base_fen(self) -> int | None:
        """Where one paid record says it; several records of a month leave open which of them was credited."""
        return self.paid[0].base_fen if len(self.paid) == 1 else None


@dataclass(frozen=True)
class Diagnosis:
    """`findings` in the order of the catalogue; `expected_fen` None: what should have come is not determined."""

    month: Month
    findings: tuple[Finding, ...]
    expected_fen: int | None

    @property
    def main(self) -> Finding | None:
        """None where nothing in the data explains the month."""
        return next((one for one in self.findings if one.code not in NO_CAUSE), None)

    @property
    def others(self) -> tuple[Finding, ...]:
        return tuple(one for one in self.findings if one is not self.main)


Cause = Callable[[MonthFacts, Policy, date], Finding | None]


def diagnose(facts: MonthFacts, policy: Policy, today: date) -> Diagnosis:
    """`policy` is that of the first day of the month, of the place where the person is insured."""
    found = tuple(_causes(facts, policy, today))
    return Diagnosis(facts.month, found, _expected(facts, policy, today)[0])


def _causes(facts: MonthFacts, policy: Policy, today: date) -> Iterator[Finding]:
    for cause in CATALOGUE:
        finding = cause(facts, policy, today)
        if finding is not None:
            yield finding


def _holds(code: str, step: str, **params: Any) -> Finding:
    return Finding(code, YES, params, step)


def _by_rule(
    code: str, step: str, *readings: Reading, verdict: str = YES, **params: Any
) -> Finding:
    sources = tuple(cited for one in readings for cited in one.sources)
    return Finding(code, verdict, params, step, sources)


def _read(policy: Policy, name: str, facts: MonthFacts) -> Reading:
    return read(policy.get(name), facts.month.first_day)


def _decided(reading: Reading) -> Any:
    return reading.settled if reading.is_decided else None


def _no_account(facts: MonthFacts, policy: Policy, today: date) -> Finding | None:
    if not facts.has_no_account:
        return None
    resident = facts.enrolled is not None and facts.enrolled.scheme == RESIDENT
    return _holds(
        "D01_SCHEME_HAS_NO_ACCOUNT", "use_family_account" if resident else "ask_about_tier"
    )


def _not_enrolled(facts: MonthFacts, policy: Policy, today: date) -> Finding | None:
    return None if facts.enrolled else _holds("D02_NOT_ENROLLED", "get_insured")


def _not_declared(facts: MonthFacts, policy: Policy, today: date) -> Finding | None:
    """Not in a month that is still running: an employer may declare until its end. The retired need no declaration."""
    open_month = facts.month >= Month.containing(today)
    recorded = any(one.status != VOID for one in facts.contributions)
    if not facts.enrolled or facts.has_no_account or facts.is_retired or open_month or recorded:
        return None
    alone = facts.enrolled.person_type == FLEXIBLE
    return _holds("D03_NOT_DECLARED", "bring_receipt" if alone else "ask_employer_declared")


def _unpaid(facts: MonthFacts, policy: Policy, today: date) -> Finding | None:
    if facts.paid or not any(one.status == UNPAID for one in facts.contributions):
        return None
    alone = facts.enrolled is not None and facts.enrolled.person_type == FLEXIBLE
    return _holds("D04_UNPAID", "pay_yourself" if alone else "press_employer")


def _not_posted(facts: MonthFacts, policy: Policy, today: date) -> Finding | None:
    """D05 or D06: which of the two is a matter of the posting day, and no area's is known."""
    here = {facts.enrolled.area} if facts.enrolled else {one.area for one in facts.paid}
    bringing = [one for one in facts.paid if one.kind not in WITHOUT_MONEY and one.area in here]
    due = bool(bringing) or facts.is_retired
    if not due or facts.credits or facts.has_no_account or _brings_nothing(facts, policy):
        return None
    return Finding("D05_OR_D06_NOT_POSTED", UNKNOWN, {}, "wait_two_months")


def _posted_elsewhere(facts: MonthFacts, policy: Policy, today: date) -> Finding | None:
    later = [one for one in facts.kept if Month.containing(one.posted) != facts.month]
    if not later:
        return None
    last = max(one.posted for one in later)
    return _holds("D07_BACKPAY_POSTED_ELSEWHERE", "", day=last, sum=_sum(later))


def _expected(facts: MonthFacts, policy: Policy, today: date) -> tuple[int | None, Reading]:
    rate = _read(policy, "account_credit.in_service_rate", facts)
    if facts.is_retired or not facts.paid or facts.base_fen is None:
        return None, rate
    asked = CreditFacts(facts.month, monthly_credit.IN_SERVICE, None, facts.base_fen, True)
    return monthly_credit.decide(asked, policy, today).figures["expected_fen"], rate


def _wrong_base(facts: MonthFacts, policy: Policy, today: date) -> Finding | None:
    expected, rate = _expected(facts, policy, today)
    own = [one for one in facts.kept if one.kind == OWN]
    if expected is None or not own or abs(_sum(own) - expected) <= TOLERANCE_FEN:
        return None
    told = {"rate": rate.settled, "base": facts.base_fen, "expected": expected, "sum": _sum(own)}
    return _by_rule("D08_WRONG_BASE", "ask_about_base", rate, **told)


def _reform(facts: MonthFacts, policy: Policy, today: date) -> Finding | None:
    reading = _read(policy, "account_credit.reform_from", facts)
    known = _decided(reading)
    if known is None or facts.share_until is None or facts.is_retired:
        return None
    since = date.fromisoformat(known)
    if facts.month.first_day < since:
        return None
    return _by_rule("D09_REFORM", "", reading, day=since)


def _retiree_switch(facts: MonthFacts, policy: Policy, today: date) -> Finding | None:
    since = facts.retired_since
    if not facts.is_retired or since is None or not 0 <= facts.month - since < NEWS_MONTHS:
        return None
    return _by_rule(
        "D10_RETIREE_SWITCH",
        "ask_retiree_amount",
        _read(policy, "account_credit.retiree_basis", facts),
        month=since,
    )


def _pays_on(facts: MonthFacts) -> bool:
    return any(one.kind == counting.POST_RETIREMENT_MONTHLY for one in facts.paid)


def _brings_nothing(facts: MonthFacts, policy: Policy) -> bool:
    credited = _read(policy, "contribution_years.shortfall_monthly_credited", facts)
    return _pays_on(facts) and _decided(credited) is False


def _years_short(facts: MonthFacts, policy: Policy, today: date) -> Finding | None:
    reading = _read(policy, "contribution_years.shortfall_monthly_credited", facts)
    if not _pays_on(facts) or facts.credits or _decided(reading) is True:
        return None
    verdict = YES if reading.is_decided else UNKNOWN
    code = "D11_YEARS_SHORT_PAYING_MONTHLY" if reading.is_decided else "D11_NOT_KNOWN_HERE"
    return _by_rule(code, "ask_12393", reading, verdict=verdict)


def _annual(facts: MonthFacts, policy: Policy, today: date) -> Finding | None:
    """The month of the yearly credit is that in which money came; every other one is a month without."""
    reading = _read(policy, "account_credit.posting_rule", facts)
    if _decided(reading) != "annual" or facts.credits or not facts.enrolled:
        return None
    return _by_rule("D12_ANNUAL_CREDIT", "", reading)


def _spent(facts: MonthFacts, policy: Policy, today: date) -> Finding | None:
    came = _sum(one for one in facts.moved if one.kind in CREDITS and not one.undone)
    used = -_sum(one for one in facts.moved if one.kind in USED and not one.undone)
    if came <= 0 or came > used:
        return None
    return _holds("D13_SPENT", "look_at_statement", came=came, used=used)


def _aid_spent(facts: MonthFacts, policy: Policy, today: date) -> Finding | None:
    used = [one for one in _out(facts, *USED) if one.by_relative or one.kind == "spend_aid"]
    return _used("D14_AID_SPENT", used, "look_at_statement")


def _reserved(facts: MonthFacts, policy: Policy, today: date) -> Finding | None:
    if not facts.reserved_fen:
        return None
    return _holds("D15_LIMIT_RESERVED", "ask_about_limit", sum=facts.reserved_fen)


def _wallet(facts: MonthFacts, policy: Policy, today: date) -> Finding | None:
    return _used("D16_WALLET_OUT", _out(facts, "wallet_out"), "look_at_statement")


def _premium(facts: MonthFacts, policy: Policy, today: date) -> Finding | None:
    return _used("D17_AUTO_PREMIUM", _out(facts, "premium"), "ask_about_premium")


def _transfer(facts: MonthFacts, policy: Policy, today: date) -> Finding | None:
    if facts.moving_since is None:
        return None
    days = _read(policy, "transfer.total_working_days", facts)
    if _decided(days) is None:
        return _holds("D18_TRANSFER_IN_PROGRESS", "ask_12393", day=facts.moving_since)
    told = {"day": facts.moving_since, "days": days.settled}
    return _by_rule("D18_TRANSFER_WITHIN_DAYS", "wait_for_transfer", days, **told)


def _elsewhere(facts: MonthFacts, policy: Policy, today: date) -> Finding | None:
    here = facts.enrolled.area if facts.enrolled else None
    others = sorted({one.area for one in facts.paid if one.area != here})
    if here is None or not others:
        return None
    return _holds("D19_PAID_IN_OTHER_AREA", "look_there", areas=tuple(others))


def _frozen(facts: MonthFacts, policy: Policy, today: date) -> Finding | None:
    if not facts.stopped:
        return None
    return _holds("D20_FROZEN", "bring_id_to_counter", stopped=facts.stopped)


def _two_numbers(facts: MonthFacts, policy: Policy, today: date) -> Finding | None:
    return _holds("D21_DUPLICATE_PERSON", "merge_records") if facts.two_numbers else None


def _undone(facts: MonthFacts, policy: Policy, today: date) -> Finding | None:
    gone = [one for one in facts.credits if one.undone]
    return _holds("D22_REVERSED", "look_at_statement", sum=_sum(gone)) if gone else None


def _waiting(facts: MonthFacts, policy: Policy, today: date) -> Finding | None:
    """Only benefits wait. Told so that nobody takes it for the cause."""
    if facts.enrolled is None or facts.enrolled.person_type != FLEXIBLE:
        return None
    reading = _read(policy, "benefit.waiting_months.flexible", facts)
    months = _decided(reading)
    if not months or facts.month - facts.enrolled.since >= months:
        return None
    return _by_rule("D23_WAITING_PERIOD", "", reading, verdict=NO, months=months)


def _same_base(facts: MonthFacts, policy: Policy, today: date) -> Finding | None:
    if facts.base_fen is None or facts.base_fen != facts.base_year_ago_fen or not facts.kept:
        return None
    return _holds("D24_BASE_UNCHANGED", "ask_about_base", base=facts.base_fen)


def _sum(entries: Any) -> int:
    return sum(one.amount_fen for one in entries)


def _out(facts: MonthFacts, *kinds: str) -> list[Entry]:
    return [one for one in facts.moved if one.kind in kinds and not one.undone]


def _used(code: str, entries: list[Entry], step: str) -> Finding | None:
    return _holds(code, step, sum=-_sum(entries)) if entries else None


# D01 to D24; D05 and D06 are one here.
CATALOGUE: tuple[Cause, ...] = (
    _no_account,
    _not_enrolled,
    _not_declared,
    _unpaid,
    _not_posted,
    _posted_elsewhere,
    _wrong_base,
    _reform,
    _retiree_switch,
    _years_short,
    _annual,
    _spent,
    _aid_spent,
    _reserved,
    _wallet,
    _premium,
    _transfer,
    _elsewhere,
    _frozen,
    _two_numbers,
    _undone,
    _waiting,
    _same_base,
)
