"""A made-up population is the same for the same seed, on both databases, and its money verifies clean."""

import hashlib
import os
import subprocess
import sys
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from accounts.id_number import IdNumber
from accounts.models.identifiers import IdentifierKind
from claims import verifying
from config.population import build, people
from family.models import Binding, OrderPlace
from insurance.models import (
    ContributionPeriod,
    Enrolment,
    InsuredPerson,
    LedgerEntry,
    PersonalAccount,
    PersonIdentifier,
)
from tests.factories.insurance import make_person
from tests.house.production import VARIABLES
from tests.house.source import ROOT

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.both_databases,
    pytest.mark.usefixtures("fixed_day"),
]
OWNER = "person__person_number"
TABLES = (
    (InsuredPerson, ("person_number", "name", "id_number", "phone", "social_security_card", "sex", "birth_date")),
    (PersonIdentifier, (OWNER, "kind", "digest")),
    (Enrolment, (OWNER, "area", "scheme", "person_type", "has_account", "starts_on", "employer")),
    (ContributionPeriod, (OWNER, "from_month", "to_month", "base_fen", "own_fen", "source_ref")),
    (PersonalAccount, (OWNER, "area", "balance_fen", "last_sequence", "opened_on")),
    (LedgerEntry, (f"account__{OWNER}", "sequence", "kind", "amount_fen", "posted_at", "source_ref")),
    (Binding, ("reference", "giver__person_number", "beneficiary__person_number", "relation", "cap_month_fen")),
    (OrderPlace, ("version__order__person__person_number", "position", "binding__reference")),
)  # fmt: skip
# Of 40 people of seed 7 with a family for every pair; the same on both databases.
DIGEST = "5373dc5f71f885da73e5b59ebbf67c582881b51b7ce1fbb0b4ad074a4c8e7afc"


def generate(persons, seed=7, **options):
    out = StringIO()
    options = {"families": 100, "area": ["320100", "110000"], "quiet": True} | options
    call_command("generate_population", persons=persons, seed=seed, stdout=out, **options)
    return out.getvalue()


def digest():
    """Of every made row, without its key."""
    told = hashlib.sha256()
    for model, fields in TABLES:
        told.update("\n".join(sorted(map(str, model.objects.values_list(*fields)))).encode())
    return told.hexdigest()


def digest_of(*, chunk=build.CHUNK_PEOPLE, seed=7, steps=(40,), patch):
    """What these runs make, one after the other; taken back afterwards."""
    patch.setattr(build, "CHUNK_PEOPLE", chunk)
    before = transaction.savepoint()
    for persons in steps:
        generate(persons, seed=seed)
    found = digest()
    transaction.savepoint_rollback(before)
    return found


def test_the_same_seed_gives_the_same_rows_however_they_are_made(monkeypatch):
    whole = digest_of(patch=monkeypatch)
    assert whole == DIGEST
    assert digest_of(patch=monkeypatch, chunk=14) == whole
    assert digest_of(patch=monkeypatch, chunk=14, steps=(14, 40)) == whole
    assert digest_of(patch=monkeypatch, seed=8) != whole


def test_the_money_and_the_families_verify_clean():
    assert "60 people made, 0 there already" in generate(60)
    assert Binding.objects.exists()
    assert list(verifying.faults()) == []


def test_everybody_is_found_by_a_valid_number_that_nobody_has(fixed_day):
    generate(40)
    for person in InsuredPerson.objects.all():
        number = IdNumber.parse(person.id_number, today=fixed_day)
        assert number.text[2:6] == "0000", "a province issues no numbers"
        assert (number.born, number.sex) == (person.birth_date, person.sex)
        found = PersonIdentifier.objects.for_value(IdentifierKind.ID_NUMBER, number.text)
        assert found.get().person_id == person.pk


def test_a_second_run_goes_on_where_the_first_ended():
    generate(10)
    assert "5 people made, 10 there already" in generate(15)
    assert "0 people made, 15 there already" in generate(15)


@pytest.mark.parametrize("somebody", ["P1", "GEN-8-00000000"])
def test_it_never_joins_other_people(somebody):
    make_person(person_number=somebody)
    with pytest.raises(CommandError, match="other people"):
        generate(1)
    assert InsuredPerson.objects.count() == 1


@pytest.mark.parametrize(
    ("options", "error"), [({"area": ["999999"]}, "no area"), ({}, "--persons")]
)
def test_a_call_that_makes_no_sense_is_refused(options, error):
    with pytest.raises(CommandError, match=error):
        generate(0, **options)


def test_numbers_do_not_repeat_in_a_large_population():
    drawn = [people.draw(3, number, ("320100",)) for number in range(0, 4_000_000, 997)]
    drawn += [people.draw(3, number, ("320100",)) for number in range(3000)]
    numbers = {one.number: (one.id_number, one.phone, one.card) for one in drawn}
    for column in zip(*numbers.values(), strict=True):
        assert len(set(column)) == len(numbers)


@pytest.mark.django_db(databases=[])
def test_production_never_makes_people_up():
    run = subprocess.run(
        [sys.executable, "manage.py", "generate_population", "--persons", "1", "--seed", "1"],
        cwd=ROOT, env=os.environ | VARIABLES, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode != 0
    assert "never made up in production" in run.stderr
