"""The security administrator sees limits without numbers, and lifts a lock after checking who asks."""

import pytest

from accounts import limits, throttling
from accounts.admin.security import LABELS
from accounts.models import AuditEntry, SignIn, Throttle
from accounts.roles import Role
from tests import cast
from tests.factories.accounts import make_id_number, make_staff

pytestmark = pytest.mark.django_db

LIFT = "/admin/accounts/throttle/lift/"
REASON = "本人到窗口核实了身份证"
ADDRESS = "192.0.2.7"


@pytest.fixture
def security(at_work):
    return at_work(Role.SECURITY_ADMIN)


def use_up(limit, key):
    for _turn in range(limit.count):
        throttling.spend(limit, key)


def lift(client, **fields):
    return client.post(LIFT, {"reason": REASON} | fields)


def test_somebody_who_was_locked_out_may_try_again(security):
    id_number = make_id_number(sequence=31)
    clerk = make_staff(id_number=id_number)
    account = f"id_number {id_number}"
    spent = {
        (limits.SIGN_IN_ACCOUNT, account),
        (limits.SECOND_FACTOR, str(clerk.pk)),
        (limits.LOOK_UPS_HOUR, str(clerk.pk)),
    }
    others = {(limits.SIGN_IN_ACCOUNT, "id_number 1"), (limits.SECOND_FACTOR, "987654")}
    for limit, key in spent | others:
        use_up(limit, key)
    lift(security, box=id_number)
    assert not [one for one in spent if throttling.is_spent(*one)]
    assert all(throttling.is_spent(*one) for one in others)


def test_what_is_counted_by_number_and_address_needs_both(security):
    cast.zhang()
    pair = f"phone {cast.ZHANG_PHONE} {ADDRESS}"
    use_up(limits.SIGN_IN_PAIR, pair)
    lift(security, box=cast.ZHANG_PHONE)
    lift(security, address=ADDRESS)
    assert throttling.is_spent(limits.SIGN_IN_PAIR, pair)
    lift(security, box=cast.ZHANG_PHONE, address=ADDRESS)
    assert not throttling.is_spent(limits.SIGN_IN_PAIR, pair)


def test_a_hall_behind_one_address_is_let_in_again(security):
    use_up(limits.SIGN_IN_IP, ADDRESS)
    lift(security, address=ADDRESS)
    assert not throttling.is_spent(limits.SIGN_IN_IP, ADDRESS)


def test_lifting_is_on_record_without_the_number(security):
    cast.zhang()
    use_up(limits.SIGN_IN_ACCOUNT, f"phone {cast.ZHANG_PHONE}")
    lift(security, box=cast.ZHANG_PHONE)
    entry = AuditEntry.objects.get()
    assert (entry.actor, entry.action, entry.reason) == (security.user, "throttle.lift", REASON)
    assert entry.details == {
        "limits": ["sign-in-account"],
        "by_number": True,
        "by_address": False,
    }


@pytest.mark.parametrize(
    "fields", [{}, {"box": "123"}, {"address": "somewhere"}, {"address": ADDRESS, "reason": ""}]
)
def test_without_somebody_or_a_reason_nothing_is_lifted(security, fields):
    use_up(limits.SIGN_IN_IP, ADDRESS)
    answer = lift(security, **fields)
    assert answer.context["form"].errors
    assert throttling.is_spent(limits.SIGN_IN_IP, ADDRESS)
    assert not AuditEntry.objects.exists()


def test_the_list_shows_limits_and_what_is_full(security):
    use_up(limits.SIGN_IN_IP, ADDRESS)
    page = security.get("/admin/accounts/throttle/").content.decode()
    assert "一个地址输错密码" in page
    assert [str(limit.name) for limit in limits.LIMITS if limit.name not in LABELS] == []
    assert security.get("/admin/accounts/throttle/?limit=sms-gap").context["cl"].result_count == 0
    assert ADDRESS not in page
    assert Throttle.objects.get().key_digest not in page


def test_sign_ins_are_shown_with_masked_names(security):
    user, _person = cast.zhang(name="欧阳建国")
    SignIn.objects.create(user=user, session_key="secret-session", method="sms")
    page = security.get("/admin/accounts/signin/").content.decode()
    assert "欧阳*国" in page
    assert "secret-session" not in page
