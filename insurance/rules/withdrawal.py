"""May the account be paid out once, in this case and to this applicant (domain facts §4). Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

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
HOTLINE, LOCAL_HOTLINE = "hotline.number", "hotline.local"
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
    nothing = dict.fromkeys(("working_days", "fee_fen", "pay_to", "channels"))
    # A plain no leaves nothing to ask about.
    number, of_hotlines = (None, ()) if verdict == NO else _hotlines(policy, on)
    hotline = {"hotline": number}
    if verdict in {NO, UNKNOWN} or YES not in reading.meanings:
        return Decision(RULE, policy.area, on, verdict, found + of_hotlines, nothing | hotline)
    materials, found_more = _materials(policy, cases, on)
    figures: Mapping[str, Any] = nothing
    if verdict == YES:
        figures, of_handling = _handling(policy, cases, on)
        found_more += of_handling + _effects(policy, cases, on)
    found += found_more + of_hotlines
    return Decision(RULE, policy.area, on, verdict, found, {**figures, **hotline}, materials)


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


def _handling(
    policy: Policy, cases: tuple[str, ...], on: date
) -> tuple[dict[str, Any], tuple[Finding, ...]]:
    """How long it takes, what it costs, where one goes and where the money goes; None where that is not determined."""
    days = read(policy.get("withdrawal.working_days"), on)
    fee = read(policy.get("withdrawal.fee_fen"), on)
    pay_to = _of_case(policy, "pay_to", cases, on)
    channels = _of_case(policy, "channels", cases, on)
    told = {"working_days": days, "fee_fen": fee, "pay_to": pay_to, "channels": channels}
    found = findings(days, "working_days", days=days.settled) if days.settled is not None else ()
    for code, reading in (
        ("free" if fee.settled == 0 else "fee", fee),
        ("channels", channels),
        ("pay_to", pay_to),
    ):
        found += findings(reading, code) if reading.values else ()
    return {key: reading.settled for key, reading in told.items()}, found


def _of_case(policy: Policy, what: str, cases: tuple[str, ...], on: date) -> Reading:
    """What is said of the case or the one it is handled as, else of every case."""
    names = [f"withdrawal.{what}.{case.lower()}" for case in cases]
    readings = [read(policy.get(name), on) for name in (*names, f"withdrawal.{what}")]
    return next((one for one in readings if one.values), readings[-1])


def _hotlines(policy: Policy, on: date) -> tuple[str | None, tuple[Finding, ...]]:
    """Whom to ring: the line for everybody, and what is said of one of the place."""
    line, local = read(policy.get(HOTLINE), on), read(policy.get(LOCAL_HOTLINE), on)
    # No request to confirm the number by ringing it: the sentence says where it stands.
    found = findings(line, "hotline")[:1] if line.values else ()
    if local.is_decided:
        found += findings(local, "hotline")
    elif local.values:
        told = {"name": local.name, "values": local.values}
        found += (Finding("hotline_not_confirmed", local.verdict, told, "", local.sources),)
    return line.settled, found


def _effects(policy: Policy, cases: tuple[str, ...], on: date) -> tuple[Finding, ...]:
    """What happens to the account and the relation: of the case it is handled as, where it is."""
    reading = read(policy.get(f"withdrawal.effects.{cases[-1].lower()}"), on)
    return findings(reading, "effects") if reading.values else ()
