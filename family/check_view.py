"""An answer of `eligibility` in words, for the one side that reads it; drawn by the house's component for decisions."""

from collections.abc import Iterable
from dataclasses import replace

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from family.eligibility import Check, Problem
from family.moves import Side
from family.reasons import REASONS
from insurance import decision_view
from insurance.decision_view import SURE, TAGS, UNDECIDED, WORDS, DecisionView, FindingLine
from insurance.places import area_name
from insurance.rules.decision import YES

BY_RECORD = _("依据是您在医保的登记和您填的内容。登记有错的，带身份证件到医保窗口更正。")


def view(check: Check, *, side: Side) -> DecisionView:
    """What that side may be told: causes in its own record and in what it said, then the rules behind them. One query.

    Only for a check by one's own record (`eligibility.precheck`); of one by both records, `told` are the lines.
    """
    shown = decision_view.view(check.decision, area=area_name(check.decision.area))
    problems = (*check.problems, *check.hints)
    word = UNDECIDED.get(check.verdict) or WORDS[check.decision.rule][check.verdict]
    return replace(
        shown,
        verdict=check.verdict,
        word=str(word),
        tag=TAGS[check.verdict],
        findings=(*told(problems, side), *shown.findings),
        steps=steps(problems, side),
        sure=_sure(check, shown),
    )


def told(problems: Iterable[Problem], side: Side) -> tuple[FindingLine, ...]:
    """Each cause with its number, which the hotline knows; what stops nothing has none."""
    return tuple(
        FindingLine(
            code=one.code, about="", kind=TAGS[one.verdict], text=_line(one, side), cites=()
        )
        for one in problems
    )


def _line(problem: Problem, side: Side) -> str:
    if problem.verdict == YES:
        return problem.sentence(side)
    return _now("%(sentence)s（打 12393 问时，说代码 %(number)s）") % {
        "sentence": problem.sentence(side),
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
