"""Transfers into wallets: what left the giver's account arrived, and what came back went back."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from claims import wallets, writing
from claims.models import WalletTransfer
from claims.verifying.reading import Fault, Reading, fault
from insurance.models import LedgerEntry
from insurance.models.ledger import AccountPart, EntryKind


class Moved(NamedTuple):
    """A transfer with its two entries; the names are those of the columns."""

    reference: str
    amount_fen: int
    returned_fen: int
    binding__giver_id: int | None
    binding__beneficiary_id: int | None
    out_entry_id: int
    out_entry__amount_fen: int
    out_entry__account_id: int
    out_entry__account__person_id: int
    out_entry__source_ref: str
    in_entry_id: int
    in_entry__amount_fen: int
    in_entry__account_id: int
    in_entry__account__person_id: int
    in_entry__account__part: str
    in_entry__source_ref: str


class Line(NamedTuple):
    """An entry; the names are those of the columns."""

    pk: int
    account_id: int
    kind: str
    amount_fen: int
    source_ref: str


def faults(reading: Reading) -> Iterator[Fault]:
    """I1 for wallets: every transfer has its two entries and its returns, every such entry its transfer."""
    rows = WalletTransfer.objects.order_by("pk").values_list(*Moved._fields)
    for chunk in reading.chunks(rows):
        found = [Moved(*row) for row in chunk]
        returned = _returned(found)
        for one in found:
            if wrong := _wrong(one, returned[one.reference]):
                yield wrong
    yield from _unowned(reading)


def _returned(chunk: Sequence[Moved]) -> dict[str, list[Line]]:
    """The entries of what went back, by transfer."""
    found: dict[str, list[Line]] = defaultdict(list)
    accounts = {one.in_entry__account_id for one in chunk} | {
        one.out_entry__account_id for one in chunk
    }
    rows = LedgerEntry.objects.filter(
        account__in=sorted(accounts), source_kind=wallets.SOURCE, kind=EntryKind.WALLET_RETURN
    ).order_by("pk")
    for row in rows.values_list(*Line._fields):
        line = Line(*row)
        found[writing.reference_of(line.source_ref)].append(line)
    return found


def _wrong(one: Moved, returned: Sequence[Line]) -> Fault | None:
    back = sum(line.amount_fen for line in returned if line.account_id == one.out_entry__account_id)
    left = sum(line.amount_fen for line in returned if line.account_id == one.in_entry__account_id)
    pairs: dict[str, tuple[Any, Any]] = {
        "out": (-one.amount_fen, one.out_entry__amount_fen),
        "in": (one.amount_fen, one.in_entry__amount_fen),
        "out_ref": (one.reference, one.out_entry__source_ref),
        "in_ref": (one.reference, one.in_entry__source_ref),
        "giver": (one.binding__giver_id, one.out_entry__account__person_id),
        "beneficiary": (one.binding__beneficiary_id, one.in_entry__account__person_id),
        "wallet": (AccountPart.WALLET, one.in_entry__account__part),
        "returned": (one.returned_fen, back),
        "given_back": (-one.returned_fen, left),
    }
    for code, (expected, found) in pairs.items():
        if expected != found:
            return fault(
                f"transfer_{code}", WalletTransfer, one.reference, expected=expected, found=found
            )
    return None


def _unowned(reading: Reading) -> Iterator[Fault]:
    rows = LedgerEntry.objects.filter(source_kind=wallets.SOURCE).order_by("pk")
    for chunk in reading.chunks(rows.values_list(*Line._fields)):
        lines = [Line(*row) for row in chunk]
        references = sorted({writing.reference_of(one.source_ref) for one in lines})
        known = {
            reference: {out_entry, in_entry}
            for reference, out_entry, in_entry in WalletTransfer.objects.filter(
                reference__in=references
            ).values_list("reference", "out_entry_id", "in_entry_id")
        }
        for one in lines:
            entries = known.get(writing.reference_of(one.source_ref))
            if entries is None or (one.kind != EntryKind.WALLET_RETURN and one.pk not in entries):
                yield fault(
                    "unowned",
                    LedgerEntry,
                    one.pk,
                    account=one.account_id,
                    source_ref=one.source_ref,
                )
