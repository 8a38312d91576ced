"""May this link of family aid be made on that day, and where would the money come from (domain facts §2). Pure."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from insurance import areas
from insurance.policy_values import Answer, Policy, Value
from insurance.rules.decision import (
    NO,
    STAFF_DECIDES,
    UNKNOWN,
    YES,
    Cited,
    Decision,
    Finding,
    all_of,
)
from insurance.rules.evidence import (
    ASK_12393,
    ASK_COUNTER,
    Judge,
    Reading,
    findings,
    listed,
    read,
)

RULE = "family-aid"
DIRECT_DEBIT, WALLET_TRANSFER, LIMIT = "direct_debit", "wallet_transfer", "limit"
# In-laws are no near relatives, but near relatives of somebody who may bind them.
IN_LAWS = {"parent_in_law": "spouse_binds_own_parents", "child_in_law": "child_binds_own_spouse"}
UNINSURED = "none"


@dataclass(frozen=True)
class FamilyAidFacts:
    """`relation` is what the beneficiary is to the giver. No area for a beneficiary who is insured nowhere."""

    relation: str
    giver_scheme: str
    giver_has_account: bool
    giver_area: str
    beneficiary_scheme: str
    beneficiary_area: str | None


@dataclass(frozen=True)
class Condition:
    verdict: str
    findings: tuple[Finding, ...]
    model: str | None = None


def decide(facts: FamilyAidFacts, giver: Policy, beneficiary: Policy, on: date) -> Decision:
    """`giver` and `beneficiary` are the policies of their areas on that day."""
    conditions = [
        _condition(giver, on, "family_aid.relatives", "relation", listed(facts.relation), facts),
        _condition(
            giver, on, "family_aid.giver_schemes", "giver_scheme", listed(facts.giver_scheme), facts
        ),
        _condition(
            giver, on, "family_aid.giver_needs_account", "giver_account", _account(facts), facts
        ),
        _condition(
            beneficiary,
            on,
            "family_aid.beneficiary_schemes",
            "beneficiary_scheme",
            listed(facts.beneficiary_scheme),
            facts,
        ),
    ]
    if facts.beneficiary_area is not None:
        conditions.append(_money(facts, giver, beneficiary, on))
    verdict = all_of(one.verdict for one in conditions)
    found = tuple(finding for one in conditions for finding in one.findings)
    model = conditions[-1].model if verdict == YES else None
    if verdict == YES:
        found += _order(giver, on)
    return Decision(RULE, giver.area, on, verdict, found, {"money_model": model})


def _condition(
    policy: Policy, on: date, name: str, code: str, judge: Judge, facts: FamilyAidFacts
) -> Condition:
    reading = read(policy.get(name), on, judge)
    step = IN_LAWS.get(facts.relation, "") if code == "relation" else ""
    return Condition(
        reading.verdict, findings(reading, code, next_step=step, relation=facts.relation)
    )


def _account(facts: FamilyAidFacts) -> Judge:
    def judge(value: Value) -> str:
        return YES if facts.giver_has_account or not value.value else NO

    return judge


def _order(policy: Policy, on: date) -> tuple[Finding, ...]:
    """Whose account pays first: practice, told as such."""
    reading = read(policy.get("family_aid.own_account_first"), on)
    return findings(reading, "own_account_first") if reading.is_decided else ()


def _money(facts: FamilyAidFacts, giver: Policy, beneficiary: Policy, on: date) -> Condition:
    area = facts.beneficiary_area or ""
    if area == facts.giver_area:
        where = "same_area"
    elif areas.province_of(area) == areas.province_of(facts.giver_area):
        where = "same_province"
    else:
        where = "cross_province"
    reading = read(giver.get(f"family_aid.money_model.{where}"), on)
    model = reading.settled if reading.is_decided else None
    if model is None:
        return Condition(reading.verdict, findings(reading, "money_model", where=where))
    if model == "none":
        closed = Finding(
            "money_model_no", NO, {"where": where, "values": reading.values}, "", reading.sources
        )
        return Condition(NO, (closed,))
    found = findings(reading, "money_model", where=where, model=model)
    step = {WALLET_TRANSFER: _wallets, LIMIT: _limits}.get(model)
    if step is None:
        return Condition(YES, found, model)
    verdict, more = step(giver, beneficiary, on, reading)
    return Condition(verdict, found + more, model)


Opened = tuple[str, tuple[Finding, ...]]
Step = Callable[[Policy, Policy, date, Reading], Opened]


def _wallets(giver: Policy, beneficiary: Policy, on: date, model: Reading) -> Opened:
    """Both places must have been open as a whole; a place open in part leaves it unknown."""
    meanings = {"whole": YES, "part": UNKNOWN, "none": NO}
    verdicts: list[str] = []
    found: tuple[Finding, ...] = ()
    for policy in (giver, beneficiary):
        reading = read(
            policy.get("family_aid.wallet_opening"), on, lambda value: meanings[value.value]
        )
        verdicts.append(reading.verdict)
        found += findings(reading, "wallet", area=policy.area)
    return all_of(verdicts), found


def _limits(giver: Policy, beneficiary: Policy, on: date, model: Reading) -> Opened:
    """The limit is used where the day on which it goes live is known for both places, and has come."""
    verdicts: list[str] = []
    found: tuple[Finding, ...] = ()
    for policy in (giver, beneficiary):
        answer: Answer = policy.get("family_aid.limit_live_from")
        reading = read(answer, on, lambda value: _live(value, on))
        if reading.is_decided:
            verdicts.append(reading.verdict)
            found += findings(reading, "limit_live", area=policy.area)
        else:
            verdicts.append(STAFF_DECIDES)
            found += (_live_not_found(policy, reading, model.sources),)
    return all_of(verdicts), found


def _live(value: Value, on: date) -> str:
    return YES if date.fromisoformat(value.value) <= on else NO


def _live_not_found(policy: Policy, reading: Reading, rule: tuple[Cited, ...]) -> Finding:
    step = ASK_COUNTER if reading.values else ASK_12393
    told = {"area": policy.area, "values": reading.values}
    return Finding("limit_live_not_found", STAFF_DECIDES, told, step, reading.sources or rule)
