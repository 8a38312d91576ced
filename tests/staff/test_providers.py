"""The system administrator keeps providers, the logins of their clerks and the keys of their machines."""

import pytest
from django.test import Client

from accounts import staff
from accounts.models import AuditEntry, SignIn, TotpDevice, User
from accounts.roles import Role
from claims import provider_keys
from claims.models import Provider, ProviderClerk, ProviderKey
from tests import cast
from tests.factories.accounts import authenticator_code, make_id_number, make_staff
from tests.factories.claims import make_clerk, make_provider
from tests.factories.insurance import make_area

pytestmark = pytest.mark.django_db
ROOT = "/admin/claims"
ID_NUMBER = make_id_number(sequence=14)


def values(answer):
    return {str(row["label"]): str(row["value"]) for row in answer.context["rows"]}


def actions():
    return list(AuditEntry.objects.order_by("id").values_list("action", flat=True))


def hire(system_admin, provider, **more):
    said = {"provider": provider.pk, "name": "钱小收", "id_number": ID_NUMBER, "phone": ""}
    return system_admin.post(f"{ROOT}/providerclerk/add/", said | more)


def test_a_provider_is_added_and_gets_a_last_day(system_admin):
    area = make_area()
    said = {
        "code": "h34010000099",
        "name": "第九医院",
        "kind": "institution",
        "area": area.pk,
        "designated_from": "2026-01-01",
    }
    page = system_admin.post(f"{ROOT}/provider/add/", said, follow=True).content.decode()
    made = Provider.objects.get()
    assert (made.code, made.designated_to) == ("H34010000099", None)
    assert "第九医院" in page
    change = f"{ROOT}/provider/{made.pk}/change/"
    system_admin.post(change, {"designated_to": "2026-12", "reason": "协议到期"})
    made.refresh_from_db()
    assert str(made.designated_to) == "2026-12-31"
    assert actions() == ["provider.add", "provider.change"]


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"code": "H-1"}, "编码由 6 到 30 位"),
        ({"code": "H34010000001"}, "已经登记过了"),
        ({"designated_to": "2025-12-31"}, "不能在第一天以前"),
        ({"designated_from": "昨天"}, "不是一个日期"),
        ({"kind": "bank"}, "bank"),
    ],
)
def test_a_provider_that_cannot_be_one_is_told_why(system_admin, said, sentence):
    area = make_area()
    make_provider(code="H34010000001", area=area)
    typed = {
        "code": "H34010000099",
        "name": "第九医院",
        "kind": "pharmacy",
        "area": area.pk,
        "designated_from": "2026-01-01",
    }
    page = system_admin.post(f"{ROOT}/provider/add/", typed | said).content.decode()
    assert sentence in page
    assert "第九医院" in page
    assert Provider.objects.count() == 1


def test_a_clerk_comes_with_two_factors_and_begins_at_the_desk(system_admin):
    provider = make_provider()
    answer = hire(system_admin, provider)
    shown = values(answer)
    clerk = ProviderClerk.objects.get()
    assert (clerk.provider, clerk.user.role) == (provider, Role.PROVIDER_CLERK)
    assert "no-store" in answer["Cache-Control"]
    assert actions() == ["user.create", "provider_clerk.add"]

    newcomer, device = Client(), TotpDevice.objects.get(user=clerk.user)
    first = {"box": ID_NUMBER, "password": shown["初始密码"]}
    second = newcomer.post("/accounts/sign-in/?next=/desk/", first)
    assert second.url.startswith("/accounts/second-factor/")
    newcomer.post(second.url, {"token": authenticator_code(device)})
    assert newcomer.get("/desk/").url == "/accounts/security/password/"
    weak = {"current": shown["初始密码"], "password": "nine-letters"}
    assert newcomer.post("/accounts/security/password/", weak).status_code == 200
    strong = {"current": shown["初始密码"], "password": "Rain-on-the-Roof-7"}
    newcomer.post("/accounts/security/password/", strong)
    assert provider.name in newcomer.get("/desk/").content.decode()


