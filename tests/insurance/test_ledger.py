"""What the ledger posts, what it refuses, and that a refusal leaves nothing behind."""

import datetime as dt

import pytest
from django.db import transaction

from accounts.models import AuditEntry, User
from accounts.roles import Role
from insurance import ledger
from insurance.models import LedgerEntry, PersonalAccount
from insurance.models.ledger import AccountPart, EntryKind
from insurance.periods import Month
from tests.factories.insurance import at, make_account, make_area, make_person, post

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def amounts(account):
    account.refresh_from_db()
    return account.balance_fen, account.reserved_fen, account.held_fen


def memo(verb, account, amount_fen, source_ref):
    return verb(
        account_id=account.pk, amount_fen=amount_fen, source_kind="test", source_ref=source_ref
    )


def refuses(error, act, account):
    """`act` raises, and neither the account nor its entries have changed."""
    before = amounts(account), LedgerEntry.objects.of(account.pk).count()
    with pytest.raises(error) as caught:
        act()
    assert (amounts(account), LedgerEntry.objects.of(account.pk).count()) == before
    return caught.value


def test_an_entry_carries_what_it_changed_and_what_was_there_after_it():
    account = make_account(balance_fen=10_000)
    entry = post(
        account,
        EntryKind.CREDIT_OWN,
        13_150,
        posted_at=at(2020, 2, 15),
        for_month=Month.of(2020, 1),
        place="employer",
    )
    entry.refresh_from_db()
    assert (entry.sequence, entry.amount_fen, entry.balance_after_fen) == (2, 13_150, 23_150)
    assert (entry.for_month, entry.place) == (Month.of(2020, 1), "employer")
    account.refresh_from_db()
    assert (account.balance_fen, account.last_sequence) == (23_150, 2)
    assert account.last_posted_at == entry.posted_at == at(2020, 2, 15)


def test_the_last_fen_can_be_spent_and_no_more():
    account = make_account(balance_fen=100)
    refuses(ledger.InsufficientFunds, lambda: post(account, EntryKind.SPEND_DRUG, -101), account)
    post(account, EntryKind.SPEND_DRUG, -100)
    assert amounts(account) == (0, 0, 0)


def test_what_is_reserved_and_held_cannot_be_spent_and_the_refusal_names_the_amounts():
    account = make_account(balance_fen=1_000)
    memo(ledger.reserve, account, 300, "reserve-1")
    memo(ledger.hold, account, 200, "hold-1")
    error = refuses(
        ledger.InsufficientFunds, lambda: post(account, EntryKind.SPEND_CARE, -501), account
    )
    assert (error.needed_fen, error.balance_fen, error.reserved_fen, error.held_fen) == (
        501,
        1_000,
        300,
        200,
    )
    post(account, EntryKind.SPEND_CARE, -500)
    assert amounts(account) == (500, 300, 200)


def test_memo_entries_move_what_is_spoken_for_and_never_the_balance():
    account = make_account(balance_fen=1_000)
    memo(ledger.reserve, account, 600, "reserve-1")
    refuses(ledger.InsufficientFunds, lambda: memo(ledger.hold, account, 401, "hold-1"), account)
    memo(ledger.hold, account, 400, "hold-1")
    assert amounts(account) == (1_000, 600, 400)
    refuses(
        ledger.NothingToRelease, lambda: memo(ledger.release, account, 601, "release-1"), account
    )
    memo(ledger.release, account, 600, "release-1")
    memo(ledger.release_hold, account, 400, "release-2")
    assert amounts(account) == (1_000, 0, 0)
    last = LedgerEntry.objects.of(account.pk).newest_first()[0]
    assert (last.amount_fen, last.held_change_fen, last.balance_after_fen) == (0, -400, 1_000)


@pytest.mark.parametrize(
    ("kind", "amount_fen"),
    [
        (EntryKind.CREDIT_OWN, 0),
        (EntryKind.CREDIT_OWN, -1),
        (EntryKind.INTEREST, -1),
        (EntryKind.SPEND_CARE, 1),
        (EntryKind.WITHDRAWAL, 1),
        (EntryKind.YEAR_CHANGE, 0),
        (EntryKind.HOLD, 0),
        (EntryKind.LIMIT_RESERVE, 100),
        (EntryKind.REVERSAL, -100),
        ("unheard_of", 100),
    ],
)
def test_a_kind_moves_money_its_own_way_only(kind, amount_fen):
    account = make_account(balance_fen=1_000)
    refuses(ledger.WrongShape, lambda: post(account, kind, amount_fen), account)


@pytest.mark.parametrize("verb", [ledger.reserve, ledger.release, ledger.hold, ledger.release_hold])
@pytest.mark.parametrize("amount_fen", [0, -5])
def test_memo_amounts_are_above_zero(verb, amount_fen):
    account = make_account(balance_fen=1_000)
    refuses(ledger.WrongShape, lambda: memo(verb, account, amount_fen, "memo-1"), account)


