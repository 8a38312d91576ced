"""Encrypted columns: plain in Python, unreadable in the database, and never searched."""

import pytest
from django.core import serializers
from django.core.exceptions import FieldError
from django.db import connection
from django.db.models import F

from accounts.crypto import CryptoError
from accounts.models import LoginIdentifier, SmsMessage, User
from tests.factories.accounts import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def stored(table, column):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {table} ORDER BY id")
        return [row[0] for row in cursor.fetchall()]


def overwrite(table, column, value, pk):
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET {column} = %s WHERE id = %s", [value, pk])


def test_the_database_holds_only_cipher_text():
    make_user(name="欧阳建国", phone="13800138000", id_number="11010519491231002X")
    names = stored("accounts_user", "name")
    values = stored("accounts_loginidentifier", "value")
    assert all(text.startswith("1:") for text in names + values)
    assert not [text for text in names + values if "欧阳" in text or "138001" in text]
    assert User.objects.get().name == "欧阳建国"
    assert sorted(LoginIdentifier.objects.values_list("value", flat=True)) == [
        "11010519491231002X",
        "13800138000",
    ]


@pytest.mark.parametrize("write", ["save", "update", "bulk_create", "bulk_update"])
def test_every_way_of_writing_encrypts(write):
    user = make_user(name="甲")
    user.name = "欧阳建国"
    if write == "save":
        user.save(update_fields=["name"])
    elif write == "update":
        User.objects.filter(pk=user.pk).update(name="欧阳建国")
    elif write == "bulk_update":
        User.objects.bulk_update([user], ["name"])
    else:
        user.delete()
        User.objects.bulk_create([User(name="欧阳建国")])
    assert stored("accounts_user", "name")[0].startswith("1:")
    assert User.objects.get().name == "欧阳建国"


def test_saving_twice_does_not_encrypt_twice():
    user = make_user(name="张三")
    user.save()
    user = User.objects.get()
    user.save()
    assert User.objects.get().name == "张三"


@pytest.mark.parametrize("text", ["", "张", "𠮷野", "a\nb", "x" * 10_000])
def test_any_text_survives(text):
    user = make_user(name=text)
    assert User.objects.get(pk=user.pk).name == text


def test_nothing_stays_nothing():
    SmsMessage.objects.create(phone="13800138000", body="")
    assert stored("accounts_smsmessage", "body") == [""]


@pytest.mark.parametrize(
    "condition",
    [
        {"name": "张三"},
        {"name__contains": "张"},
        {"name__in": ["张三"]},
        {"name__startswith": "1:"},
    ],
)
def test_a_search_would_find_nothing_and_is_refused(condition):
    with pytest.raises(FieldError, match="digest"):
        User.objects.filter(**condition).exists()


def test_asking_for_nothing_is_allowed():
    make_user()
    assert User.objects.filter(name__isnull=False).count() == 1


def test_a_changed_byte_is_an_error_and_not_a_wrong_name():
    user = make_user(name="张三")
    text = stored("accounts_user", "name")[0]
    flipped = text[:-3] + ("A" if text[-3] != "A" else "B") + text[-2:]
    overwrite("accounts_user", "name", flipped, user.pk)
    with pytest.raises(CryptoError, match=r"accounts\.user\.name"):
        User.objects.get()


def test_plain_text_in_the_column_is_an_error():
    user = make_user()
    overwrite("accounts_user", "name", "张三", user.pk)
    with pytest.raises(CryptoError):
        User.objects.get()


def test_a_value_moved_from_another_column_or_table_is_an_error():
    user = make_user(phone="13800138000")
    message = SmsMessage.objects.create(phone="13800138000", body="x")
    SmsMessage.objects.update(body=F("phone"))
    with pytest.raises(CryptoError):
        message.refresh_from_db()
    overwrite("accounts_user", "name", stored("accounts_loginidentifier", "value")[0], user.pk)
    with pytest.raises(CryptoError):
        user.refresh_from_db()


def test_a_dump_in_plain_text_is_refused():
    user = make_user()
    with pytest.raises(FieldError, match="encrypted only"):
        serializers.serialize("json", [user])
