"""Statements that are made once give what the ORM gives, and write what it would write."""

import datetime as dt
import uuid
from contextlib import nullcontext

import pytest
from django.db import IntegrityError, connection, models, transaction
from django.test.utils import CaptureQueriesContext

from accounts import statements
from accounts.models import AuditEntry, SmsMessage, Throttle
from accounts.statements import Query, cursors, gathering

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
MOMENT = dt.datetime(2026, 11, 16, 2, tzinfo=dt.UTC)


def entry(number, **fields):
    return AuditEntry(
        action="test.made", subject_ref=f"ref-{number}", details={"number": number}, **fields
    )


@pytest.fixture
def rows():
    return list(statements.insert([entry(number) for number in range(7)]))


OF_REFS = Query(
    lambda refs, reason: (
        AuditEntry.objects.filter(subject_ref__in=refs, reason=reason)
        .order_by("pk")
        .values_list("pk", "details", "at", "actor_id")
    )
)
UP_TO = Query(
    lambda day, most: (
        AuditEntry.objects.filter(at__date__lte=day, pk__lte=most).order_by("pk").values_list("pk")
    )
)


@pytest.mark.parametrize("wanted", [[0], [0, 3], [1, 2, 5], list(range(7))])
def test_a_query_takes_any_number_of_values_and_converts_what_comes(rows, wanted):
    for _time in (1, 2):
        found = list(OF_REFS.rows([f"ref-{number}" for number in wanted], ""))
        assert [(pk, details) for pk, details, _at, _actor in found] == [
            (rows[number].pk, {"number": number}) for number in wanted
        ]
        assert {type(at) for _pk, _details, at, _actor in found} == {dt.datetime}


def test_values_are_told_apart_by_their_places(rows):
    assert not list(OF_REFS.rows(["ref-1"], "another reason"))
    tomorrow = rows[0].at.date() + dt.timedelta(days=2)
    assert len(list(UP_TO.rows(tomorrow, rows[2].pk))) == 3
    assert not list(UP_TO.rows(dt.date(2020, 1, 1), rows[2].pk))


