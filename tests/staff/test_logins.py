"""The system administrator opens, changes and switches off logins for work."""

import pytest
from django.test import Client

from accounts import staff
from accounts.models import AuditEntry, IdentifierKind, LoginIdentifier, SignIn, TotpDevice, User
from accounts.roles import STAFF, Role
from tests import cast
from tests.factories.accounts import (
    authenticator_code,
    make_id_number,
    make_staff,
    make_user,
)

pytestmark = pytest.mark.django_db

LIST = "/admin/accounts/user/"
ADD = f"{LIST}add/"
ID_NUMBER = make_id_number(sequence=14)
NEW = {"name": "王小丽", "role": Role.WINDOW_CLERK, "id_number": ID_NUMBER, "phone": "13900000041"}


def values(answer):
    return {str(row["label"]): str(row["value"]) for row in answer.context["rows"]}


def actions():
    return list(AuditEntry.objects.order_by("id").values_list("action", "details"))


def test_a_new_login_is_handed_over_once_and_must_change_its_password(system_admin):
    answer = system_admin.post(ADD, NEW)
    shown = values(answer)
    user = User.objects.get(role=Role.WINDOW_CLERK)
    device = TotpDevice.objects.get(user=user)
    assert shown["动态口令密钥"] == device.secret
    assert shown["动态口令地址"].startswith("otpauth://totp/")
    assert "no-store" in answer.headers["Cache-Control"]
    assert user.check_password(shown["初始密码"])
    assert actions() == [("user.create", {"role": "window_clerk"})]
    assert not set(shown.values()) & set(str(system_admin.session.items()))

    newcomer = Client()
    first = {"box": ID_NUMBER, "password": shown["初始密码"]}
    newcomer.post("/accounts/sign-in/?next=/admin/", first)
    newcomer.post("/accounts/second-factor/", {"token": authenticator_code(device)})
    assert newcomer.get("/admin/", follow=True).redirect_chain[-1][0] == (
        "/accounts/security/password/"
    )
    newcomer.post(
        "/accounts/security/password/",
        {"current": shown["初始密码"], "password": "Rain-on-the-Roof-7"},
    )
    assert newcomer.get("/admin/").status_code == 200


def test_the_numbers_are_kept_encrypted_and_shown_masked(system_admin):
    page = system_admin.post(ADD, NEW).content.decode()
    user = User.objects.get(role=Role.WINDOW_CLERK)
    assert set(LoginIdentifier.objects.values_list("kind", "user")) == {
        (IdentifierKind.ID_NUMBER, user.pk),
        (IdentifierKind.PHONE, user.pk),
    }
    page += system_admin.get(f"{LIST}{user.pk}/change/").content.decode()
    page += system_admin.get(LIST).content.decode()
    for whole in ("王小丽", ID_NUMBER, "13900000041"):
        assert whole not in page
    assert "王*丽" in page


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "<b>"),
        ("role", "citizen"),
        ("role", "superuser"),
        ("role", ""),
        ("id_number", ""),
        ("id_number", ID_NUMBER[:-1] + "9"),
        ("id_number", "110105"),
        ("phone", "12345"),
    ],
)
def test_what_is_no_name_role_or_number_is_said_and_nothing_is_made(system_admin, field, value):
    answer = system_admin.post(ADD, {**NEW, field: value})
    assert field in answer.context["form"].errors
    assert "error-summary" in answer.content.decode()
    assert User.objects.count() == 1
    assert actions() == []


def test_one_person_has_one_login_for_work(system_admin):
    system_admin.post(ADD, NEW)
    answer = system_admin.post(ADD, {**NEW, "role": Role.AUDIT_ADMIN})
    assert "已经有工作登录" in answer.content.decode()
    assert not User.objects.filter(role=Role.AUDIT_ADMIN).exists()


@pytest.fixture
def colleague():
    """A clerk who is signed in elsewhere."""
    user = make_staff(name="李晓")
    client = Client()
    cast.sign_in(client, user)
    return user, client


def change(client, user, **fields):
    return client.post(f"{LIST}{user.pk}/change/", {"role": user.role, "is_active": "on"} | fields)


