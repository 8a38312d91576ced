"""Another phone for the login."""

import pytest

from accounts import limits
from accounts.models import AuditEntry, LoginIdentifier
from tests import cast
from tests.accounts.outbox import letters, newest_code, wrong
from tests.factories.accounts import PASSWORD

pytestmark = pytest.mark.django_db

PAGE = "/accounts/security/phone/"
CODE = f"{PAGE}code/"
NEW = "15400000066"


@pytest.fixture
def zhang(client):
    user, _person = cast.zhang()
    cast.sign_in(client, user)
    return user


def ask(client, current=PASSWORD, phone=NEW):
    return client.post(PAGE, {"current": current, "phone": phone})


def live_phones(user):
    return [row.value for row in LoginIdentifier.objects.live().filter(user=user, kind="phone")]


def test_the_code_goes_to_the_new_phone_and_the_old_one_is_told(client, zhang):
    assert ask(client).url == CODE
    assert [phone for phone, _body in letters()] == [NEW]
    assert client.post(CODE, {"code": newest_code(NEW)}).url == "/accounts/security/"
    assert live_phones(zhang) == [NEW]
    [(_phone, body)] = letters(cast.ZHANG_PHONE)
    assert "0066" in body
    assert NEW not in body
    assert AuditEntry.objects.filter(action="phone.change", actor=zhang).count() == 1


def test_the_new_phone_leads_in_and_the_old_one_no_longer(client, zhang):
    ask(client)
    client.post(CODE, {"code": newest_code(NEW)})
    for phone, leads_in in ((cast.ZHANG_PHONE, False), (NEW, True)):
        client.logout()
        client.post("/accounts/sign-in/", {"box": phone, "password": PASSWORD})
        assert ("_auth_user_id" in client.session) is leads_in


def test_the_phone_of_the_register_stays(client, zhang):
    ask(client)
    client.post(CODE, {"code": newest_code(NEW)})
    assert zhang.identity_links.get().person.phone == cast.ZHANG_PHONE


def test_nothing_changes_before_the_right_code(client, zhang):
    ask(client)
    client.post(CODE, {"code": wrong(newest_code(NEW))})
    assert live_phones(zhang) == [cast.ZHANG_PHONE]


def test_the_current_password_is_needed(client, zhang):
    page = ask(client, current="not my phrase").content.decode()
    assert "现在的密码不对" in page
    assert letters() == []


def test_the_same_phone_is_no_change(client, zhang):
    assert "不用换" in ask(client, phone="154 0000 0001").content.decode()
    assert letters() == []


@pytest.mark.parametrize("phone", ["", "1540000", "12345678901", "abc"])
def test_what_can_be_no_phone_is_told_so(client, zhang, phone):
    assert 'href="#id_phone"' in ask(client, phone=phone).content.decode()


def test_a_login_without_a_phone_gets_one(client):
    user, _person = cast.zhang(login_phone="")
    cast.sign_in(client, user)
    assert "登记手机号" in client.get(PAGE).content.decode()
    ask(client)
    client.post(CODE, {"code": newest_code(NEW)})
    assert live_phones(user) == [NEW]
    assert len(letters()) == 1


def test_it_can_not_be_done_over_and_over(client, zhang):
    for number in range(limits.CHANGE_PHONE.count):
        assert ask(client, phone=f"154000007{number:02d}").status_code == 302
    assert "次数太多" in ask(client).content.decode()


def test_strangers_are_led_to_the_door(client):
    assert client.get(PAGE).url == f"/accounts/sign-in/?next={PAGE}"
    assert client.get(CODE).url == f"/accounts/sign-in/?next={CODE}"


def test_the_code_page_without_a_beginning_leads_there(client, zhang):
    assert client.get(CODE).url == PAGE
