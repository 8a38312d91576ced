"""An answer of `eligibility` in words, for the one side that reads it; drawn by the house's component for decisions."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from django.utils.translation import get_language
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from family.eligibility import Check, Problem, Whose
from family.moves import Side
from family.reasons import REASONS, Code
from insurance import decision_view
from insurance.decision_view import SURE, TAGS, UNDECIDED, WORDS, DecisionView, FindingLine
from insurance.places import area_name
from insurance.rules.decision import NO, YES

# What the rule was asked with where nobody said anything: that it holds is no news.
_ASSUMED = {
    Whose.GIVER: ("family_aid.giver_schemes", "family_aid.giver_needs_account"),
    Whose.BENEFICIARY: ("family_aid.beneficiary_schemes",),
    Whose.BOTH: (),
}
_MONEY_MODEL = "family_aid.money_model"
BY_RECORD = _("依据是您在医保的登记和您填的内容。登记有错的，带身份证件到医保窗口更正。")


def view(check: Check, *, side: Side) -> DecisionView:
    """What that side may be told: causes in its own record and in what it said, then the rules behind them. One query.

    Only for a check by one's own record (`eligibility.precheck`); of one by both records, `told` are the lines.
    """
    shown = decision_view.view(check.decision, area=area_name(check.decision.area))
    hints = () if check.verdict == NO else check.hints
    word = UNDECIDED.get(check.verdict) or WORDS[check.decision.rule][check.verdict]
    return replace(
        shown,
        verdict=check.verdict,
        word=str(word),
        tag=TAGS[check.verdict],
        findings=(*told((*check.problems, *hints), side), *_rules(check, shown)),
        steps=steps(check.problems, side),
        sure=_sure(check, shown),
    )


def _rules(check: Check, shown: DecisionView) -> Iterator[FindingLine]:
    """Beside a no only what stands in the way; and nothing that rests on what nobody said."""
    unsaid = {one.side for one in check.hints if one.code == Code.NOT_SAID}
    assumed = {name for side in unsaid for name in _ASSUMED[side]}
    for line in shown.findings:
        if check.verdict == NO and line.kind == TAGS[YES]:
            continue
        if line.about in assumed or (unsaid and line.about.startswith(_MONEY_MODEL)):
            continue
        yield line


def told(problems: Iterable[Problem], side: Side) -> tuple[FindingLine, ...]:
    """Each cause with its number, which the hotline knows; what stops nothing has none."""
    return tuple(
        FindingLine(
            code=one.code, about="", kind=TAGS[one.verdict], text=_line(one, side), cites=()
        )
        for one in problems
    )


def _line(problem: Problem, side: Side) -> str:
    sentence = problem.sentence(side)
    if problem.verdict == YES:
        between = " " if (get_language() or "").startswith("en") else ""
        return between.join(filter(None, (sentence, problem.next_step(side))))
    return _now("%(sentence)s（打 12393 问时，说代码 %(number)s）") % {
        "sentence": sentence,
        "number": REASONS[problem.code].number,
    }


def steps(problems: Iterable[Problem], side: Side) -> tuple[str, ...]:
    """What that side can do, each said once."""
    found = (one.next_step(side) for one in problems)
    return tuple(dict.fromkeys(step for step in found if step))


def _sure(check: Check, shown: DecisionView) -> str:
    if check.verdict == check.decision.verdict:
        return shown.sure
    return str(SURE.get(check.verdict, BY_RECORD))