def test_an_entry_names_its_source():
    account = make_account(balance_fen=1_000)
    nameless = {"account_id": account.pk, "kind": EntryKind.INTEREST, "amount_fen": 1}
    for source in ({"source_kind": "", "source_ref": "1"}, {"source_kind": "x", "source_ref": ""}):
        refuses(ledger.WrongShape, lambda source=source: ledger.post(**nameless, **source), account)


def test_time_never_goes_back_along_the_sequence():
    account = make_account(balance_fen=1_000)
    post(account, EntryKind.INTEREST, 5, posted_at=at(2021, 1, 1))
    refuses(
        ledger.OutOfOrder,
        lambda: post(account, EntryKind.INTEREST, 5, posted_at=at(2020, 12, 31)),
        account,
    )
    post(account, EntryKind.INTEREST, 5, posted_at=at(2021, 1, 1))


def test_an_entry_of_now_is_not_before_the_last_one_even_if_another_clock_was_ahead(fixed_day):
    account = make_account(balance_fen=1_000)
    ahead = at(2026, 11, 16, 11)
    post(account, EntryKind.INTEREST, 5, posted_at=ahead)
    assert post(account, EntryKind.INTEREST, 5).posted_at == ahead


def test_the_same_source_with_the_same_content_gives_the_entry_of_then():
    account = make_account(balance_fen=1_000)
    first = post(account, EntryKind.SPEND_DRUG, -10, source_ref="bill-7")
    post(account, EntryKind.INTEREST, 5)
    again = post(account, EntryKind.SPEND_DRUG, -10, source_ref="bill-7")
    assert again.pk == first.pk
    assert amounts(account) == (995, 0, 0)


@pytest.mark.parametrize(
    "other",
    [
        {"amount_fen": -11},
        {"kind": EntryKind.SPEND_CARE},
        {"place": "hospital"},
        {"for_month": Month.of(2020, 1)},
        {"posted_at": at(2026, 1, 1)},
    ],
)
def test_the_same_source_with_other_content_is_a_conflict(other):
    account = make_account(balance_fen=1_000)
    content = {"kind": EntryKind.SPEND_DRUG, "amount_fen": -10, "posted_at": at(2025, 1, 1)}
    post(account, source_ref="bill-7", **content)
    refuses(
        ledger.SourceConflict,
        lambda: post(account, source_ref="bill-7", **(content | other)),
        account,
    )


def test_a_retry_succeeds_even_after_the_account_was_closed():
    account = make_account(balance_fen=10)
    first = post(account, EntryKind.WITHDRAWAL, -10, source_ref="payout")
    ledger.close_account(account_id=account.pk, closed_on=dt.date(2026, 1, 1))
    assert post(account, EntryKind.WITHDRAWAL, -10, source_ref="payout").pk == first.pk
    refuses(ledger.AccountClosed, lambda: post(account, EntryKind.INTEREST, 1), account)


def test_a_reversal_mirrors_its_entry_once():
    account = make_account(balance_fen=1_000)
    user = make_person(name="李小明")
    wrong = post(
        account,
        EntryKind.CREDIT_OWN,
        500,
        for_month=Month.of(2025, 5),
        place="employer",
        used_by=user,
    )
    mirror = ledger.reverse(entry_id=wrong.pk, source_ref="fix-1")
    assert (mirror.kind, mirror.amount_fen, mirror.reverses_id) == (
        EntryKind.REVERSAL,
        -500,
        wrong.pk,
    )
    assert (mirror.for_month, mirror.place, mirror.used_by_id) == (
        Month.of(2025, 5),
        "employer",
        user.pk,
    )
    assert ledger.reverse(entry_id=wrong.pk, source_ref="fix-1").pk == mirror.pk
    assert amounts(account) == (1_000, 0, 0)
    for refused in (wrong.pk, mirror.pk, mirror.pk + 1_000):
        refuses(
            ledger.NotReversible,
            lambda refused=refused: ledger.reverse(entry_id=refused, source_ref="fix-2"),
            account,
        )


def test_a_reversal_of_spent_money_is_refused():
    account = make_account()
    wrong = post(account, EntryKind.CREDIT_OWN, 500)
    post(account, EntryKind.SPEND_DRUG, -1)
    refuses(
        ledger.InsufficientFunds,
        lambda: ledger.reverse(entry_id=wrong.pk, source_ref="fix-1"),
        account,
    )


def test_a_reversed_hold_is_free_again():
    account = make_account(balance_fen=1_000)
    held = memo(ledger.hold, account, 400, "hold-1")
    mirror = ledger.reverse(entry_id=held.pk, source_ref="fix-1")
    assert (mirror.amount_fen, mirror.held_change_fen) == (0, -400)
    assert amounts(account) == (1_000, 0, 0)


