"""What every way of posting shares: the lock of the account rows, what they hold, and who posted."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.models import User
from insurance.account_rows import Account
from insurance.ledger_steps import Line, SourceConflict, is_same
from insurance.models import LedgerEntry, PersonalAccount

AMOUNTS = ["balance_fen", "reserved_fen", "held_fen", "last_sequence", "last_posted_at"]
audit.LABELS.update(
    {
        "ledger.post": _("记一笔账"),
        "ledger.post_many": _("记多笔账"),
        "account.open": _("开立个人账户"),
        "account.close": _("个人账户销户"),
    }
)


def lock(account_ids: Sequence[int]) -> dict[int, PersonalAccount]:
    """In id order, so that no two writers wait for each other; rows that only refer to an account don't wait at all."""
    rows = (
        PersonalAccount.objects.select_for_update(no_key=True)
        .filter(pk__in=account_ids)
        .order_by("pk")
    )
    locked = {account.pk: account for account in rows}
    for account_id in account_ids:
        if account_id not in locked:
            raise PersonalAccount.DoesNotExist(f"there is no account {account_id}")
    return locked


def expect_same(entry: LedgerEntry, line: Line) -> None:
    if not is_same(entry, line):
        raise SourceConflict(f"{line.source_kind} {line.source_ref} is entry {entry.sequence}")


def record(by: User | None, action: str, account: Account, **details: int) -> None:
    """Only what a human does: what the system posts explains itself by its source."""
    if by is not None:
        subject = (PersonalAccount._meta.label_lower, str(account.pk))
        audit.record(actor=by, action=action, subject=subject, details=details)
