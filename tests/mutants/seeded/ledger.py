"""The ledger: the only module that moves money, and the constraints behind it."""

from tests.mutants.mutant import Kind, Mutant

TESTS = "tests/insurance/test_ledger.py::"
LINES = "tests/insurance/test_ledger_lines.py::"
RACES = "tests/insurance/test_ledger_races.py::"
ROUND = "tests/insurance/test_ledger_constraints.py::"
DIES = RACES + "test_a_verb_that_dies_after_any_statement_leaves_nothing_half_done"

MUTANTS = (
    Mutant(
        "ledger-account-not-locked",
        Kind.LOCK,
        "insurance.ledger_rows:lock",
        (("X_.select_for_update(...)", "X_"),),
        killers=(RACES + "test_money_for_ten_of_twenty_debits_is_spent_ten_times",),
        postgres=True,
    ),
    Mutant(
        "ledger-locks-in-the-order-of-the-caller",
        Kind.ORDER,
        "insurance.ledger_rows:lock",
        (
            (
                "{account.pk: account for account in rows}",
                "{one: rows.get(pk=one) for one in account_ids}",
            ),
        ),
        killers=(RACES + "test_transfers_both_ways_at_once_wait_for_each_other_in_one_order",),
        postgres=True,
    ),
    Mutant(
        "ledger-account-read-before-its-lock",
        Kind.READ,
        "insurance.ledger_rows:lock",
        (
            (
                "{account.pk: account for account in rows}",
                "{one.pk: one for one in [*PersonalAccount.objects.filter(pk__in=account_ids),"
                " *rows[:0]] if list(rows)}",
            ),
        ),
        killers=(RACES + "test_money_for_ten_of_twenty_debits_is_spent_ten_times",),
        postgres=True,
    ),
    Mutant(
        "parts-opened-without-the-lock-of-the-person",
        Kind.LOCK,
        "insurance.ledger:open_account",
        (("X_.select_for_update(...)", "X_"),),
        killers=(RACES + "test_parts_that_exclude_each_other_are_not_opened_at_once",),
        postgres=True,
    ),
    Mutant(
        "ledger-post-not-atomic",
        Kind.ATOMIC,
        "insurance.ledger:_post",
        (("@transaction.atomic", ""),),
        killers=(DIES + "[post]",),
    ),
    Mutant(
        "ledger-transfer-not-atomic",
        Kind.ATOMIC,
        "insurance.ledger:transfer",
        (("@transaction.atomic", ""),),
        killers=(DIES + "[transfer]",),
    ),
    Mutant(
        "ledger-post-many-not-atomic",
        Kind.ATOMIC,
        "insurance.ledger:post_many",
        (("@transaction.atomic", ""),),
        killers=(DIES + "[post_many]",),
    ),
    Mutant(
        "mirror-does-not-turn-the-sign",
        Kind.SIGN,
        "insurance.ledger_steps:mirror",
        (("_(amount_fen=-original.amount_fen)", "_(amount_fen=original.amount_fen)"),),
        killers=(TESTS + "test_a_reversal_mirrors_its_entry_once",),
    ),
    Mutant(
        "a-reversal-is-reversed",
        Kind.ONCE,
        "insurance.ledger_steps:mirror",
        (("if original.kind == EntryKind.REVERSAL:\n    A_", "pass"),),
        killers=(TESTS + "test_a_reversal_mirrors_its_entry_once",),
    ),
    Mutant(
        "an-entry-is-reversed-twice",
        Kind.ONCE,
        "insurance.ledger:_expect_not_reversed",
        (("if X_:\n    A_", "pass"),),
        killers=(TESTS + "test_a_reversal_mirrors_its_entry_once",),
        raises=("IntegrityError",),
    ),
    Mutant(
        "balance-after-is-that-before",
        Kind.SIGN,
        "insurance.ledger_steps:_step",
        (("_(balance_after_fen=balance)", "_(balance_after_fen=balance - line.amount_fen)"),),
        killers=(TESTS + "test_an_entry_carries_what_it_changed_and_what_was_there_after_it",),
    ),
    Mutant(
        "sequence-with-gaps",
        Kind.BOOK,
        "insurance.ledger_steps:_step",
        (("account.last_sequence += 1", "account.last_sequence += 2"),),
        killers=(TESTS + "test_an_entry_carries_what_it_changed_and_what_was_there_after_it",),
    ),
    Mutant(
        "the-last-fen-cannot-be-spent",
        Kind.EDGE,
        "insurance.ledger_steps:_step",
        (("balance < reserved + held", "balance <= reserved + held"),),
        killers=(TESTS + "test_the_last_fen_can_be_spent_and_no_more",),
        raises=("InsufficientFunds",),
    ),
    Mutant(
        "held-money-is-spent",
        Kind.BOUND,
        "insurance.ledger_steps:_step",
        (("balance < reserved + held", "balance < reserved"),),
        killers=(
            TESTS
            + "test_what_is_reserved_and_held_cannot_be_spent_and_the_refusal_names_the_amounts",
        ),
        raises=("IntegrityError",),
    ),
    Mutant(
        "a-debit-may-be-a-credit",
        Kind.SIGN,
        "insurance.ledger_steps:_check_shape",
        (("if not shape.allows(...):\n    A_", "pass"),),
        killers=(TESTS + "test_a_kind_moves_money_its_own_way_only",),
    ),
    Mutant(
        "posting-to-a-closed-account",
        Kind.BARRED,
        "insurance.ledger_steps:_step",
        (("if account.closed_on is not None:\n    A_", "pass"),),
        killers=(TESTS + "test_a_retry_succeeds_even_after_the_account_was_closed",),
        raises=("InsufficientFunds",),
    ),
    Mutant(
        "closing-an-account-with-money-in-it",
        Kind.BARRED,
        "insurance.ledger:close_account",
        (("account.balance_fen or account.reserved_fen or account.held_fen", "False"),),
        killers=(TESTS + "test_only_an_empty_account_is_closed_and_a_new_one_may_follow",),
    ),
    Mutant(
        "a-source-posts-again",
        Kind.ONCE,
        "insurance.ledger:_write",
        (("if known := X_:\n    A_", "pass"),),
        killers=(TESTS + "test_the_same_source_with_the_same_content_gives_the_entry_of_then",),
        raises=("IntegrityError",),
    ),
    Mutant(
        "a-source-with-other-content-is-taken-for-the-same",
        Kind.ONCE,
        "insurance.ledger_rows:expect_same",
        (("if not is_same(...):\n    A_", "pass"),),
        killers=(TESTS + "test_the_same_source_with_other_content_is_a_conflict",),
    ),
    Mutant(
        "time-goes-back-along-the-sequence",
        Kind.CLOCK,
        "insurance.ledger_steps:_moment",
        (("line.posted_at < last", "False"),),
        killers=(TESTS + "test_time_never_goes_back_along_the_sequence",),
    ),
    Mutant(
        "now-is-before-the-last-entry",
        Kind.CLOCK,
        "insurance.ledger_steps:_moment",
        (("max(...)", "min(...)"),),
        killers=(
            TESTS
            + "test_an_entry_of_now_is_not_before_the_last_one_even_if_another_clock_was_ahead",
        ),
    ),
    Mutant(
        "free-money-counts-what-is-held",
        Kind.BOUND,
        "insurance.account_rows:AccountRow.available_fen",
        (("X_ - self.held_fen", "X_"),),
        killers=("tests/family/test_payers.py::test_reserved_and_held_money_is_not_asked_for",),
    ),
    Mutant(
        "a-book-forgets-the-accounts",
        Kind.BOOK,
        "insurance.ledger_many:Book.write",
        (("X_.update(...)", "pass"),),
        killers=(
            "tests/claims/test_settlement.py::"
            "test_the_own_account_pays_first_then_the_givers_and_the_rest_is_cash",
        ),
    ),
    Mutant(
        "database-takes-a-source-twice",
        Kind.CONSTRAINT,
        "insurance.models.ledger:LedgerEntry",
        constraint="ledger_source_once_per_account",
        killers=(ROUND + "test_the_database_refuses_a_source_and_a_reversal_twice",),
    ),
    Mutant(
        "database-takes-a-sequence-twice",
        Kind.CONSTRAINT,
        "insurance.models.ledger:LedgerEntry",
        constraint="ledger_sequence_once_per_account",
        killers=(
            ROUND + "test_the_database_refuses_an_entry_written_round_the_ledger"
            "[ledger_sequence_once_per_account]",
        ),
    ),
    Mutant(
        "database-takes-a-balance-that-covers-nothing",
        Kind.CONSTRAINT,
        "insurance.models.ledger:PersonalAccount",
        constraint="account_balance_covers_reserved_and_held",
        killers=(
            ROUND + "test_the_database_refuses_an_account_written_round_the_ledger"
            "[account_balance_covers_reserved_and_held]",
        ),
    ),
    Mutant(
        "seal-not-chained-to-the-one-before",
        Kind.BOOK,
        "accounts.sealing:_digest",
        (('previous.digest if previous else ""', '""'),),
        killers=(
            "tests/accounts/test_sealing.py::test_a_seal_of_another_history_does_not_fit_into_this_one",
        ),
    ),
    Mutant(
        "rows-are-sealed-too-young",
        Kind.CLOCK,
        "accounts.sealing:seal",
        (("now - QUIET_MARGIN", "now"),),
        killers=(
            "tests/accounts/test_sealing.py::test_rows_younger_than_the_margin_are_left_alone",
        ),
    ),
)
