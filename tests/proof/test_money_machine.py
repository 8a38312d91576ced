"""300 walks of 50 steps through the whole money model, on both databases: no fen, order, cap or consent ever differs from the book.

Each part names its seed; another one is given by PROOF_SEED. What fails is shrunk to few steps and printed as a program.
"""

import copy
from dataclasses import dataclass

import pytest
import time_machine
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from accounts.models import AuditEntry
from claims import provider_keys
from insurance.models import Notice, PersonalAccount
from tests.proof import world
from tests.proof.machine import MoneyMachine
from tests.proof.pencil import Book, Purse, Tie
from tests.proof.seeds import SEED

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]
# In parts, so that several processes share them.
PARTS, RUNS, STEPS = 6, 50, 50


@dataclass
class Base:
    """The committed world, and the book as it stands before the first step."""

    world: object
    accounts: dict
    book: Book
    last_audit: int
    last_notice: int

    def copies(self):
        return self.world, dict(self.accounts), copy.deepcopy(self.book)


@pytest.fixture
def base(monkeypatch):
    world.turn_rules(monkeypatch)
    world.keep_rules(monkeypatch)
    with time_machine.travel(world.START, tick=False):
        made = world.build()
        made.key = provider_keys.issue(provider=made.hospital, by=None)[0]
    names = {person.pk: name for name, person in made.people.items()}
    rows = PersonalAccount.objects.order_by("pk")
    return Base(
        world=made,
        accounts={(names[one.person_id], one.part): one.pk for one in rows},
        book=book_of(made, rows, names),
        last_audit=AuditEntry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0,
        last_notice=Notice.objects.order_by("-pk").values_list("pk", flat=True).first() or 0,
    )


def book_of(made, rows, names):
    """From what the cast says, not from what the verbs made of it, wherever that can differ."""
    book = Book(made.people, world.KEPT_FEN)
    for one in rows:
        book.purses[names[one.person_id], one.part] = Purse(
            world.CAST[names[one.person_id]][1][one.part]
        )
    for giver, beneficiary, agreed, said in world.TIES:
        pk = made.ties[giver, beneficiary].pk
        book.ties[pk] = Tie(
            giver,
            beneficiary,
            world.MODELS[giver],
            said.get("uses", ("CARE", "DRUG")),
            cap_month=said.get("cap_month_fen"),
            cap_bill=said.get("cap_bill_fen"),
            limit=said.get("limit_fen"),
        )
        book.ties[pk].proposed_at = world.START
        if agreed:
            book.begin(pk, world.START, world.COOL_DOWN_HOURS)
    return book


@pytest.mark.parametrize("number", [SEED + part for part in range(PARTS)])
def test_no_walk_makes_the_stored_money_differ_from_the_book(base, number):
    machine = type("MoneyMachine", (MoneyMachine,), {"base": base})
    run_state_machine_as_test(
        seed(number)(machine),
        settings=settings(
            max_examples=RUNS,
            stateful_step_count=STEPS,
            deadline=None,
            database=None,
            print_blob=True,
            phases=[Phase.generate, Phase.shrink],
            suppress_health_check=list(HealthCheck),
        ),
    )
