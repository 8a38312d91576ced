"""Editors publish each other's drafts; clerks read; nobody changes a value."""

import datetime as dt

import pytest
from django.core.management import call_command

from accounts.models import AuditEntry
from accounts.roles import Role
from insurance import policies
from insurance.models import PolicyVersion
from tests.factories.accounts import make_staff
from tests.factories.insurance import make_area

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_examples")]


@pytest.fixture
def editor(at_work):
    return at_work(Role.POLICY_EDITOR)


def make_version(*, drafted_by=None, number=1, code="340100"):
    return PolicyVersion.objects.create(
        area=make_area(code=code),
        number=number,
        file_digest=f"{number:064d}",
        checked_on=dt.date(2026, 11, 1),
        drafted_by=drafted_by,
    )


def page_of(version):
    return f"/admin/insurance/policyversion/{version.pk}/change/"


def publishing(version):
    return f"/admin/insurance/policyversion/{version.pk}/publish/"


def publish(client, version):
    client.post(f"/admin/insurance/policyversion/{version.pk}/publish/", {"step": "publish"})
    version.refresh_from_db()
    return version.status


def test_a_second_editor_publishes_a_draft(editor):
    version = make_version(drafted_by=make_staff(role=Role.POLICY_EDITOR))
    assert "检查和发布" in editor.get(page_of(version)).content.decode()
    assert "发布这个版本" in editor.get(publishing(version)).content.decode()
    assert publish(editor, version) == "published"
    assert version.published_by == editor.user
    assert AuditEntry.objects.get().action == "policy.publish"


def test_nobody_publishes_the_own_draft(editor):
    version = make_version(drafted_by=editor.user)
    assert "发布这个版本" not in editor.get(publishing(version)).content.decode()
    assert publish(editor, version) == "draft"
    page = editor.get(publishing(version)).content.decode()
    assert "要由另一位政策编辑发布" in page


def test_a_clerk_reads_and_does_not_publish(clerk):
    version = make_version()
    assert "检查和发布" not in clerk.get(page_of(version)).content.decode()
    assert publish(clerk, version) == "draft"


def test_withdrawing_needs_a_reason(editor):
    version = make_version()
    policies.publish(version=version, by=make_staff(role=Role.POLICY_EDITOR))
    address = f"/admin/insurance/policyversion/{version.pk}/withdraw/"
    assert "请写理由" in editor.post(address, {"reason": ""}).content.decode()
    editor.post(address, {"reason": "新文件已经废止它"})
    version.refresh_from_db()
    assert version.status == "withdrawn"
    assert AuditEntry.objects.latest("id").reason == "新文件已经废止它"


def test_a_version_shows_its_values_in_words_with_sources_and_blanks(
    clerk, django_assert_max_num_queries
):
    call_command("load_areas", verbosity=0)
    policies.load()
    version = PolicyVersion.objects.get(area="310000")
    with django_assert_max_num_queries(12):
        page = clerk.get(page_of(version)).content.decode()
    assert "没有查到" in page
    assert "S18" in page
    assert "None" not in page


def test_lists_of_rules_and_sources_do_not_ask_row_by_row(editor, django_assert_max_num_queries):
    for number in range(30):
        make_version(
            code=f"34{number:04d}",
            number=1,
            drafted_by=make_staff(role=Role.POLICY_EDITOR, name=f"李{number}"),
        )
    with django_assert_max_num_queries(10):
        editor.get("/admin/insurance/policyversion/")
    with django_assert_max_num_queries(10):
        editor.get("/admin/insurance/poolingarea/")
