"""Walks through the verbs of the ledger in any order: a plain book kept beside it always agrees."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from insurance import ledger, ledger_check
from insurance.models import LedgerEntry
from insurance.models.ledger import EntryKind
from tests.factories.insurance import make_account, post

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

# Amounts are small and collide often, so that limits are hit from both sides.
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["credit", "spend", "reserve", "release", "hold", "unhold", "reverse"]),
        st.integers(min_value=1, max_value=6),
    ),
    max_size=25,
)
CHANGES = {
    "credit": (1, 0, 0),
    "spend": (-1, 0, 0),
    "reserve": (0, 1, 0),
    "release": (0, -1, 0),
    "hold": (0, 0, 1),
    "unhold": (0, 0, -1),
}
MEMO_VERBS = {
    "reserve": ledger.reserve,
    "release": ledger.release,
    "hold": ledger.hold,
    "unhold": ledger.release_hold,
}


class Book:
    """The same account with pencil and paper: the entries that were taken, and the three amounts."""

    def __init__(self):
        self.amounts = (0, 0, 0)
        self.taken = []  # what can be reversed: (entry id, change)

    def would_be(self, change):
        return tuple(before + more for before, more in zip(self.amounts, change, strict=True))

    def allows(self, change):
        balance, reserved, held = self.would_be(change)
        return reserved >= 0 and held >= 0 and balance >= reserved + held


def change_of(book, name, amount):
    """None where there is nothing to reverse."""
    if name == "reverse":
        return tuple(-part for part in book.taken[-1][1]) if book.taken else None
    return tuple(amount * sign for sign in CHANGES[name])


def act(account, book, name, amount, number):
    if name == "reverse":
        return ledger.reverse(entry_id=book.taken[-1][0], source_ref=f"step-{number}")
    if name in MEMO_VERBS:
        return MEMO_VERBS[name](
            account_id=account.pk,
            amount_fen=amount,
            source_kind="test",
            source_ref=f"step-{number}",
        )
    kind, sign = {"credit": (EntryKind.CREDIT_OWN, 1), "spend": (EntryKind.SPEND_DRUG, -1)}[name]
    return post(account, kind, sign * amount, source_ref=f"step-{number}")


@given(steps=STEPS)
@settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_any_walk_keeps_the_account_and_the_book_together(steps, db):
    account, book = make_account(), Book()
    for number, (name, amount) in enumerate(steps):
        change = change_of(book, name, amount)
        if change is None:
            continue
        if book.allows(change):
            entry = act(account, book, name, amount, number)
            book.amounts = book.would_be(change)
            if name == "reverse":
                book.taken.pop()
            else:
                book.taken.append((entry.pk, change))
        else:
            with pytest.raises((ledger.InsufficientFunds, ledger.NothingToRelease)):
                act(account, book, name, amount, number)
    account.refresh_from_db()
    assert (account.balance_fen, account.reserved_fen, account.held_fen) == book.amounts
    assert account.last_sequence == LedgerEntry.objects.of(account.pk).count()
    assert not list(ledger_check.faults(account_ids=[account.pk]))
