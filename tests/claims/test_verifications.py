"""The verification as it is run: by hand, by the night, and as it is told afterwards."""

import datetime as dt
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.management.commands import db_worker
from django_tasks_db.models import DBTaskResult

from accounts import append_only, sealing
from accounts.models import AuditEntry, Seal
from claims import nightly, verifications
from claims.models import VerificationRun
from claims.verifications import Standing
from claims.verifying import picture
from insurance import sealed_ledger
from insurance.models import LedgerEntry, PersonalAccount
from tests.factories.accounts import together
from tests.factories.insurance import at, make_account

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
NOW = at(2026, 11, 16, 10)
NIGHT = at(2026, 11, 17, 2).replace(minute=30)


@pytest.fixture
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture(autouse=True)
def one_connection(monkeypatch):
    """The worker closes what has grown old; here it is the transaction of the test."""
    monkeypatch.setattr(db_worker, "close_old_connections", lambda: None)


@pytest.fixture
def account(db):
    return make_account(balance_fen=1_000)


def verify(*arguments):
    out = StringIO()
    call_command("verify_ledger", *arguments, stdout=out, stderr=out)
    return out.getvalue()


def refused(*arguments):
    """What is said where the command ends with 1."""
    out = StringIO()
    with pytest.raises(CommandError) as caught:
        call_command("verify_ledger", *arguments, stdout=out, stderr=out)
    return f"{out.getvalue()}{caught.value}"


def break_account(account):
    PersonalAccount.objects.filter(pk=account.pk).update(balance_fen=1_001)


def mend(account):
    PersonalAccount.objects.filter(pk=account.pk).update(balance_fen=1_000)


def work():
    """What `db_worker --batch` does; how many tasks there were."""
    before = DBTaskResult.objects.filter(status=TaskResultStatus.READY).count()
    db_worker.Worker(
        queue_names=["*"],
        interval=0,
        batch=True,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id="test",
        excluded_queue_names=[],
    ).run()
    return before


def waiting():
    ready = DBTaskResult.objects.filter(status=TaskResultStatus.READY)
    return list(ready.values_list("run_after", flat=True))


def test_the_command_says_what_it_looked_at_and_keeps_the_result(account):
    told = verify()
    assert "每个账户的序号、余额和更正：2 行，相符" in told
    assert "账目核验通过：共看了 2 行。" in told
    run = VerificationRun.objects.get()
    assert run.is_clean
    assert run.rows == run.counts["ledger"] == 2
    assert AuditEntry.objects.filter(action="ledger.verify", subject_ref=str(run.pk)).exists()


def test_the_command_names_account_and_entry_and_ends_with_1(account):
    break_account(account)
    told = refused()
    assert (
        f"每个账户的序号、余额和更正：个人账户 {account.pk}（account，应为 1000，实为 1001）"
        in told
    )
    assert "账目核验发现 1 处不符。" in told
    run = VerificationRun.objects.get()
    assert not run.is_clean
    assert run.first == [
        {
            "check": "ledger",
            "code": "account",
            "kind": "insurance.personalaccount",
            "ref": str(account.pk),
            "details": {"sequence": None, "expected": 1000, "found": 1001},
        }
    ]


def test_many_faults_are_counted_and_a_few_are_kept(account):
    for _more in range(verifications.KEPT):
        break_account(make_account(balance_fen=1_000))
    break_account(account)
    assert verifications.run().faults == verifications.KEPT + 1
    assert len(VerificationRun.objects.get().first) == verifications.KEPT


def test_a_changed_row_and_seals_that_were_cut_off_are_named(account, tmp_path):
    assert sealing.seal(sealed_ledger.LOG, now=timezone.now() + 2 * sealing.QUIET_MARGIN) == 1
    exported = tmp_path / "heads"
    exported.write_text(sealing.head(sealed_ledger.LOG).as_line(), encoding="utf-8")
    assert "账目核验通过" in verify("--heads", str(exported))
    tables = append_only.lift(connection)
    LedgerEntry.objects.update(place="x")
    row = LedgerEntry.objects.get()
    assert f"封存 ledger/1（seal_changed，row={row.pk}）" in refused()
    Seal.objects.all().delete()
    append_only.restore(connection, tables)
    assert "封存 ledger/1（seal_head）" in refused("--heads", str(exported))


