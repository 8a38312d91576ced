"""A rule changed in the staff site: draft, faults with their lines, examples, whom it changes, a second person."""

import datetime as dt
import json

import pytest
from django.core.management import call_command
from django.db import DatabaseError, transaction

from accounts.models import AuditEntry
from accounts.roles import Role
from insurance import policies, policy_checks, policy_drafts, policy_impact, policy_reading
from insurance.models import PolicyCheck, PolicySource, PolicyVersion
from tests.factories.accounts import make_staff
from tests.factories.insurance import make_area, make_enrolment, make_person
from tests.factories.rules import publish_all

pytestmark = pytest.mark.django_db
EMPLOYER = '"value": "0.07"'


@pytest.fixture
def rules():
    publish_all()


@pytest.fixture
def editor(rules, at_work):
    return at_work(Role.POLICY_EDITOR)


@pytest.fixture
def second(at_work):
    return at_work(Role.POLICY_EDITOR, name="钱进")


def nanjing():
    return PolicyVersion.objects.published().get(area="320100")


def typed(version, *changes):
    text = policies.export(version=version)
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return text


def edit(client, version, text, note="费率变了"):
    address = f"/admin/insurance/policyversion/{version.pk}/edit/"
    return client.post(address, {"text": text, "note": note})


def draft_of(client, *changes):
    edit(client, nanjing(), typed(nanjing(), *changes))
    return PolicyVersion.objects.get(status="draft")


def publish(client, version, step="publish"):
    address = f"/admin/insurance/policyversion/{version.pk}/publish/"
    return client.post(address, {"step": step}, follow=True).content.decode()


# The national formula, whose answer an example knows: a man delays by a month for every four.
BROKEN = ('"step_months": 4', '"step_months": 5')


def broken_draft(client):
    nation = PolicyVersion.objects.published().get(area="000000")
    edit(client, nation, typed(nation, BROKEN))
    return PolicyVersion.objects.get(status="draft")


def test_what_is_typed_becomes_a_draft_and_the_published_version_stays(editor):
    before = nanjing()
    version = draft_of(editor, (EMPLOYER, '"value": "0.065"'))
    assert (version.number, version.drafted_by, version.note) == (2, editor.user, "费率变了")
    assert nanjing() == before
    assert policies.is_intact(version=before)


def test_faults_are_told_with_their_lines_and_what_was_typed_is_kept(editor):
    text = typed(nanjing(), (EMPLOYER, '"value": "seven"'), ('"S36"', '"S999"'))
    before_value = text[: text.index('"value": "seven"')]
    starts = before_value.count("\n", 0, before_value.rindex("{")) + 1
    page = edit(editor, nanjing(), text).content.decode()
    assert "data-error-summary" in page
    assert f"第 {starts} 行：rates.employer" in page
    assert "没有登记的来源：S999" in page
    assert "&quot;seven&quot;" in page
    assert not PolicyVersion.objects.filter(status="draft").exists()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{", "第 1 行：不是合格的 JSON"),
        ("", "规则文件不能空着"),
        ("[]", "应为对象，并有列表 values"),
    ],
)
def test_what_is_no_file_is_refused_in_words(editor, text, told):
    assert told in edit(editor, nanjing(), text).content.decode()


def test_a_file_of_another_area_is_refused(editor):
    other = PolicyVersion.objects.published().get(area="320000")
    assert "文件名应为" in edit(editor, nanjing(), typed(other)).content.decode()


def test_a_local_name_may_not_be_left_out_even_where_the_file_says_it_is_not_listed(editor):
    shanghai = PolicyVersion.objects.published().get(area="310000")
    told = json.loads(typed(shanghai)) | {"listed": False}
    gone = "contribution_years.needed_months.male"
    told["values"] = [one for one in told["values"] if one["name"] != gone]
    page = edit(editor, shanghai, json.dumps(told, ensure_ascii=False)).content.decode()
    assert f"缺少 {gone}" in page
    assert not PolicyVersion.objects.filter(status="draft").exists()


def test_examples_see_the_draft_in_place_of_the_published_version(editor):
    version = draft_of(editor, (EMPLOYER, '"value": "0.065"'))
    seen = policy_reading.reader([version])("320100", dt.date(2026, 11, 21))
    assert [one.value for one in seen.get("rates.employer")] == ["0.065"]
    assert version.pk in seen.versions
    assert nanjing().pk not in seen.versions
    assert policy_reading.reader()("320100", seen.day) == policy_reading.values_on(
        "320100", seen.day
    )


def test_nothing_new_makes_no_draft(editor):
    assert "和第 1 版完全一样" in edit(editor, nanjing(), typed(nanjing())).content.decode()


def test_an_edited_draft_replaces_the_one_before(editor, second):
    first = draft_of(editor, (EMPLOYER, '"value": "0.065"'))
    edit(second, first, typed(first, ('"value": "0.065"', '"value": "0.068"')))
    first.refresh_from_db()
    newest = PolicyVersion.objects.get(status="draft")
    assert (first.status, newest.number, newest.drafted_by) == ("withdrawn", 3, second.user)
    late = edit(editor, first, typed(first, ('"value": "0.065"', '"value": "0.066"')))
    assert "请从最新的版本改起" in late.content.decode()


