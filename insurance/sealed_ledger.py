"""The ledger as a log that is sealed: everything of an entry, for none of it may ever change."""

from typing import Any

from accounts import sealing
from accounts.models import Seal
from insurance.models import LedgerEntry

# Written out, not read off the model: a column that is added later must not break the seals of today.
SEALED = (
    "account_id",
    "sequence",
    "kind",
    "amount_fen",
    "reserved_change_fen",
    "held_change_fen",
    "balance_after_fen",
    "reserved_after_fen",
    "held_after_fen",
    "for_month",
    "posted_at",
    "recorded_at",
    "place",
    "used_by_id",
    "source_kind",
    "source_ref",
    "reverses_id",
)


def _canonical(entry: LedgerEntry) -> list[Any]:
    return [getattr(entry, name) for name in SEALED]


LOG = sealing.SealedLog(
    key=Seal.Log.LEDGER,
    rows=LedgerEntry.objects.all,
    canonical=_canonical,
    moment="recorded_at",
)
sealing.register(LOG)
