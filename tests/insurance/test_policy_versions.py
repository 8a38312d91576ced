"""Drafts, publication by a second person, and rows that never change."""

import shutil
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import ProtectedError

from accounts.models import AuditEntry, User
from accounts.roles import Role
from insurance import policies, policy_folder, policy_reading
from insurance.models import (
    PolicyCitation,
    PolicySource,
    PolicyValue,
    PolicyVersion,
    PoolingArea,
)
from tests.factories.insurance import make_area
from tests.insurance.policy_texts import SOURCES, blank, entry, read

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.both_databases,
    pytest.mark.usefixtures("no_examples"),
]


def make_editor(*, name="赵敏", role=Role.POLICY_EDITOR):
    return User.objects.create(name=name, role=role)


def make_draft(*entries, by=None):
    make_area(code="320100", name_zh="南京市", name_en="Nanjing")
    policies.save_sources(sources=SOURCES, by=None)
    return policies.draft(policy=read(*(entries or (entry(),))), by=by)


def test_a_draft_is_not_in_force_until_a_second_editor_publishes_it():
    drafter, publisher = make_editor(), make_editor(name="钱进")
    version = make_draft(by=drafter)
    assert policy_reading.values_all("320100").answers == {}
    published = policies.publish(version=version, by=publisher)
    assert (published.status, published.published_by) == ("published", publisher)
    assert [one.value for one in policy_reading.values_all("320100").get("rates.employer")] == [
        "0.07"
    ]


def test_who_drafted_does_not_publish():
    drafter = make_editor()
    version = make_draft(by=drafter)
    with pytest.raises(policies.SamePerson):
        policies.publish(version=version, by=drafter)
    version.refresh_from_db()
    assert version.status == "draft"


@pytest.mark.parametrize("role", [Role.CITIZEN, Role.WINDOW_CLERK, Role.SYSTEM_ADMIN])
def test_only_policy_editors_publish_and_withdraw(role):
    version, stranger = make_draft(), make_editor(role=role)
    with pytest.raises(policies.NotAnEditor):
        policies.publish(version=version, by=stranger)
    with pytest.raises(policies.NotAnEditor):
        policies.withdraw(version=version, by=stranger, reason="试一试")


def test_the_next_version_takes_the_place_of_the_one_before():
    first = policies.publish(version=make_draft(), by=make_editor())
    second = policies.publish(version=make_draft(entry(value="0.08")), by=make_editor(name="钱进"))
    first.refresh_from_db()
    assert (first.status, second.number) == ("withdrawn", 2)
    assert first.withdrawn_at is not None
    assert [one.value for one in policy_reading.values_of(first)] == ["0.07"]


def test_an_older_draft_is_not_published_over_a_newer_version():
    old, new = make_draft(), make_draft(entry(value="0.08"))
    policies.publish(version=new, by=make_editor())
    with pytest.raises(policies.OlderThanPublished):
        policies.publish(version=old, by=make_editor(name="钱进"))


def test_nothing_is_published_twice():
    version = policies.publish(version=make_draft(), by=make_editor())
    with pytest.raises(policies.NotADraft):
        policies.publish(version=version, by=make_editor(name="钱进"))


def test_a_withdrawn_version_leaves_its_area_blank_and_twice_is_once():
    editor = make_editor()
    version = policies.publish(version=make_draft(), by=editor)
    for _ in range(2):
        assert policies.withdraw(version=version, by=editor, reason="抄错了").status == "withdrawn"
    assert policy_reading.values_all("320100").answers == {}
    assert AuditEntry.objects.filter(action="policy.withdraw").count() == 1


def test_the_log_says_who_drafted_and_who_published():
    drafter, publisher = make_editor(), make_editor(name="钱进")
    policies.publish(version=make_draft(by=drafter), by=publisher)
    told = AuditEntry.objects.filter(action__startswith="policy.").order_by("id")
    assert [(one.action, one.actor) for one in told] == [
        ("policy.draft", drafter),
        ("policy.publish", publisher),
    ]
    assert told[1].details == {"area": "320100", "number": 1, "replaces": None}


def test_the_same_file_makes_no_second_draft():
    assert make_draft() is not None
    assert make_draft() is None


def test_a_draft_needs_its_area():
    with pytest.raises(policies.AreaNotLoaded):
        policies.draft(policy=read(entry()), by=None)


@pytest.mark.parametrize("model", [PolicyValue, PolicyCitation])
def test_values_and_their_sources_are_neither_changed_nor_deleted(model):
    make_draft()
    row = model.objects.get()
    with pytest.raises(DatabaseError, match="only grows"), transaction.atomic():
        model.objects.filter(pk=row.pk).update(position=7)
    with pytest.raises(DatabaseError, match="only grows"), transaction.atomic():
        model.objects.filter(pk=row.pk)._raw_delete("default")
    assert model.objects.get().position == 0


def test_a_version_with_values_is_not_deleted():
    version = make_draft()
    with pytest.raises(ProtectedError):
        version.delete()


@pytest.mark.parametrize(
    ("constraint", "change"),
    [
        ("policy_version_status_has_its_times", {"status": "published"}),
        ("policy_version_status_has_its_times", {"status": "withdrawn"}),
        ("policy_version_status_has_its_times", {"status": "lost"}),
        ("policy_version_number_once_per_area", {"number": 2}),
    ],
)
def test_the_database_refuses_versions_that_cannot_be(constraint, change):
    version = make_draft()
    make_draft(entry(value="0.08"))
    with pytest.raises(IntegrityError, match=f"{constraint}|number"), transaction.atomic():
        PolicyVersion.objects.filter(pk=version.pk).update(**change)