@pytest.mark.django_db(transaction=True)
def test_one_picture_is_read_while_others_write(account):
    assert "账目核验通过" in verify()
    assert not connection.in_atomic_block
    # Nothing was left open: the next one may write.
    break_account(account)
    assert "1 处不符" in refused()


@pytest.mark.django_db(transaction=True)
def test_whoever_writes_meanwhile_does_not_wait_and_is_not_seen(account):
    def balance():
        return PersonalAccount.objects.get().balance_fen

    with picture.one_picture():
        assert balance() == 1_000
        assert together(lambda: break_account(account)) == [None]
        assert balance() == 1_000
    assert balance() == 1_001


def test_the_standing_is_that_of_the_newest_result_that_is_there(account, clock):
    def standing():
        return verifications.standing(now=timezone.now())

    assert standing() == Standing.NEVER
    VerificationRun.objects.create(started_at=NOW)
    assert standing() == Standing.NEVER
    verifications.run()
    assert standing() == Standing.CLEAN
    clock.shift(verifications.STALE_AFTER)
    assert standing() == Standing.CLEAN
    clock.shift(dt.timedelta(seconds=1))
    assert standing() == Standing.STALE
    break_account(account)
    verifications.run()
    assert standing() == Standing.BROKEN
    clock.shift(2 * verifications.STALE_AFTER)
    assert standing() == Standing.BROKEN
    mend(account)
    verifications.run()
    assert standing() == Standing.CLEAN


def test_a_monitor_hears_it_and_the_load_balancer_goes_on(account, client):
    break_account(account)
    verifications.run()
    answer = client.get("/healthz")
    assert answer.status_code == 200
    assert answer.json() == {"status": "ok", "ledger": "broken"}


def test_whoever_has_no_result_gets_one_at_once_and_then_one_every_night(account, clock):
    assert nightly.plan(now=NOW) == NOW
    assert nightly.plan(now=NOW) is None
    assert work() == 1
    assert VerificationRun.objects.get().is_clean
    # The task has planned the night before it began.
    assert waiting() == [NIGHT]
    assert nightly.plan(now=timezone.now()) is None
    clock.move_to(NIGHT - dt.timedelta(seconds=1))
    work()
    assert VerificationRun.objects.count() == 1
    clock.move_to(NIGHT)
    work()
    assert VerificationRun.objects.count() == 2
    assert waiting() == [NIGHT + dt.timedelta(days=1)]


def test_a_fresh_result_leaves_it_to_the_night(account, clock):
    verifications.run()
    assert nightly.plan(now=timezone.now()) == NIGHT
    assert nightly.plan(now=timezone.now()) is None
    assert waiting() == [NIGHT]


def test_a_task_that_fails_takes_no_later_one_with_it(account, clock, monkeypatch):
    def fails():
        raise RuntimeError

    nightly.plan(now=NOW)
    with monkeypatch.context() as patch:
        patch.setattr(verifications, "run", fails)
        work()
    assert DBTaskResult.objects.failed().count() == 1
    assert waiting() == [NIGHT]
    clock.move_to(NIGHT)
    work()
    assert VerificationRun.objects.get().is_clean


def test_a_task_that_finds_something_has_failed_and_kept_it(account, clock):
    break_account(account)
    nightly.plan(now=NOW)
    work()
    assert VerificationRun.objects.get().faults == 1
    assert DBTaskResult.objects.failed().get().exception_class_path == "claims.nightly.Broken"


def test_a_task_that_was_killed_is_no_task_that_waits(account, clock):
    nightly.plan(now=NOW)
    DBTaskResult.objects.update(status=TaskResultStatus.RUNNING)
    assert nightly.plan(now=NOW) == NIGHT
    assert nightly.plan(now=NOW) is None


def test_the_command_that_plans_may_be_run_again_and_again(account, clock):
    out = StringIO()
    for _time in range(2):
        call_command("plan_nightly", stdout=out)
    assert out.getvalue() == "planned for 2026-11-16 10:00\none is waiting already\n"


@pytest.mark.parametrize(
    ("now", "night"),
    [
        (at(2026, 11, 17, 2), NIGHT),
        (NIGHT, NIGHT + dt.timedelta(days=1)),
        (at(2026, 12, 31, 23), at(2027, 1, 1, 2).replace(minute=30)),
    ],
)
def test_the_night_is_the_one_to_come(now, night):
    assert nightly.next_night(now) == night
