"""May the money be taken out: which question is next, and the answer with its time, effects and sayings."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from accounts.models import User
from insurance import areas, decision_view, explaining, policy_reading, working_days
from insurance.decision_view import DecisionView, FindingLine
from insurance.models import Enrolment
from insurance.places import area_name
from insurance.policy_names import APPLICANTS
from insurance.policy_values import Policy
from insurance.rules import spending, withdrawal
from insurance.rules.decision import YES, Decision, Finding
from insurance.rules.spending import SpendingFacts
from insurance.rules.withdrawal import WithdrawalFacts
from insurance.working_days import Due
from queries.selectors.situations import BRANCHES, BY_KEY, DEATH, GROUPS, Situation, in_group

ABOUT, CASE, MORE, AREA, APPLICANT = "about", "case", "more", "area", "applicant"
QUESTIONS = (ABOUT, CASE, MORE, AREA, APPLICANT)
# What stands beside the answer, by the beginning of the name of the value.
EFFECTS = ("withdrawal.effects.",)
HANDLING = ("withdrawal.fee_fen", "withdrawal.channels", "withdrawal.pay_to")
HOTLINES = (withdrawal.HOTLINE, withdrawal.LOCAL_HOTLINE)
MISUSE = "misuse"


@dataclass(frozen=True)
class Answers:
    """What was answered so far; "" is not yet. `case` is the key of a situation, or of a branch with the situation in
    `more`; `area` is a code.
    """

    about: str = ""
    case: str = ""
    area: str = ""
    applicant: str = ""
    more: str = ""

    @property
    def situation(self) -> Situation | None:
        return BY_KEY.get(self.more or self.case)

    @property
    def place(self) -> str:
        """The area that the answer is about; that of the situation where it is the same everywhere."""
        fixed = self.situation.area if self.situation else ""
        return (self.area or fixed) if fixed == areas.NATION else (fixed or self.area)

    def given(self) -> dict[str, str]:
        """What stands in an address."""
        return {name: getattr(self, name) for name in QUESTIONS if getattr(self, name)}


@dataclass(frozen=True)
class Result:
    """`days` and `due` are None where no time is determined. `handling` says where one goes, what it costs and where the
    money goes, as far as it is known, `after` what follows a payout, `hotlines` whom to ring.
    """

    situation: Situation
    decision: DecisionView
    days: int | None
    due: Due | None
    handling: tuple[FindingLine, ...]
    after: tuple[FindingLine, ...]
    hotlines: tuple[FindingLine, ...]


def answers(given: Mapping[str, str], *, own_area: str = "") -> Answers:
    """What is usable of an address: an answer that does not fit those before it is left out."""
    about, case, more = _asked_about(given)
    area = given.get(AREA, "")
    area = area if areas.is_known(area) and area != areas.NATION else own_area
    found = Answers(about, case, area, more=more)
    applicant = given.get(APPLICANT, "")
    can_come = applicants(found.situation) if found.situation else ()
    return replace(found, applicant=applicant if applicant in can_come else "")


def _asked_about(given: Mapping[str, str]) -> tuple[str, str, str]:
    """Group, choice in it and, behind a branch, the situation; a situation alone tells the ways to it."""
    about = given.get(ABOUT, "") if given.get(ABOUT) in GROUPS else ""
    case, more = given.get(CASE, ""), given.get(MORE, "")
    if case in BY_KEY and BY_KEY[case].branch:
        case, more = BY_KEY[case].branch, case
    choice = BRANCHES.get(case) or BY_KEY.get(case)
    about = about or (choice.group if choice else "")
    if about == DEATH:
        return about, in_group(DEATH)[0].key, ""
    if choice is None or choice.group != about:
        return about, "", ""
    is_behind = more in BY_KEY and BY_KEY[more].branch == case
    return about, case, more if is_behind else ""


def applicants(situation: Situation) -> tuple[str, ...]:
    """Who can come at all: nobody applies for themselves after death, and nobody inherits before."""
    absent = "self" if situation.group == DEATH else "heir"
    return tuple(one for one in APPLICANTS if one != absent)


def path(found: Answers) -> tuple[str, ...]:
    """The questions that this visitor meets, as far as the answers tell."""
    asked = [ABOUT]
    if found.about != DEATH:
        asked.append(CASE)
    if found.case in BRANCHES:
        asked.append(MORE)
    if found.situation is None or not found.situation.area:
        asked.append(AREA)
    return (*asked, APPLICANT)


def open_question(found: Answers, *, on: date) -> str:
    """The next question, "" where all is known. Two queries where the applicant may matter."""
    question = _open_before_applicant(found)
    if question or found.applicant:
        return question
    policy = policy_reading.values_on(found.place, on)
    return APPLICANT if _applicant_matters(found, policy, on) else ""


def _open_before_applicant(found: Answers) -> str:
    return next((one for one in path(found)[:-1] if not getattr(found, one)), "")


def _applicant_matters(found: Answers, policy: Policy, on: date) -> bool:
    """Where the answer is no, or not known, for everybody, nobody is asked who they are."""
    situation = found.situation
    if situation is None:
        return False
    verdicts = {_decide(situation, one, policy, on).verdict for one in applicants(situation)}
    return len(verdicts) > 1 or YES in verdicts


def result(found: Answers, *, on: date) -> Result | None:
    """Three queries: the rules, and the name of the place. None where a question is open."""
    situation = found.situation
    if situation is None or _open_before_applicant(found):
        return None
    policy = policy_reading.values_on(found.place, on)
    if not found.applicant and _applicant_matters(found, policy, on):
        return None
    applicant = found.applicant or applicants(situation)[0]
    decision = _decide(situation, applicant, policy, on)
    if situation.tempting:
        decision = replace(decision, findings=decision.findings + _misuse(policy, on))
    days = decision.figures["working_days"]
    shown, beside = _shown(decision, area_name(found.place))
    return Result(
        situation=situation,
        decision=shown,
        days=days,
        due=working_days.due(on, days) if days is not None else None,
        handling=_about(beside, HANDLING),
        after=_about(beside, EFFECTS),
        hotlines=_about(beside, HOTLINES),
    )


def _shown(decision: Decision, area: str) -> tuple[DecisionView, tuple[FindingLine, ...]]:
    """What is done about a yes stands apart: that nobody is sure of it makes the answer itself no less sure."""
    whole = decision_view.view(decision, area=area)
    beside = (*EFFECTS, *HANDLING, *HOTLINES)
    answer = [one for one in decision.findings if not one.params.get("name", "").startswith(beside)]
    shown = decision_view.view(replace(decision, findings=tuple(answer)), area=area)
    return replace(shown, sources=whole.sources), _about(whole.findings, beside)


def _about(lines: Iterable[FindingLine], names: tuple[str, ...]) -> tuple[FindingLine, ...]:
    return tuple(one for one in lines if one.about.startswith(names))


def _decide(situation: Situation, applicant: str, policy: Policy, on: date) -> Decision:
    return explaining.decide(
        withdrawal.RULE,
        area=policy.area,
        on=on,
        facts=WithdrawalFacts(case=situation.case, applicant=applicant),
        policy_on=lambda area, day: policy,
    )


def _misuse(policy: Policy, on: date) -> tuple[Finding, ...]:
    """The law on misuse, as the rule on spending finds it for cash."""
    decision = explaining.decide(
        spending.RULE,
        area=policy.area,
        on=on,
        facts=SpendingFacts(use="CASH", person="self", provider_designated=None),
        policy_on=lambda area, day: policy,
    )
    return tuple(one for one in decision.findings if one.code == MISUSE)


def own_area(user: User, *, today: date) -> str:
    """Where the signed-in citizen is insured, employee before resident; "" where nowhere. One query."""
    codes = (
        Enrolment.objects.active_on(today)
        .filter(person__identity_links__user=user, person__identity_links__ended_at=None)
        .order_by("scheme", "-starts_on")
        .values_list("area_id", flat=True)
    )
    return str(codes.first() or "")
