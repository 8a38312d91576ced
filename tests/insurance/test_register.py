"""The register says what it was told, once, and keeps what it was told before."""

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.models import AuditEntry, IdentifierKind, User
from accounts.roles import Role
from insurance import register
from insurance.models import (
    ContributionPeriod,
    Enrolment,
    InsuredPerson,
    PersonIdentifier,
    RegisterFact,
)
from insurance.periods import Month
from tests.factories.insurance import make_area, make_id_number, make_person, raised_by

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

ID_NUMBER = make_id_number(born="19490105", sequence=21)
PHONE = "13900000021"
CARD = "A10000021"
WANG = {
    "person_number": "34010000021",
    "name": "王建国",
    "certificate": "01",
    "id_number": ID_NUMBER,
    "phone": PHONE,
    "social_security_card": CARD,
    "sex": "male",
    "birth_date": dt.date(1949, 1, 5),
}
DAY = dt.date(2026, 3, 1)


@pytest.fixture
def clerk():
    return User.objects.create(name="李晓", role=Role.WINDOW_CLERK)


def found_by(kind, value):
    rows = PersonIdentifier.objects.live().for_value(kind, value)
    return sorted(rows.values_list("person__person_number", flat=True))


def audited():
    return list(AuditEntry.objects.order_by("id").values_list("action", "subject_ref"))


def test_a_person_is_found_by_each_of_their_numbers():
    register.put_person(**WANG)
    assert found_by(IdentifierKind.ID_NUMBER, ID_NUMBER) == ["34010000021"]
    assert found_by(IdentifierKind.PHONE, PHONE) == ["34010000021"]
    assert found_by(IdentifierKind.SOCIAL_SECURITY_CARD, CARD) == ["34010000021"]
    assert found_by(IdentifierKind.PHONE, CARD) == []


def test_saying_the_same_again_changes_nothing(clerk):
    person = register.put_person(**WANG, by=clerk)
    again = register.put_person(**WANG, by=clerk)
    assert again.updated_at == person.updated_at
    assert PersonIdentifier.objects.count() == 3
    assert audited() == [("person.put", str(person.reference))]


def test_a_new_phone_replaces_the_old_one_which_stays_for_the_record():
    register.put_person(**WANG)
    person = register.put_person(**(WANG | {"phone": "13900000022"}))
    assert found_by(IdentifierKind.PHONE, PHONE) == []
    assert found_by(IdentifierKind.PHONE, "13900000022") == ["34010000021"]
    assert person.identifiers.filter(kind=IdentifierKind.PHONE).count() == 2
    register.put_person(**(WANG | {"phone": ""}))
    assert found_by(IdentifierKind.PHONE, "13900000022") == []


def test_a_family_may_share_a_phone_but_no_other_number():
    register.put_person(**WANG)
    son = WANG | {"person_number": "2", "id_number": make_id_number(sequence=22)}
    with pytest.raises(register.IdentifierTaken) as caught:
        register.put_person(**son)
    assert caught.value.kind == IdentifierKind.SOCIAL_SECURITY_CARD
    assert CARD not in str(caught.value)
    assert not InsuredPerson.objects.filter(person_number="2").exists()
    register.put_person(**(son | {"social_security_card": ""}))
    assert found_by(IdentifierKind.PHONE, PHONE) == ["2", "34010000021"]


def test_the_database_refuses_a_number_twice_on_its_own():
    person = register.put_person(**WANG)
    second = PersonIdentifier(person=person)
    second.set_value(IdentifierKind.ID_NUMBER, ID_NUMBER)
    with pytest.raises(IntegrityError), transaction.atomic():
        second.save()


def test_the_register_keeps_no_number_in_plain_text():
    register.put_person(**WANG)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM insurance_insuredperson")
        row = " ".join(str(value) for value in cursor.fetchone())
    for number in (ID_NUMBER, PHONE, CARD, "王建国"):
        assert number not in row


def test_what_a_human_changes_is_written_down_without_the_values(clerk):
    register.put_person(**WANG)
    person = register.put_person(**(WANG | {"phone": "13900000022"}), by=clerk)
    entry = AuditEntry.objects.get()
    assert (entry.actor, entry.action) == (clerk, "person.put")
    assert (entry.subject_kind, entry.subject_ref) == (
        "insurance.insuredperson",
        str(person.reference),
    )
    assert entry.details == {"fields": ["phone"]}


