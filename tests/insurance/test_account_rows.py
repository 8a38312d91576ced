"""Accounts and entries as rows say what their models say."""

import pytest

from insurance import account_rows, ledger_steps
from insurance.ledger_steps import Line
from insurance.models import LedgerEntry, PersonalAccount
from insurance.models.ledger import EntryKind
from insurance.periods import Month
from tests.factories.insurance import at, make_account, make_person

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def rows():
    return account_rows.of(
        PersonalAccount.objects.order_by("pk").values_list(*account_rows.COLUMNS)
    )


def test_an_account_as_a_row_has_what_the_model_has():
    spoken_for = make_account(balance_fen=10_000)
    PersonalAccount.objects.filter(pk=spoken_for.pk).update(reserved_fen=2_500, held_fen=300)
    make_account()
    accounts = PersonalAccount.objects.order_by("pk")
    for row, account in zip(rows(), accounts, strict=True):
        names = ["pk", *account_rows.NAMES, "available_fen"]
        assert {one: getattr(row, one) for one in names} == {
            one: getattr(account, one) for one in names
        }
    assert rows()[0].available_fen == 7_200


@pytest.mark.parametrize(
    "line",
    [
        Line(kind=EntryKind.SPEND_AID, amount_fen=-100, source_kind="s", source_ref="1", place="x"),
        Line(kind=EntryKind.HOLD, held_change_fen=70, source_kind="s", source_ref="2"),
        Line(kind=EntryKind.LIMIT_RESERVE, reserved_change_fen=5, source_kind="s", source_ref="3"),
        Line(
            kind=EntryKind.CREDIT_OWN,
            amount_fen=9,
            source_kind="s",
            source_ref="4",
            for_month=Month.of(2026, 10),
            posted_at=at(2026, 11, 2),
        ),
    ],
)
@pytest.mark.parametrize("named", [False, True])
def test_an_entry_as_a_row_has_what_the_model_has(line, named):
    account = make_account(balance_fen=1_000)
    moment = line.posted_at or at(2026, 11, 3)
    used_by = make_person() if named else None
    line = Line(**(line._asdict() | {"posted_at": moment, "used_by": used_by}))
    [row] = rows()
    as_row, entry = ledger_steps.next_row(row, line), ledger_steps.next_entry(account, line)
    names = {one.attname for one in LedgerEntry._meta.concrete_fields} - {"id", "recorded_at"}
    assert {one: getattr(as_row, one) for one in names} == {
        one: getattr(entry, one) for one in names
    }
    amounts = ("balance_fen", "reserved_fen", "held_fen", "last_sequence", "last_posted_at")
    assert [getattr(row, one) for one in amounts] == [getattr(account, one) for one in amounts]