def test_the_database_knows_that_two_people_are_needed():
    editor = make_editor()
    version = policies.publish(version=make_draft(by=editor), by=make_editor(name="钱进"))
    with (
        pytest.raises(IntegrityError, match="policy_version_published_by_a_second_person"),
        transaction.atomic(),
    ):
        PolicyVersion.objects.filter(pk=version.pk).update(published_by=editor)


def test_the_database_keeps_one_published_version_for_each_area():
    policies.publish(version=make_draft(), by=make_editor())
    other = make_draft(entry(value="0.08"))
    now = PolicyVersion.objects.get(number=1).published_at
    with pytest.raises(IntegrityError), transaction.atomic():
        PolicyVersion.objects.filter(pk=other.pk).update(status="published", published_at=now)


@pytest.mark.parametrize(
    ("constraint", "wrong"),
    [
        ("policy_value_is_there_or_says_why_not", {"value": None}),
        (
            "policy_value_is_there_or_says_why_not",
            {"emptiness": "not_found", "confidence": "", "evidence": ""},
        ),
        ("policy_value_answer_has_its_evidence", {"confidence": ""}),
        ("policy_value_answer_has_its_evidence", {"evidence": "guessed"}),
        (
            "policy_value_ends_after_it_starts",
            {"valid_from": "2024-03-01", "valid_to": "2024-02-29"},
        ),
    ],
)
def test_the_database_refuses_values_that_cannot_be(constraint, wrong):
    right = {
        "version": make_draft(),
        "position": 9,
        "name": "rates.own",
        "value": False,
        "unit": "flag",
        "confidence": "official",
        "evidence": "read",
        "checked_on": "2026-11-21",
    }
    PolicyValue.objects.create(**right)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        PolicyValue.objects.create(**right | {"position": 10} | wrong)


def test_a_row_slipped_into_a_published_version_shows():
    version = policies.publish(
        version=make_draft(entry(), blank(name="rates.own")), by=make_editor()
    )
    assert policies.is_intact(version=version)
    PolicyValue.objects.create(
        version=version,
        position=9,
        name="rates.own",
        value="0.99",
        unit="ratio",
        confidence="official",
        evidence="read",
        checked_on="2026-11-21",
    )
    assert not policies.is_intact(version=version)


def test_loading_twice_changes_nothing_and_every_version_is_intact():
    for _ in range(2):
        call_command("load_areas", verbosity=0)
        call_command("load_policies", "--publish", verbosity=0)
    assert PolicyVersion.objects.count() == PolicyVersion.objects.published().count()
    assert set(PolicyVersion.objects.values_list("number", flat=True)) == {1}
    assert all(policies.is_intact(version=one) for one in PolicyVersion.objects.all())
    assert PoolingArea.objects.filter(is_listed=True).count() == 17
    assert PoolingArea.objects.get(code="320100").parent.parent_id == "000000"


def test_what_is_exported_is_what_was_loaded(tmp_path):
    call_command("load_areas", verbosity=0)
    call_command("load_policies", "--publish", verbosity=0)
    call_command("export_policies", tmp_path, verbosity=0)
    names = {path.name for path in policy_folder.DATA.glob("*.json")}
    assert {path.name for path in tmp_path.iterdir()} == names
    for name in names:
        assert (tmp_path / name).read_bytes() == (policy_folder.DATA / name).read_bytes(), name


def test_production_publishes_nothing_by_itself(settings):
    call_command("load_areas", verbosity=0)
    settings.PRODUCTION = True
    with pytest.raises(CommandError):
        call_command("load_policies", "--publish", verbosity=0)
    assert not PolicyVersion.objects.published().exists()


def test_a_changed_file_becomes_the_next_draft_and_the_published_one_stays(tmp_path):
    call_command("load_areas", verbosity=0)
    call_command("load_policies", "--publish", verbosity=0)
    folder = tmp_path / "data"
    shutil.copytree(policy_folder.DATA, folder)
    changed = (folder / "320100.json").read_text(encoding="utf-8").replace('"0.07"', '"0.075"')
    (folder / "320100.json").write_text(changed, encoding="utf-8")
    out = StringIO()
    call_command("load_policies", "--folder", folder, stdout=out)
    assert out.getvalue().startswith("1 drafts made, 28 files known, 0 sources written")
    assert [(one.number, one.status) for one in PolicyVersion.objects.of_areas(["320100"])] == [
        (2, "draft"),
        (1, "published"),
    ]


def test_one_wrong_line_loads_nothing_and_is_named(tmp_path):
    call_command("load_areas", verbosity=0)
    folder = tmp_path / "data"
    shutil.copytree(policy_folder.DATA, folder)
    text = (folder / "320100.json").read_text(encoding="utf-8")
    line = text[: text.index('"0.07"')].count("\n")  # the entry starts two lines above its value
    (folder / "320100.json").write_text(text.replace('"0.07"', '"seven"'), encoding="utf-8")
    with pytest.raises(CommandError, match=rf"320100\.json:{line - 1}: rates\.employer"):
        call_command("load_policies", "--folder", folder, verbosity=0)
    assert not PolicyVersion.objects.exists()
    assert not PolicySource.objects.exists()


def test_a_source_that_is_corrected_is_written_and_told():
    policies.save_sources(sources=SOURCES, by=None)
    assert policies.save_sources(sources=SOURCES, by=None) == 0
    PolicySource.objects.filter(code="A1").update(number="旧号")
    assert policies.save_sources(sources=SOURCES, by=None) == 1
    assert AuditEntry.objects.get().action == "policy_source.change"
