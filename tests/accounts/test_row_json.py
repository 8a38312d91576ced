"""Rows that go to PostgreSQL as JSON hold what they would hold if each value were sent by itself."""

import datetime as dt
import uuid
from zoneinfo import ZoneInfo

import pytest
from django.db import DataError, connection, transaction

from accounts import statements
from accounts.models import AuditEntry, SmsMessage, Throttle
from accounts.roles import Role
from insurance.models import Notice
from tests.factories import insurance as register

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
# More than go one by one.
MANY = 40


def moment(**fields):
    return dt.datetime(2026, 11, 3, 8, 5, 7, tzinfo=dt.UTC).replace(**fields)


MOMENTS = [
    moment(),
    moment(microsecond=1),
    moment(microsecond=999_999),
    moment(microsecond=120_000, tzinfo=ZoneInfo("Asia/Shanghai")),
    moment(tzinfo=dt.timezone(-dt.timedelta(hours=9, minutes=30))),
    moment(year=1, month=2),
    moment(year=9999),
    dt.datetime(2026, 10, 25, 2, 30, fold=1, tzinfo=ZoneInfo("Europe/Berlin")),
]


@pytest.mark.parametrize("count", [1, len(MOMENTS), MANY])
def test_moments_are_the_same_to_the_microsecond_in_any_zone(count):
    given = [MOMENTS[number % len(MOMENTS)] for number in range(count)]
    statements.insert([SmsMessage(phone="", body="", sent_at=one) for one in given])
    found = SmsMessage.objects.order_by("pk").values_list("sent_at", flat=True)
    assert list(found) == [one.astimezone(dt.UTC) for one in given]


TEXTS = [
    "", "引号\" ' \\ / {}[]", "\b\t\n\r\x1f\x7f", "\u2028\u2029\ufeff", "𠮷野家 👩‍👩‍👧", "\\u0041 %s $1", "null", "e\u0301",
]  # fmt: skip


@pytest.mark.parametrize("count", [2, MANY])
def test_every_text_is_kept_to_the_letter(count):
    given = [TEXTS[number % len(TEXTS)] for number in range(count)]
    statements.insert([AuditEntry(action="test.made", reason=one) for one in given])
    assert list(AuditEntry.objects.order_by("pk").values_list("reason", flat=True)) == given


DETAILS = [
    {},
    [],
    "text",
    {"b": [1, 2.5, None, True, {"深": ["null"]}], "a": "引号\""},
    {1: "a number as a key", Role.AUDIT_ADMIN: Role.AUDIT_ADMIN, None: "nobody"},
    {"large": 2**70, "small": -(2**70), "tiny": 1e-7},
]  # fmt: skip


@pytest.mark.parametrize("count", [len(DETAILS), MANY])
def test_documents_are_those_that_the_field_would_write(count):
    given = [DETAILS[number % len(DETAILS)] for number in range(count)]
    statements.insert([AuditEntry(action="test.together", details=one) for one in given])
    for one in given:
        AuditEntry(action="test.alone", details=one).save()
    together, alone = (
        AuditEntry.objects.filter(action=action).order_by("pk").values_list("details", flat=True)
        for action in ("test.together", "test.alone")
    )
    assert list(together) == list(alone)


ADDRESSES = [None, "10.0.0.1", "2001:db8::1", "::ffff:10.0.0.1"]


@pytest.mark.parametrize("count", [len(ADDRESSES), MANY])
def test_addresses_choices_numbers_and_keys_of_their_own(count):
    given = [ADDRESSES[number % len(ADDRESSES)] for number in range(count)]
    made = [
        AuditEntry(action="test.made", actor_role=Role.AUDIT_ADMIN, ip_address=one) for one in given
    ]
    statements.insert(made)
    found = AuditEntry.objects.order_by("pk").values_list("actor_role", "ip_address")
    assert list(found) == [("audit_admin", one) for one in given]


def test_keys_and_large_numbers():
    person = register.make_person(name="李梅", id_number=register.make_id_number())
    references = [uuid.uuid4() for _number in range(MANY)]
    statements.insert(
        [
            statements.new(
                Notice, person_id=person.pk, kind="test", title="一", body="二", params="{}",
                sms=Notice.Sms.NO_PHONE, reference=one,
            )
            for one in references
        ]
    )  # fmt: skip
    assert list(Notice.objects.order_by("pk").values_list("reference", flat=True)) == references


WRONG = {
    "half a character": {"subject_ref": "\ud800"},
    "NUL": {"subject_ref": "a\x00b"},
    "NUL in a document": {"details": {"a": "\x00"}},
    "half a character in a document": {"details": {"a": "\ud800"}},
    "not a number": {"details": {"a": float("nan")}},
    "infinite": {"details": {"a": [1, float("inf")]}},
    "too long": {"subject_ref": "x" * 65},
}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
@pytest.mark.parametrize("count", [1, MANY])
def test_what_no_column_holds_is_bad_data_and_nothing_is_written(wrong, count):
    if connection.vendor == "sqlite":
        return  # It takes nearly anything, and its rows don't go as JSON.
    rows = [AuditEntry(action="test.made") for _number in range(count)]
    with pytest.raises(DataError), transaction.atomic(), statements.together():
        statements.insert([*rows, AuditEntry(action="test.made", **wrong)])
    assert not AuditEntry.objects.filter(action="test.made").exists()


@pytest.mark.parametrize("number", [2**63, 2**64, -(2**63) - 1])
@pytest.mark.parametrize("count", [1, MANY])
def test_a_number_that_no_column_holds_is_refused(number, count):
    rows = [
        Throttle(limit="test", key_digest=str(one), window_started_at=moment(), count=one)
        for one in (*range(count), number)
    ]
    with pytest.raises((DataError, OverflowError)), transaction.atomic(), statements.together():
        statements.insert(rows)
    assert not Throttle.objects.exists()
