"""A provider's machine as the tests play it: a key, a body, a request, an answer."""

import json
from itertools import count

from django.test import Client

from claims import provider_keys

numbers = count(1)
MOMENT = "2026-11-16T09:30:00+08:00"


class Machine:
    """Sends JSON with its key; every POST gets an idempotency key of its own unless one is given."""

    def __init__(self, provider, **options):
        self.provider = provider
        self.key, self.text = provider_keys.issue(provider=provider, by=None, **options)

    def get(self, path, **headers):
        return Client().get(
            f"/api/v1/{path}", headers={"Authorization": f"Bearer {self.text}"} | headers
        )

    def post(
        self, path, body=None, *, key=None, raw=None, content_type="application/json", **headers
    ):
        sent = raw if raw is not None else b"" if body is None else json.dumps(body).encode()
        given = {
            "Authorization": f"Bearer {self.text}",
            "Idempotency-Key": key or f"key-{next(numbers):08d}",
        } | headers
        return Client().post(
            f"/api/v1/{path}",
            sent,
            content_type=content_type,
            headers={name: value for name, value in given.items() if value is not None},
        )


def bill(patient=None, **changes):
    """A bill of 100 yuan; a field given as `...` is left out."""
    made = {
        "patient": patient,
        "use": "CARE",
        "personal_burden_fen": 10_000,
        "bill_no": f"M{next(numbers):06d}",
        "occurred_at": MOMENT,
        "proxy": None,
    } | changes
    return {name: value for name, value in made.items() if value is not ...}


def told(answer):
    """(status, code) of a problem; the rest of what every problem holds is looked at on the way."""
    problem = json.loads(answer.content)
    assert answer["Content-Type"] == "application/problem+json"
    assert answer["Cache-Control"] == "no-store"
    assert problem["status"] == answer.status_code
    assert problem["title"]
    assert problem["detail"]
    assert problem["type"] == f"urn:gongji:problem:{problem['code'].lower().replace('_', '-')}"
    return answer.status_code, problem["code"]
