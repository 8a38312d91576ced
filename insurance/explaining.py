"""A question asked in JSON, answered by a rule on the published policy: the one door of pages, prints and `explain`."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from django.utils import translation

from insurance import policy_reading, rule_facts, rule_sentences
from insurance.periods import Month
from insurance.policy_values import SEED_ONLY, Policy, thaw
from insurance.rules import (
    contribution_years,
    family_aid,
    monthly_credit,
    retirement,
    spending,
    withdrawal,
)
from insurance.rules.decision import Cited, Decision, Finding, Material
from insurance.rules.family_aid import FamilyAidFacts
from insurance.rules.monthly_credit import CreditFacts

RULES = tuple(rule_facts.READERS)
ENGLISH, CHINESE = "en", "zh-hans"
# As the contract writes it; identifiers have no hyphen.
CONFIDENCES = {SEED_ONLY: "seed-only"}
ReadPolicy = Callable[[str, date], Policy]
_RULES: dict[str, Callable[..., Decision]] = {
    retirement.RULE: retirement.decide,
    contribution_years.RULE: contribution_years.decide,
    withdrawal.RULE: withdrawal.decide,
    spending.RULE: spending.decide,
}


def decide(
    rule: str, *, area: str, on: date, facts: Any, policy_on: ReadPolicy | None = None
) -> Decision:
    """Decide on frozen facts: two queries, also for a relative insured in another area.

    `policy_on` is asked for the values of an area and a day; drafts and tests bring their own. The decision names the
    versions of the rules it was made by.
    """
    codes, day = _asked(area, on, facts)
    policies = (
        {code: policy_on(code, day) for code in codes}
        if policy_on
        else policy_reading.values_for(codes, day)
    )
    used = {version for one in policies.values() for version in one.versions}
    return replace(_decide(rule, facts, policies, area, on), versions=tuple(sorted(used)))


def _asked(area: str, on: date, facts: Any) -> tuple[tuple[str, ...], date]:
    """Whose rules, and those of which day."""
    if isinstance(facts, FamilyAidFacts):
        return (area, facts.beneficiary_area or area), on
    if isinstance(facts, CreditFacts):
        return (area,), facts.month.first_day
    return (area,), on


def _decide(rule: str, facts: Any, policies: Mapping[str, Policy], area: str, on: date) -> Decision:
    if isinstance(facts, FamilyAidFacts):
        beneficiary = policies[facts.beneficiary_area or area]
        return family_aid.decide(facts, policies[area], beneficiary, on)
    if isinstance(facts, CreditFacts):
        return monthly_credit.decide(facts, policies[area], on)
    return _RULES[rule](facts, policies[area], on)


def explain(rule: str, *, area: str, on: date, raw: Any) -> dict[str, Any]:
    """Answer facts as JSON has them. Raises rule_facts.FactsError."""
    return as_dict(decide(rule, area=area, on=on, facts=rule_facts.read(rule, area, raw)))


def as_dict(decision: Decision) -> dict[str, Any]:
    """The decision as the contract prints it, sentences included, so that it can be kept and shown again."""
    return {
        "rule": decision.rule,
        "area": decision.area,
        "on": decision.on.isoformat(),
        "verdict": decision.verdict,
        "findings": [_finding(one) for one in decision.findings],
        "figures": _figures(decision.figures),
        "materials": [_material(one) for one in decision.materials],
    }


def _figures(figures: Mapping[str, Any]) -> dict[str, Any]:
    return {key: str(one) if isinstance(one, Month) else thaw(one) for key, one in figures.items()}


def _finding(finding: Finding) -> dict[str, Any]:
    with translation.override(CHINESE):
        message, step = rule_sentences.message(finding), rule_sentences.next_step(finding)
    with translation.override(ENGLISH):
        message_en = rule_sentences.message(finding)
    return {
        "code": finding.code,
        "verdict": finding.verdict,
        "message": message,
        "message_en": message_en,
        "next_step": step,
        "sources": [_source(one) for one in finding.sources],
    }


def _source(cited: Cited) -> dict[str, str]:
    source = cited.citation.source
    return {
        "id": source.id,
        "title": source.title,
        "number": source.number,
        "date": source.date,
        "confidence": CONFIDENCES.get(cited.confidence, cited.confidence),
    }


def _material(material: Material) -> dict[str, Any]:
    with translation.override(CHINESE):
        text = rule_sentences.material_text(material)
    with translation.override(ENGLISH):
        text_en = rule_sentences.material_text(material)
    return {
        "any_of": list(material.any_of),
        "only_if": material.only_if,
        "message": text,
        "message_en": text_en,
    }