def test_lists_of_like_lengths_share_a_text(rows):
    texts = set()

    def keep(execute, sql, params, many, context):
        texts.add(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(keep):
        for count in (5, 6, 7, 8):
            list(OF_REFS.rows([f"ref-{number}" for number in range(count)], ""))
        assert len(texts) == 1
        for count in (9, 40, 400):
            list(OF_REFS.rows([f"ref-{number}" for number in range(count)], ""))
    # On PostgreSQL a long list is one array, whatever its length.
    assert len(texts) == (2 if connection.vendor == "postgresql" else 4)


@pytest.mark.parametrize("odd", ['a"b', "a,b", "{a}", "NULL", "a\\b", " ", "共济"])
def test_a_text_in_a_list_may_hold_any_sign(odd):
    [kept] = statements.insert([AuditEntry(action="test.made", subject_ref=odd, details={})])
    for others in (1, 20):
        assert [row[0] for row in OF_REFS.rows([*["x"] * others, odd], "")] == [kept.pk]


def test_a_list_that_is_not_all_of_a_place_is_a_mistake():
    with pytest.raises(ValueError, match="IN"):
        cursors.with_arrays("a IN (%s, %s)", ["bigint[]", None])


def test_numbers_of_any_size_share_a_list(rows):
    found = Query(lambda keys: AuditEntry.objects.filter(pk__in=keys).values_list("pk"))
    for others in (1, 20):
        assert list(found.rows([*[2**62] * others, rows[0].pk])) == [(rows[0].pk,)]


def test_an_empty_list_is_a_mistake(rows):
    with pytest.raises(ValueError, match="number"):
        OF_REFS.rows([], "")


def test_a_value_that_is_left_out_of_the_query_is_a_mistake(rows):
    wrong = Query(lambda one, other: AuditEntry.objects.filter(pk=one).values_list("pk"))
    with pytest.raises(ValueError, match="place"):
        wrong.rows(1, 2)


def test_inserted_rows_are_those_that_save_would_have_made(rows):
    made = entry(7)
    made.save()
    first, last = (AuditEntry.objects.filter(pk=one.pk).values().get() for one in (rows[0], made))
    differing = {key for key in first if first[key] != last[key]}
    assert differing == {"id", "at", "subject_ref", "details"}
    assert rows[0].at is not None
    assert not rows[0]._state.adding


@pytest.mark.parametrize("count", [1, 40])
def test_many_rows_are_written_as_few_are_and_in_their_order(count):
    texts = ("plain", "引号\" and \\ and '", "", "{}", "日\n子")
    made = [
        entry(number, reason=texts[number % 5], ip_address="10.0.0.1" if number % 2 else None)
        for number in range(count)
    ]
    keys = [one.pk for one in statements.insert(made)]
    assert keys == sorted(keys)
    for one in made:
        kept = AuditEntry.objects.get(pk=one.pk)
        names = ("subject_ref", "reason", "details", "ip_address", "at", "actor_id")
        assert [getattr(kept, name) for name in names] == [getattr(one, name) for name in names]


def test_what_is_encrypted_stays_encrypted():
    [made] = statements.insert([SmsMessage(phone="15400000001", body="你好")])
    assert SmsMessage.objects.get().phone == "15400000001"
    with connection.cursor() as cursor:
        cursor.execute("SELECT phone, body FROM accounts_smsmessage WHERE id = %s", [made.pk])
        assert "15400000001" not in str(cursor.fetchone())


def throttle(key, count):
    return Throttle(limit="test", key_digest=key, window_started_at=MOMENT, count=count)


@pytest.mark.parametrize("count", [3, 30])
def test_many_rows_are_changed_at_once(count):
    made = statements.insert([throttle(str(number), number) for number in range(count)])
    for one in made:
        one.count, one.window_started_at = one.count + 10, MOMENT + dt.timedelta(hours=one.count)
    with CaptureQueriesContext(connection) as sent:
        statements.update(made, ["count", "window_started_at"])
    assert len(sent) == 1
    found = Throttle.objects.order_by("count").values_list("count", "window_started_at")
    assert list(found) == [(10 + n, MOMENT + dt.timedelta(hours=n)) for n in range(count)]


def test_a_row_that_is_there_is_written_anew():
    statements.insert([throttle("a", 1), throttle("b", 1)])
    statements.insert(
        [throttle("b", 5), throttle("c", 5)], unless=("limit", "key_digest"), then=("count",)
    )
    found = Throttle.objects.order_by("key_digest").values_list("key_digest", "count")
    assert list(found) == [("a", 1), ("b", 5), ("c", 5)]


def test_nothing_is_no_statement(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert statements.insert([]) == []
        statements.update([], ["count"])


def test_together_gives_keys_and_rows_at_its_end():
    with transaction.atomic(), statements.together():
        made = statements.insert([entry(1)])
        asked = OF_REFS.ask(["ref-1"], "")
        statements.insert([throttle("a", 1)])
    assert [row[0] for row in asked.rows()] == [made[0].pk]


def test_what_fails_together_is_the_error_of_the_one_that_failed():
    statements.insert([throttle("a", 1)])

    def three():
        with transaction.atomic(), statements.together():
            statements.insert([entry(1)])
            statements.insert([throttle("a", 2)])
            statements.insert([entry(2)])

    with pytest.raises(IntegrityError):
        three()
    assert not AuditEntry.objects.filter(action="test.made").exists()
    assert list(OF_REFS.rows(["ref-1"], "")) == []


def test_what_is_asked_at_once_is_what_each_would_give(rows):
    refs = [f"ref-{number}" for number in range(7)]
    singly = [list(map(list, OF_REFS.rows(refs, ""))), list(map(list, OF_REFS.rows(["none"], "")))]
    with transaction.atomic(), CaptureQueriesContext(connection) as sent, statements.at_once():
        asked = [OF_REFS.ask(refs, ""), OF_REFS.ask(["none"], "")]
    assert [list(map(list, one.rows())) for one in asked] == singly
    assert len(singly[0]) == 7
    wanted = 1 if connection.vendor == "postgresql" else 2
    assert sum(one["sql"].startswith("SELECT") for one in sent.captured_queries) == wanted


@pytest.mark.parametrize("field", [models.BinaryField(), models.DecimalField()])
def test_what_json_would_change_is_not_asked_so(field):
    with pytest.raises(TypeError):
        gathering.part("SELECT 1", [None, field])


def test_numbers_of_persons_are_read_as_the_driver_reads_them():
    [(column, read)] = gathering.part("SELECT 1, 2", [None, models.UUIDField()]).readings
    wanted = uuid.uuid4()
    assert (column, read(str(wanted))) == (1, wanted)


def test_what_a_query_says_of_itself_may_hold_any_sign():
    statements.insert([entry(1, reason="100% 'so' %s")])
    said = Query(
        lambda ref: (
            AuditEntry.objects.filter(subject_ref=ref, reason="100% 'so' %s")
            .order_by("pk")
            .values_list("subject_ref")
        )
    )
    for _time in range(2):
        assert list(map(tuple, said.rows("ref-1"))) == [("ref-1",)]
        assert not list(said.rows("ref-2"))


@pytest.mark.parametrize("alone", [True, False])
def test_keys_that_nobody_wants_are_not_asked_for(alone):
    together = nullcontext() if alone else statements.together()
    with transaction.atomic(), together:
        [made] = statements.insert([entry(1)], keys=False)
    assert made.pk is None
    assert AuditEntry.objects.filter(subject_ref="ref-1").count() == 1
