"""A bill is charged: locks, what is read after them, what is written, and what a quote and a key are good for."""

from tests.mutants.mutant import Kind, Mutant

TESTS = "tests/claims/test_settlement.py::"
RACES = "tests/claims/test_races.py::"
KEYED = "tests/claims/test_keyed.py::"
BATCHES = "tests/claims/test_batches.py::"
CUT = "tests/claims/test_whole_or_not.py::test_a_verb_whose_last_write_fails_has_done_nothing"

MUTANTS = (
    Mutant(
        "patients-order-not-locked",
        Kind.LOCK,
        "claims.charging:_orders_of",
        (("X_.select_for_update(...)", "X_"),),
        killers=(RACES + "test_whoever_waited_sees_the_cap_as_it_is_now",),
        postgres=True,
    ),
    Mutant(
        "bindings-not-locked",
        Kind.LOCK,
        "claims.charging:_bindings_of",
        (("X_.select_for_update(...)", "X_"),),
        killers=(RACES + "test_whoever_waited_for_a_binding_sees_its_pause",),
        postgres=True,
    ),
    Mutant(
        "accounts-not-locked",
        Kind.LOCK,
        "insurance.ledger_many:_open_accounts",
        (("X_.select_for_update(...)", "X_"),),
        killers=(RACES + "test_whoever_waited_for_an_account_sees_its_balance",),
        postgres=True,
    ),
    Mutant(
        "plan-read-before-the-locks",
        Kind.READ,
        "claims.charging:Charging.__init__",
        (
            (
                "giver_ids = _lock(X_)",
                "early = payers.Question(X_, giver_ids=Binding.objects.filter(beneficiary__in=X_)"
                '.values_list("giver_id", flat=True), day=timezone.localdate(now))\n'
                "giver_ids = _lock(X_)",
            ),
            (
                "with statements.together():\n    A_",
                "with statements.together():\n    A_\nquestion = early",
            ),
        ),
        killers=(RACES + "test_whoever_waited_sees_the_cap_as_it_is_now",),
        postgres=True,
    ),
    Mutant(
        "bindings-locked-from-the-last",
        Kind.ORDER,
        "claims.charging:_bindings_of",
        (('rows.order_by("pk")', 'rows.order_by("-pk")'),),
        killers=(RACES + "test_bindings_are_locked_in_one_order_by_whoever_locks_several",),
        postgres=True,
    ),
    Mutant(
        "accounts-locked-from-the-last",
        Kind.ORDER,
        "insurance.ledger_many:_open_accounts",
        (('rows.order_by("pk")', 'rows.order_by("-pk")'),),
        killers=(RACES + "test_accounts_are_locked_in_one_order_by_whoever_locks_several",),
        postgres=True,
    ),
    Mutant(
        "midnight-passes-unseen",
        Kind.CLOCK,
        "claims.charging:Charging.__init__",
        (("if timezone.localdate(self.now) != day:\n    A_", "pass"),),
        killers=(TESTS + "test_midnight_that_passes_while_the_accounts_are_waited_for_counts",),
    ),
    Mutant(
        "settle-not-atomic",
        Kind.ATOMIC,
        "claims.charging:in_one",
        (("with transaction.atomic():\n    A_", "A_"),),
        killers=(CUT + "[settle]",),
    ),
    Mutant(
        "batch-half-committed",
        Kind.ATOMIC,
        "claims.charging:in_one",
        (("with transaction.atomic():\n    A_", "return charge()\nA_"),),
        killers=(CUT + "[batch]",),
    ),
    Mutant(
        "bill-settled-twice",
        Kind.ONCE,
        "claims.charging:Charging.decide",
        (("if bill.bill_no in self._settled:\n    A_", "pass"),),
        killers=(TESTS + "test_a_bill_is_settled_once",),
        raises=("Taken",),
    ),
    Mutant(
        "bill-settled-twice-in-one-batch",
        Kind.ONCE,
        "claims.charging:Charging.take",
        (("self._settled.add(...)", "pass"),),
        killers=(BATCHES + "test_what_is_wrong_with_one_leaves_the_others",),
        raises=("Taken",),
    ),
    Mutant(
        "database-takes-a-bill-twice",
        Kind.CONSTRAINT,
        "claims.models.settlements:Settlement",
        constraint="settlement_once_per_bill",
        killers=(RACES + "test_one_bill_from_many_clerks_without_a_key_is_settled_once",),
    ),
    Mutant(
        "next-bill-of-a-batch-does-not-see-the-cap-used",
        Kind.CAP,
        "claims.charging:Charging.take",
        (("self._known.spend(...)", "pass"),),
        killers=(BATCHES + "test_bills_of_a_family_follow_each_other",),
    ),
    Mutant(
        "cap-of-the-month-not-counted",
        Kind.CAP,
        "claims.charging:Charging.write",
        (("self._write_use()", "pass"),),
        killers=(TESTS + "test_a_months_cap_counts_up_and_holds_over_bills",),
    ),
    Mutant(
        "limit-used-is-not-counted",
        Kind.CAP,
        "claims.charging:Charging._write_use",
        (("limits[A_] += part.amount_fen", "pass"),),
        killers=(TESTS + "test_a_limit_pays_out_of_what_was_set_aside",),
    ),
    Mutant(
        "a-limit-pays-out-of-the-free-balance",
        Kind.CAP,
        "claims.writing:taking",
        (("A_ if part.from_limit and not held else 0", "0"),),
        killers=(TESTS + "test_a_limit_pays_out_of_what_was_set_aside",),
    ),
    Mutant(
        "quote-that-no-longer-holds-is-settled",
        Kind.STALE,
        "claims.settlement:settle",
        (("if fresh != expected:\n    A_", "pass"),),
        killers=(
            TESTS + "test_a_settlement_that_differs_from_its_quote_is_refused_with_the_new_one",
        ),
    ),
    Mutant(
        "quote-of-other-payers-is-the-same-quote",
        Kind.STALE,
        "claims.settlement:_quote",
        (("_(plan=decided.print)", '_(plan="")'),),
        killers=(
            TESTS + "test_a_settlement_that_differs_from_its_quote_is_refused_with_the_new_one",
        ),
    ),
    Mutant(
        "quotes-are-not-counted",
        Kind.BOUND,
        "claims.settlement:quote",
        (("if not throttling.spend(...):\n    A_", "pass"),),
        killers=(TESTS + "test_quotes_of_one_patient_are_counted",),
    ),
    Mutant(
        "a-quote-uses-up-the-cap",
        Kind.BOOK,
        "claims.settlement:quote",
        (
            (
                "return _quote(...)",
                "from family.models import CapUse\n"
                "for one in decided.parts:\n"
                "    if one.binding_id:\n"
                "        CapUse.objects.create(binding_id=one.binding_id, month=known.month,"
                " used_fen=one.amount_fen)\n"
                "return _quote(...)",
            ),
        ),
        killers=(TESTS + "test_a_quote_writes_nothing_and_says_what_the_settlement_takes",),
    ),
    Mutant(
        "designated-by-the-day-of-greenwich",
        Kind.CLOCK,
        "claims.deciding:decide",
        (
            (
                "day_of(bill.occurred_at)",
                "(bill.occurred_at - bill.occurred_at.utcoffset()).date()",
            ),
        ),
        killers=(TESTS + "test_the_provider_counts_by_the_day_of_the_bill",),
    ),
    Mutant(
        "quote-by-the-day-of-greenwich",
        Kind.CLOCK,
        "claims.settlement:quote",
        (
            (
                "timezone.localdate(now)",
                "timezone.localdate(now, timezone.get_fixed_timezone(0))",
            ),
        ),
        killers=(TESTS + "test_a_month_begins_at_midnight_in_shanghai",),
    ),
    Mutant(
        "the-dead-are-settled-for",
        Kind.BARRED,
        "claims.deciding:decide",
        (("if patient.dead or patient.settlement_suspended:\n    A_", "pass"),),
        killers=(TESTS + "test_somebody_dead_or_suspended_is_not_settled_for_at_all",),
    ),
    Mutant(
        "largest-bill-refused",
        Kind.EDGE,
        "claims.bills:check",
        (("1 <= bill.amount_fen <= MAX_FEN", "1 <= bill.amount_fen < MAX_FEN"),),
        killers=(TESTS + "test_the_edges_of_what_can_be_a_bill",),
        raises=("Refused",),
    ),
    Mutant(
        "a-bill-of-nothing",
        Kind.EDGE,
        "claims.bills:check",
        (("1 <= bill.amount_fen <= MAX_FEN", "0 <= bill.amount_fen <= MAX_FEN"),),
        killers=(TESTS + "test_what_can_be_no_bill_is_refused_by_its_field",),
        raises=("ValueError",),
    ),
    Mutant(
        "settlement-leaves-no-line-in-the-audit",
        Kind.BOOK,
        "claims.charging:Charging.write",
        (("audit.record_many(...)", "pass"),),
        killers=(
            "tests/claims/test_api_charging.py::"
            "test_each_deed_of_a_machine_stands_in_the_audit_with_its_key",
        ),
    ),
    Mutant(
        "nobody-is-told-of-a-settlement",
        Kind.BOOK,
        "claims.charging:Charging.write",
        (("self._tell()", "pass"),),
        killers=(TESTS + "test_everybody_who_paid_is_told_and_nobody_else",),
    ),
    Mutant(
        "turn-of-a-key-not-waited-for",
        Kind.LOCK,
        "claims.keyed:_wait_turn",
        (("statements.sent(...)", "pass"),),
        killers=(KEYED + "test_twenty_at_once_settle_once_and_hear_the_same",),
        postgres=True,
    ),
    Mutant(
        "key-ignored",
        Kind.ONCE,
        "claims.keyed:_look",
        (("before = _known(...)", "before = None"),),
        killers=(KEYED + "test_the_same_request_gets_the_same_bytes",),
        raises=("IntegrityError",),
    ),
    Mutant(
        "body-under-a-key-ignored",
        Kind.ONCE,
        "claims.keyed:_known",
        (("if not any(...):\n    A_", "pass"),),
        killers=(KEYED + "test_another_body_or_verb_under_a_key_is_a_conflict",),
    ),
    Mutant(
        "verb-under-a-key-ignored",
        Kind.ONCE,
        "claims.keyed:once",
        (('f"{verb} {body}"', "body"),),
        killers=(KEYED + "test_another_body_or_verb_under_a_key_is_a_conflict",),
    ),
    Mutant(
        "requests-of-one-key-do-not-wait",
        Kind.LOCK,
        "claims.keyed:_ask_in_turn",
        (("_wait_turn(...)", "pass"),),
        killers=(KEYED + "test_twenty_at_once_settle_once_and_hear_the_same",),
        postgres=True,
    ),
    Mutant(
        "a-number-that-is-taken-ends-the-request",
        Kind.ONCE,
        "claims.keyed:once",
        (("retrying.until_free(lambda: _guarded(request, do))", "_guarded(request, do)"),),
        killers=(KEYED + "test_a_number_that_is_taken_is_drawn_again_under_the_same_key",),
        raises=("Taken",),
    ),
    Mutant(
        "answer-of-before-looked-at-too-late",
        Kind.ONCE,
        "accounts.statements.round_trips:together",
        (("ahead.look()", "pass"),),
        killers=(KEYED + "test_twenty_at_once_settle_once_and_hear_the_same",),
        postgres=True,
    ),
    Mutant(
        "key-and-settlement-not-in-one-transaction",
        Kind.ATOMIC,
        "claims.keyed:_new",
        (("@transaction.atomic", ""),),
        killers=(CUT + "[once]",),
    ),
    Mutant(
        "database-takes-a-key-twice",
        Kind.CONSTRAINT,
        "claims.models.settlements:KeyedRequest",
        constraint="keyed_request_once",
        killers=(
            "tests/claims/test_constraints.py::test_the_database_refuses_what_may_be_there_once[keyed_request_once]",
        ),
    ),
    Mutant(
        "quote-of-other-shares-is-the-same-quote",
        Kind.STALE,
        "claims.deciding:Decided.print",
        (('f"{one.key}={one.amount_fen}"', "one.key"),),
        killers=(TESTS + "test_the_same_payers_with_other_shares_differ_from_the_quote",),
    ),
    Mutant(
        "families-are-told-of-a-hold-as-of-a-payment",
        Kind.BOOK,
        "claims.charging:Charging._tell",
        (("[one for one in self._taken if not one.settlement.held_until]", "self._taken"),),
        killers=("tests/claims/test_holds.py::test_nobody_is_told_before_the_money_is_taken",),
    ),
    Mutant(
        "a-bill-that-is-held-is-settled-beside-it",
        Kind.ONCE,
        "claims.charging:",
        (('["held", "settled"]', '["settled"]'),),
        killers=("tests/claims/test_holds.py::test_the_bill_of_a_voided_hold_can_be_settled",),
        raises=("Taken",),
    ),
    Mutant(
        "a-full-batch-is-too-many",
        Kind.EDGE,
        "claims.batches:settle_many",
        (("len(items) > MOST", "len(items) >= MOST"),),
        killers=(BATCHES + "test_a_batch_has_an_end",),
        raises=("ValueError",),
    ),
    Mutant(
        "the-same-body-in-another-order-is-another",
        Kind.ONCE,
        "claims.bills:canonical",
        (("_(sort_keys=True)", "_(sort_keys=False)"),),
        killers=(KEYED + "test_two_bodies_that_say_the_same_have_one_text",),
    ),
)
