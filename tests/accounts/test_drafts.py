"""What was typed comes back once; secrets are never kept."""

import datetime as dt
import json

import pytest
import time_machine
from django.db import connection
from django.http import QueryDict
from django.utils import timezone

from accounts import drafts
from accounts.models import Draft
from tests.factories.accounts import make_user

pytestmark = pytest.mark.django_db
KEY = "/accounts/security/phone/"


def test_what_was_typed_comes_back_once_and_only_to_its_owner():
    user, other = make_user(), make_user(name="李四")
    data = {"reason": ["我换了号码"], "kinds": ["a", "b"]}
    assert drafts.keep(user=user, form_key=KEY, data=data)
    assert drafts.take(user=other, form_key=KEY) == {}
    assert drafts.take(user=user, form_key="/other/") == {}
    assert drafts.take(user=user, form_key=KEY) == data
    assert drafts.take(user=user, form_key=KEY) == {}


def test_a_newer_draft_replaces_the_older():
    user = make_user()
    for text in ("一", "二"):
        drafts.keep(user=user, form_key=KEY, data={"x": [text]})
    assert drafts.take(user=user, form_key=KEY) == {"x": ["二"]}


@pytest.mark.parametrize(
    "name",
    [
        *("password", "new_password1", "old-password", "PASSWORD", "passphrase", "passwd"),
        *("code", "sms_code", "otp_token", "token", "csrfmiddlewaretoken", "totp_secret"),
        *("pin", "card_pin", "slip", "slip_number", "captcha", "verification", "signature"),
    ],
)
def test_secrets_are_never_kept(name):
    user = make_user()
    assert not drafts.keep(user=user, form_key=KEY, data={name: ["hush"]})
    drafts.keep(user=user, form_key=KEY, data={name: ["hush"], "note": ["text"]})
    assert drafts.take(user=user, form_key=KEY) == {"note": ["text"]}


def test_a_draft_is_encrypted_at_rest():
    drafts.keep(user=make_user(), form_key=KEY, data={"phone": ["13800138000"]})
    with connection.cursor() as cursor:
        cursor.execute("SELECT data FROM accounts_draft")
        stored = cursor.fetchone()[0]
    assert "13800138000" not in stored
    assert "phone" not in stored


@pytest.mark.parametrize(
    "data",
    [{}, {"a": [""]}, {"a": ["  "]}, {"a": ["x" * 20_001]}, {f"f{n}": ["x"] for n in range(101)}],
    ids=["nothing", "empty", "blank", "long", "many"],
)
def test_nothing_and_too_much_are_not_kept(data):
    assert not drafts.keep(user=make_user(), form_key=KEY, data=data)
    assert not Draft.objects.exists()


def test_a_submitted_form_is_read_with_all_its_values():
    post = QueryDict("a=1&a=2&b=%E5%BC%A0")
    assert drafts.typed(post) == {"a": ["1", "2"], "b": ["张"]}
    assert drafts.first_values(drafts.typed(post)) == {"a": "1", "b": "张"}


def test_a_draft_nobody_came_back_for_is_gone_after_a_week():
    now = timezone.now()
    user = make_user()
    with time_machine.travel(now - drafts.KEEP - dt.timedelta(seconds=1), tick=False):
        drafts.keep(user=user, form_key=KEY, data={"a": ["old"]})
    assert drafts.take(user=user, form_key=KEY) == {}
    with time_machine.travel(now - drafts.KEEP + dt.timedelta(seconds=1), tick=False):
        drafts.keep(user=user, form_key="/b/", data={"a": ["young"]})
    assert drafts.prune(now=now) == 1
    assert json.loads(Draft.objects.get().data) == {"a": ["young"]}
