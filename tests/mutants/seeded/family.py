"""Who pays, in which order and up to what: the plan, the payers, their order, the limits."""

from tests.mutants.mutant import Kind, Mutant

PLAN = "tests/family/test_deduction.py::"
PAYERS = "tests/family/test_payers.py::"
ORDERS = "tests/family/test_orders.py::"
LIMITS = "tests/family/test_limits.py::"
CHANGING = "tests/family/test_changing.py::"
RACES = "tests/family/test_races.py::"
STOPS = PAYERS + "test_what_stands_in_the_binding_stops_it"

MUTANTS = (
    Mutant(
        "plan-a-payer-with-just-enough-could-give-more",
        Kind.EDGE,
        "family.deduction:plan",
        (("room > due", "room >= due"),),
        killers=(PLAN + "test_who_comes_after_the_bill_is_paid_says_so_only_with_money_left",),
    ),
    Mutant(
        "plan-takes-the-larger-of-room-and-bill",
        Kind.BOUND,
        "family.deduction:plan",
        (("min(room, due)", "max(room, due)"),),
        killers=(PLAN + "test_the_first_payer_is_emptied_before_the_second_is_asked",),
    ),
    Mutant(
        "plan-takes-the-loosest-bound",
        Kind.BOUND,
        "family.deduction:_room",
        (("min(bounds, ...)", "max(bounds, ...)"),),
        killers=(PLAN + "test_a_payer_stops_for_its_reason_and_the_next_one_comes_in",),
    ),
    Mutant(
        "plan-empties-one-account-twice",
        Kind.ONCE,
        "family.deduction:_room",
        (("X_ - drawn.get(...)", "X_"),),
        killers=(PLAN + "test_one_account_pays_once_however_often_it_stands_in_the_order",),
    ),
    Mutant(
        "plan-a-limit-empties-the-free-balance",
        Kind.CAP,
        "family.deduction:plan",
        (("A_ is not None and not payer.from_limit", "A_ is not None"),),
        killers=(PLAN + "test_limits_are_money_set_aside_and_share_nothing",),
    ),
    Mutant(
        "refund-goes-to-the-first-payer-first",
        Kind.REFUND,
        "family.deduction:refund",
        (("reversed(given)", "given"),),
        killers=(PLAN + "test_a_refund_gives_back_the_cash_and_then_the_payers_from_the_last",),
    ),
    Mutant(
        "refund-of-more-than-is-left",
        Kind.REFUND,
        "family.deduction:refund",
        (("if amount_fen > sum(...):\n    A_", "pass"),),
        killers=(PLAN + "test_more_than_is_left_is_refused",),
    ),
    Mutant(
        "refund-forgets-what-went-back-before",
        Kind.REFUND,
        "family.deduction:refund",
        (("already.get(one.key, 0)", "0"),),
        killers=(PLAN + "test_a_second_refund_begins_where_the_first_ended",),
    ),
    Mutant(
        "own-account-last-where-nobody-says",
        Kind.BARRED,
        "family.payers:Known.payers",
        (("first.settled is not False", "first.settled is True"),),
        killers=(PAYERS + "test_whether_the_own_account_comes_first_is_a_rule_and_else_practice",),
    ),
    Mutant(
        "own-account-first-turned-round",
        Kind.BARRED,
        "family.payers:Known.payers",
        (
            (
                "own + given if own_first else given + own",
                "given + own if own_first else own + given",
            ),
        ),
        killers=(PAYERS + "test_the_own_account_comes_first_and_then_the_givers_in_their_order",),
    ),
    Mutant(
        "nothing-must-stay-in-a-givers-account",
        Kind.BOUND,
        "family.payers:_payers",
        (("kept = lent.kept_fen or 0", "kept = 0"),),
        killers=(PAYERS + "test_what_must_stay_in_the_givers_account_stays",),
    ),
    Mutant(
        "cap-of-the-month-forgets-what-was-used",
        Kind.CAP,
        "family.payers:_payers",
        (("binding.cap_month_fen - place.used_fen", "binding.cap_month_fen"),),
        killers=(PAYERS + "test_the_cap_of_the_month_counts_the_month_of_the_day",),
    ),
    Mutant(
        "cap-of-a-bill-ignored",
        Kind.CAP,
        "family.payers:_payers",
        (("_(bill_cap_fen=bill_cap)", "_(bill_cap_fen=None)"),),
        killers=(PAYERS + "test_the_caps_hold_for_both_parts_of_an_account_together",),
    ),
    Mutant(
        "caps-hold-for-each-account-of-a-giver-anew",
        Kind.CAP,
        "family.payers:_payers",
        (("None if month_left is None else A_", "month_left"),),
        killers=(PAYERS + "test_the_caps_hold_for_both_parts_of_an_account_together",),
    ),
    Mutant(
        "limit-forgets-what-was-used",
        Kind.CAP,
        "family.payers:_payers",
        (("A_ - binding.limit_used_fen", "A_"),),
        killers=(PAYERS + "test_what_is_left_of_a_limit_is_what_can_be_used",),
    ),
    Mutant(
        "paused-and-ended-bindings-pay",
        Kind.BARRED,
        "family.barring:_by_binding",
        (("if link.state != State.ACTIVE:\n    A_", "pass"),),
        killers=(STOPS,),
    ),
    Mutant(
        "an-ended-binding-pays",
        Kind.BARRED,
        "family.barring:_by_binding",
        (("if link.to_day is not None and link.to_day < bill.day:\n    A_", "pass"),),
        killers=(STOPS,),
    ),
    Mutant(
        "the-last-day-of-a-binding-does-not-count",
        Kind.EDGE,
        "family.barring:_by_binding",
        (("link.to_day < bill.day", "link.to_day <= bill.day"),),
        killers=(STOPS,),
    ),
    Mutant(
        "cool-down-a-moment-too-long",
        Kind.EDGE,
        "family.barring:_by_binding",
        (("bill.now < link.usable_from", "bill.now <= link.usable_from"),),
        killers=(STOPS,),
    ),
    Mutant(
        "a-frozen-giver-pays",
        Kind.BARRED,
        "family.barring:_facts",
        (("Stop.FROZEN if person.frozen else None", "None"),),
        killers=(PAYERS + "test_what_the_register_says_of_either_stops_it_while_it_holds",),
    ),
    Mutant(
        "the-dead-are-paid-for",
        Kind.BARRED,
        "family.barring:_by_register",
        (("if beneficiary.dead:\n    A_", "pass"),),
        killers=(PAYERS + "test_what_the_register_says_of_either_stops_it_while_it_holds",),
    ),
    Mutant(
        "one-consent-is-enough",
        Kind.BARRED,
        "family.payer_rows:places",
        (("giver_agreed and beneficiary_agreed", "giver_agreed or beneficiary_agreed"),),
        killers=(PAYERS + "test_both_must_have_agreed_themselves",),
    ),
    Mutant(
        "a-consent-of-anybody-counts",
        Kind.BARRED,
        "family.payer_rows:_agreed",
        (
            (
                "Consent.objects.filter(binding=A_, side=B_, person=OuterRef(person))",
                "Consent.objects.filter(binding=A_, side=B_)",
            ),
        ),
        killers=(PAYERS + "test_the_yes_of_somebody_else_is_none",),
    ),
    Mutant(
        "a-use-that-is-not-payable-is-paid",
        Kind.BARRED,
        "family.barring:_spending",
        (("Stop.USE_NOT_PAYABLE if A_ else B_", "None if A_ else B_"),),
        killers=(PAYERS + "test_what_an_account_may_pay_for_oneself_and_for_relatives",),
    ),
    Mutant(
        "a-use-that-was-not-agreed-is-paid",
        Kind.BARRED,
        "family.barring:bars_giver",
        (("None if A_ else Stop.USE_NOT_COVERED", "None"),),
        killers=(STOPS,),
    ),
    Mutant(
        "order-changed-from-an-older-page",
        Kind.STALE,
        "family.orders:reorder",
        (("if order.version != expected_version:\n    A_", "pass"),),
        killers=(ORDERS + "test_an_older_page_changes_nothing",),
    ),
    Mutant(
        "order-not-locked-where-it-is-changed",
        Kind.LOCK,
        "family.orders:lock",
        (("X_.select_for_update(...)", "X_"),),
        killers=(ORDERS + "test_of_twenty_new_orders_at_once_one_wins",),
        postgres=True,
    ),
    Mutant(
        "order-undone-at-ten-minutes",
        Kind.EDGE,
        "family.orders:may_undo",
        (("A_ <= age < UNDO_WITHIN", "A_ <= age <= UNDO_WITHIN"),),
        killers=(ORDERS + "test_undo_is_possible_for_ten_minutes",),
    ),
    Mutant(
        "an-end-undone-at-ten-minutes",
        Kind.EDGE,
        "family.changing:may_undo",
        (("A_ <= age < UNDO_WITHIN", "A_ <= age <= UNDO_WITHIN"),),
        killers=(CHANGING + "test_after_ten_minutes_it_is_not",),
    ),
    Mutant(
        "who-ended-it-is-still-asked",
        Kind.BARRED,
        "family.changing:_end",
        (("joining.leave_order(...)", "pass"),),
        killers=(CHANGING + "test_either_side_ends_it_for_new_spending_at_once",),
    ),
    Mutant(
        "the-other-side-lifts-a-pause",
        Kind.OWNER,
        "family.changing:resume",
        (("if binding.paused_by != act.side:\n    A_", "pass"),),
        killers=(CHANGING + "test_only_who_paused_resumes",),
    ),
    Mutant(
        "binding-changed-from-an-older-page",
        Kind.STALE,
        "family.moving:lock",
        (("version not in (None, binding.version)", "False"),),
        killers=("tests/family/test_bindings.py::test_a_page_of_before_is_stale",),
    ),
    Mutant(
        "binding-read-before-its-lock",
        Kind.READ,
        "family.moving:lock",
        (
            ('X_.only("giver_id", "beneficiary_id").get(pk=binding_id)', "X_.get(pk=binding_id)"),
            ("binding = X_.select_for_update().get(pk=binding_id)", "binding = seen"),
        ),
        killers=(RACES + "test_a_yes_that_is_pressed_twenty_times_is_given_once",),
        postgres=True,
    ),
    Mutant(
        "limit-not-set-aside",
        Kind.CAP,
        "family.limits:reserve",
        (("_move(...)", "pass"),),
        killers=(LIMITS + "test_in_force_the_limit_is_set_aside_and_the_three_numbers_stay_three",),
    ),
    Mutant(
        "limit-not-given-back",
        Kind.CAP,
        "family.limits:release",
        (("_move(...)", "pass"),),
        killers=(LIMITS + "test_an_end_gives_back_what_was_not_used_at_once",),
    ),
    Mutant(
        "limit-gives-back-what-was-used",
        Kind.CAP,
        "family.limits:unused_fen",
        (("A_ - binding.limit_used_fen", "A_"),),
        killers=(LIMITS + "test_an_end_gives_back_what_was_not_used_at_once",),
        raises=("NothingToRelease",),
    ),
    Mutant(
        "no-time-to-think-after-the-second-yes",
        Kind.CLOCK,
        "family.joining:activate",
        (("agreed_at + A_", "agreed_at"),),
        killers=("tests/family/test_bindings.py::test_both_agree_and_after_a_day_it_can_be_used",),
    ),
    Mutant(
        "four-eyes-closed",
        Kind.OWNER,
        "family.bindings:_expect_neutral",
        (("if A_:\n    B_", "pass"),),
        killers=(
            "tests/family/test_bindings_with_staff.py::"
            "test_who_took_a_consent_or_is_one_of_the_two_does_not_decide",
        ),
    ),
)
