"""A decision is kept whole and shown again as it was told, whatever the rules say later."""

import datetime as dt

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from accounts import audit
from accounts.models import AuditEntry
from accounts.roles import Role
from insurance import decisions, explaining, policies, policy_drafts, policy_reading, rule_facts
from insurance.models import PolicyVersion, StoredDecision
from tests import cast
from tests.factories.accounts import make_staff
from tests.factories.insurance import make_person, make_stored_decision
from tests.factories.rules import publish_all

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
DAY = dt.date(2026, 11, 21)
CREDIT = {
    "month": "2026-10",
    "person_type": "in_service",
    "age": 40,
    "base_fen": 800000,
    "paid": True,
}
SHARE = ('"value": "0.02"', '"value": "0.03"')


@pytest.fixture
def rules():
    publish_all()


def decide(policy_on=policy_reading.values_on):
    facts = rule_facts.read("monthly-credit", "320100", CREDIT)
    return explaining.decide(
        "monthly-credit", area="320100", on=DAY, facts=facts, policy_on=policy_on
    )


def change_the_share(monkeypatch):
    """The nation's two per cent becomes three; the examples know better and are left out here."""
    monkeypatch.setattr("insurance.policy_examples.read", lambda: ())
    nation = PolicyVersion.objects.published().get(area="000000")
    text = policies.export(version=nation)
    assert SHARE[0] in text
    editor, second = (
        make_staff(role=Role.POLICY_EDITOR),
        make_staff(role=Role.POLICY_EDITOR, name="钱进"),
    )
    draft = policy_drafts.revise(version=nation, text=text.replace(*SHARE), by=editor)
    policies.publish(version=draft, by=second)


def test_a_decision_names_the_versions_it_was_made_by(rules):
    used = PolicyVersion.objects.filter(pk__in=decide().versions)
    assert {one.area_id for one in used} == {"000000", "320000", "320100"}


def test_it_is_kept_whole_with_its_sentences_in_both_languages(rules):
    person = make_person()
    kept = decisions.keep(decide(), subject=person, by=None)
    kept.refresh_from_db()
    assert {key: kept.told[key] for key in ("rule", "area", "verdict", "figures")} == {
        key: explaining.as_dict(decide())[key] for key in ("rule", "area", "verdict", "figures")
    }
    assert all(one["message"] and one["message_en"] for one in kept.told["findings"])
    assert (kept.subject_ref, len(kept.versions)) == (str(person.reference), 3)
    assert AuditEntry.objects.get(action="decision.keep").subject_ref == str(kept.reference)


def test_the_old_case_still_shows_its_old_decision_after_the_rule_changed(
    rules,
    client,
    monkeypatch,
):
    kept = decisions.keep(decide(), subject=make_person(), by=None)
    before = explaining.as_dict(decide())
    change_the_share(monkeypatch)
    after = explaining.as_dict(decide())
    assert (before["figures"]["expected_fen"], after["figures"]["expected_fen"]) == (16000, 24000)
    worker = make_staff(role=Role.WINDOW_CLERK)
    cast.sign_in(client, worker)
    page = f"/admin/insurance/storeddecision/{kept.pk}/change/"
    assert "为什么要查看" in client.get(page).content.decode()
    shown = client.post(page, {"reason": "本人到窗口核对"}, follow=True).content.decode()
    assert "16000" in shown
    assert "24000" not in shown
    assert before["findings"][0]["message"] in shown
    assert "000000 v1" in shown
    assert "000000 v2" not in shown
    look = AuditEntry.objects.get(action="decision.look")
    assert (look.actor, look.subject_ref) == (worker, kept.subject_ref)


def test_the_page_of_a_person_leads_to_the_decisions_of_that_person(client):
    person = make_person()
    kept = make_stored_decision(subject_ref=str(person.reference))
    other = make_stored_decision()
    cast.sign_in(client, make_staff(role=Role.WINDOW_CLERK))
    address = f"/admin/insurance/insuredperson/{person.pk}/change/"
    page = client.post(address, {"reason": "本人到窗口核对"}, follow=True).content.decode()
    assert f"/storeddecision/{kept.pk}/" in page
    assert f"/storeddecision/{other.pk}/" not in page


def test_a_decision_by_a_draft_or_by_no_rules_is_not_kept(rules):
    with pytest.raises(decisions.NotByPublishedRules):
        decisions.keep(
            decide(lambda area, day: policy_reading.Policy(area, day)), subject=("a", "b"), by=None
        )
    PolicyVersion.objects.published().filter(area="320100").update(
        status="draft", published_at=None
    )
    draft = PolicyVersion.objects.get(area="320100")
    with pytest.raises(decisions.NotByPublishedRules):
        decisions.keep(decide(policy_reading.reader([draft])), subject=("a", "b"), by=None)


def test_a_subject_is_a_reference_and_never_a_number_of_a_person(rules):
    with pytest.raises(audit.PersonalDataError):
        decisions.keep(decide(), subject=("case", "13800001234"), by=None)
    assert not StoredDecision.objects.exists()


def test_kept_decisions_are_neither_changed_nor_deleted():
    kept = make_stored_decision()
    with pytest.raises(DatabaseError, match="only grows"), transaction.atomic():
        StoredDecision.objects.filter(pk=kept.pk).update(verdict="yes")
    with pytest.raises(DatabaseError, match="only grows"), transaction.atomic():
        StoredDecision.objects.filter(pk=kept.pk)._raw_delete("default")


@pytest.mark.parametrize(
    ("constraint", "wrong"),
    [
        ("stored_decision_has_a_known_verdict", {"verdict": "perhaps"}),
        ("stored_decision_has_a_subject", {"subject_ref": ""}),
        ("stored_decision_has_a_subject", {"subject_kind": ""}),
    ],
)
def test_the_database_refuses_decisions_that_cannot_be(constraint, wrong):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        make_stored_decision(**wrong)
