"""Keeping what somebody was told, so that it can be shown again years later."""

from typing import Any

from django.db import transaction
from django.utils import translation

from accounts import audit
from accounts.models import User
from insurance import explaining, rule_sentences
from insurance.models import PolicyVersion, StoredDecision
from insurance.rules.decision import Decision


class NotByPublishedRules(ValueError):
    """A decision by a draft, or by no rules at all, is nobody's decision."""


@transaction.atomic
def keep(decision: Decision, *, subject: audit.Subject, by: User | None) -> StoredDecision:
    """Store the whole decision with its sentences and the versions it was made by; the row never changes.

    `subject` is a row or (kind, reference) and must hold nothing personal: `audit.PersonalDataError`. `by` None is the
    citizen's own question or a job.
    """
    used = PolicyVersion.objects.filter(pk__in=decision.versions).order_by("area_id")
    if not decision.versions or any(one.status == PolicyVersion.Status.DRAFT for one in used):
        raise NotByPublishedRules
    kind, ref = audit.reference_of(subject)
    if audit.looks_personal(ref):
        raise audit.PersonalDataError("subject")
    kept = StoredDecision.objects.create(
        subject_kind=kind,
        subject_ref=ref,
        rule=decision.rule,
        area=decision.area,
        on=decision.on,
        verdict=decision.verdict,
        told=_told(decision),
        versions=[{"id": one.pk, "area": one.area_id, "number": one.number} for one in used],
        kept_by=by,
    )
    details = {"rule": kept.rule, "area": kept.area, "verdict": kept.verdict}
    audit.record(actor=by, action="decision.keep", subject=kept, details=details)
    return kept


def _told(decision: Decision) -> dict[str, Any]:
    """The contract's words, and the next steps in English as well: pages show both languages."""
    told = explaining.as_dict(decision)
    with translation.override(explaining.ENGLISH):
        steps = [rule_sentences.next_step(one) for one in decision.findings]
    for finding, step in zip(told["findings"], steps, strict=True):
        finding["next_step_en"] = step
    return told
