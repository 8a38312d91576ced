"""The counter's one-time slip."""

import datetime as dt

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.test import Client

from accounts import limits
from accounts.models import AuditEntry, LoginIdentifier, User
from accounts.roles import Role
from insurance import slips
from insurance.models import ActivationSlip, IdentityLink
from tests import cast
from tests.accounts.outbox import letters
from tests.factories.accounts import make_staff, make_user, together
from tests.factories.insurance import make_fact, make_id_number, make_person

pytestmark = pytest.mark.django_db

PAGE = "/accounts/sign-up/slip/"
PASSWORD_PAGE = "/accounts/sign-up/password/"
NEW = "three blue mountains"
NOBODY = make_id_number(area="110000", born="19900101", sequence=5)
WRONG = "ABCDE-FGHJK"


@pytest.fixture
def person():
    return make_person(name="张建国", id_number=cast.ZHANG_ID, phone=cast.ZHANG_PHONE)


@pytest.fixture
def clerk():
    return make_staff(role=Role.WINDOW_CLERK)


def issue(person, clerk, reason="手机号已停用，当面核对身份证"):
    return slips.issue_slip(person=person, by=clerk, reason=reason)


def show(client, slip, id_number=cast.ZHANG_ID, **more):
    return client.post(PAGE, {"id_number": id_number, "slip": slip}, **more)


@pytest.mark.both_databases
def test_a_slip_and_a_password_lead_in(client, person, clerk):
    assert show(client, issue(person, clerk)).url == PASSWORD_PAGE
    assert client.post(PASSWORD_PAGE, {"password": NEW}).url == "/home/"
    link = IdentityLink.objects.get()
    assert (link.person, link.channel) == (person, "slip")
    assert link.user.check_password(NEW)
    assert ActivationSlip.objects.get().used_at is not None
    assert AuditEntry.objects.filter(action="slip.use", actor=link.user).count() == 1


def test_the_login_takes_no_phone_from_the_register(client, person, clerk):
    """The slip was needed because that phone is not the person's."""
    show(client, issue(person, clerk))
    client.post(PASSWORD_PAGE, {"password": NEW})
    assert not LoginIdentifier.objects.exists()


def test_a_slip_gives_a_lost_login_a_new_password(client, clerk):
    user, person = cast.zhang()
    elsewhere = cast.sign_in(Client(), user)
    show(client, issue(person, clerk))
    assert client.post(PASSWORD_PAGE, {"password": NEW}).url == "/home/"
    user.refresh_from_db()
    assert user.check_password(NEW)
    assert User.objects.citizens().count() == 1
    assert elsewhere.get("/accounts/security/").status_code == 302
    assert "密码刚刚改过" in letters(cast.ZHANG_PHONE)[-1][1]


def test_secrets_are_read_in_any_case_width_and_grouping(client, person, clerk):
    secret = issue(person, clerk).replace("-", "")
    typed = f" {secret[:3]} {secret[3:]} ".lower()
    assert show(client, typed).status_code == 302


def test_a_secret_has_no_letters_that_look_alike(person, clerk):
    for _one in range(20):
        secret = issue(person, clerk)
        assert len(secret) == 11
        assert secret[5] == "-"
        assert not set(secret) & set("01OI")


def test_the_secret_is_stored_nowhere(person, clerk):
    secret = issue(person, clerk)
    row = ActivationSlip.objects.get()
    stored = f"{row.__dict__} {list(AuditEntry.objects.values())}"
    assert secret not in stored
    assert secret.replace("-", "") not in stored


def test_a_slip_is_used_once(client, person, clerk):
    secret = issue(person, clerk)
    late = Client()
    show(client, secret)
    show(late, secret)
    client.post(PASSWORD_PAGE, {"password": NEW})
    assert late.post(PASSWORD_PAGE, {"password": "four white rivers"}).status_code in {302, 409}
    assert User.objects.citizens().get().check_password(NEW)
    assert "对不上" in show(Client(), secret).content.decode()


def test_a_newer_slip_ends_the_older(client, person, clerk):
    older = issue(person, clerk)
    newer = issue(person, clerk)
    assert "对不上" in show(client, older).content.decode()
    assert show(client, newer).status_code == 302


def test_a_newer_slip_ends_the_older_after_it_was_shown_too(client, person, clerk):
    """Between the two pages the paper may have been reported as lost."""
    show(client, issue(person, clerk))
    issue(person, clerk)
    client.post(PASSWORD_PAGE, {"password": NEW})
    assert not User.objects.citizens().exists()


