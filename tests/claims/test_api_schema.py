"""What the description allows and what it forbids is asked by a machine, some thousand times, and the description holds."""

import logging

import hypothesis
import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck
from schemathesis.checks import load_all_checks
from schemathesis.config import SchemathesisConfig
from schemathesis.specs.openapi.checks import positive_data_acceptance

from accounts import limits
from accounts.limits import DAY, Limit
from claims import provider_keys
from claims.models import KeyedRequest, Settlement
from tests.claims.machine import MOMENT
from tests.factories.accounts import make_id_number
from tests.factories.claims import faults, insured, make_provider

pytestmark = pytest.mark.django_db

SEED = 20261121
# By operation; with the cases that follow from the description itself there are some hundred each.
EXAMPLES = 15
CONFIG = SchemathesisConfig.from_dict(
    {"seed": SEED, "generation": {"max-examples": EXAMPLES, "database": "none"}}
)
schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", WSGIHandler(), config=CONFIG)
load_all_checks()
as_often_as_it_takes = hypothesis.settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture
def one_connection(db):
    """As Django's own test client does it: the end of a request is not the end of the connection."""
    signals = (request_started, request_finished)
    for one in signals:
        one.disconnect(close_old_connections)
    yield
    for one in signals:
        one.connect(close_old_connections)


@pytest.fixture
def quiet_refusals():
    """The machine draws words from the project's own files, cards of its people too: the log of the tests, unmasked, would hold them."""
    logger = logging.getLogger("django.request")
    before = logger.level
    logger.setLevel(logging.ERROR)
    yield
    logger.setLevel(before)


@pytest.fixture
def headers(one_connection, quiet_refusals, monkeypatch):
    """With a key that may do everything, as often as it likes."""
    for name in ("API_KEY_MINUTE", "WRONG_PATIENTS", "QUOTE_PATIENT"):
        monkeypatch.setattr(limits, name, Limit(name.lower(), 10**6, DAY))
    _key, text = provider_keys.issue(provider=make_provider(), by=None)
    return {"Authorization": f"Bearer {text}"}


@schema.parametrize()
@as_often_as_it_takes
def test_every_answer_is_one_that_is_described(case, headers):
    case.call_and_validate(headers=headers)
    assert not Settlement.objects.exists()
    assert not KeyedRequest.objects.exists()


@pytest.fixture
def patient(rules):
    """Somebody who can pay whatever is asked."""
    found = {"id_number": make_id_number(), "card": "D20010001"}
    insured(balance_fen=10**12, id_number=found["id_number"], social_security_card=found["card"])
    return found


def operations(*paths):
    for path in paths:
        yield pytest.param(schema[f"/api/v1/{path}"]["POST"], id=path)


@pytest.mark.parametrize("operation", list(operations("quotes", "settlements", "holds")))
def test_so_is_every_answer_about_a_patient_that_there_is(operation, headers, patient):
    statuses = set()

    @hypothesis.seed(SEED)
    @as_often_as_it_takes
    @hypothesis.given(case=operation.as_strategy())
    def ask(case):
        case.body |= {"patient": patient, "occurred_at": MOMENT}
        # What the description can't say is whether this provider takes this use, and whether the proxy is anybody.
        answer = case.call_and_validate(headers=headers, excluded_checks=[positive_data_acceptance])
        statuses.add(answer.status_code)
        if answer.status_code == 201:
            ref = answer.json()["ref"]
            path_parameters = {"ref": ref}
            see = schema["/api/v1/settlements/{ref}"]["GET"].Case(path_parameters=path_parameters)
            assert see.call_and_validate(headers=headers).status_code == 200

    ask()
    assert statuses & {200, 201}
    assert statuses <= {200, 201, 409, 422}
    assert not faults()


def test_the_description_is_proper_openapi():
    schema.validate()
    assert schema.specification.version == "3.0.3"
    assert '"null"' not in str(schema.raw_schema)
