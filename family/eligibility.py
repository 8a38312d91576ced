"""May these two be bound on this day, and if not, why: every cause that holds, each with whose record it lies in.

The rule of the place decides on relation, schemes and areas; what the register says happened, how many members there are and
who may speak for a child comes on top. Nothing here writes.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from accounts import names
from family.models import Binding, MoneyModel
from family.moves import PARTIES, Side, other
from family.place_rules import PlaceRules, place_rules
from family.reasons import Code, sentence, step
from family.records import UNINSURED, AgeGroup, Party, Said, Ties, own_ties, party, ties
from insurance import explaining, policy_reading, rule_sentences
from insurance.areas import NATION
from insurance.models import InsuredPerson
from insurance.models.enrolments import Scheme
from insurance.models.facts import FactKind
from insurance.rules import family_aid
from insurance.rules.decision import (
    NO,
    STAFF_DECIDES,
    UNKNOWN,
    VERDICTS,
    YES,
    Decision,
    Finding,
    all_of,
)
from insurance.rules.family_aid import FamilyAidFacts

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


@dataclass(frozen=True)
class Check:
    """The answer. `problems` and `hints` with the main one first; a hint is worth saying and stops nothing.

    `verdict`: yes, staff_decides (both may agree, then staff decide), no, unknown. `money_model` "" is not determined.
    `seat` is the giver's first free one, None where the place has no known cap. `areas` are those of giver and beneficiary.
    """

    decision: Decision
    problems: tuple[Problem, ...]
    money_model: str
    verdict: str
    rules: PlaceRules
    hints: tuple[Problem, ...] = ()
    seat: int | None = None
    areas: tuple[str | None, str | None] = (None, None)

    @property
    def may_go_on(self) -> bool:
        """At once, or to staff."""
        return self.verdict in (YES, STAFF_DECIDES)

    @property
    def stopping(self) -> tuple[Problem, ...]:
        return tuple(one for one in self.problems if one.verdict in (NO, UNKNOWN))

    def adding(self, problem: Problem) -> "Check":
        """The same, with a cause that came up later."""
        problems = (problem, *self.problems)
        return replace(self, problems=problems, verdict=all_of(one.verdict for one in problems))

    def told_to(self, side: Side) -> tuple[Problem, ...]:
        """What that side may be told: never what lies in the other's record."""
        return tuple(one for one in self.problems if one.concerns(side))

    def hides_from(self, side: Side) -> bool:
        """Something of the other's record is in the way, and this side is told no more than that."""
        return any(not one.concerns(side) for one in self.stopping)


