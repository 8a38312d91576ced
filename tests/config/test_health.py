"""What a load balancer hears."""

import pytest
from django.db import OperationalError

from config import health

pytestmark = pytest.mark.django_db


def test_it_answers_without_sign_in_and_is_never_kept(client):
    answer = client.get("/healthz")
    assert answer.status_code == 200
    assert answer.json() == {"status": "ok", "ledger": "never"}
    assert "no-store" in answer.headers["Cache-Control"]
    assert not answer.cookies


def test_it_says_that_the_database_is_gone_but_not_why(client, monkeypatch):
    class Gone:
        def cursor(self):
            raise OperationalError("could not connect to 10.0.0.7 as gongji")

    monkeypatch.setattr(health, "connection", Gone())
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert answer.json() == {"status": "unavailable"}


def test_it_still_answers_while_the_site_is_closed(client, settings):
    settings.MAINTENANCE = True
    assert client.get("/healthz").status_code == 200