def year_accounts(**balances):
    person = make_person()
    return [
        make_account(person=person, part=part, balance_fen=balances.get(part, 0))
        for part in (AccountPart.CURRENT_YEAR, AccountPart.PRIOR_YEARS)
    ]


def test_the_change_of_years_moves_money_and_makes_none():
    current, prior = year_accounts(current_year=900, prior_years=50)
    move = {"from_account_id": current.pk, "to_account_id": prior.pk, "amount_fen": 900}
    gone, arrived = ledger.transfer(**move, source_ref="2026")
    assert (gone.amount_fen, arrived.amount_fen) == (-900, 900)
    assert ledger.transfer(**move, source_ref="2026") == (gone, arrived)
    assert (amounts(current), amounts(prior)) == ((0, 0, 0), (950, 0, 0))


def test_a_change_of_years_that_is_not_covered_moves_nothing_on_either_side():
    current, prior = year_accounts(current_year=900)
    move = {"from_account_id": current.pk, "to_account_id": prior.pk, "source_ref": "2026"}
    refuses(ledger.InsufficientFunds, lambda: ledger.transfer(**move, amount_fen=901), prior)
    refuses(ledger.WrongShape, lambda: ledger.transfer(**move, amount_fen=-5), current)


def test_money_does_not_change_years_between_two_people():
    current, _ = year_accounts(current_year=900)
    _, foreign = year_accounts()
    with pytest.raises(ledger.WrongShape):
        ledger.transfer(
            from_account_id=current.pk,
            to_account_id=foreign.pk,
            amount_fen=1,
            source_ref="2026",
        )


def test_opening_again_gives_the_same_account_and_a_contradiction_is_refused():
    person, area = make_person(), make_area()
    opening = {"person": person, "area": area, "opened_on": dt.date(2020, 1, 1)}
    account = ledger.open_account(**opening)
    assert ledger.open_account(**opening) == account
    with pytest.raises(ledger.AccountExists):
        ledger.open_account(**(opening | {"opened_on": dt.date(2021, 1, 1)}))
    with pytest.raises(ledger.AccountExists):
        ledger.open_account(**opening, part=AccountPart.PRIOR_YEARS)
    ledger.open_account(**opening, part=AccountPart.WALLET)
    assert PersonalAccount.objects.filter(person=person).count() == 2


def test_only_an_empty_account_is_closed_and_a_new_one_may_follow():
    account = make_account(balance_fen=10)
    closing = {"account_id": account.pk, "closed_on": dt.date(2026, 1, 1)}
    refuses(ledger.AccountNotEmpty, lambda: ledger.close_account(**closing), account)
    post(account, EntryKind.TRANSFER_OUT, -10)
    assert ledger.close_account(**closing).closed_on == dt.date(2026, 1, 1)
    assert ledger.close_account(**closing).closed_on == dt.date(2026, 1, 1)
    assert make_account(person=account.person).pk != account.pk


def test_an_unknown_account_is_an_error_and_not_a_silence():
    with pytest.raises(PersonalAccount.DoesNotExist):
        ledger.post(
            account_id=987_654,
            kind=EntryKind.INTEREST,
            amount_fen=1,
            source_kind="test",
            source_ref="1",
        )


def test_the_balance_at_a_moment_is_that_after_the_last_entry_of_the_moment():
    account = make_account()
    post(account, EntryKind.OPENING, 100, posted_at=at(2020, 1, 1))
    post(account, EntryKind.INTEREST, 1, posted_at=at(2020, 6, 1))
    post(account, EntryKind.INTEREST, 1, posted_at=at(2020, 6, 1))
    balance_at = LedgerEntry.objects.balance_at
    assert balance_at(account.pk, at(2019, 12, 31)) == 0
    assert balance_at(account.pk, at(2020, 5, 31)) == 100
    assert balance_at(account.pk, at(2020, 6, 1)) == 102
    assert balance_at(account.pk, at(2030, 1, 1)) == 102


def test_what_a_human_posts_is_in_the_visitors_book_and_a_refusal_is_not():
    account = make_account()
    clerk = User.objects.create(name="王小丽", role=Role.WINDOW_CLERK)
    post(account, EntryKind.OPENING, 100, by=clerk)
    with pytest.raises(ledger.InsufficientFunds):
        post(account, EntryKind.SPEND_DRUG, -101, by=clerk)
    post(account, EntryKind.INTEREST, 1)
    assert list(AuditEntry.objects.values_list("action", "actor")) == [("ledger.post", clerk.pk)]


def test_an_outer_transaction_goes_on_after_a_refusal():
    account = make_account(balance_fen=100)
    with transaction.atomic():
        with pytest.raises(ledger.InsufficientFunds):
            post(account, EntryKind.SPEND_DRUG, -101)
        post(account, EntryKind.SPEND_DRUG, -100)
    assert amounts(account) == (0, 0, 0)
