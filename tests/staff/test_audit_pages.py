"""The audit administrator reads the visitors' book, what the other two did included, and verifies it."""

import pytest
from django.db import connection
from django.utils import timezone

from accounts import append_only, audit, sealing
from accounts.models import AuditEntry, Seal
from accounts.roles import Role
from insurance.models import LedgerEntry
from tests.factories.accounts import make_staff
from tests.factories.insurance import make_account, make_person

pytestmark = pytest.mark.django_db

LIST = "/admin/accounts/auditentry/"
VERIFY = "/admin/accounts/seal/verify/"


@pytest.fixture
def auditor(at_work):
    return at_work(Role.AUDIT_ADMIN)


def shown(client, query=""):
    return [entry.action for entry in client.get(LIST + query).context["cl"].result_list]


def test_it_shows_who_did_what_about_whom_and_why(auditor):
    clerk, person = make_staff(name="李晓"), make_person(name="张建国")
    audit.record(actor=clerk, action="person.look", subject=person, reason="打印缴费记录")
    page = auditor.get(LIST).content.decode()
    for words in ("李*（窗口经办人员）", "查看参保人", "打印缴费记录", str(person.reference)[:8]):
        assert words in page
    assert "张建国" not in page
    entry = AuditEntry.objects.get()
    page = auditor.get(f"{LIST}{entry.pk}/change/").content.decode()
    assert str(person.reference) in page


def test_it_is_narrowed_by_action_role_day_and_reference(auditor):
    person = make_person()
    audit.record(actor=make_staff(), action="person.look", subject=person)
    audit.record(actor=make_staff(role=Role.SYSTEM_ADMIN), action="user.create")
    audit.record(actor=None, action="sign_in.fail")
    assert shown(auditor, "?action=person.look") == ["person.look"]
    assert shown(auditor, "?role=system_admin") == ["user.create"]
    assert shown(auditor, "?role=system") == ["sign_in.fail"]
    assert shown(auditor, f"?q={person.reference}") == ["person.look"]
    today = timezone.localdate()
    day = f"?at__year={today.year}&at__month={today.month}&at__day={today.day}"
    assert len(shown(auditor, day)) == 3
    assert shown(auditor, f"?at__year={today.year - 1}") == []


def test_what_the_other_administrators_do_is_seen_here_and_cannot_be_undone(
    auditor, system_admin, at_work
):
    security = at_work(Role.SECURITY_ADMIN)
    colleague = make_staff(name="李晓")
    system_admin.post(f"/admin/accounts/user/{colleague.pk}/change/", {"role": colleague.role})
    security.post(
        "/admin/accounts/throttle/lift/", {"address": "192.0.2.7", "reason": "服务大厅的出口"}
    )
    assert shown(auditor) == ["throttle.lift", "user.deactivate"]
    for client in (system_admin, security, auditor):
        entry = AuditEntry.objects.first()
        answers = [
            client.post(f"{LIST}{entry.pk}/delete/", {"post": "yes"}),
            client.post(f"{LIST}{entry.pk}/change/", {"reason": "x"}),
            client.post(LIST, {"action": "delete_selected", "_selected_action": entry.pk}),
        ]
        assert {answer.status_code for answer in answers} <= {302, 403, 200}
    assert AuditEntry.objects.count() == 2


def test_the_list_asks_as_few_questions_for_many_entries_as_for_few(
    auditor, django_assert_max_num_queries
):
    for number in range(40):
        audit.record(actor=make_staff(name=f"李{number}"), action="person.look")
    with django_assert_max_num_queries(12):
        auditor.get(LIST)


def seal_everything():
    later = timezone.now() + 2 * sealing.QUIET_MARGIN
    return [sealing.seal(log, now=later) for log in sealing.LOGS.values()]


def results(client):
    answer = client.post(VERIFY)
    return {
        one["key"]: (one["fault"] and str(one["fault"]), one["row"])
        for one in (answer.context["results"])
    }


def test_sealed_logs_that_nobody_touched_are_good(auditor):
    make_account(balance_fen=100)
    audit.record(actor=None, action="log.seal")
    seal_everything()
    assert results(auditor) == {"audit": (None, None), "ledger": (None, None)}
    entry = AuditEntry.objects.latest("id")
    assert (entry.action, entry.actor) == ("audit.verify", auditor.user)
    assert entry.details == {"logs": 2, "bad": []}


def test_looking_at_the_page_verifies_nothing(auditor):
    assert "开始核验" in auditor.get(VERIFY).content.decode()
    assert not AuditEntry.objects.exists()
    assert Seal.objects.count() == 0


def test_the_first_bad_row_is_named_on_the_page(auditor):
    make_account(balance_fen=100)
    entry = audit.record(actor=None, action="log.seal")
    seal_everything()
    append_only.lift(connection)
    AuditEntry.objects.filter(pk=entry.pk).update(reason="别的理由")
    LedgerEntry.objects.all().delete()
    found = results(auditor)
    assert found["audit"] == ("记录被改过", entry.pk)
    assert found["ledger"][0] == "记录被删掉了"
    assert AuditEntry.objects.latest("id").details["bad"] == ["audit", "ledger"]
