"""The causes that can stand in the way of a binding, each with whose record it lies in. No queries."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from accounts import names
from family.models import MoneyModel
from family.moves import PARTIES, Side
from family.payers import SHARED_PARTS
from family.place_rules import PlaceRules
from family.reasons import Code, sentence, step
from family.records import UNINSURED, AgeGroup, Party, Ties
from insurance import rule_sentences
from insurance.models.enrolments import Scheme
from insurance.models.facts import FactKind
from insurance.rules.decision import NO, STAFF_DECIDES, UNKNOWN, VERDICTS, YES, Decision, Finding

NO_TIES = Ties()


class Whose(StrEnum):
    """In whose record the cause lies: who may be told it, and who can mend it."""

    GIVER = "giver"
    BENEFICIARY = "beneficiary"
    BOTH = "both"


@dataclass(frozen=True)
class Problem:
    """One cause. `verdict` no stands in the way, staff_decides sends it to the counter, unknown has nobody to decide it.

    `finding` is the rule's own, with its sources; None where no rule spoke.
    """

    code: Code
    side: Whose
    verdict: str
    params: dict[str, Any] = field(default_factory=dict, hash=False)
    finding: Finding | None = None

    def concerns(self, side: Side) -> bool:
        return self.side in (Whose.BOTH, Whose(side))

    def sentence(self, reader: Side | None) -> str:
        """Said to that side, or to staff (None)."""
        return sentence(self.code, self.params, who=self._who(reader))

    def next_step(self, reader: Side | None) -> str:
        if self.finding and self.finding.next_step and self.code == Code.RELATION:
            return rule_sentences.next_step(self.finding)
        return step(self.code, self.params, who=self._who(reader))

    def _who(self, reader: Side | None) -> Side | None:
        """Whom to speak about; None speaks to the reader."""
        if reader in PARTIES and self.concerns(reader):
            return None
        return Side.GIVER if self.side == Whose.BOTH else Side(self.side)


@dataclass(frozen=True, kw_only=True)
class Case:
    """What is asked. `guarded` are the sides a recorded guardian speaks for; `typed_name` is how the invited was called.

    `asks_limit`: it is time for the giver to have named a limit, where the money model has one. `model` is the one that was
    settled before, "" is to be found; `model_said` counts where no rule settles it.
    """

    giver: Party
    beneficiary: Party
    relation: str
    day: date
    ties: Ties = NO_TIES
    guarded: frozenset[Side] = frozenset()
    invited: Side | None = None
    typed_name: str = ""
    from_day: date | None = None
    to_day: date | None = None
    asks_limit: bool = True
    limit_fen: int | None = None
    model: str = ""
    model_said: str = ""

    @property
    def parties(self) -> dict[Side, Party]:
        return {Side.GIVER: self.giver, Side.BENEFICIARY: self.beneficiary}


_CODES = {
    "family_aid.relatives": (Whose.BOTH, Code.RELATION),
    "family_aid.giver_schemes": (Whose.GIVER, Code.GIVER_SCHEME),
    "family_aid.giver_needs_account": (Whose.GIVER, Code.GIVER_NO_ACCOUNT),
    "family_aid.beneficiary_schemes": (Whose.BENEFICIARY, Code.BENEFICIARY_NOT_INSURED),
}
_OPEN = {STAFF_DECIDES: Code.RULE_STAFF, UNKNOWN: Code.RULE_UNKNOWN}
_AREA = {NO: Code.AREA, STAFF_DECIDES: Code.AREA_STAFF, UNKNOWN: Code.AREA_UNKNOWN}


def by_rule(case: Case, decision: Decision) -> Iterator[Problem]:
    for finding in decision.findings:
        if finding.verdict == YES:
            continue
        if finding.params.get("name") in _CODES:
            side, code = _CODES[finding.params["name"]]
            code = _OPEN.get(finding.verdict, code)
        else:
            side, code = _whose_area(case, finding), _AREA[finding.verdict]
        if code == Code.GIVER_SCHEME and case.giver.scheme == UNINSURED:
            code = Code.GIVER_NOT_INSURED
        if code == Code.GIVER_NO_ACCOUNT and case.giver.scheme != Scheme.EMPLOYEE:
            continue  # follows from the scheme
        params = {"relation": case.relation} if code == Code.RELATION else {}
        yield Problem(code, side, finding.verdict, params, finding)


def _whose_area(case: Case, finding: Finding) -> Whose:
    """A finding that names a place is for the person who is insured there."""
    place = finding.params.get("area")
    if place is None or case.giver.area == case.beneficiary.area:
        return Whose.BOTH
    return Whose.GIVER if place == case.giver.area else Whose.BENEFICIARY


_STOPS = {
    FactKind.DEATH: Code.DEAD,
    FactKind.ACCOUNT_FREEZE: Code.FROZEN,
    FactKind.SETTLEMENT_SUSPENSION: Code.SETTLEMENT_SUSPENDED,
    FactKind.TRANSFER_OUT: Code.TRANSFER_UNDER_WAY,
}


def by_record(case: Case) -> Iterator[Problem]:
    if case.giver.person_id is not None and case.giver.person_id == case.beneficiary.person_id:
        yield Problem(Code.SELF, Whose.BOTH, NO)
    for side, one in case.parties.items():
        for kind, since in one.stops:
            # A frozen account gives nothing; its owner may still use what others give.
            if kind != FactKind.ACCOUNT_FREEZE or side is Side.GIVER:
                yield Problem(_STOPS[FactKind(kind)], Whose(side), NO, {"from_day": since})
        if not one.is_of_record and not (one.scheme and (one.area or one.scheme == UNINSURED)):
            yield Problem(Code.NOT_SAID, Whose(side), YES)
    if case.invited and not names.same(case.typed_name, case.parties[case.invited].name):
        yield Problem(Code.NAME_DIFFERS, Whose(case.invited), STAFF_DECIDES)
    if case.giver.free and not any(case.giver.free.values()):
        yield Problem(Code.NO_MONEY, Whose.GIVER, YES)


def by_age(case: Case, rules: PlaceRules) -> Iterator[Problem]:
    for side, one in case.parties.items():
        group = one.group_on(
            case.day, guardian_below=rules.guardian_below_age, adult=rules.adult_age
        )
        if group is AgeGroup.CHILD and side not in case.guarded:
            # Of whom this is only said, the guardian is asked for when it is that side's turn.
            verdict = NO if one.is_of_record else YES
            yield Problem(Code.MINOR, Whose(side), verdict, {"age": rules.guardian_below_age})
        elif group is AgeGroup.MINOR and side not in case.guarded:
            yield Problem(Code.MINOR_STAFF, Whose(side), STAFF_DECIDES, {"age": rules.adult_age})
        elif group is AgeGroup.YOUTH:
            yield Problem(Code.YOUTH, Whose(side), YES, {"age": rules.adult_age})


def by_ties(case: Case, rules: PlaceRules, model: str) -> Iterator[Problem]:
    known = case.ties
    if known.pair_models and (not model or model in known.pair_models):
        yield Problem(Code.ALREADY_BOUND, Whose.BOTH, NO, {"reference": known.pair_reference})
    if rules.rebinding_wait_days and known.ended_on:
        until = known.ended_on + timedelta(days=rules.rebinding_wait_days)
        if case.day < until:
            yield Problem(Code.COOL_DOWN, Whose.BOTH, NO, {"until": until})
    if not case.giver.is_of_record:
        return
    told = {"max": rules.max_members or rules.max_members_said, "now": known.members}
    if rules.max_members is not None and known.members >= rules.max_members:
        yield Problem(Code.MEMBER_CAP, Whose.GIVER, NO, told)
    elif rules.max_members_said is not None and known.members >= rules.max_members_said:
        yield Problem(Code.MEMBER_CAP_STAFF, Whose.GIVER, STAFF_DECIDES, told)
    elif rules.max_members is None:
        yield Problem(Code.CAP_NOT_FOUND, Whose.GIVER, YES)


def by_terms(case: Case, rules: PlaceRules, model: str) -> Iterator[Problem]:
    if case.to_day is not None and case.to_day < max(case.day, case.from_day or case.day):
        yield Problem(Code.DATES, Whose.BOTH, NO)
    if model != MoneyModel.LIMIT:
        return
    if case.limit_fen is None:
        if case.asks_limit:
            yield Problem(Code.LIMIT_MISSING, Whose.GIVER, NO)
    elif case.giver.free is not None:
        part = lent_part(case.giver.free, rules)
        free_fen = case.giver.free[part] if part else 0
        if case.limit_fen > free_fen - (rules.min_kept_fen or 0):
            yield not_covered(case.limit_fen)


def lent_part(parts: Collection[str], rules: PlaceRules) -> str | None:
    """The first of these parts of an account that the place lends, in the order in which bills ask them."""
    lent = SHARED_PARTS.get(rules.shared_part, SHARED_PARTS[None])
    return next((str(part) for part in lent if part in parts), None)


def not_covered(limit_fen: int) -> Problem:
    """The giver's money doesn't cover the limit."""
    return Problem(Code.LIMIT_NOT_COVERED, Whose.GIVER, NO, {"limit": limit_fen})


_RANKS = {code: rank for rank, code in enumerate(Code)}


def rank(problem: Problem) -> tuple[int, int]:
    """What decides comes first, and of those the cause that makes the others idle."""
    return VERDICTS.index(problem.verdict), _RANKS[problem.code]
