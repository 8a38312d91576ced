"""The register of contradictions: every reading with its documents, and the task that it opens."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from accounts.models import AuditEntry
from accounts.roles import Role
from insurance import policies, policy_disputes, policy_tasks
from insurance.models import PolicyTask
from tests.factories.accounts import make_staff
from tests.factories.insurance import make_area
from tests.factories.rules import publish_all
from tests.insurance.policy_texts import SOURCES, entry, read

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_examples")]
REGISTER = "/admin/insurance/policytask/"
TODAY = dt.date(2026, 11, 21)


def publish(*entries, area="320100"):
    make_area(code=area)
    policies.save_sources(sources=SOURCES, by=None)
    version = policies.draft(policy=read(*entries, area=area), by=None)
    return policies.publish(version=version, by=make_staff(role=Role.POLICY_EDITOR))


def two_readings(other="0.08", **rest):
    return (
        entry(confidence="secondary", mark="disputed", sources=[{"id": "P1"}], **rest),
        entry(value=other, confidence="secondary", mark="disputed", sources=[{"id": "A2"}], **rest),
    )


def register():
    return policy_disputes.register(TODAY)


@pytest.mark.both_databases
def test_two_readings_without_a_deciding_document_open_one_task():
    publish(*two_readings())
    (line,) = register()
    assert [one.value for one in line.dispute.readings] == ["0.07", "0.08"]
    assert (line.dispute.area, line.dispute.is_open, line.task.state) == ("320100", True, "open")
    assert policy_tasks.open_for_disputes() == 0
    assert PolicyTask.objects.count() == 1


def test_a_claim_that_a_document_outdoes_is_listed_without_a_task():
    publish(
        entry(),
        entry(value="0.08", confidence="seed_only", evidence="seed", sources=[{"id": "SEED"}]),
    )
    (line,) = register()
    assert (line.dispute.is_open, line.task) == (False, None)
    assert len(line.dispute.readings) == 2


def test_a_dispute_of_a_province_is_told_once_and_not_for_each_city():
    publish(*two_readings(), area="320000")
    publish(entry(name="rates.own", value="0.02"), area="320100")
    assert [one.dispute.area for one in register()] == ["320000"]


def test_only_what_holds_today_is_a_dispute():
    publish(*two_readings(valid_to="2020-12-31"))
    assert register() == ()
    assert len(policy_disputes.in_force(dt.date(2020, 12, 31))) == 1


def test_an_editor_settles_with_a_note_and_it_stays_settled(at_work):
    publish(*two_readings())
    task = PolicyTask.objects.get()
    editor = at_work(Role.POLICY_EDITOR)
    address = f"{REGISTER}{task.pk}/settle/"
    assert "请写明怎样处理的" in editor.post(address, {"note": " "}).content.decode()
    editor.post(address, {"note": "问过市医保局，等新文件"})
    task.refresh_from_db()
    assert (task.state, task.settled_by, task.note) == (
        "settled",
        editor.user,
        "问过市医保局，等新文件",
    )
    assert AuditEntry.objects.filter(action="policy_task.settle", actor=editor.user).count() == 1
    assert policy_tasks.open_for_disputes() == 0
    assert "问过市医保局" in editor.get(REGISTER).content.decode()
    assert "已经处理过了" in editor.post(address, {"note": "再来一次"}).content.decode()


def test_other_readings_are_another_task_and_a_dispute_that_is_gone_is_shown_as_gone(at_work):
    publish(*two_readings())
    publish(*two_readings(other="0.09"))
    assert PolicyTask.objects.open().count() == 2
    page = at_work(Role.POLICY_EDITOR).get(REGISTER).content.decode()
    assert "分歧已经不在" in page


def test_a_clerk_reads_the_register_and_settles_nothing(clerk):
    publish(*two_readings())
    page = clerk.get(REGISTER).content.decode()
    assert "文件P1" in page
    assert "新闻报道" in page
    assert "/settle/" not in page
    with pytest.raises(policy_tasks.NotForThisRole):
        policy_tasks.settle(task=PolicyTask.objects.get(), by=clerk.user, note="好了")


def test_the_register_of_the_real_rules_names_the_known_disputes(
    clerk, django_assert_max_num_queries
):
    publish_all()
    found = {(one.dispute.area, one.dispute.name) for one in register() if one.dispute.is_open}
    assert {
        ("210200", "contribution_years.needed_months.male"),
        ("320100", "contribution_years.needed_months.male"),
        ("330000", "contribution_years.needed_months.male"),
    } <= found
    assert PolicyTask.objects.open().count() == len(found)
    with django_assert_max_num_queries(16):
        page = clerk.get(REGISTER).content.decode()
    assert "None" not in page
    assert "还没有登记" not in page


@pytest.mark.both_databases
@pytest.mark.parametrize(
    "wrong",
    [
        {"state": "settled"},
        {"note": "好了"},
        {"state": "lost"},
        {"settled_at": "2026-11-21T00:00Z"},
    ],
)
def test_the_database_refuses_tasks_that_cannot_be(wrong):
    publish(*two_readings())
    with (
        pytest.raises(IntegrityError, match="policy_task_settled_has_who_when_and_why"),
        transaction.atomic(),
    ):
        PolicyTask.objects.update(**wrong)