def test_another_role_ends_the_sessions_and_takes_the_old_rights(system_admin, colleague):
    user, client = colleague
    assert client.get("/admin/insurance/insuredperson/find/").status_code == 200
    change(system_admin, user, role=Role.AUDIT_ADMIN)
    user.refresh_from_db()
    assert user.role == Role.AUDIT_ADMIN
    assert client.get("/admin/").status_code == 302
    assert not SignIn.objects.filter(user=user).open().exists()
    assert actions() == [
        (
            "user.change",
            {"role": "audit_admin", "role_before": "window_clerk", "is_active": True},
        )
    ]


def test_a_login_has_one_role_so_that_no_two_administrators_meet(system_admin, colleague):
    user, _client = colleague
    for role in (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN):
        change(system_admin, user, role=role)
        user.refresh_from_db()
        assert user.role == role
    answer = change(system_admin, user, role="system_admin,audit_admin")
    assert "role" in answer.context["form"].errors


def test_a_switched_off_login_is_out_and_stays_out(system_admin, colleague):
    user, client = colleague
    system_admin.post(f"{LIST}{user.pk}/change/", {"role": user.role})
    assert client.get("/admin/").status_code == 302
    assert [action for action, _details in actions()] == ["user.deactivate"]
    user.refresh_from_db()
    assert not user.is_active
    assert not user.has_perm("insurance.view_insuredperson")


def test_saving_what_is_already_so_changes_nothing(system_admin, colleague):
    user, client = colleague
    change(system_admin, user)
    assert client.get("/admin/").status_code == 200
    assert actions() == []


def test_nobody_changes_the_own_login(system_admin):
    own = system_admin.user
    assert change(system_admin, own, role=Role.AUDIT_ADMIN).status_code == 403
    assert system_admin.post(f"{LIST}{own.pk}/renew/").status_code == 403
    with pytest.raises(staff.OwnLogin):
        staff.change_staff(user=own, role=Role.AUDIT_ADMIN, is_active=True, by=own)
    with pytest.raises(staff.OwnLogin):
        staff.renew_credentials(user=own, by=own)
    assert "由另一位系统管理员" in system_admin.get(f"{LIST}{own.pk}/change/").content.decode()


def test_new_credentials_end_the_old_ones(system_admin, colleague):
    user, client = colleague
    old = TotpDevice.objects.get(user=user)
    shown = values(system_admin.post(f"{LIST}{user.pk}/renew/"))
    assert not TotpDevice.objects.filter(pk=old.pk).exists()
    assert TotpDevice.objects.get(user=user).secret == shown["动态口令密钥"] != old.secret
    user.refresh_from_db()
    assert user.check_password(shown["初始密码"])
    assert user.password_changed_at is None
    assert client.get("/admin/").status_code == 302
    assert [action for action, _details in actions()] == ["user.renew"]


def test_citizens_are_nobodys_work(system_admin):
    citizen = make_user(name="赵六")
    assert "赵" not in system_admin.get(LIST).content.decode()
    for path in ("change/", "renew/"):
        address = f"{LIST}{citizen.pk}/{path}"
        assert {system_admin.post(address).status_code} == {404}
    with pytest.raises(ValueError, match="citizen"):
        staff.change_staff(user=citizen, role=Role.CITIZEN, is_active=True, by=system_admin.user)


def test_first_passwords_are_strong_and_never_the_same():
    made = {staff.first_password() for _turn in range(50)}
    assert len(made) == 50
    for password in made:
        assert len(password) == 19
        assert not set(password) & set("01OIl")


def test_every_staff_role_can_be_given(system_admin):
    for number, role in enumerate(sorted(STAFF), start=50):
        person = {**NEW, "role": role, "id_number": make_id_number(sequence=number), "phone": ""}
        assert system_admin.post(ADD, person).context["rows"]
    assert User.objects.staff().count() == len(STAFF) + 1


def test_the_way_out_is_a_button(system_admin):
    assert system_admin.get("/admin/logout/").status_code == 405
    assert system_admin.post("/admin/logout/").url == "/accounts/signed-out/"
    assert system_admin.get("/admin/").status_code == 302
