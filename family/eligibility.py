"""May these two be bound on this day, and if not, why: every cause that holds, each with whose record it lies in.

The rule of the place decides on relation, schemes and areas; what the register says happened, how many members there are and
who may speak for a child comes on top (`family.causes`). Nothing here writes.
"""

from dataclasses import dataclass, replace
from datetime import date

from family.causes import (
    Case,
    Problem,
    Whose,
    by_age,
    by_record,
    by_rule,
    by_terms,
    by_ties,
    lent_part,
    not_covered,
    rank,
)
from family.models import Binding
from family.moves import Side, State, other
from family.place_rules import PlaceRules, place_rules
from family.records import UNINSURED, Party, Said, Ties, own_ties, party, ties
from insurance import explaining, policy_reading
from insurance.areas import NATION
from insurance.models import InsuredPerson
from insurance.models.enrolments import Scheme
from insurance.rules import family_aid
from insurance.rules.decision import NO, STAFF_DECIDES, UNKNOWN, YES, Decision, all_of
from insurance.rules.family_aid import FamilyAidFacts

__all__ = [
    "Case",
    "Check",
    "Party",
    "Problem",
    "Said",
    "Whose",
    "check",
    "examine",
    "lent_part",
    "not_covered",
    "precheck",
]


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
    model = case.model or _model_of(case, decision) or case.model_said
    found = [
        *by_rule(case, decision),
        *by_record(case),
        *by_age(case, rules),
        *by_ties(case, rules, model),
        *by_terms(case, rules, model),
    ]
    once = {(one.code, one.side): one for one in reversed(found)}
    ranked = sorted(once.values(), key=rank)
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
    model_said: str = "",
) -> Check:
    """On both real records. `joining` is the invited person, where that side is still empty.

    `limit_fen` is what would be set aside, None the limit of the binding less what was used. `model_said` is the money model
    that staff name where no rule settles it. Twelve queries at most.
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
            # Until it is in force, nothing is settled: somebody may have moved while it waited.
            model="" if binding.state in (State.WAITING, State.WITH_STAFF) else binding.money_model,
            model_said=model_said,
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


def _free_seat(known: Ties, rules: PlaceRules) -> int | None:
    seats = range(1, (rules.max_members or 0) + 1)
    return next((one for one in seats if one not in known.seats), None)
