"""What comes into the accounts every month."""

from tests.mutants.mutant import Kind, Mutant

TESTS = "tests/insurance/test_credits.py::"

MUTANTS = (
    Mutant(
        "credit-posted-again-for-a-month",
        Kind.ONCE,
        "insurance.credit_rows:cases",
        (("A_ | _credits(...)", "A_"),),
        killers=(TESTS + "test_run_again_it_posts_nothing_twice_and_takes_who_paid_late",),
        raises=("IntegrityError",),
    ),
    Mutant(
        "credit-that-was-corrected-is-posted-again",
        Kind.ONCE,
        "insurance.credit_rows:_credits",
        (('found.setdefault(person, "corrected")', "pass"),),
        killers=(TESTS + "test_whoever_gets_nothing_is_counted_by_the_reason",),
        raises=("IntegrityError",),
    ),
    Mutant(
        "half-a-fen-is-rounded-down",
        Kind.ROUNDING,
        "insurance.rules.monthly_credit:share_fen",
        (("ROUND_HALF_UP", '"ROUND_HALF_DOWN"'),),
        killers=(TESTS + "test_half_a_fen_is_rounded_up",),
    ),
    Mutant(
        "every-part-of-a-fen-is-dropped",
        Kind.ROUNDING,
        "insurance.rules.monthly_credit:share_fen",
        (("ROUND_HALF_UP", '"ROUND_FLOOR"'),),
        killers=(TESTS + "test_half_a_fen_is_rounded_up",),
    ),
    Mutant(
        "band-of-age-ends-a-year-late",
        Kind.EDGE,
        "insurance.rules.monthly_credit:_band",
        (("age < below", "age <= below"),),
        killers=(TESTS + "test_the_retired_get_the_amount_of_their_age",),
    ),
    Mutant(
        "older-on-the-day-after-the-birthday",
        Kind.EDGE,
        "insurance.credit_plan:_age",
        (("A_ < (born.month, born.day)", "A_ <= (born.month, born.day)"),),
        killers=(TESTS + "test_the_retired_get_the_amount_of_their_age",),
    ),
    Mutant(
        "credit-chunk-not-atomic",
        Kind.ATOMIC,
        "insurance.credits:_post_chunk",
        (("@transaction.atomic", ""),),
        killers=(TESTS + "test_a_chunk_that_fails_leaves_nothing_behind",),
    ),
    Mutant(
        "credit-chunk-of-two-runs-counted-twice",
        Kind.STALE,
        "insurance.credits:_add",
        (("A_ or run.last_person != after", "A_"),),
        killers=(TESTS + "test_a_chunk_that_another_run_was_faster_with_leaves_nothing_behind",),
    ),
    Mutant(
        "credit-for-a-month-to-come",
        Kind.CLOCK,
        "insurance.credits:_expect_begun",
        (("month > X_", "month > X_ + 1"),),
        killers=(TESTS + "test_a_month_to_come_or_none_at_all_is_refused",),
    ),
    Mutant(
        "credit-into-a-frozen-account",
        Kind.BARRED,
        "insurance.credit_rows:_facts",
        (('found.setdefault(person, "account_frozen")', "pass"),),
        killers=(TESTS + "test_whoever_gets_nothing_is_counted_by_the_reason",),
    ),
    Mutant(
        "credit-for-a-month-that-was-paid-twice",
        Kind.BOUND,
        "insurance.credit_plan:_not_paid_once",
        (("len(paid) > 1", "len(paid) > 2"),),
        killers=(TESTS + "test_whoever_gets_nothing_is_counted_by_the_reason",),
        raises=("ValueError",),
    ),
    Mutant(
        "credit-of-the-next-month-taken-for-the-same",
        Kind.ONCE,
        "insurance.credits:_source",
        (('return f"{month}/"', 'return ""'),),
        killers=(TESTS + "test_the_next_month_is_another_credit",),
        raises=("IntegrityError",),
    ),
    Mutant(
        "half-a-yuan-is-five-fen",
        Kind.ROUNDING,
        "insurance.money:parse",
        (('A_.ljust(2, "0")', 'A_.rjust(2, "0")'),),
        killers=(
            "tests/insurance/test_form_fields.py::test_an_amount_is_read_however_it_is_typed",
        ),
    ),
)