def test_a_slip_is_good_for_seven_days(client, person, clerk):
    with time_machine.travel(dt.datetime(2026, 11, 16, 2, tzinfo=dt.UTC), tick=False) as clock:
        secret = issue(person, clerk)
        clock.shift(dt.timedelta(days=7) - dt.timedelta(seconds=1))
        assert show(client, secret).status_code == 302
        clock.shift(1)
        assert show(Client(), secret).status_code == 200
        assert client.post(PASSWORD_PAGE, {"password": NEW}).status_code == 302
        assert not User.objects.citizens().exists()


def test_a_slip_is_one_persons(client, person, clerk):
    make_person(name="王芳", id_number=NOBODY)
    assert "对不上" in show(client, issue(person, clerk), id_number=NOBODY).content.decode()


def test_nobody_and_somebody_get_the_same_answer(client, person, clerk):
    issue(person, clerk)
    pages = [show(Client(), WRONG, id_number=one) for one in (cast.ZHANG_ID, NOBODY)]
    assert {page.status_code for page in pages} == {200}
    assert all("对不上" in page.content.decode() for page in pages)


def test_wrong_tries_from_one_address_are_few(client, person, clerk):
    secret = issue(person, clerk)
    for _try in range(limits.SLIP_TRIES.count):
        show(Client(), WRONG)
    assert show(client, secret).status_code == 200
    assert show(client, secret, REMOTE_ADDR="203.0.113.9").status_code == 302


def test_twenty_wrong_tries_from_anywhere_end_the_slip(client, person, clerk):
    secret = issue(person, clerk)
    for number in range(slips.MAX_TRIES):
        show(Client(), WRONG, REMOTE_ADDR=f"198.51.100.{number + 1}")
    assert show(client, secret, REMOTE_ADDR="203.0.113.9").status_code == 200
    assert ActivationSlip.objects.get().wrong_tries == slips.MAX_TRIES


@pytest.mark.parametrize("typed", ["", "ABC", "ABCDE-FGHJ0", "ABCDE-FGHJK-L", "<b>"])
def test_what_can_be_no_slip_costs_no_try(client, person, clerk, typed):
    issue(person, clerk)
    assert 'href="#id_slip"' in show(client, typed).content.decode()
    assert ActivationSlip.objects.get().wrong_tries == 0


@pytest.mark.parametrize("role", sorted(set(Role.values) - {Role.WINDOW_CLERK}))
def test_only_the_window_gives_slips(person, role):
    with pytest.raises(PermissionDenied):
        issue(person, make_user(role=role))
    assert not ActivationSlip.objects.exists()


def test_a_slip_needs_a_reason_which_is_kept(person, clerk):
    with pytest.raises(ValueError, match="reason"):
        issue(person, clerk, reason="  ")
    issue(person, clerk)
    entry = AuditEntry.objects.get(action="slip.issue")
    assert entry.reason.startswith("手机号已停用")
    assert entry.subject_ref == str(person.reference)


def test_nobody_gets_a_slip_for_a_dead_person(client, person, clerk):
    secret = issue(person, clerk)
    make_fact(person=person, kind="death")
    assert show(client, secret).status_code == 200
    with pytest.raises(ValueError, match="dead"):
        issue(person, clerk)


def test_a_death_between_slip_and_password_ends_the_way(client, person, clerk):
    show(client, issue(person, clerk))
    make_fact(person=person, kind="death")
    client.post(PASSWORD_PAGE, {"password": NEW})
    assert not User.objects.citizens().exists()


@pytest.mark.both_databases
@pytest.mark.django_db(transaction=True)
def test_parallel_guesses_share_no_try(person, clerk):
    """Twenty-five at once are twenty tries: the count is one statement."""
    issue(person, clerk)

    def guess(number):
        return lambda: show(Client(), WRONG, REMOTE_ADDR=f"198.51.100.{number}")

    together(*[guess(number) for number in range(1, 13)])
    assert ActivationSlip.objects.get().wrong_tries == 12


@pytest.mark.both_databases
@pytest.mark.django_db(transaction=True)
def test_two_at_once_use_a_slip_once(person, clerk):
    secret = issue(person, clerk)
    visitors = [Client() for _one in range(4)]
    for visitor in visitors:
        show(visitor, secret)
    answers = together(
        *[lambda v=visitor: v.post(PASSWORD_PAGE, {"password": NEW}) for visitor in visitors]
    )
    inside = [visitor for visitor in visitors if "_auth_user_id" in visitor.session]
    assert len(inside) == 1, answers
    assert User.objects.citizens().count() == IdentityLink.objects.count() == 1
