"""What comes after a bill: refunds, holds, wallets, vouchers, the provider's day."""

from tests.mutants.mutant import Kind, Mutant

REFUNDS = "tests/claims/test_refunds.py::"
HOLDS = "tests/claims/test_holds.py::"
WALLETS = "tests/claims/test_wallets.py::"
CODES = "tests/claims/test_identifying.py::"
RACES = "tests/claims/test_races.py::"
DAYS = "tests/claims/test_reconciling.py::"
CUT = (
    "tests/claims/test_cuts.py::test_a_verb_that_dies_before_any_statement_leaves_nothing_half_done"
)
ROUND = "tests/claims/test_constraints.py::test_the_database_refuses_"

MUTANTS = (
    Mutant(
        "settlement-not-locked-where-it-is-changed",
        Kind.LOCK,
        "claims.writing:lock_settlement",
        (("orders.lock(...)", "pass"),),
        killers=(RACES + "test_a_hold_is_taken_let_go_or_over_and_only_one_of_them",),
        postgres=True,
    ),
    Mutant(
        "settlement-read-before-its-locks",
        Kind.READ,
        "claims.writing:lock_settlement",
        (
            (
                "orders.lock(...)",
                "settlement = seen.select_related('provider', 'patient').get()\norders.lock(...)",
            ),
            (
                "settlement = seen.select_related('provider', 'patient').get()\ndeductions = A_",
                "deductions = A_",
            ),
        ),
        killers=(RACES + "test_a_refund_asked_by_many_goes_back_once",),
        postgres=True,
    ),
    Mutant(
        "another-providers-settlement-given-back",
        Kind.OWNER,
        "claims.writing:lock_settlement",
        (
            (
                "Settlement.objects.of_provider(...).filter(pk=A_)",
                "Settlement.objects.filter(pk=A_)",
            ),
        ),
        killers=(
            REFUNDS + "test_another_provider_finds_no_such_settlement",
            HOLDS + "test_only_the_provider_that_holds_can_take_or_let_go",
        ),
    ),
    Mutant(
        "refunded-twice",
        Kind.REFUND,
        "claims.refunds:_reverse",
        (("made.amount_fen - made.refunded_fen", "made.amount_fen"),),
        killers=(REFUNDS + "test_no_more_goes_back_than_is_left",),
        raises=("ValueError",),
    ),
    Mutant(
        "refund-not-noted-at-the-payer",
        Kind.REFUND,
        "claims.refunds:_reverse",
        (("one.refunded_fen += fen", "pass"),),
        killers=(REFUNDS + "test_parts_go_back_from_the_last_to_the_first",),
        raises=("ValueError",),
    ),
    Mutant(
        "refund-into-the-patients-account",
        Kind.REFUND,
        "claims.refunds:_line",
        (
            (
                "return one.account_id, line",
                "return made.deductions.order_by('position')[0].account_id, line",
            ),
        ),
        killers=(REFUNDS + "test_a_whole_refund_leaves_everybody_as_before",),
    ),
    Mutant(
        "refund-of-nothing",
        Kind.EDGE,
        "claims.refunds:_expect_refundable",
        (("1 <= A_ <= B_", "0 <= A_ <= B_"),),
        killers=(REFUNDS + "test_no_more_goes_back_than_is_left",),
        raises=("IntegrityError", "ValueError"),
    ),
    Mutant(
        "refund-of-what-is-not-settled",
        Kind.REFUND,
        "claims.refunds:_expect_refundable",
        (("if made.state != SettlementState.SETTLED:\n    A_", "pass"),),
        killers=(REFUNDS + "test_what_is_only_held_is_not_given_back",),
    ),
    Mutant(
        "machine-gives-back-for-ever",
        Kind.CLOCK,
        "claims.refunds:_expect_refundable",
        (("A_ if by_machine else B_", "True if by_machine else B_"),),
        killers=(REFUNDS + "test_a_clerk_gives_back_on_the_day_and_a_machine_for_a_quarter",),
    ),
    Mutant(
        "last-moment-of-a-refund-does-not-count",
        Kind.EDGE,
        "claims.refunds:_expect_refundable",
        (("now <= made.settled_at + WITHIN", "now < made.settled_at + WITHIN"),),
        killers=(REFUNDS + "test_a_machine_gives_back_up_to_the_last_moment",),
        raises=("Refused",),
    ),
    Mutant(
        "same-day-in-greenwich",
        Kind.CLOCK,
        "claims.refunds:_expect_refundable",
        (
            (
                "timezone.localdate(A_) == timezone.localdate(B_)",
                "timezone.localdate(A_, timezone.get_fixed_timezone(0))"
                " == timezone.localdate(B_, timezone.get_fixed_timezone(0))",
            ),
        ),
        killers=(REFUNDS + "test_a_clerk_gives_back_on_the_day_and_a_machine_for_a_quarter",),
    ),
    Mutant(
        "cap-not-given-back",
        Kind.CAP,
        "claims.writing:uncount_use",
        (("of_month.update(...)", "pass"),),
        killers=(REFUNDS + "test_a_whole_refund_leaves_everybody_as_before",),
    ),
    Mutant(
        "limit-not-given-back-on-a-refund",
        Kind.CAP,
        "claims.writing:uncount_use",
        (("limit.update(...)", "pass"),),
        killers=(REFUNDS + "test_a_limit_gets_its_money_back_while_the_binding_is_in_force",),
    ),
    Mutant(
        "limit-of-an-ended-binding-gets-money-back",
        Kind.CAP,
        "claims.writing:goes_back_to_limit",
        (("A_ and B_ and C_", "A_ and B_"),),
        killers=(REFUNDS + "test_after_the_end_of_a_binding_a_limits_money_is_the_givers_own",),
    ),
    Mutant(
        "reverse-not-atomic",
        Kind.ATOMIC,
        "claims.writing:with_number",
        (("with transaction.atomic():\n    A_", "A_"),),
        killers=(CUT + "[reverse]",),
    ),
    Mutant(
        "post-not-atomic",
        Kind.ATOMIC,
        "claims.holds:post",
        (("@transaction.atomic", ""),),
        killers=(CUT + "[post]",),
    ),
    Mutant(
        "void-after-post",
        Kind.ONCE,
        "claims.holds:_expect_held",
        (("if made.state != SettlementState.HELD:\n    A_", "pass"),),
        killers=(HOLDS + "test_a_hold_is_taken_whole",),
        raises=("NothingToRelease", "SourceConflict"),
    ),
    Mutant(
        "hold-is-good-at-its-last-moment",
        Kind.EDGE,
        "claims.holds:post",
        (("made.held_until <= now", "made.held_until < now"),),
        killers=(HOLDS + "test_a_hold_ends_with_its_time",),
    ),
    Mutant(
        "hold-is-let-go-a-moment-late",
        Kind.EDGE,
        "claims.holds:expire_due",
        (("_(held_until__lte=now)", "_(held_until__lt=now)"),),
        killers=(HOLDS + "test_a_hold_ends_with_its_time",),
    ),
    Mutant(
        "hold-longer-than-there-is",
        Kind.BOUND,
        "claims.holds:hold",
        (("min(hold_for, HOLD_FOR)", "max(hold_for, HOLD_FOR)"),),
        killers=(HOLDS + "test_a_shorter_hold_is_shorter_and_a_longer_one_is_not",),
    ),
    Mutant(
        "a-voided-hold-keeps-the-cap",
        Kind.CAP,
        "claims.holds:_let_go",
        (("writing.uncount_use(...)", "pass"),),
        killers=(HOLDS + "test_a_hold_that_is_given_up_leaves_no_trace_but_the_book",),
    ),
    Mutant(
        "limit-comes-back-when-a-hold-is-posted",
        Kind.CAP,
        "claims.holds:post",
        (("_(back_to_limit=False)", "_(back_to_limit=writing.goes_back_to_limit(one))"),),
        killers=(HOLDS + "test_a_hold_of_a_limit_goes_back_into_it_or_is_spent",),
    ),
    Mutant(
        "wallet-gives-back-more-than-is-left",
        Kind.REFUND,
        "claims.wallets:give_back",
        (("1 <= fen <= left_fen", "1 <= fen <= made.amount_fen"),),
        killers=(WALLETS + "test_what_comes_back_is_no_more_than_was_sent_or_is_left",),
        raises=("IntegrityError",),
    ),
    Mutant(
        "wallet-a-fourth-transfer-in-a-day",
        Kind.EDGE,
        "claims.wallets:_transfer",
        (("number > rules.most_a_day", "number > rules.most_a_day + 1"),),
        killers=(WALLETS + "test_three_a_day_and_two_thousand_each",),
    ),
    Mutant(
        "wallet-transfer-takes-what-must-stay",
        Kind.BOUND,
        "claims.wallets:_transfer",
        (("giving.available_fen - rules.kept_fen", "giving.available_fen"),),
        killers=(WALLETS + "test_what_must_stay_in_the_account_is_not_sent",),
    ),
    Mutant(
        "wallet-the-beneficiary-sends",
        Kind.OWNER,
        "claims.wallets:_transfer",
        (("binding.giver_id != person.pk or A_", "A_"),),
        killers=(WALLETS + "test_only_the_giver_sends",),
        raises=("NotAllowed",),
    ),
    Mutant(
        "wallet-somebody-else-gives-back",
        Kind.OWNER,
        "claims.wallets:give_back",
        (("WalletTransfer.objects.filter(...)", "WalletTransfer.objects.filter(pk=transfer_id)"),),
        killers=(WALLETS + "test_only_whoever_got_it_gives_it_back",),
        raises=("NotAllowed",),
    ),
    Mutant(
        "voucher-used-twice",
        Kind.ONCE,
        "claims.vouchers:use",
        (("live.update(...) == 0", "not live.exists()"),),
        killers=(CODES + "test_a_code_is_good_once",),
    ),
    Mutant(
        "voucher-good-at-its-last-moment",
        Kind.EDGE,
        "claims.vouchers:_live",
        (("_(expires_at__gt=now)", "_(expires_at__gte=now)"),),
        killers=(CODES + "test_a_code_is_good_for_sixty_seconds_and_the_next_one_does_not_end_it",),
    ),
    Mutant(
        "day-adds-up-what-went-back",
        Kind.SIGN,
        "claims.reconciling:DayTotals.net_fen",
        (("self.paid_fen - self.back_fen", "self.paid_fen + self.back_fen"),),
        killers=(DAYS + "test_a_day_is_what_was_settled_and_given_back_on_it",),
    ),
    Mutant(
        "database-takes-back-more-than-was-given",
        Kind.CONSTRAINT,
        "claims.models.settlements:Deduction",
        constraint="deduction_refunds_no_more_than_it_took",
        killers=(ROUND + "amounts_that_cannot_be[deduction_refunds_no_more_than_it_took]",),
    ),
    Mutant(
        "database-counts-below-nothing",
        Kind.CONSTRAINT,
        "family.models.bindings:CapUse",
        constraint="cap_use_is_not_negative",
        killers=(ROUND + "amounts_that_cannot_be[cap_use_is_not_negative]",),
    ),
    Mutant(
        "refund-lowers-the-cap-of-every-month",
        Kind.CAP,
        "claims.writing:uncount_use",
        (("CapUse.objects.filter(...)", "CapUse.objects.filter(binding=one.binding_id)"),),
        killers=(REFUNDS + "test_the_cap_of_the_month_of_the_bill_goes_down",),
        raises=("IntegrityError",),
    ),
    Mutant(
        "a-posted-hold-keeps-the-day-on-which-it-was-held",
        Kind.CLOCK,
        "claims.holds:post",
        (("made.state, made.settled_at = A_, now", "made.state = A_"),),
        killers=(HOLDS + "test_a_hold_counts_on_the_day_on_which_it_is_taken",),
        raises=("TypeError",),
    ),
    Mutant(
        "wallet-gives-back-the-same-twice-as-one",
        Kind.ONCE,
        "claims.wallets:give_back",
        (('f"{made.reference}/back/{made.returned_fen}"', 'f"{made.reference}/back"'),),
        killers=(WALLETS + "test_the_same_amount_comes_back_twice",),
    ),
    Mutant(
        "wallet-empty-account-cannot-send-its-last-fen",
        Kind.EDGE,
        "claims.wallets:_transfer",
        (("A_ - rules.kept_fen < amount_fen", "A_ - rules.kept_fen <= amount_fen"),),
        killers=(WALLETS + "test_nothing_is_sent_that_is_not_there",),
        raises=("Refused",),
    ),
    Mutant(
        "midnight-belongs-to-both-days",
        Kind.EDGE,
        "claims.reconciling:_settled",
        (("_(settled_at__lt=end)", "_(settled_at__lte=end)"),),
        killers=(DAYS + "test_midnight_belongs_to_the_day_that_begins",),
    ),
    Mutant(
        "a-day-begins-after-midnight",
        Kind.EDGE,
        "claims.reconciling:_refunded",
        (("_(made_at__gte=first)", "_(made_at__gt=first)"),),
        killers=(DAYS + "test_midnight_belongs_to_the_day_that_begins",),
    ),
    Mutant(
        "a-key-that-was-stopped-opens",
        Kind.OWNER,
        "claims.models.providers:ProviderKeyQuerySet.live",
        (("self.filter(revoked_at=None, expires_at__gt=now)", "self.filter(expires_at__gt=now)"),),
        killers=(CODES + "test_a_key_ends_by_itself_or_at_once",),
    ),
    Mutant(
        "a-key-is-good-at-its-last-moment",
        Kind.EDGE,
        "claims.models.providers:ProviderKeyQuerySet.live",
        (("_(expires_at__gt=now)", "_(expires_at__gte=now)"),),
        killers=(CODES + "test_a_key_ends_by_itself_or_at_once",),
    ),
)
