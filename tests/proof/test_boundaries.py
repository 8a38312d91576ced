"""Every boundary of every verb that moves money, once: broken off there, looked at, and asked again. It is done once or not at all."""

import datetime as dt
import os
from contextlib import suppress

import pytest
import time_machine

from claims import retrying, verifying
from claims.refusals import Refused
from family.moves import WrongMove
from insurance import ledger_check
from tests.proof import cutting, world
from tests.proof.cases import Cases
from tests.proof.pictures import newest, picture, trace

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]
# In groups that take about as long as each other, so that several processes share them and each makes the cast once.
GROUPS = {
    "bills": ["settle_with_a_key_and_a_voucher", "settle", "settle_what_was_quoted", "settle_many"],
    "holds": ["hold", "post", "void", "expire"],
    "refunds": ["refund", "refund_of_a_part"],
    "wallets": ["wallet_transfer", "wallet_return"],
    "ledger": [
        "ledger_post",
        "ledger_post_many",
        "ledger_post_to_many",
        "ledger_reverse",
        "ledger_transfer",
        "credits",
    ],
    "agreements": ["confirm"],
    "limits": ["end", "change_of_a_limit"],
}
# Each boundary is broken off once, by turns in the one way and in the other; with PROOF_ALL in both.
BOTH = {"killed": cutting.by_kill, "dropped": cutting.by_drop}
WAYS = BOTH if "PROOF_ALL" in os.environ else {"by_turns": cutting.by_turns}
# A verb that a proof breaks off fewer times than this isn't the verb it was.
FEWEST, MOST = 6, 120
# What whoever asks again hears where it was done and has no key.
DONE_BEFORE = (Refused, WrongMove)
# Of these each chunk is a commit of its own: between two of them some of it is done.
IN_SEVERAL_COMMITS = {"credits"}


@pytest.fixture
def cases(monkeypatch):
    world.turn_rules(monkeypatch)
    world.keep_rules(monkeypatch)
    with time_machine.travel(world.START, tick=False) as traveller:
        made = world.build()
        made.confirm(made.ties["dan", "ann"].pk, "ann")
        traveller.shift(dt.timedelta(hours=3))
        yield Cases(made)
    assert not list(verifying.faults())
    assert not retrying.RETRIES


def ask_again(case):
    with suppress(*DONE_BEFORE):
        case.call()


class Attempt:
    """A fresh case of a verb, and what is stored because of it."""

    def __init__(self, cases, name):
        self._since = newest()
        self.case = cases.make(name)
        self._before = picture(self._since)

    @property
    def trace(self):
        return trace(self._before, picture(self._since))


def done(cases, name):
    attempt = Attempt(cases, name)
    attempt.case.call()
    wanted = attempt.trace
    attempt.case.clear()
    return wanted


def walk(cases, name, break_off):
    """All boundaries of one verb; how many there were."""
    done(cases, name)  # the first time makes rows that others find: a wallet, the use of a cap
    wanted = done(cases, name)
    assert wanted
    outcomes = []
    for at in range(MOST):
        attempt = Attempt(cases, name)
        broken, found = break_off(attempt.case.call, at), attempt.trace
        if not broken:
            assert found == wanted, f"{name} was not broken off, and did not do what it does"
            attempt.case.clear()
            break
        outcomes.append(found == wanted)
        whole = not found or found == wanted or name in IN_SEVERAL_COMMITS
        assert whole, f"{name}, boundary {at}: half of it was done: {found}"
        ask_again(attempt.case)
        assert attempt.trace == wanted, f"{name}, boundary {at}: not done once"
        attempt.case.clear()
    assert FEWEST <= len(outcomes) < MOST, name
    # Before the COMMIT nothing, after it everything: the last boundary is behind it.
    assert outcomes[-1], name
    assert not outcomes[0], name
    assert not list(ledger_check.faults())
    return len(outcomes)


@pytest.mark.parametrize("group", GROUPS)
@pytest.mark.parametrize("way", WAYS)
def test_a_verb_that_is_broken_off_at_any_boundary_was_done_once_or_not_at_all(cases, group, way):
    for name in GROUPS[group]:
        walk(cases, name, WAYS[way])