@dataclass(frozen=True, kw_only=True)
class Case:
    """What is asked. `guarded` are the sides a recorded guardian speaks for; `typed_name` is how the invited was called.

    `asks_limit`: it is time for the giver to have named a limit, where the money model has one. `model` is the one that was
    settled before; "" is to be found.
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

    @property
    def parties(self) -> dict[Side, Party]:
        return {Side.GIVER: self.giver, Side.BENEFICIARY: self.beneficiary}


def check(case: Case) -> Check:
    """Two queries, for the rules of both areas."""
    area = case.giver.area or case.beneficiary.area or NATION
    policies = policy_reading.values_for((area, case.beneficiary.area or area), case.day)
    rules = place_rules(policies[area], case.day)
    decision = explaining.decide(
        family_aid.RULE,
        area=area,
        on=case.day,
        facts=_facts(case, area),
        policy_on=lambda code, day: policies[code],
    )
    model = case.model or _model_of(case, decision)
    found = [
        *_by_rule(case, decision),
        *_by_record(case),
        *_by_age(case, rules),
        *_by_ties(case, rules, model),
        *_by_terms(case, rules, model),
    ]
    once = {(one.code, one.side): one for one in reversed(found)}
    ranked = sorted(once.values(), key=_rank)
    return Check(
        decision=decision,
        problems=tuple(one for one in ranked if one.verdict != YES),
        money_model=model,
        verdict=all_of(one.verdict for one in ranked),
        rules=rules,
        hints=tuple(one for one in ranked if one.verdict == YES),
        seat=_free_seat(case.ties, rules),
        areas=(case.giver.area or None, case.beneficiary.area or None),
    )


def precheck(
    *,
    person: InsuredPerson,
    side: Side,
    said: Said,
    day: date,
    from_day: date | None = None,
    to_day: date | None = None,
    asks_limit: bool = False,
    limit_fen: int | None = None,
    guarded: bool = False,
) -> Check:
    """For the initiator, on that side: by the own record, and by what is said of the other. Six queries.

    None of them asks about the other person, and none depends on whether there is one.
    """
    own = party(person, day)
    theirs = said.party
    if said.id_number and said.id_number == person.id_number:
        theirs = replace(theirs, person_id=person.pk)
    giver, beneficiary = (own, theirs) if side is Side.GIVER else (theirs, own)
    return check(
        Case(
            giver=giver,
            beneficiary=beneficiary,
            relation=said.relation,
            day=day,
            ties=own_ties(person.pk, side, said.id_number),
            guarded=frozenset({side}) if guarded else frozenset(),
            from_day=from_day,
            to_day=to_day,
            asks_limit=asks_limit,
            limit_fen=limit_fen,
        )
    )


def examine(
    binding: Binding,
    *,
    day: date,
    joining: InsuredPerson | None = None,
    guarded: frozenset[Side] = frozenset(),
    limit_fen: int | None = None,
) -> Check:
    """On both real records. `joining` is the invited person, where that side is still empty.

    `limit_fen` is what would be set aside, None the limit of the binding less what was used. Twelve queries at most.
    """
    giver, beneficiary = binding.giver or joining, binding.beneficiary or joining
    if giver is None or beneficiary is None:
        raise ValueError("a binding is examined when both sides are known")
    left = None if binding.limit_fen is None else binding.limit_fen - binding.limit_used_fen
    return check(
        Case(
            giver=party(giver, day),
            beneficiary=party(beneficiary, day),
            relation=binding.relation,
            day=day,
            ties=ties(giver.pk, beneficiary.pk, without=binding.pk),
            guarded=guarded,
            invited=other(Side(binding.initiator)) if joining else None,
            typed_name=binding.invitation.name if joining else "",
            from_day=binding.from_day,
            to_day=binding.to_day,
            limit_fen=left if limit_fen is None else limit_fen,
            model=binding.money_model,
        )
    )


def _facts(case: Case, area: str) -> FamilyAidFacts:
    """What nobody said is taken for what would pass: it is asked again, of the register, when the other side comes."""
    giver, beneficiary = case.giver, case.beneficiary
    insured = UNINSURED not in (giver.scheme, beneficiary.scheme)
    return FamilyAidFacts(
        relation=case.relation,
        giver_scheme=giver.scheme or Scheme.EMPLOYEE,
        giver_has_account=giver.has_account,
        giver_area=area,
        beneficiary_scheme=beneficiary.scheme or Scheme.EMPLOYEE,
        beneficiary_area=(beneficiary.area or area) if insured else None,
    )


def _model_of(case: Case, decision: Decision) -> str:
    """Also where another condition stands in the way; "" where it is not settled, or rests on an area that nobody said."""
    said = all(one.area or one.scheme == UNINSURED for one in case.parties.values())
    models = [one.params.get("model") for one in decision.findings if one.code == "money_model_yes"]
    return next((str(one) for one in models if one), "") if said else ""


_CODES = {
    "family_aid.relatives": (Whose.BOTH, Code.RELATION),
    "family_aid.giver_schemes": (Whose.GIVER, Code.GIVER_SCHEME),
    "family_aid.giver_needs_account": (Whose.GIVER, Code.GIVER_NO_ACCOUNT),
    "family_aid.beneficiary_schemes": (Whose.BENEFICIARY, Code.BENEFICIARY_NOT_INSURED),
}
_OPEN = {STAFF_DECIDES: Code.RULE_STAFF, UNKNOWN: Code.RULE_UNKNOWN}
_AREA = {NO: Code.AREA, STAFF_DECIDES: Code.AREA_STAFF, UNKNOWN: Code.AREA_UNKNOWN}


def _by_rule(case: Case, decision: Decision) -> Iterator[Problem]:
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


def _by_record(case: Case) -> Iterator[Problem]:
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
    if case.giver.free_fen == 0:
        yield Problem(Code.NO_MONEY, Whose.GIVER, YES)


def _by_age(case: Case, rules: PlaceRules) -> Iterator[Problem]:
    for side, one in case.parties.items():
        group = one.group_on(
            case.day, guardian_below=rules.guardian_below_age, adult=rules.adult_age
        )
        if group is AgeGroup.CHILD and side not in case.guarded:
            # Of whom this is only said, the guardian is asked for when it is that side's turn.
            verdict = NO if one.is_of_record else YES
            yield Problem(Code.MINOR, Whose(side), verdict, {"age": rules.guardian_below_age})
        elif group is AgeGroup.YOUTH:
            yield Problem(Code.YOUTH, Whose(side), YES, {"age": rules.adult_age})


def _by_ties(case: Case, rules: PlaceRules, model: str) -> Iterator[Problem]:
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


def _free_seat(known: Ties, rules: PlaceRules) -> int | None:
    seats = range(1, (rules.max_members or 0) + 1)
    return next((one for one in seats if one not in known.seats), None)


def _by_terms(case: Case, rules: PlaceRules, model: str) -> Iterator[Problem]:
    if case.to_day is not None and case.to_day < max(case.day, case.from_day or case.day):
        yield Problem(Code.DATES, Whose.BOTH, NO)
    if model != MoneyModel.LIMIT:
        return
    if case.limit_fen is None:
        if case.asks_limit:
            yield Problem(Code.LIMIT_MISSING, Whose.GIVER, NO)
    elif case.giver.free_fen is not None:
        free = case.giver.free_fen - (rules.min_kept_fen or 0)
        if case.limit_fen > free:
            yield not_covered(case.limit_fen)


def not_covered(limit_fen: int) -> Problem:
    """The giver's money doesn't cover the limit."""
    return Problem(Code.LIMIT_NOT_COVERED, Whose.GIVER, NO, {"limit": limit_fen})


_RANKS = {code: rank for rank, code in enumerate(Code)}


def _rank(problem: Problem) -> tuple[int, int]:
    """What decides comes first, and of those the cause that makes the others idle."""
    return VERDICTS.index(problem.verdict), _RANKS[problem.code]
