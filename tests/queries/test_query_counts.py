"""The pages people open most cost the same at 10 entries and at 10,000."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from insurance.models.ledger import AccountPart
from tests.factories import insurance as register
from tests.factories.reading import fill, make_citizen, sign_in

MOST = 8  # session and login included
PATHS = (
    "/home/",
    "/balance/",
    "/balance/statement/",
    "/balance/statement/?before=9",
    "/balance/statement/?first=2021&last=2030&group=credit&direction=in",
)


def person_with(entries):
    person = register.make_person(phone="13800005678")
    relative = register.make_person(name="李春梅")
    register.make_enrolment(person=person)
    register.make_period(person=person)
    register.make_fact(person=person, kind="settlement_suspension")
    account = register.make_account(person=person, balance_fen=10**9)
    register.make_account(person=person, part=AccountPart.WALLET, balance_fen=100)
    fill(account, entries, relative=relative)
    return person


def count(client, path):
    with CaptureQueriesContext(
        connection,
    ) as made:
        answer = client.get(path)
        b"".join(answer)
    assert answer.status_code == 200
    return len(made), [one["sql"][:120] for one in made]


@pytest.fixture
def small(client, db):
    return sign_in(client, make_citizen(person=person_with(10)))


@pytest.mark.parametrize("path", PATHS)
def test_a_page_needs_no_more_than_eight_queries(small, path):
    number, queries = count(small, path)
    assert number <= MOST, queries


def test_ten_thousand_entries_need_no_query_more_than_ten(client, small):
    few = {path: count(small, path)[0] for path in PATHS}
    many = sign_in(client, make_citizen(person=person_with(10_000)))
    assert {path: count(many, path)[0] for path in PATHS} == few


def test_the_file_is_read_in_one_query_whatever_its_length(client, db):
    reader = sign_in(client, make_citizen(person=person_with(2_500)))
    assert count(reader, "/balance/statement/csv/")[0] <= MOST
