"""New keys: readable and findable before, during and after, and done with in the end."""

import base64

import pytest
from django.core.management import call_command
from django.db import connection

from accounts import rotation, uploads
from accounts.crypto import CryptoError
from accounts.models import AuditEntry, IdentifierKind, LoginIdentifier, User
from tests.factories.accounts import add_identifier, make_user
from tests.factories.files import pdf, sent

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
PHONE = IdentifierKind.PHONE


def ring(letter):
    return "2:" + base64.b64encode(letter.encode() * 32).decode()


@pytest.fixture
def people(monkeypatch):
    monkeypatch.setattr(rotation, "CHUNK", 3)
    return [make_user(name=f"张{n}", phone=f"1380013800{n}") for n in range(8)]


def stored_names():
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM accounts_user ORDER BY id")
        return [row[0] for row in cursor.fetchall()]


def names():
    return list(User.objects.order_by("id").values_list("name", flat=True))


def found(number):
    return [row.user.name for row in LoginIdentifier.objects.for_value(PHONE, number)]


def test_rows_are_readable_before_during_and_after_a_rotation(people, settings):
    before, old = names(), settings.FIELD_KEYS
    settings.FIELD_KEYS = f"{ring('n')},{old}"
    assert names() == before
    steps = rotation.rotate(User, "name")
    assert next(steps) == 3
    assert [text[0] for text in stored_names()] == ["2"] * 3 + ["1"] * 5
    assert names() == before
    assert list(steps) == [3, 2]
    assert {text[0] for text in stored_names()} == {"2"}
    settings.FIELD_KEYS = ring("n")
    assert names() == before


def test_a_rotation_that_was_stopped_goes_on_where_it_was(people, settings):
    settings.FIELD_KEYS = f"{ring('n')},{settings.FIELD_KEYS}"
    next(rotation.rotate(User, "name"))
    done = stored_names()[:3]
    assert sum(rotation.rotate(User, "name")) == 5
    assert stored_names()[:3] == done
    assert sum(rotation.rotate(User, "name")) == 0


def test_without_the_old_key_nothing_is_lost_silently(people, settings):
    settings.FIELD_KEYS = ring("n")
    with pytest.raises(CryptoError):
        sum(rotation.rotate(User, "name"))
    assert {text[0] for text in stored_names()} == {"1"}


def test_the_command_rotates_every_encrypted_column_of_the_house(people, settings, capsys):
    old = settings.FIELD_KEYS
    citizen = User.objects.first()
    upload = uploads.store(file=sent(pdf()), kind="letter", subject=citizen, by=citizen)
    settings.FIELD_KEYS = f"{ring('n')},{old}"
    call_command("rotate_field_keys")
    printed = capsys.readouterr().out
    for model, field in rotation.encrypted_fields():
        assert f"{model._meta.label}.{field}: " in printed
    assert "accounts.User.name: 8 rows" in printed
    assert "accounts.LoginIdentifier.value: 8 rows" in printed
    assert "accounts.UploadContent.sealed: 1 files" in printed
    entry = AuditEntry.objects.get(action="key.rotate")
    assert entry.details == {"key": 2, "rows": 17}
    settings.FIELD_KEYS = ring("n")
    assert names()
    assert LoginIdentifier.objects.first().value
    assert uploads.content_of(upload) == pdf()


def test_empty_values_are_left_alone(settings):
    make_user(name="")
    settings.FIELD_KEYS = f"{ring('n')},{settings.FIELD_KEYS}"
    assert sum(rotation.rotate(User, "name")) == 0


def test_people_are_found_before_during_and_after_a_reindex(people, settings):
    settings.INDEX_KEYS = f"{ring('i')},{settings.INDEX_KEYS}"
    numbers = [f"1380013800{n}" for n in range(8)]
    expected = [[f"张{n}"] for n in range(8)]
    assert [found(number) for number in numbers] == expected
    left_out = []
    steps = rotation.reindex(LoginIdentifier, left_out)
    assert next(steps) == 3
    assert LoginIdentifier.objects.of_old_key().count() == 5
    assert [found(number) for number in numbers] == expected
    assert list(steps) == [3, 2]
    assert left_out == []
    settings.INDEX_KEYS = ring("i")
    assert [found(number) for number in numbers] == expected


def test_a_reindex_that_was_stopped_goes_on_where_it_was(people, settings):
    settings.INDEX_KEYS = f"{ring('i')},{settings.INDEX_KEYS}"
    next(rotation.reindex(LoginIdentifier, []))
    assert sum(rotation.reindex(LoginIdentifier, [])) == 5
    assert sum(rotation.reindex(LoginIdentifier, [])) == 0


def test_a_row_whose_number_was_replaced_is_left_and_named(settings):
    row = add_identifier(make_user(), PHONE, "13800138000")
    LoginIdentifier.objects.filter(pk=row.pk).update(value="13900139000")
    settings.INDEX_KEYS = f"{ring('i')},{settings.INDEX_KEYS}"
    left_out = []
    assert sum(rotation.reindex(LoginIdentifier, left_out)) == 0
    assert left_out == [row.pk]


def test_the_command_reindexes_every_table_of_identifiers(people, settings, capsys):
    settings.INDEX_KEYS = f"{ring('i')},{settings.INDEX_KEYS}"
    call_command("reindex_identifiers")
    printed = capsys.readouterr().out
    assert "accounts.LoginIdentifier: 8 rows" in printed
    assert "insurance.PersonIdentifier: 0 rows" in printed
    assert not LoginIdentifier.objects.of_old_key().exists()
    assert AuditEntry.objects.get(action="identifier.reindex").details == {"key": 2, "rows": 8}


def test_every_table_of_identifiers_can_say_its_numbers():
    assert all("plain_value" in model.__dict__ for model in rotation.identifier_models())
