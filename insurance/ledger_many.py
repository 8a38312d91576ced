"""Posting to many accounts at once, with few statements. Part of `insurance.ledger`, which the floors above import."""

from collections.abc import Iterable, Sequence

from django.db import transaction

from accounts.models import User
from insurance.ledger_rows import AMOUNTS, expect_same, lock, record
from insurance.ledger_steps import Line, SourceConflict, WrongShape, next_entry
from insurance.models import LedgerEntry, PersonalAccount


@transaction.atomic
def post_to_many(
    *, lines: Sequence[tuple[int, Line]], by: User | None = None
) -> tuple[LedgerEntry, ...]:
    """Post (account id, line) pairs, all or none, in few statements; the entries in the order of the lines.

    The accounts are locked in id order. Lines of one account are posted in the order given. What was posted before, all of it
    with the same content, gives the entries of then; raise a `LedgerError` for anything else that is there in part.
    """
    accounts = lock(sorted({account_id for account_id, _line in lines}))
    known = _known_to_many(lines)
    if known and len(known) < len(lines):
        raise SourceConflict("some of these lines were posted before, and some were not")
    if known:
        there = [known[account_id, *line.source] for account_id, line in lines]
        for entry, (_account_id, line) in zip(there, lines, strict=True):
            expect_same(entry, line)
        return tuple(there)
    entries = []
    for account_id, line in lines:
        if line.reverses is not None:
            raise WrongShape("reversals are posted by themselves")
        entries.append(next_entry(accounts[account_id], line))
    LedgerEntry.objects.bulk_create(entries)
    for account in accounts.values():
        account.save(update_fields=AMOUNTS)
        record(by, "ledger.post_many", account, count=len(lines))
    return tuple(entries)


def lock_open(*, person_ids: Iterable[int]) -> frozenset[int]:
    """Lock all open accounts of these people in id order, inside the caller's transaction; their ids.

    For whoever decides by balances before posting: what is read in a later statement stays true until the end.
    """
    rows = PersonalAccount.objects.select_for_update().filter(
        person__in=sorted(set(person_ids)), closed_on=None
    )
    return frozenset(rows.order_by("pk").values_list("pk", flat=True))


def _known_to_many(
    lines: Sequence[tuple[int, Line]],
) -> dict[tuple[int, str, str], LedgerEntry]:
    wanted = {(account_id, *line.source) for account_id, line in lines}
    if len(wanted) < len(lines):
        raise SourceConflict("two lines of one account with the same source")
    entries = LedgerEntry.objects.filter(
        account__in=sorted({one[0] for one in wanted}),
        source_kind__in=sorted({one[1] for one in wanted}),
        source_ref__in=sorted({one[2] for one in wanted}),
    )
    found = {(one.account_id, one.source_kind, one.source_ref): one for one in entries}
    return {key: entry for key, entry in found.items() if key in wanted}
