"""The commands of this floor: the first member of staff, and the hourly clearing."""

import io
import re

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts import audit, codes, drafts, sms, throttling
from accounts.limits import SMS_GAP
from accounts.models import (
    AuditEntry,
    Draft,
    OneTimeCode,
    SmsMessage,
    Throttle,
    TotpDevice,
    User,
)
from accounts.roles import Role
from tests.factories.accounts import authenticator_code, make_id_number, make_user

pytestmark = pytest.mark.django_db
GOOD = "Correct-Horse-Battery-9"
NUMBER = make_id_number()


def create(monkeypatch, *lines, **options):
    monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{line}\n" for line in lines)))
    output = io.StringIO()
    call_command("create_staff", stdout=output, **options)
    return output.getvalue()


def test_the_first_administrator_comes_from_the_terminal(monkeypatch):
    printed = create(monkeypatch, "欧阳 建国", NUMBER.lower(), "138 0013 8000", GOOD, GOOD)
    user, device = User.objects.get(), TotpDevice.objects.get()
    assert (user.name, user.role) == ("欧阳建国", Role.SYSTEM_ADMIN)
    assert user.check_password(GOOD)
    assert sorted(row.value for row in user.identifiers.all()) == [NUMBER, "13800138000"]
    assert device.user == user
    assert device.verify_token(authenticator_code(device))
    assert device.secret in printed
    assert re.search(
        r"otpauth://totp/Gongji%3A[0-9a-f]{8}\?secret=[A-Z2-7]{32}&issuer=Gongji", printed
    )
    # The terminal's scroll-back is a place where numbers like to hide.
    assert not [text for text in ("欧阳建国", NUMBER, "13800138000", GOOD) if text in printed]
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.actor, entry.details) == (
        "user.create",
        None,
        {"role": "system_admin"},
    )


def test_a_phone_may_be_missing_and_the_role_be_another(monkeypatch):
    create(monkeypatch, "张三", NUMBER, "", GOOD, GOOD, role=Role.AUDIT_ADMIN)
    assert User.objects.get().role == Role.AUDIT_ADMIN


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (["", NUMBER, "", GOOD, GOOD], "no name"),
        (["张3", NUMBER, "", GOOD, GOOD], "no name"),
        (["张三", "123", "", GOOD, GOOD], "no ID number"),
        (["张三", NUMBER, "123", GOOD, GOOD], "no mobile"),
        (["张三", NUMBER, "", GOOD, GOOD + "x"], "differ"),
        (["张三", NUMBER, "", "Short-1", "Short-1"], "12 个字符"),
        (["张三", NUMBER, "", "Born-19491231-Xy", "Born-19491231-Xy"], "证件号码"),
        (["张三", NUMBER], "ended"),
    ],
)
def test_a_slip_at_the_terminal_creates_nothing(monkeypatch, lines, words):
    with pytest.raises(CommandError, match=words):
        create(monkeypatch, *lines)
    assert not User.objects.exists()
    assert not AuditEntry.objects.exists()


def test_one_person_has_one_login_for_work(monkeypatch):
    create(monkeypatch, "张三", NUMBER, "", GOOD, GOOD)
    with pytest.raises(CommandError, match="Another login"):
        create(monkeypatch, "张三", NUMBER, "", GOOD, GOOD)
    assert User.objects.count() == 1


def test_nobody_can_be_made_to_do_everything():
    with pytest.raises(CommandError, match="create_staff"):
        call_command("createsuperuser")
    assert not User.objects.exists()


def test_pruning_leaves_what_is_young_and_never_touches_the_log(capsys):
    user = make_user()
    throttling.spend(SMS_GAP, "x")
    codes.issue(
        purpose="sign_in",
        session_nonce="s",
        phone="13800138000",
        deliverable=True,
        ip_address="192.0.2.1",
    )
    drafts.keep(user=user, form_key="/x/", data={"a": ["b"]})
    audit.record(actor=user, action="user.change")
    AuditEntry.objects.create(action="user.change")
    call_command("prune_accounts")
    assert capsys.readouterr().out.count(": 0 deleted") == 5
    for model in (Throttle, OneTimeCode, Draft, SmsMessage):
        assert model.objects.exists()
    assert AuditEntry.objects.count() == 2


def test_what_is_kept_is_kept_for_the_time_that_is_written_down():
    # Six months of network logs are the law; the others are ours, and a change here is meant to be seen.
    assert throttling.LONGEST_SECONDS == 24 * 60 * 60
    assert (codes.LIFETIME.total_seconds(), codes.MAX_TRIES) == (300, 5)
    assert (sms.KEEP_BODY.total_seconds(), sms.KEEP_ROW.days, drafts.KEEP.days) == (3600, 30, 7)
    assert timezone.now().tzinfo
