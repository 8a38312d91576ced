"""The money model walked at random: the real verbs and the real SQL on the one side, the book of `pencil` on the other.

Each run is one transaction that is taken back at its end, so the cast is made once. After every step the accounts are compared;
half way and at the end all rows and the ledger in itself; at the end of one walk in `VERIFIED_EVERY` every check
of the product, too.
"""

import datetime as dt

import time_machine
from django.db import connection, transaction
from hypothesis.stateful import RuleBasedStateMachine, invariant

from tests.proof import comparing
from tests.proof.machine_accounts import AccountSteps
from tests.proof.machine_bills import BillSteps
from tests.proof.machine_family import FamilySteps
from tests.proof.world import START

# Steps, and walks: the checks of the whole product take as long as ten steps.
CHECKED_EVERY, VERIFIED_EVERY = 26, 5


class MoneyMachine(BillSteps, FamilySteps, AccountSteps, RuleBasedStateMachine):
    """`base` is given to the class by the test."""

    base = None

    def __init__(self):
        super().__init__()
        self.clock = time_machine.travel(START + dt.timedelta(hours=3), tick=False)
        self.traveller = self.clock.start()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        # What a test holds open is no transaction of the product: counts that refuse to run inside one may run.
        connection.atomic_blocks[-1]._from_testcase = True
        self.number = self.steps = 0
        self.answers, self.quotes, self.entries, self.transfers = [], [], [], []
        self.facts = {}
        # By (name, month): whether the credit stands, or was corrected.
        self.credited = {}
        self.world, self.accounts, self.book = self.base.copies()

    def teardown(self):
        try:
            comparing.accounts(self)
            comparing.rows(self)
            # By what the walk did, so that the same walk is looked at in the same way.
            if self.number % VERIFIED_EVERY == 0:
                comparing.checks()
        finally:
            transaction.set_rollback(True)
            self.atomic.__exit__(None, None, None)
            self.clock.stop()

    @invariant()
    def accounts_agree(self):
        self.steps += 1
        comparing.accounts(self)
        if self.steps % CHECKED_EVERY == 0:
            comparing.rows(self)

    @property
    def now(self):
        return dt.datetime.now(dt.UTC)

    def fresh(self):
        self.number += 1
        return self.number

    def did(self, action, *kinds):
        self.book.actions[action] += 1
        self.book.notices.update(kinds)