def test_a_failing_example_refuses_publishing_and_is_named(editor, second):
    version = broken_draft(editor)
    page = publish(second, version)
    version.refresh_from_db()
    check = PolicyCheck.objects.get()
    assert version.status == "draft"
    assert check.failed == len(check.failures) > 0
    assert {one["rule"] for one in check.failures} >= {"retirement"}
    assert "不能发布" in page
    assert check.failures[0]["name"] in page


def test_an_example_that_holds_lets_a_second_editor_publish_and_the_result_stays(editor, second):
    version = draft_of(editor, (EMPLOYER, '"value": "0.065"'))
    assert "例子全部通过" in publish(editor, version, step="check")
    publish(second, version)
    version.refresh_from_db()
    assert (version.status, version.published_by) == ("published", second.user)
    check = PolicyCheck.objects.filter(version=version).latest("id")
    assert (check.failed, check.total > 60, check.ran_by) == (0, True, second.user)


def test_who_drafted_may_check_and_not_publish(editor):
    version = draft_of(editor, (EMPLOYER, '"value": "0.065"'))
    page = publish(editor, version)
    version.refresh_from_db()
    assert version.status == "draft"
    assert "起草的人不能自己发布" in page


def test_a_run_is_old_when_other_rules_were_published_since(editor, second):
    version = draft_of(editor, (EMPLOYER, '"value": "0.065"'))
    policy_checks.run(versions=[version], by=editor.user)
    assert policy_checks.state([version]).allows_publishing
    shanghai = PolicyVersion.objects.published().get(area="310000")
    policies.withdraw(version=shanghai, by=second.user, reason="试一试")
    assert not policy_checks.state([version]).allows_publishing


def test_the_first_load_is_published_together_because_examples_need_all_areas(at_work):
    call_command("load_areas", verbosity=0)
    call_command("load_policies", verbosity=0)
    editor = at_work(Role.POLICY_EDITOR)
    nation = PolicyVersion.objects.get(area="000000")
    publish(editor, nation)
    assert not PolicyVersion.objects.published().exists()
    others = PolicyVersion.objects.exclude(pk=nation.pk)
    editor.post(
        f"/admin/insurance/policyversion/{nation.pk}/publish/",
        {"step": "publish", "together": [one.pk for one in others]},
    )
    assert PolicyVersion.objects.published().count() == PolicyVersion.objects.count()


def test_the_preview_counts_the_people_of_the_area_and_below(editor):
    for code in ("320100", "320100", "320200", "310000"):
        make_enrolment(person=make_person(), area=make_area(code=code))
    assert policy_impact.count_people("320100", frozenset())[0][1] == 2
    assert policy_impact.count_people("320000", frozenset())[0][1] == 3
    assert policy_impact.count_people("000000", frozenset())[0][1] == 4


def test_the_preview_shows_what_changes_from_what_to_what(editor, second):
    make_enrolment(person=make_person(), area=make_area(code="320100"))
    version = draft_of(editor, (EMPLOYER, '"value": "0.065"'))
    impact = policy_impact.preview(version)
    assert [(one.name, one.before[0].value, one.after[0].value) for one in impact.changes] == [
        ("rates.employer", "0.07", "0.065")
    ]
    page = second.get(f"/admin/insurance/policyversion/{version.pk}/publish/").content.decode()
    assert "今天在这里参保的人" in page
    assert "6.5%" in page


def test_a_draft_that_changes_nothing_counts_nobody(editor):
    assert policy_impact.preview(nanjing()).counts == ()


def test_only_editors_revise(rules):
    with pytest.raises(policies.NotAnEditor):
        policy_drafts.revise(
            version=nanjing(), text=typed(nanjing()), by=make_staff(role=Role.WINDOW_CLERK)
        )


@pytest.mark.both_databases
@pytest.mark.usefixtures("no_examples")
def test_runs_of_the_examples_are_neither_changed_nor_deleted(at_work):
    version = PolicyVersion.objects.create(
        area=make_area(), number=1, file_digest="0" * 64, checked_on="2026-11-21"
    )
    check = policy_checks.run(versions=[version], by=make_staff(role=Role.POLICY_EDITOR))
    with pytest.raises(DatabaseError, match="only grows"), transaction.atomic():
        PolicyCheck.objects.filter(pk=check.pk).update(failed=0)
    with pytest.raises(DatabaseError, match="only grows"), transaction.atomic():
        PolicyCheck.objects.filter(pk=check.pk)._raw_delete("default")


def test_a_document_is_registered_before_it_is_cited(editor):
    typed_source = {"code": "S99", "kind": "notice", "title": "新的通知", "how": "读过原文"}
    editor.post("/admin/insurance/policysource/add/", typed_source)
    assert PolicySource.objects.get(code="S99").number == ""
    assert AuditEntry.objects.filter(action="policy_source.add", actor=editor.user).count() == 1
    again = editor.post("/admin/insurance/policysource/add/", typed_source)
    assert "已经用过" in again.content.decode()
    version = draft_of(editor, (EMPLOYER, '"value": "0.065"'), ('"S30"', '"S99"'))
    assert version.number == 2
