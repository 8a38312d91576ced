"""The table of kinds and the database agree about what an entry may move."""

from insurance.entry_kinds import SHAPES, Way
from insurance.models.ledger import CREDITS, MEMO_KINDS, SPENDING, EntryKind


def test_every_kind_but_the_reversal_has_a_shape():
    assert set(SHAPES) == set(EntryKind.values) - {EntryKind.REVERSAL}


def test_only_memo_kinds_leave_the_balance_alone():
    assert {kind for kind, shape in SHAPES.items() if shape.balance is Way.NONE} == MEMO_KINDS


def test_credits_go_up_and_spending_goes_down():
    assert {SHAPES[kind].balance for kind in CREDITS} == {Way.UP}
    assert {SHAPES[kind].balance for kind in SPENDING} == {Way.DOWN}


def test_no_shape_allows_an_entry_that_moves_nothing():
    assert not [kind for kind, shape in SHAPES.items() if shape.allows(0, 0, 0)]
