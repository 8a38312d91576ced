"""300 walks of 50 steps through the whole money model, on both databases: no fen, order, cap or consent ever differs from the book.

Each part names its seed; another one is given by PROOF_SEED. What fails is shrunk to few steps and printed as a program.
"""

import copy
from dataclasses import dataclass

import pytest
import time_machine
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.internal.conjecture.engine import ConjectureRunner
from hypothesis.stateful import run_state_machine_as_test

from accounts.models import AuditEntry
from claims import provider_keys
from insurance.models import Notice, PersonalAccount
from insurance.models.ledger import EntryKind
from tests.factories.insurance import post
from tests.proof import world
from tests.proof.machine import MoneyMachine
from tests.proof.pencil import Book, Purse, Tie
from tests.proof.seeds import SEED

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]
# In parts, so that several processes share them.
PARTS, RUNS, STEPS = 10, 30, 50


# Spent before the walks begin: accounts so hot that most bills reach beyond the first. Bob is left a little more than his cap of a
# month for Ann, so that it ends within his second account.
SPENT = {
    ("ann", "whole"): 18_500,
    ("bob", "current_year"): 900,
    ("bob", "prior_years"): 3_800,
    ("dan", "whole"): 1_500,
    ("eve", "whole"): 6_000,
}


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
        for (name, part), fen in SPENT.items():
            account = made.people[name].accounts.get(part=part)
            post(account, EntryKind.SPEND_CARE, -fen)
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
        name = names[one.person_id]
        book.purses[name, one.part] = Purse(world.CAST[name][1][one.part] - SPENT[name, one.part])
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
def test_no_walk_makes_the_stored_money_differ_from_the_book(base, number, monkeypatch):
    # After each walk Hypothesis would take five that are almost the same; so few as these are should all be new.
    monkeypatch.setattr(ConjectureRunner, "generate_mutations_from", lambda self, data: None)
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
