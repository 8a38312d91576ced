"""May the account be paid out once, in this case and to this applicant (domain facts §4). Pure."""

from dataclasses import dataclass
from datetime import date

from insurance.policy_values import Answer, Policy, Value
from insurance.rules.decision import (
    NO,
    UNKNOWN,
    YES,
    Decision,
    Finding,
    Material,
    all_of,
)
from insurance.rules.evidence import ASK_12393, RUN_OUT, Reading, findings, listed, read

RULE = "withdrawal"
CASES = "withdrawal.cases"
# What to do instead, or beside it, where the case is no payout.
STEPS = {
    "EMERGENCY": "manual_reimbursement",
    "SERIOUS_ILLNESS": "account_pays_care",
    "REMOTE_RESIDENCE": "file_remote_care",
    "RETIREMENT": "account_stays",
    "BALANCE_UNUSED": "cash_out_is_fraud",
    "PENSION_ACCOUNT": "ask_pension_agency",
    "MOVE_IN_PROVINCE": "account_stays",
    "MOVE_PROVINCE_NOT_ACCEPTED": "transfer_first",
}


@dataclass(frozen=True)
class WithdrawalFacts:
    case: str
    applicant: str


def decide(facts: WithdrawalFacts, policy: Policy, on: date) -> Decision:
    handled = read(policy.get(f"withdrawal.handled_as.{facts.case.lower()}"), on)
    as_case = handled.settled if handled.is_decided else None
    cases = (facts.case, as_case) if as_case else (facts.case,)
    reading = _case(facts.case, cases, policy, on)
    step = STEPS.get(facts.case, "") if YES not in reading.meanings else ""
    found = findings(reading, "case", next_step=step, case=facts.case)
    verdict = reading.verdict
    if as_case and verdict == YES:
        found += findings(handled, "handled_as", case=facts.case, as_case=as_case)
    if YES in reading.meanings:
        applicant = _first(policy, "applicants", cases, on, facts.applicant)
        found += findings(applicant, "applicant", applicant=facts.applicant, case=facts.case)
        verdict = all_of((verdict, applicant.verdict))
    if verdict in {NO, UNKNOWN} or YES not in reading.meanings:
        return Decision(RULE, policy.area, on, verdict, found, {"working_days": None})
    materials, of_materials = _materials(policy, cases, on)
    days, of_days = _working_days(policy, on)
    found += of_materials
    if verdict == YES:
        found += of_days + _effects(policy, cases, on)
    figures = {"working_days": days if verdict == YES else None}
    return Decision(RULE, policy.area, on, verdict, found, figures, materials)


def _case(asked: str, cases: tuple[str, ...], policy: Policy, on: date) -> Reading:
    """The place's list of cases and what is said about the case by itself, read as one answer.

    The nearest level with a document speaks last, whichever of the two names it uses.
    """
    by_list = listed(*cases)

    def judge(value: Value) -> str | None:
        if value.name == CASES:
            return by_list(value)
        return YES if value.value else NO

    names = (f"withdrawal.case.{asked.lower()}", CASES)
    values = tuple(value for name in names for value in policy.get(name))
    # An article that agrees with the list adds nothing; one that differs shows as a rejected claim.
    return read(Answer(names[0], values), on, judge)


def _first(policy: Policy, what: str, cases: tuple[str, ...], on: date, applicant: str) -> Reading:
    """Who may apply in the case, or else in the case it is handled as."""
    readings = [
        read(policy.get(f"withdrawal.{what}.{case.lower()}"), on, listed(applicant))
        for case in cases
    ]
    return next((one for one in readings if one.values), readings[0])


def _materials(
    policy: Policy, cases: tuple[str, ...], on: date
) -> tuple[tuple[Material, ...], tuple[Finding, ...]]:
    materials: dict[Material, None] = {}
    found: tuple[Finding, ...] = ()
    for key in ("common", *(case.lower() for case in reversed(cases))):
        reading = read(policy.get(f"withdrawal.materials.{key}"), on)
        if not reading.values:
            continue
        found += findings(reading, "materials")
        # Papers of a document that has run out are shown all the same: staff will ask for them. Mere claims are not.
        told = reading.values if reading.is_decided or reading.basis == RUN_OUT else ()
        for item in told[0].value if told else ():
            materials[Material(item["any_of"], item.get("only_if", ""))] = None
    if not found:
        found = (Finding("materials_not_found", UNKNOWN, {}, ASK_12393),)
    return tuple(materials), found


def _working_days(policy: Policy, on: date) -> tuple[int | None, tuple[Finding, ...]]:
    reading = read(policy.get("withdrawal.working_days"), on)
    days = reading.settled if reading.is_decided else None
    return days, findings(reading, "working_days", days=days) if days is not None else ()


def _effects(policy: Policy, cases: tuple[str, ...], on: date) -> tuple[Finding, ...]:
    """What happens to the account and the relation: of the case it is handled as, where it is."""
    reading = read(policy.get(f"withdrawal.effects.{cases[-1].lower()}"), on)
    return findings(reading, "effects") if reading.values else ()
