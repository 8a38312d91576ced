"""docs/api.md tells the makers of machines what the interface does, code by code and number by number."""

import json
import re

import pytest

from accounts import limits
from claims import bills, holds, provider_keys, reconciling, refunds
from claims.api import edge, problems
from claims.api.interface import api
from tests.house.source import ROOT

PAPER = (ROOT / "docs/api.md").read_text(encoding="utf-8")


def test_every_code_stands_there_with_its_status():
    told = re.findall(r"^\| (\d{3}) \| `([A-Z_]+)` \|", PAPER, re.MULTILINE)
    ours = {str(code): status for code, (status, *_words) in problems.OURS.items()}
    refused = {str(code): status for code, (status, _title) in problems.REFUSED.items()}
    assert {code: int(status) for status, code in told} == ours | refused
    assert len(told) == len(ours | refused)


@pytest.mark.django_db
def test_every_address_stands_there():
    for path in api.get_openapi_schema()["paths"]:
        literal = re.escape(path.removeprefix("/api/v1")).replace(r"\{ref\}", "[^/ ]+")
        assert re.search(literal.replace(r"\{day\}", "[0-9-]+"), PAPER), path


@pytest.mark.parametrize(
    "words",
    [
        f"1 to {bills.MAX_FEN}",
        f"At most {bills.OLDEST.days} days ago and {bills.AHEAD.seconds // 60} minutes ahead",
        f"over {edge.MOST_BYTES // 1024} KiB",
        f"asked about {limits.QUOTE_PATIENT.count} times a day",
        f"Up to {refunds.WITHIN.days} days",
        f"kept for {holds.HOLD_FOR.days * 24} hours",
        f"There are {reconciling.PAGE} on a page",
        f"({limits.API_KEY_MINUTE.count} requests a minute for a key)",
        f"{limits.WRONG_PATIENTS.count} unknown patients in an hour",
        f"more than {refunds.WITHIN.days} days: the agency helps",
    ],
)
def test_every_number_is_the_one_that_counts(words):
    assert words in PAPER
    assert (limits.WRONG_PATIENTS.seconds, limits.QUOTE_PATIENT.seconds) == (3600, 86400)
    assert (provider_keys.OVERLAP.days, provider_keys.LIFETIME.days) == (7, 365)


def test_the_problem_that_is_shown_is_a_real_one():
    shown = json.loads(re.search(r"```json\n(\{\"type\".*?)```", PAPER, re.DOTALL).group(1))
    errors = [{"field": "personal_burden_fen", "reason": "int_type"}]
    assert shown == json.loads(problems.Problem(problems.Code.BODY_INVALID, errors=errors).text())
