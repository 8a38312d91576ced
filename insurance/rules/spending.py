"""May the account pay this, for oneself or for a relative (domain facts §1.2, §1.3). Pure."""

from dataclasses import dataclass
from datetime import date

from insurance.policy_values import Policy
from insurance.rules.decision import NO, UNKNOWN, YES, Decision, Finding, all_of
from insurance.rules.evidence import findings, listed, read, sources_of

RULE = "spending"
# These are bought at a counter, which has to be a designated one; premiums are paid to the fund.
AT_A_PROVIDER = {"CARE", "DRUG", "TREATMENT_DENTISTRY"}
# What pharmacies are tempted to ring up as something else: the law on misuse is told with the answer.
TEMPTING = {"CASH", "HEALTH_FOOD", "BEAUTY_DENTISTRY", "FITNESS"}


@dataclass(frozen=True)
class SpendingFacts:
    """`person` is self or relative; `provider_designated` None: not known."""

    use: str
    person: str
    provider_designated: bool | None


def decide(facts: SpendingFacts, policy: Policy, on: date) -> Decision:
    use = read(policy.get(f"uses.{facts.use.lower()}"), on, listed(facts.person))
    found = findings(use, "use", next_step=_step(facts, use.verdict), use=facts.use)
    verdict = use.verdict
    if facts.use in AT_A_PROVIDER and YES in use.meanings:
        provider = _provider(facts, policy, on)
        found += provider
        verdict = all_of((verdict, *(one.verdict for one in provider)))
    if facts.use in TEMPTING:
        found += _misuse(policy, on, verdict)
    return Decision(RULE, policy.area, on, verdict, found)


def _step(facts: SpendingFacts, verdict: str) -> str:
    if verdict == YES and facts.person == "relative":
        return "own_certificate"
    return "cash_out_is_fraud" if facts.use == "CASH" and verdict != YES else ""


def _provider(facts: SpendingFacts, policy: Policy, on: date) -> tuple[Finding, ...]:
    """Only designated institutions and pharmacies are named by the document."""

    def judge(value: object) -> str:
        if facts.provider_designated is None:
            return UNKNOWN
        return YES if facts.provider_designated else NO

    reading = read(policy.get("uses.needs_designated_provider"), on, judge)
    step = "look_up_provider" if facts.provider_designated is None else ""
    return findings(reading, "provider", next_step=step)


def _misuse(policy: Policy, on: date, verdict: str) -> tuple[Finding, ...]:
    """What the law says about misuse, on days on which it said so."""
    names = ("fraud.suspension_months", "fraud.fine_multiple")
    readings = [read(policy.get(name), on) for name in names]
    if not all(one.is_decided and one.settled for one in readings):
        return ()
    values = tuple(value for one in readings for value in one.values)
    told = {"months": readings[0].settled, "times": readings[1].settled}
    return (Finding("misuse", verdict, told, "", sources_of(values, on)),)
