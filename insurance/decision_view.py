"""A decision in words for a page: the verdict large, why, what to do, papers, sources, how sure, as of when."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from insurance import rule_sentences
from insurance.areas import NATION
from insurance.models import PolicySource
from insurance.policy_values import CONFIDENCES, OFFICIAL, Value
from insurance.policy_words import CONFIDENCE_WORDS, RUN_OUT
from insurance.rules import (
    contribution_years,
    family_aid,
    monthly_credit,
    retirement,
    spending,
    withdrawal,
)
from insurance.rules.decision import (
    NO,
    STAFF_DECIDES,
    UNKNOWN,
    YES,
    Cited,
    Decision,
    Finding,
)

SOURCE_KINDS = dict(PolicySource.Kind.choices)
# Findings that stand beside the reason, not in it.
REJECTED, RAN_OUT = "claim_rejected", "evidence_run_out"
TAGS = {YES: "ok", NO: "act", STAFF_DECIDES: "wait", UNKNOWN: "quiet"}
UNDECIDED: dict[str, str | Promise] = {
    STAFF_DECIDES: _("要窗口决定"),
    UNKNOWN: _("现在没有依据回答"),
}
# What a yes and a no answer, by rule.
WORDS: dict[str, dict[str, str | Promise]] = {
    withdrawal.RULE: {YES: _("可以"), NO: _("不可以")},
    spending.RULE: {YES: _("可以"), NO: _("不可以")},
    family_aid.RULE: {YES: _("可以"), NO: _("不可以")},
    contribution_years.RULE: {YES: _("够了"), NO: _("还不够")},
    retirement.RULE: {YES: _("能算出来"), NO: _("不能")},
    monthly_credit.RULE: {YES: _("能算出来"), NO: _("不应该有")},
}
SURE: dict[str, str | Promise] = {
    "official": _("依据都是官方文件。"),
    "secondary": _("有的依据不是文件原文，办事以前请打 12393 核实。"),
    STAFF_DECIDES: _("说法不一致，或者文件已经到期。这里不替窗口下结论。"),
    UNKNOWN: _("没有查到管这件事的规定。没有查到，不等于不可以，也不等于可以。"),
}


@dataclass(frozen=True)
class SourceLine:
    """A document once, however many findings cite it. `anchor` is unique on the page, `name` is how people call it.

    `confidence` is the best that it was worth anywhere in the answer.
    """

    anchor: str
    title: str
    name: str
    kind: str
    number: str
    date: str
    url: str
    confidence: str
    tag: str


@dataclass(frozen=True)
class Cite:
    anchor: str
    name: str
    article: str


@dataclass(frozen=True)
class FindingLine:
    """`kind` is that of `components/status_tag.html`, `about` the name of the policy value, "" where it is none."""

    code: str
    about: str
    kind: str
    text: str
    cites: tuple[Cite, ...]


@dataclass(frozen=True)
class DecisionView:
    """`verdict` is the key, `word` what people read. `steps` are each said once. `checked_on` is the day on which the oldest
    evidence was last looked at, None where there is none. `rejected` are claims that documents overrule.
    """

    rule: str
    area_code: str
    area: str
    on: date
    verdict: str
    word: str
    tag: str
    findings: tuple[FindingLine, ...]
    rejected: tuple[FindingLine, ...]
    steps: tuple[str, ...]
    materials: tuple[str, ...]
    sources: tuple[SourceLine, ...]
    sure: str
    checked_on: date | None
    figures: Mapping[str, Any]

    @property
    def is_nation(self) -> bool:
        return self.area_code == NATION


def view(decision: Decision, *, area: str) -> DecisionView:
    """No query, in the active language. `area` is the name of the place as people know it."""
    texts = _findings(decision)
    steps = (rule_sentences.next_step(one) for one in decision.findings)
    return DecisionView(
        rule=decision.rule,
        area_code=decision.area,
        area=area,
        on=decision.on,
        verdict=decision.verdict,
        word=str(WORDS[decision.rule].get(decision.verdict) or UNDECIDED[decision.verdict]),
        tag=TAGS[decision.verdict],
        findings=tuple(one for one in texts if one.code != REJECTED),
        rejected=tuple(one for one in texts if one.code == REJECTED),
        steps=tuple(dict.fromkeys(step for step in steps if step)),
        materials=tuple(rule_sentences.material_text(one) for one in decision.materials),
        sources=_sources(decision),
        sure=_sure(decision),
        checked_on=min((one.checked_on for one in _values(decision)), default=None),
        figures=decision.figures,
    )


def _findings(decision: Decision) -> tuple[FindingLine, ...]:
    """Each sentence once: two conditions of one document may say the same."""
    found: dict[tuple[str, tuple[Cite, ...]], FindingLine] = {}
    for finding in decision.findings:
        line = _finding(finding, decision.rule)
        found.setdefault((line.text, line.cites), line)
    return tuple(found.values())


def _finding(finding: Finding, rule: str) -> FindingLine:
    return FindingLine(
        code=finding.code,
        about=finding.params.get("name", ""),
        kind=TAGS[finding.verdict],
        text=rule_sentences.message(finding),
        cites=tuple(
            Cite(_anchor(one, rule), _name(one), one.citation.article) for one in finding.sources
        ),
    )


def _anchor(cited: Cited, rule: str) -> str:
    return f"{rule}-{cited.citation.source.id}"


def _name(cited: Cited) -> str:
    source = cited.citation.source
    return source.number or source.title


def _sources(decision: Decision) -> tuple[SourceLine, ...]:
    best: dict[str, Cited] = {}
    in_force: set[str] = set()
    for finding in decision.findings:
        for one in finding.sources:
            code = one.citation.source.id
            known = best.setdefault(code, one)
            if CONFIDENCES.index(one.confidence) < CONFIDENCES.index(known.confidence):
                best[code] = one
            if finding.code != RAN_OUT:
                in_force.add(code)
    return tuple(
        _source(one, decision.rule, has_run_out=code not in in_force) for code, one in best.items()
    )


def _source(cited: Cited, rule: str, *, has_run_out: bool) -> SourceLine:
    source = cited.citation.source
    confidence, tag = RUN_OUT if has_run_out else CONFIDENCE_WORDS[cited.confidence]
    return SourceLine(
        anchor=_anchor(cited, rule),
        title=source.title,
        name=_name(cited),
        kind=str(SOURCE_KINDS.get(source.kind, "")),
        number=source.number,
        date=source.date,
        url=source.url,
        confidence=str(confidence),
        tag=tag,
    )


def _sure(decision: Decision) -> str:
    if decision.verdict in UNDECIDED:
        return str(SURE[decision.verdict])
    rests_on = {
        cited.confidence
        for one in decision.findings
        if one.code != REJECTED
        for cited in one.sources
    }
    return str(SURE["official" if rests_on <= {OFFICIAL} else "secondary"])


def _values(decision: Decision) -> Iterable[Value]:
    for finding in decision.findings:
        if finding.code != REJECTED:
            yield from finding.params.get("values", ())