def enrolment(person, **fields):
    return {
        "person": person,
        "area": make_area(),
        "scheme": "employee",
        "person_type": "in_service",
        "starts_on": dt.date(2010, 7, 1),
        "has_account": True,
    } | fields


def test_an_enrolment_is_added_once_and_ended_once(clerk):
    person = make_person()
    row = register.enrol(**enrolment(person), by=clerk)
    assert register.enrol(**enrolment(person), by=clerk) == row
    ended = register.end_enrolment(enrolment=row, ends_on=dt.date(2026, 1, 31), by=clerk)
    assert register.end_enrolment(enrolment=row, ends_on=dt.date(2026, 1, 31), by=clerk) == ended
    assert Enrolment.objects.active_on(dt.date(2026, 1, 31)).get() == row
    assert not Enrolment.objects.active_on(dt.date(2026, 2, 1)).exists()
    assert [action for action, _ in audited()] == ["enrolment.put", "enrolment.end"]


def test_a_resident_has_no_account():
    with pytest.raises(IntegrityError), transaction.atomic():
        register.enrol(**enrolment(make_person(), scheme="resident", person_type="resident"))


def test_a_contribution_line_is_corrected_and_not_doubled():
    person = make_person()
    line = {
        "person": person,
        "source_ref": "2020-07",
        "area": make_area(),
        "scheme": "employee",
        "kind": "actual",
        "status": "unpaid",
        "from_month": Month.of(2020, 1),
        "to_month": Month.of(2020, 6),
    }
    register.put_contribution(**line)
    register.put_contribution(**(line | {"status": "paid", "base_fen": 600_000}))
    row = ContributionPeriod.objects.get()
    assert (row.status, row.base_fen, row.from_month) == ("paid", 600_000, Month.of(2020, 1))


def test_a_fact_holds_from_its_first_to_its_last_day():
    person = make_person()
    fact = register.record_fact(person=person, kind="account_freeze", from_day=DAY)
    register.end_fact(fact=fact, to_day=dt.date(2026, 3, 31))
    holding = RegisterFact.objects.holding_on
    assert [holding(day).exists() for day in (dt.date(2026, 2, 28), DAY)] == [False, True]
    assert holding(dt.date(2026, 3, 31)).exists()
    assert not holding(dt.date(2026, 4, 1)).exists()


def test_the_same_fact_again_is_the_same_fact_and_an_overlapping_one_is_refused(clerk):
    person = make_person()
    fact = register.record_fact(person=person, kind="account_freeze", from_day=DAY, by=clerk)
    assert fact == register.record_fact(
        person=person, kind="account_freeze", from_day=DAY, by=clerk
    )
    for from_day, to_day in ((dt.date(2026, 1, 1), DAY), (dt.date(2027, 1, 1), None)):
        with pytest.raises(register.FactOverlaps):
            register.record_fact(
                person=person, kind="account_freeze", from_day=from_day, to_day=to_day
            )
    register.record_fact(
        person=person,
        kind="account_freeze",
        from_day=dt.date(2026, 1, 1),
        to_day=dt.date(2026, 2, 28),
    )
    register.record_fact(person=person, kind="settlement_suspension", from_day=DAY)
    assert len(audited()) == 1


def test_a_wrong_fact_is_withdrawn_and_not_deleted(clerk):
    person = make_person()
    fact = register.record_fact(person=person, kind="death", from_day=DAY)
    register.withdraw_fact(fact=fact, reason="登记错了人", by=clerk)
    assert not RegisterFact.objects.holding_on(DAY).exists()
    assert AuditEntry.objects.get().reason == "登记错了人"
    with pytest.raises(register.FactWithdrawn):
        register.end_fact(fact=fact, to_day=DAY)
    register.record_fact(person=person, kind="death", from_day=DAY)
    assert RegisterFact.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_one_freeze_is_recorded_by_ten_clerks_at_once():
    person = make_person()
    jobs = [
        lambda number=number: register.record_fact(
            person=person,
            kind="account_freeze",
            from_day=DAY + dt.timedelta(days=number),
        )
        for number in range(10)
    ]
    assert [type(error) for error in raised_by(*jobs)] == [register.FactOverlaps] * 9
    assert RegisterFact.objects.count() == 1
