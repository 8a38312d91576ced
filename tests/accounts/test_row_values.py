"""Rows are taken apart into columns: each value as its field would have it, what is encrypted sealed together."""

import datetime as dt

import pytest
from django.db import connection
from django.utils.translation import gettext_lazy

from accounts import statements
from accounts.models import AuditEntry, SmsMessage

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
BODIES = ["一", "", "二", "一", gettext_lazy("灵活就业"), 42, "x" * 3000]


def stored(column):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM accounts_smsmessage ORDER BY id")
        return [row[0] for row in cursor.fetchall()]


@pytest.mark.parametrize("bodies", [BODIES, BODIES[:4], BODIES * 30])
def test_what_is_sealed_together_is_read_one_by_one(bodies):
    phones = [f"138{number:08}" for number in range(len(bodies))]
    pairs = list(zip(phones, bodies, strict=True))
    statements.insert([SmsMessage(phone=phone, body=body) for phone, body in pairs])
    found = SmsMessage.objects.order_by("pk").values_list("phone", "body")
    assert list(found) == [(phone, str(body)) for phone, body in pairs]
    sealed = [one for one in stored("phone") + stored("body") if one]
    assert all(one.startswith("1:") for one in sealed)
    assert len(set(sealed)) == len(phones) + sum(map(bool, bodies))


def test_nothing_and_an_empty_text_stay_what_they_are():
    body = SmsMessage._meta.get_field("body")
    first, nothing, empty, last = body.prepare_many(["a", None, "", "b"])
    assert (nothing, empty) == (None, "")
    assert [body.from_db_value(one, None, connection) for one in (first, last)] == ["a", "b"]


def test_changed_rows_are_sealed_too():
    made = statements.insert([SmsMessage(phone="13800138000", body=str(n)) for n in range(30)])
    for one in made:
        one.body = f"neu {one.body}"
    statements.update(made, ["body"])
    assert all(one.startswith("1:") for one in stored("body"))
    found = SmsMessage.objects.order_by("pk").values_list("body", flat=True)
    assert list(found) == [f"neu {n}" for n in range(30)]


@pytest.mark.parametrize("count", [2, 40])
def test_what_is_written_together_is_written_at_one_moment_that_the_rows_know(count):
    before = dt.datetime.now(dt.UTC)
    made = statements.insert([AuditEntry(action="test.made") for _number in range(count)])
    [moment] = {one.at for one in made}
    assert before <= moment <= dt.datetime.now(dt.UTC)
    assert set(AuditEntry.objects.values_list("at", flat=True)) == {moment}


@pytest.mark.parametrize("count", [1, 2, 8, 9, 20])
@pytest.mark.parametrize("alike", [True, False])
def test_few_rows_and_many_are_written_the_same_whether_alike_or_not(count, alike):
    moment = dt.datetime(2026, 11, 3, 8, tzinfo=dt.UTC)
    sent = [moment if alike or number % 2 else None for number in range(count)]
    for _twice in range(2):
        statements.insert(
            [
                SmsMessage(phone=f"138{place:08}", body="", sent_at=at)
                for place, at in enumerate(sent)
            ]
        )
    found = SmsMessage.objects.order_by("pk").values_list("phone", "sent_at")
    assert list(found) == [(f"138{place:08}", at) for place, at in enumerate(sent)] * 2


def test_a_new_row_has_the_defaults_of_its_model_and_what_is_made_is_its_own():
    first, other = (statements.new(AuditEntry, action="test.made") for _time in range(2))
    model = AuditEntry(action="test.made")
    names = [name for name in statements.names_of(AuditEntry) if name != "at"]
    assert [getattr(first, name) for name in names] == [getattr(model, name) for name in names]
    assert first.details is not other.details
    statements.insert([first, other])
    assert [first.pk, other.pk] == list(
        AuditEntry.objects.order_by("pk").values_list("pk", flat=True)
    )


def test_a_column_that_is_not_there_is_a_mistake():
    for _twice in range(2):
        with pytest.raises(TypeError, match="actionn"):
            statements.new(AuditEntry, actionn="test.made")


@pytest.mark.parametrize("count", [3, 20])
def test_what_all_rows_share_is_converted_as_each_would_be(count):
    details = {"shared": [1, None]}
    statements.insert(
        [
            statements.new(AuditEntry, action="test.made", details=details, ip_address="10.0.0.1")
            for _number in range(count)
        ]
    )
    found = AuditEntry.objects.values_list("details", "ip_address", "actor")
    assert list(found) == [(details, "10.0.0.1", None)] * count
    statements.insert([SmsMessage(phone="13800138000", body="") for _number in range(count)])
    assert len(set(stored("phone"))) == count
