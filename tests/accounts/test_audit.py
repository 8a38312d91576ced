"""The visitors' book says who did what, and never holds anybody's data."""

import itertools
import unicodedata
import uuid

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from accounts import audit, privacy
from accounts.id_number import check_character
from accounts.models import AuditEntry
from accounts.roles import Role
from tests.factories.accounts import make_request, make_staff, make_user

pytestmark = pytest.mark.django_db


def test_an_entry_says_who_what_about_whom_from_where_and_why():
    clerk, person = make_staff(), make_user()
    entry = audit.record(
        actor=clerk,
        action="person.view",
        subject=person,
        reason="窗口查询",
        details={"pages": 2, "area": "340100"},
        request=make_request(ip="203.0.113.7"),
    )
    entry.refresh_from_db()
    assert (entry.actor, entry.actor_role) == (clerk, Role.WINDOW_CLERK)
    assert (entry.subject_kind, entry.subject_ref) == ("accounts.user", str(person.public_id))
    assert (entry.reason, entry.ip_address) == ("窗口查询", "203.0.113.7")
    assert entry.details == {"area": "340100", "pages": 2}
    assert list(AuditEntry.objects.about("accounts.user", str(person.public_id))) == [entry]


def test_the_role_of_that_time_stays_when_the_role_changes():
    clerk = make_staff()
    entry = audit.record(actor=clerk, action="person.view")
    clerk.role = Role.POLICY_EDITOR
    clerk.save()
    entry.refresh_from_db()
    assert entry.actor_role == Role.WINDOW_CLERK


@pytest.mark.parametrize("actor", [None, AnonymousUser()])
def test_the_system_and_unknown_visitors_have_no_login(actor):
    entry = audit.record(actor=actor, action="sign_in.fail", subject=("login", "unknown"))
    assert entry.actor is None
    assert entry.actor_role == ""
    assert entry.subject_ref == "unknown"


def test_an_entry_falls_with_the_change_it_tells_of():
    with transaction.atomic():
        audit.record(actor=None, action="user.change")
        transaction.set_rollback(True)
    assert not AuditEntry.objects.exists()


def test_an_entry_costs_one_statement(django_assert_num_queries):
    user = make_user()
    with django_assert_num_queries(1):
        audit.record(actor=user, action="user.change", subject=user)


@pytest.mark.parametrize("action", ["view", "Person.view", "person view", "person.view.x", ""])
def test_an_action_reads_noun_and_verb(action):
    with pytest.raises(ValueError, match=r"noun\.verb"):
        audit.record(actor=None, action=action)


PERSONAL = [
    "11010519491231002X",
    "11010519491231002x",
    "110105491231002",
    "13800138000",
    "+86 138 0013 8000",
    "138-0013-8000",
    "110105 19491231 0021",
    "１３８００１３８０００",
    "6222021234567890123",
    "A12345678",
    "123456789",
    "A12345678",
    "110105 19491231 002X",
    "张三",
    "𠮷野",
    "phone=13800138000",
]


@pytest.mark.parametrize("value", PERSONAL)
@pytest.mark.parametrize(
    "details",
    [
        lambda value: {"note": value},
        lambda value: {"list": ["good", {"deep": value}]},
        lambda value: {value: 1},
    ],
    ids=["value", "nested", "key"],
)
def test_details_that_look_like_a_person_are_refused(details, value):
    with pytest.raises(audit.PersonalDataError) as raised:
        audit.record(actor=None, action="user.change", details=details(value))
    assert not AuditEntry.objects.exists()
    assert value not in str(raised.value)


def test_a_telephone_as_a_number_is_refused_as_well():
    with pytest.raises(audit.PersonalDataError):
        audit.record(actor=None, action="user.change", details={"to": 13800138000})


def test_a_number_of_a_person_is_no_reference():
    with pytest.raises(audit.PersonalDataError):
        audit.record(actor=None, action="person.view", subject=("person", "11010519491231002X"))


@pytest.mark.parametrize(
    "value",
    [
        340100,
        999_999_999,
        True,
        None,
        0.5,
        "2026-11-16",
        "2026-11-16T10:00:00+08:00",
        "202611",
        "policy 340100 v3",
        str(uuid.UUID(int=0x550E8400E29B41D4A716446655440000)),
        "a" * 64,
        "00000000-0000-4000-8000-123456789012",
    ],
)
def test_codes_counts_and_references_are_taken(value):
    assert audit.record(actor=None, action="user.change", details={"x": value}).pk


@given(
    area=st.integers(110000, 999999),
    rest=st.integers(0, 10**11 - 1),
    before=st.sampled_from(["", "id ", "no:", "x=", "(", "，"]),
    after=st.sampled_from(["", " ok", ")", ";", "。"]),
)
def test_no_id_number_passes_whatever_stands_around_it(area, rest, before, after):
    seventeen = f"{area}{rest:011d}"
    assert audit.looks_personal(before + seventeen + check_character(seventeen) + after)


@given(st.integers(0, 10**9 - 1), st.sampled_from("3456789"))
def test_no_mobile_number_passes(rest, second):
    assert audit.looks_personal(f"to 1{second}{rest:09d}")


PIECES = [
    "", " ", "-", "x", "X", "Ab1", "1", "8888", "12345678", "123456789", "13800138000", "138 0013 8000", "１３８００１３８０００",
    "①②③④⑤⑥⑦⑧⑨", "²³", "\u0661\u0662\u0663", "张", "㈱", "㍿", "\uf900", "\U0002f800", "〇", "é", "e\u0301", "\x00", "\x7f", "\x80", "\ud800",
    "550e8400-e29b-41d4-a716-446655440000", "550E8400-E29B-41D4-A716-44665544", "0000", "５５０e8400-e29b-41d4-a716-446655440000",
]  # fmt: skip


def test_a_plain_text_is_looked_at_as_any_other():
    for text in map("".join, itertools.product(PIECES, repeat=3)):
        normal = audit.UUID.sub("", unicodedata.normalize("NFKC", text))
        wanted = privacy.NUMBERS.search(normal) or audit.HAN.search(normal)
        assert audit.looks_personal(text) is bool(wanted), ascii(text)


def test_a_long_text_is_no_detail():
    with pytest.raises(ValueError, match="a text"):
        audit.record(actor=None, action="user.change", details={"x": "a b" * 100})


@pytest.mark.parametrize("subject", [("k" * 41, "x"), ("kind", "x" * 65)])
def test_a_subject_that_one_database_would_cut_off_is_refused_by_both(subject):
    with pytest.raises(ValueError, match="a subject"):
        audit.record(actor=None, action="user.change", subject=subject)


def test_what_is_no_plain_value_is_refused():
    with pytest.raises(TypeError):
        audit.record(actor=None, action="user.change", details={"x": object()})


def test_keys_of_details_are_stored_in_order():
    entry = audit.record(actor=None, action="user.change", details={"b": {"d": 1, "c": 2}, "a": 3})
    assert list(entry.details) == ["a", "b"]
    assert list(entry.details["b"]) == ["c", "d"]


def test_numbers_that_somebody_types_into_a_reason_are_masked_and_lines_joined():
    reason = "电话 13800138000 来问\r\n证件 11010519491231002X\x1b[31m\u202e " + "长" * 300
    entry = audit.record(actor=None, action="person.view", reason=reason)
    assert entry.reason.startswith("电话 *********** 来问 证件 ****************** [31m 长长")
    assert len(entry.reason) == audit.MAX_REASON


def test_every_label_belongs_to_an_action_that_can_be_written():
    assert all(audit.ACTION.fullmatch(action) for action in audit.LABELS)
