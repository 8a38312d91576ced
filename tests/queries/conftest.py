import datetime as dt

import pytest

from insurance.models.ledger import EntryKind
from insurance.periods import Month
from tests.factories import insurance as register
from tests.factories.reading import make_citizen, sign_in


@pytest.fixture
def reader(db, fixed_day):
    """张建国, in service in Hefei since 2010, with an account of 1,000.00 and a phone on record."""
    person = register.make_person(name="张建国", phone="13800005678")
    register.make_enrolment(person=person, employer="合肥机械厂")
    account = register.make_account(person=person, balance_fen=100000)
    register.make_period(person=person, first=(2010, 7), last=(2026, 10), payer="合肥机械厂")
    register.post(
        account,
        EntryKind.CREDIT_OWN,
        16469,
        posted_at=register.at(2026, 10, 20),
        for_month=Month.of(2026, 10),
    )
    account.refresh_from_db()
    return account


@pytest.fixture
def page(client, reader):
    """Opens pages as the reader; gives the answer, or the text of a page that has to be there."""
    sign_in(client, make_citizen(person=reader.person))
    return client.get


def text(answer):
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


TODAY = dt.date(2026, 11, 16)