def test_whoever_has_left_is_out_at_once_and_may_begin_elsewhere(system_admin):
    old, new = make_provider(), make_provider()
    hire(system_admin, old)
    clerk = ProviderClerk.objects.get()
    User.objects.filter(pk=clerk.user_id).update(password_changed_at="2026-01-01T00:00:00Z")
    clerk.user.refresh_from_db()
    browser = cast.sign_in(Client(), clerk.user)
    assert browser.get("/desk/").status_code == 200
    assert "已经有工作登录" in hire(system_admin, new).content.decode()
    change = f"{ROOT}/providerclerk/{clerk.pk}/change/"
    assert "请写理由" in system_admin.post(change, {"reason": ""}).content.decode()
    system_admin.post(change, {"reason": "调到别处"})
    assert browser.get("/desk/").url.startswith("/accounts/sign-in/")
    assert not SignIn.objects.filter(user=clerk.user, ended_at=None).exists()
    assert system_admin.post(f"{ROOT}/providerclerk/{clerk.pk}/renew/").status_code == 403
    assert values(hire(system_admin, new))["定点机构"] == new.name
    assert AuditEntry.objects.get(action="provider_clerk.end").reason == "调到别处"


def test_lost_credentials_are_given_anew(system_admin):
    clerk = make_clerk(make_provider())
    shown = values(system_admin.post(f"{ROOT}/providerclerk/{clerk.pk}/renew/"))
    clerk.user.refresh_from_db()
    assert clerk.user.check_password(shown["初始密码"])
    assert clerk.user.password_changed_at is None


def test_no_role_changes_into_that_of_a_clerk_or_out_of_it(system_admin):
    clerk, colleague = make_clerk(make_provider()), make_staff(name="王五")
    assert system_admin.get(f"/admin/accounts/user/{clerk.user_id}/change/").status_code == 404
    page = system_admin.get(f"/admin/accounts/user/{colleague.pk}/change/").content.decode()
    assert "provider_clerk" not in page
    for user, role in ((clerk.user, Role.WINDOW_CLERK), (colleague, Role.PROVIDER_CLERK)):
        with pytest.raises(ValueError, match="agency"):
            staff.change_staff(user=user, role=role, is_active=True, by=system_admin.user)


def test_a_key_is_shown_once_exchanged_and_revoked(system_admin):
    provider = make_provider()
    said = {"provider": provider.pk, "quote": "on", "settle": "on"}
    answer = system_admin.post(f"{ROOT}/providerkey/add/", said)
    text, key = values(answer)["密钥"], ProviderKey.objects.get()
    assert provider_keys.authenticate(text) == key
    assert (key.scopes, key.issued_by) == (["quote", "settle"], system_admin.user)
    assert "no-store" in answer["Cache-Control"]
    change = f"{ROOT}/providerkey/{key.pk}/change/"
    assert text not in system_admin.get(change).content.decode()
    assert text not in str(system_admin.session.items())

    second = values(system_admin.post(f"{ROOT}/providerkey/{key.pk}/rotate/"))["密钥"]
    assert provider_keys.authenticate(text)
    assert provider_keys.authenticate(second).scopes == key.scopes
    system_admin.post(change, {"reason": "机器丢了"})
    assert provider_keys.authenticate(text) is None
    assert provider_keys.authenticate(second)
    assert system_admin.post(f"{ROOT}/providerkey/{key.pk}/rotate/").status_code == 403
    assert actions() == ["provider_key.issue", "provider_key.rotate", "provider_key.revoke"]


def test_a_key_that_opens_nothing_is_not_issued(system_admin):
    page = system_admin.post(f"{ROOT}/providerkey/add/", {"provider": make_provider().pk})
    assert "至少选一件" in page.content.decode()
    assert not ProviderKey.objects.exists()
